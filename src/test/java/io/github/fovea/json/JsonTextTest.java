package io.github.fovea.json;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.fovea.error.MalformedFileException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonTextTest {
    @Test
    void numbersWithoutJsonFormBecomeNull() {
        assertEquals("{\"a\":1.5,\"b\":null,\"c\":null}", JsonText.object(o -> {
            JsonText.number(o, "a", 1.5);
            JsonText.number(o, "b", Double.POSITIVE_INFINITY);
            JsonText.number(o, "c", Double.NaN);
        }));
    }

    @Test
    void whatIsWrittenIsReadAgain() throws MalformedFileException {
        JsonReader reader = new JsonReader(new JsonReader.Limits(2, 9, 99, 9, 99, false), "");
        for (String value : List.of("", "a \"\n", "\u00e9 \u4f60 \u0001", "\ud83d\ude00", "\ud83d")) {
            JsonText.Fields fields = o -> o.writeStringField("k" + value, value);
            assertEquals(Map.of("k" + value, value), reader.object(JsonText.object(fields), "text", 0));
            String utf8 = new String(JsonText.utf8(fields), StandardCharsets.UTF_8);
            assertEquals(Map.of("k" + value, value), reader.object(utf8, "text", 0));
            assertEquals(Map.of("k", value), reader.object("{\"k\":\"" + JsonText.escape(value) + "\"}", "text", 0));
        }
    }
}
