package io.github.fovea.model;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.github.fovea.error.MalformedFileException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Small JSON texts of untrusted files as maps, lists, strings and [Number]s, within limits on depth and size.
///
/// The accessors name the field that is wrong, what was found and what was wanted.
final class JsonTree {
    /// Deepest nesting of objects and arrays.
    private static final int MAX_DEPTH = 8;
    /// Most values in one text: 10,000 nodes of a graph with a dozen fields each.
    private static final int MAX_VALUES = 200_000;

    static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).maxNameLength(1000)
                    .maxNumberLength(40).maxStringLength(ModelFile.MAX_HEADER_BYTES).build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            // Names of an untrusted file are not worth keeping for the life of the process.
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .build();

    /// A number as it is written, so that nothing is rounded before its range is known.
    ///
    /// @param text the number's characters
    record Number(String text) {}

    private final String where;
    private final long offset;
    private int values;

    private JsonTree(String where, long offset) {
        this.where = where;
        this.offset = offset;
    }

    /// {@return the one object that a text holds}
    ///
    /// @param text   the text
    /// @param where  what to call the text in errors
    /// @param offset byte offset of the text in its file, or -1 where positions in the text say nothing
    static Map<String, Object> object(String text, String where, long offset) throws MalformedFileException {
        JsonTree tree = new JsonTree(where, offset);
        try (JsonParser parser = FACTORY.createParser(text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new MalformedFileException(where, offset,
                        "no JSON object begins here; this is no model file, or a damaged one");
            }
            Map<String, Object> object = tree.readObject(parser);
            if (parser.nextToken() != null) {
                throw new MalformedFileException(where, tree.at(parser), "more text follows the JSON object");
            }
            return object;
        } catch (JsonProcessingException e) {
            long at = offset < 0 || e.getLocation() == null ? offset : offset + Math.max(0, e.getLocation().getCharOffset());
            throw new MalformedFileException(where, at, "JSON cannot be read: " + e.getOriginalMessage());
        } catch (MalformedFileException e) {
            throw e;
        } catch (IOException e) {
            throw new MalformedFileException(where, offset, "JSON cannot be read: " + e.getMessage());
        }
    }

    private long at(JsonParser parser) {
        return offset < 0 ? offset : offset + Math.max(0, parser.currentTokenLocation().getCharOffset());
    }

    private Map<String, Object> readObject(JsonParser parser) throws IOException {
        Map<String, Object> object = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            object.put(name, readValue(parser));
        }
        return object;
    }

    private Object readValue(JsonParser parser) throws IOException {
        if (++values > MAX_VALUES) {
            throw new MalformedFileException(where, at(parser), "more than " + MAX_VALUES + " JSON values");
        }
        JsonToken token = parser.currentToken();
        if (token == null) {
            throw new MalformedFileException(where, offset, "JSON ends too early");
        }
        return switch (token) {
            case START_OBJECT -> readObject(parser);
            case START_ARRAY -> {
                List<Object> list = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    list.add(readValue(parser));
                }
                yield list;
            }
            case VALUE_STRING -> parser.getText();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Number(parser.getText());
            case VALUE_TRUE -> Boolean.TRUE;
            case VALUE_FALSE -> Boolean.FALSE;
            // A map may hold null, and no accessor takes it.
            case VALUE_NULL -> null;
            case END_OBJECT, END_ARRAY, FIELD_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
                throw new MalformedFileException(where, at(parser), "JSON value wanted");
        };
    }

    static MalformedFileException wrong(String where, String field, Object got, String wanted) {
        return new MalformedFileException(where, -1, field + " is " + shown(got) + ", wanted " + wanted);
    }

    private static String shown(Object value) {
        return switch (value) {
            case null -> "missing";
            case Number(String text) -> text;
            case String text -> '"' + printable(text) + '"';
            case Map<?, ?> _ -> "an object";
            case List<?> _ -> "an array";
            default -> value.toString();
        };
    }

    /// {@return a text of an untrusted file as it may stand in an error: short, and without what would steer a
    /// terminal}
    static String printable(String text) {
        StringBuilder safe = new StringBuilder();
        text.codePoints().limit(80).forEach(c -> safe.appendCodePoint(
                Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '?' : c));
        return text.length() > 80 ? safe + "..." : safe.toString();
    }

    /// {@return a text short enough to be a name}
    static String name(Map<?, ?> object, String field, String where) throws MalformedFileException {
        String text = string(object, field, where);
        if (text.isBlank() || text.length() > StoredModel.MAX_NAME) {
            throw wrong(where, field, text, "a name of 1 to " + StoredModel.MAX_NAME + " characters");
        }
        return text;
    }

    static String string(Map<?, ?> object, String field, String where) throws MalformedFileException {
        if (object.get(field) instanceof String text) {
            return text;
        }
        throw wrong(where, field, object.get(field), "a text");
    }

    static int integer(Map<?, ?> object, String field, String where) throws MalformedFileException {
        long value = whole(object.get(field), field, where);
        if (value > Integer.MAX_VALUE) {
            throw wrong(where, field, object.get(field), "a number up to " + Integer.MAX_VALUE);
        }
        return (int) value;
    }

    /// {@return a whole number that is not negative}
    static long whole(Object value, String field, String where) throws MalformedFileException {
        if (value instanceof Number(String text) && text.length() <= 18 && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Long.parseLong(text);
        }
        throw wrong(where, field, value, "a whole number from 0 to 10^18");
    }

    static float real(Map<?, ?> object, String field, String where) throws MalformedFileException {
        if (object.get(field) instanceof Number(String text) && Float.isFinite(Float.parseFloat(text))) {
            return Float.parseFloat(text);
        }
        throw wrong(where, field, object.get(field), "a finite number");
    }

    static List<?> list(Map<?, ?> object, String field, String where) throws MalformedFileException {
        if (object.get(field) instanceof List<?> list) {
            return list;
        }
        throw wrong(where, field, object.get(field), "an array");
    }

    static Map<?, ?> map(Object value, String field, String where) throws MalformedFileException {
        if (value instanceof Map<?, ?> map) {
            return map;
        }
        throw wrong(where, field, value, "an object");
    }
}
