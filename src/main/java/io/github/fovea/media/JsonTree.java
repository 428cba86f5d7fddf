package io.github.fovea.media;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A small JSON text as maps, lists, and texts for every scalar. Jackson's own limits bound depth and lengths.
final class JsonTree {
    private static final JsonFactory FACTORY = new JsonFactory();

    private JsonTree() {
    }

    static Map<String, Object> parse(byte[] json) throws IOException {
        try (JsonParser parser = FACTORY.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("JSON does not begin with an object");
            }
            return object(parser);
        }
    }

    private static Map<String, Object> object(JsonParser parser) throws IOException {
        Map<String, Object> map = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            map.put(name, value(parser));
        }
        return map;
    }

    private static Object value(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> {
                List<Object> list = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    list.add(value(parser));
                }
                yield list;
            }
            default -> parser.getText();
        };
    }

    static String text(Map<String, Object> map, String name) {
        return map.get(name) instanceof String text ? text : "";
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
