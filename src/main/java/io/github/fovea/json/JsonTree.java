package io.github.fovea.json;

import io.github.fovea.error.MalformedFileException;
import java.util.List;
import java.util.Map;

/// Takes apart what [JsonReader] read. Each accessor wants a field of one kind; its error names the field, what was
/// found and what was wanted.
public final class JsonTree {
    /// A number as it is written, so that nothing is rounded before its range is known.
    ///
    /// @param text the number's characters
    public record Number(String text) {}

    private JsonTree() {}

    /// {@return the error of a field that is not as wanted}
    ///
    /// @param where  what to call the object in errors
    /// @param field  name of the field
    /// @param got    its value, `null` where it is missing
    /// @param wanted what was wanted, with the remedy where there is one
    public static MalformedFileException wrong(String where, String field, Object got, String wanted) {
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
    ///
    /// @param text any text
    public static String printable(String text) {
        StringBuilder safe = new StringBuilder();
        text.codePoints().limit(80).forEach(c -> safe.appendCodePoint(
                Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '?' : c));
        return text.length() > 80 ? safe + "..." : safe.toString();
    }

    /// {@return a text that is not blank and short enough to be a name}
    ///
    /// @param object  the object
    /// @param field   name of the field
    /// @param longest most characters
    /// @param where   what to call the object in errors
    /// @throws MalformedFileException if the field is missing or of another kind
    public static String name(Map<?, ?> object, String field, int longest, String where) throws MalformedFileException {
        String text = string(object, field, where);
        if (text.isBlank() || text.length() > longest) {
            throw wrong(where, field, text, "a name of 1 to " + longest + " characters");
        }
        return text;
    }

    /// {@return a text}
    ///
    /// @param object the object
    /// @param field  name of the field
    /// @param where  what to call the object in errors
    /// @throws MalformedFileException if the field is missing or of another kind
    public static String string(Map<?, ?> object, String field, String where) throws MalformedFileException {
        if (object.get(field) instanceof String text) {
            return text;
        }
        throw wrong(where, field, object.get(field), "a text");
    }

    /// {@return a whole number, 0 to 2^31 - 1}
    ///
    /// @param object the object
    /// @param field  name of the field
    /// @param where  what to call the object in errors
    /// @throws MalformedFileException if the field is missing or of another kind
    public static int integer(Map<?, ?> object, String field, String where) throws MalformedFileException {
        long value = whole(object.get(field), field, where);
        if (value > Integer.MAX_VALUE) {
            throw wrong(where, field, object.get(field), "a number up to " + Integer.MAX_VALUE);
        }
        return (int) value;
    }

    /// {@return a whole number, 0 to 10^18}
    ///
    /// @param value the value
    /// @param field what to call it in errors
    /// @param where what to call the object around it in errors
    /// @throws MalformedFileException if it is of another kind
    public static long whole(Object value, String field, String where) throws MalformedFileException {
        if (value instanceof Number(String text) && text.length() <= 18 && text.chars().allMatch(c -> c >= '0'
                && c <= '9')) {
            return Long.parseLong(text);
        }
        throw wrong(where, field, value, "a whole number from 0 to 10^18");
    }

    /// {@return a finite number}
    ///
    /// @param object the object
    /// @param field  name of the field
    /// @param where  what to call the object in errors
    /// @throws MalformedFileException if the field is missing or of another kind
    public static float real(Map<?, ?> object, String field, String where) throws MalformedFileException {
        if (object.get(field) instanceof Number(String text) && Float.isFinite(Float.parseFloat(text))) {
            return Float.parseFloat(text);
        }
        throw wrong(where, field, object.get(field), "a finite number");
    }

    /// {@return an array}
    ///
    /// @param object the object
    /// @param field  name of the field
    /// @param where  what to call the object in errors
    /// @throws MalformedFileException if the field is missing or of another kind
    public static List<?> list(Map<?, ?> object, String field, String where) throws MalformedFileException {
        if (object.get(field) instanceof List<?> list) {
            return list;
        }
        throw wrong(where, field, object.get(field), "an array");
    }

    /// {@return an object}
    ///
    /// @param value the value
    /// @param field what to call it in errors
    /// @param where what to call the object around it in errors
    /// @throws MalformedFileException if it is of another kind
    public static Map<?, ?> map(Object value, String field, String where) throws MalformedFileException {
        if (value instanceof Map<?, ?> map) {
            return map;
        }
        throw wrong(where, field, value, "an object");
    }
}
