package io.github.fovea.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.error.MalformedFileException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonReaderTest {
    private static final JsonReader STRICT = reader(false);

    private static JsonReader reader(boolean repeatedNames) {
        return new JsonReader(new JsonReader.Limits(3, 6, 4, 5, 8, repeatedNames), "send it again");
    }

    private static void assertMalformed(String text, long offset, String because) {
        MalformedFileException e = assertThrows(MalformedFileException.class, () -> STRICT.object(text, "letter", 100));
        assertTrue(e.getMessage().startsWith("letter: at byte ") && e.getMessage().contains(because), e.getMessage());
        assertEquals(offset, e.offset(), e.getMessage());
    }

    @Test
    void everyKindOfValue() throws MalformedFileException {
        Map<String, Object> read = STRICT.object("{\"a\":[\"t\",-1.50],\"b\":true,\"c\":null} ", "letter", 0);
        assertEquals(List.of("a", "b", "c"), List.copyOf(read.keySet()));
        assertEquals(List.of("t", new JsonTree.Number("-1.50")), read.get("a"));
        assertEquals(Arrays.asList(true, null), Arrays.asList(read.get("b"), read.get("c")));
        assertEquals(Map.of(), STRICT.object("{}", "letter", 0));
    }

    @Test
    void limitsAreReachedAndNotPassed() throws MalformedFileException {
        assertEquals(1, STRICT.object("{\"a\":[[]]}", "letter", 0).size());
        // The parser does not say where that happened.
        assertMalformed("{\"a\":[[[]]]}", 100, "deeper than 3 levels");
        assertEquals(1, STRICT.object("{\"a\":[1,2,3,4,5]}", "letter", 0).size());
        assertMalformed("{\"a\":[1,2,3,4,5,6]}", 116, "more than 6 JSON values");
        assertEquals(1, STRICT.object("{\"abcd\":12345,\"s\":\"12345678\"}", "letter", 0).entrySet().stream()
                .filter(e -> e.getValue().equals("12345678")).count());
        assertTrue(assertThrows(MalformedFileException.class, () -> STRICT.object("{\"abcde\":1}", "letter", -1))
                .getMessage().startsWith("letter: JSON cannot be read"));
        assertThrows(MalformedFileException.class, () -> STRICT.object("{\"a\":123456}", "letter", -1));
        assertThrows(MalformedFileException.class, () -> STRICT.object("{\"a\":\"123456789\"}", "letter", -1));
    }

    @Test
    void textsThatAreNoObject() {
        assertMalformed("", 100, "no JSON object begins here; send it again");
        assertMalformed("[1]", 100, "no JSON object begins here; send it again");
        assertMalformed("{} {}", 103, "more text follows");
        for (String cut : List.of("{", "{\"a\"", "{\"a\":", "{\"a\":[", "{\"a\":[1", "{\"a\":1")) {
            assertThrows(MalformedFileException.class, () -> STRICT.object(cut, "letter", -1), cut);
        }
    }

    @Test
    void damageIsToldInTheReadersOwnWords() {
        for (String damaged : List.of("{", "{\"a\":[1,", "{\"a\":\"t", "{\"a\":1,}", "{\"a\":x}", "{\"a\" 1}", "{\"a\":\n01}", "{\"a\":1,\"a\":2}",
                "{\"a\":123456}", "{\"a\":\u0000}")) {
            String message = assertThrows(MalformedFileException.class, () -> STRICT.object(damaged, "letter", -1)).getMessage();
            assertTrue(message.startsWith("letter: JSON cannot be read") && message.endsWith("; send it again"), message);
            assertTrue(message.contains(" at line 1, column ") || message.contains(" at line 2, column ") || message.contains("deeper than"),
                    message);
            assertFalse(message.contains("REDACTED") || message.contains("StreamRead") || message.contains("[Source"), message);
        }
        assertMalformed("{\"\u00e9\":1} {}", 109, "more text follows");
    }

    @Test
    void namesMayRepeatOnlyWhereThatIsAllowed() throws MalformedFileException {
        String twice = "{\"a\":1,\"a\":2}";
        assertThrows(MalformedFileException.class, () -> STRICT.object(twice, "letter", -1));
        assertEquals(Map.of("a", new JsonTree.Number("2")), reader(true).object(twice, "letter", -1));
    }
}
