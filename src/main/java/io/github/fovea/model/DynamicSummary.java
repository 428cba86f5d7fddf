package io.github.fovea.model;

import io.github.fovea.graph.Graph;
import io.github.fovea.json.JsonText;
import io.github.fovea.network.NetworkPath;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/// Everything that there is to know about a model of several paths, for people ([#text()]) and for machines
/// ([#json()]).
///
/// @param model the model
public record DynamicSummary(DynamicModel model) {
    private static final int SHOWN_STARTS = 8;

    /// {@return the summary as lines of text for a terminal; characters that would steer the terminal are replaced}
    public String text() {
        StringBuilder text = new StringBuilder();
        Origin origin = model.origin();
        ModelSummary.head(text, model.name(), model.network(), model.domain(), model.scale());
        ModelSummary.line(text, "parameters", ModelSummary.number(parameters()) + ", shared ones counted once");
        origin.write(text);
        ModelSummary.line(text, "base", origin.base().isEmpty() ? "none" : origin.base());
        ModelSummary.line(text, "video", origin.video().isEmpty() ? "any" : origin.video());
        ModelSummary.line(text, "SHA-256", ModelFile.checksum(model));
        ModelSummary.line(text, "routing", router());
        if (model.segments().count() > 0) {
            ModelSummary.line(text, "segments", model.segments().count() + ", each changes "
                    + ModelSummary.number(model.segments().numbers()) + " numbers, from frame "
                    + model.segments().starts().stream()
                    .limit(SHOWN_STARTS).map(Object::toString).collect(Collectors.joining(", "))
                    + (model.segments().count() > SHOWN_STARTS ? ", ..." : ""));
        }
        text.append(String.format(Locale.ROOT, "%n%4s  %-24s %11s %11s %11s %7s%n", "path", "network", "parameters",
                "its own", "MACs/LR px", "radius"));
        text.append(String.format(Locale.ROOT, "%4d  %-24s %11d %11d %11d %7d%n", 0, "bicubic", 0, 0, 0, 2));
        for (int i = 0; i < model.paths().size(); i++) {
            Graph graph = model.paths().get(i).graph();
            text.append(String.format(Locale.ROOT, "%4d  %-24s %11s %11s %11s %7d%n", i + 1,
                    ModelSummary.safe(model.paths().get(i).network()),
                    ModelSummary.number(graph.parameterElements()), ModelSummary.number(own(i)),
                    ModelSummary.number(graph.macsPerPixel()), graph.receptiveRadius()));
        }
        return text.toString();
    }

    private String router() {
        Routing routing = model.routing();
        String grid = " of about " + routing.columns() + "x" + routing.rows() + " cells by " + routing.score();
        String thresholds = " at " + routing.thresholds().stream().map(t -> String.format(Locale.ROOT, "%.4g", t))
                .collect(Collectors.joining(", "));
        return switch (routing) {
            case Routing.ByScore score -> "score" + grid + thresholds + ", gains " + score.gains();
            case Routing.ByMap(Routing.ByScore score) -> "route map; without it score" + grid + thresholds + ", gains "
                    + score.gains();
            case Routing.ByPatchSize size -> "patch size" + grid + ", split" + thresholds + ", limits " + size.limits()
                    + " LR rows";
        };
    }

    private long parameters() {
        return model.parameters().values().stream().mapToLong(values -> values.length).sum();
    }

    /// Numbers that no other path uses.
    private long own(int path) {
        Set<String> others = new HashSet<>();
        for (int i = 0; i < model.paths().size(); i++) {
            if (i != path) {
                others.addAll(model.paths().get(i).graph().parameters().keySet());
            }
        }
        return model.paths().get(path).graph().parameters().keySet().stream().filter(name -> !others.contains(name))
                .mapToLong(name -> model.parameters().get(name).length).sum();
    }

    /// {@return the summary as one JSON object}
    public String json() {
        Origin origin = model.origin();
        return JsonText.object(json -> {
            ModelSummary.head(json, model.name(), model.network(), model.domain(), model.scale());
            json.writeNumberField("parameters", parameters());
            origin.write(json);
            json.writeStringField("base", origin.base());
            json.writeStringField("video", origin.video());
            json.writeStringField("sha256", ModelFile.checksum(model));
            if (model.segments().count() > 0) {
                json.writeFieldName("segments");
                SegmentTensors.write(model.segments(), json);
            }
            json.writeFieldName("routing");
            RoutingJson.write(model.routing(), json);
            json.writeArrayFieldStart("paths");
            for (int i = 0; i < model.paths().size(); i++) {
                NetworkPath path = model.paths().get(i);
                json.writeStartObject();
                json.writeStringField("name", path.name());
                json.writeStringField("network", path.network());
                json.writeNumberField("parameters", path.graph().parameterElements());
                json.writeNumberField("ownParameters", own(i));
                json.writeNumberField("macsPerLrPixel", path.graph().macsPerPixel());
                json.writeNumberField("receptiveRadius", path.graph().receptiveRadius());
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }
}
