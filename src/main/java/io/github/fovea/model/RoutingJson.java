package io.github.fovea.model;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.fovea.error.MalformedFileException;
import io.github.fovea.json.JsonTree;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A [Routing] as a JSON object, and back.
final class RoutingJson {
    private RoutingJson() {}

    static void write(Routing routing, JsonGenerator json) throws IOException {
        switch (routing) {
            case Routing.ByPatchSize size -> {
                grid("patch-size", size, json);
                json.writeArrayFieldStart("limits");
                for (int limit : size.limits()) {
                    json.writeNumber(limit);
                }
                json.writeEndArray();
            }
            case Routing.ByScore score -> {
                grid("score", score, json);
                numbers("gains", score.gains(), json);
            }
            case Routing.ByMap(Routing.ByScore score) -> {
                grid("map", score, json);
                numbers("gains", score.gains(), json);
            }
        }
        json.writeEndObject();
    }

    private static void grid(String kind, Routing routing, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("kind", kind);
        json.writeNumberField("columns", routing.columns());
        json.writeNumberField("rows", routing.rows());
        json.writeStringField("score", routing.score());
        numbers("thresholds", routing.thresholds(), json);
    }

    /// JSON has no infinities; they are texts.
    static void numbers(String field, List<Double> values, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart(field);
        for (double value : values) {
            if (Double.isInfinite(value)) {
                json.writeString(value > 0 ? "inf" : "-inf");
            } else {
                json.writeNumber(value);
            }
        }
        json.writeEndArray();
    }

    static Routing read(Object value, String where) throws MalformedFileException {
        String at = where + ": routing";
        Map<?, ?> fields = JsonTree.map(value, "routing", where);
        String kind = JsonTree.string(fields, "kind", at);
        int columns = JsonTree.integer(fields, "columns", at);
        int rows = JsonTree.integer(fields, "rows", at);
        String score = JsonTree.name(fields, "score", StoredModel.MAX_NAME, at);
        List<Double> thresholds = numbers(fields, "thresholds", at);
        try {
            return switch (kind) {
                case "patch-size" -> {
                    only(fields, at, "limits");
                    List<Integer> limits = new ArrayList<>();
                    for (Object limit : JsonTree.list(fields, "limits", at)) {
                        limits.add((int) Math.min(Integer.MAX_VALUE, JsonTree.whole(limit, "a limit", at)));
                    }
                    yield new Routing.ByPatchSize(columns, rows, score, thresholds, limits);
                }
                case "score" -> byScore(fields, columns, rows, score, thresholds, at);
                case "map" -> new Routing.ByMap(byScore(fields, columns, rows, score, thresholds, at));
                default -> throw JsonTree.wrong(at, "kind", kind,
                        "patch-size, score or map; a newer version of Fovea may read the file");
            };
        } catch (IllegalArgumentException e) {
            throw new MalformedFileException(at, -1, e.getMessage() + "; export the model again");
        }
    }

    private static Routing.ByScore byScore(Map<?, ?> fields, int columns, int rows, String score,
            List<Double> thresholds, String at) throws MalformedFileException {
        only(fields, at, "gains");
        return new Routing.ByScore(columns, rows, score, thresholds, numbers(fields, "gains", at));
    }

    static List<Double> numbers(Map<?, ?> fields, String field, String at) throws MalformedFileException {
        List<Double> numbers = new ArrayList<>();
        for (Object value : JsonTree.list(fields, field, at)) {
            numbers.add(switch (value) {
                case String text when text.equals("inf") -> Double.POSITIVE_INFINITY;
                case String text when text.equals("-inf") -> Double.NEGATIVE_INFINITY;
                case JsonTree.Number(String text) when Double.isFinite(Double.parseDouble(text)) ->
                        Double.valueOf(text);
                case null, default -> throw JsonTree.wrong(at, "one of the " + field, value,
                        "a finite number, inf or -inf");
            });
        }
        return numbers;
    }

    /// A field that is not understood may change the routes, so it is refused.
    private static void only(Map<?, ?> fields, String at, String own) throws MalformedFileException {
        Set<String> allowed = Set.of("kind", "columns", "rows", "score", "thresholds", own);
        for (Object field : fields.keySet()) {
            if (!allowed.contains(field)) {
                throw new MalformedFileException(at, -1, "field " + JsonTree.printable(field.toString())
                        + " is not known; a newer version of Fovea may read the file");
            }
        }
    }
}
