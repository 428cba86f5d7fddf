package io.github.fovea.media;

import io.github.fovea.error.MalformedFileException;
import io.github.fovea.json.JsonReader;
import io.github.fovea.json.JsonTree;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The fields of what ffprobe says. It leaves out what it doesn't know and writes numbers as numbers or as texts, so
/// every accessor takes both and has an answer for a field that is missing.
final class ProbeFields {
    /// Most bytes of an answer that are read.
    static final int MAX_BYTES = 32 << 20;

    /// Tags of a file may hold a name twice; side data of frames nests deeply.
    private static final JsonReader JSON = new JsonReader(
            new JsonReader.Limits(64, MAX_BYTES / 2, 50_000, 1000, MAX_BYTES, true),
            "ffprobe failed without saying so");

    private ProbeFields() {}

    /// {@return what ffprobe said}
    ///
    /// @param json  its output, UTF-8
    /// @param where what to call it in errors
    static Map<String, Object> parse(byte[] json, String where) throws MalformedFileException {
        return JSON.object(new String(json, StandardCharsets.UTF_8), where, -1);
    }

    static String text(Map<String, Object> map, String name) {
        return switch (map.get(name)) {
            case String text -> text;
            case JsonTree.Number(String text) -> text;
            case Boolean truth -> truth.toString();
            case null, default -> "";
        };
    }

    static long number(Map<String, Object> map, String name, long otherwise) {
        try {
            return Long.parseLong(text(map, name));
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }

    static double decimal(Map<String, Object> map, String name, double otherwise) {
        try {
            return Double.parseDouble(text(map, name));
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }

    static Map<String, Object> child(Map<String, Object> map, String name) {
        return map.get(name) instanceof Map<?, ?> child ? copy(child) : Map.of();
    }

    static Map<String, String> texts(Map<String, Object> map, String name) {
        Map<String, String> texts = new LinkedHashMap<>();
        Map<String, Object> child = child(map, name);
        child.keySet().forEach(key -> texts.put(key, text(child, key)));
        return texts;
    }

    static List<Map<String, Object>> children(Map<String, Object> map, String name) {
        List<Map<String, Object>> children = new ArrayList<>();
        if (map.get(name) instanceof List<?> list) {
            for (Object item : list) {
                if (item instanceof Map<?, ?> child) {
                    children.add(copy(child));
                }
            }
        }
        return children;
    }

    private static Map<String, Object> copy(Map<?, ?> map) {
        Map<String, Object> copy = new LinkedHashMap<>();
        map.forEach((key, value) -> copy.put(String.valueOf(key), value));
        return copy;
    }
}
