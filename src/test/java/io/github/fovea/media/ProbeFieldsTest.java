package io.github.fovea.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.fovea.error.MalformedFileException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProbeFieldsTest {
    private static Map<String, Object> parse(String json) throws MalformedFileException {
        return ProbeFields.parse(json.getBytes(StandardCharsets.UTF_8), "clip");
    }

    @Test
    void numbersMayBeTextsAndFieldsMayBeMissing() throws MalformedFileException {
        Map<String, Object> fields = parse("{\"width\":640,\"duration\":\"2.50\",\"codec\":\"h264\",\"none\":null,\"on\":true}");
        assertEquals(640, ProbeFields.number(fields, "width", -1));
        assertEquals(2.5, ProbeFields.decimal(fields, "duration", -1));
        assertEquals("640", ProbeFields.text(fields, "width"));
        assertEquals("true", ProbeFields.text(fields, "on"));
        assertEquals(List.of("", ""), List.of(ProbeFields.text(fields, "none"), ProbeFields.text(fields, "height")));
        assertEquals(-1, ProbeFields.number(fields, "codec", -1));
        assertEquals(-1, ProbeFields.decimal(fields, "height", -1));
        assertEquals(Map.of(), ProbeFields.child(fields, "codec"));
        assertEquals(List.of(), ProbeFields.children(fields, "codec"));
    }

    @Test
    void filesMayTagTwiceAndNestDeeply() throws MalformedFileException {
        Map<String, Object> fields = parse("{\"tags\":{\"artist\":\"A\",\"artist\":\"B\"},\"streams\":[{\"index\":3},7]}");
        assertEquals("B", ProbeFields.text(ProbeFields.child(fields, "tags"), "artist"));
        assertEquals(1, ProbeFields.children(fields, "streams").size());
        assertEquals(3, ProbeFields.number(ProbeFields.children(fields, "streams").getFirst(), "index", 0));
        assertEquals(1, parse("{\"a\":" + "[".repeat(40) + "]".repeat(40) + "}").size());
    }

    @Test
    void answersThatAreCutOffAreRefused() {
        assertThrows(MalformedFileException.class, () -> parse("{\"streams\":[{\"index\":0"));
        assertThrows(MalformedFileException.class, () -> parse(""));
    }
}
