package io.github.fovea.model;

import io.github.fovea.graph.Graph;
import io.github.fovea.json.JsonText;
import io.github.fovea.network.MetaGraph;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// Everything that there is to know about a meta-graph and its operating points, for people ([#text()]) and for
/// machines ([#json()]).
///
/// @param model the model
public record MetaSummary(MetaModel model) {
    /// {@return the summary as lines of text for a terminal; characters that would steer the terminal are replaced}
    public String text() {
        StringBuilder text = new StringBuilder();
        MetaGraph meta = model.meta();
        ModelSummary.head(text, model.name(), meta.name(), model.domain(), meta.scale());
        ModelSummary.line(text, "parameters", ModelSummary.number(model.parameterElements())
                + ", shared ones counted once");
        model.origin().write(text);
        ModelSummary.line(text, "SHA-256", ModelFile.checksum(model));
        ModelSummary.line(text, "dB below", String.format(Locale.ROOT, "%s, on which bicubic has %.2f", model.measure(),
                model.bicubic()));
        text.append(String.format(Locale.ROOT, "%n%-12s %6s %11s %13s %7s %12s  %s%n", "point", "dB", "MACs/LR px",
                "weight bytes", "radius", "next changes", "sub-graph"));
        for (int i = 0; i < model.points().size(); i++) {
            MetaPoint point = model.points().get(i);
            Graph graph = meta.subGraph(point.vector());
            text.append(String.format(Locale.ROOT, "%-12s %6.2f %11s %13s %7d %12s  %s%n",
                    ModelSummary.safe(point.name()), point.psnr(), ModelSummary.number(graph.macsPerPixel()),
                    ModelSummary.number(Float.BYTES * graph.parameterElements()), graph.receptiveRadius(),
                    i + 1 < model.points().size() ? model.changedNodes(i) + " parts" : "", subGraph(meta,
                    point.vector())));
        }
        model.texture().ifPresent(texture -> texture(text, texture));
        return text.toString();
    }

    /// Width, head, and the nodes that are not left out: those that follow each other and do the same in one.
    private static String subGraph(MetaGraph meta, int[] vector) {
        List<String> parts = new ArrayList<>(List.of("f" + meta.width(vector), MetaGraph.headName(meta.head(vector))));
        for (int first = 0, next; first < meta.nodes(); first = next) {
            MetaGraph.Candidate does = meta.candidate(vector, first);
            next = first + 1;
            while (next < meta.nodes() && meta.candidate(vector, next) == does) {
                next++;
            }
            if (does != MetaGraph.Candidate.SKIP) {
                parts.add("node " + first + (next - first > 1 ? "-" + (next - 1) : "") + " "
                        + does.name().toLowerCase(Locale.ROOT));
            }
        }
        return String.join(", ", parts);
    }

    private void texture(StringBuilder text, TexturePoints texture) {
        ModelSummary.line(text.append(System.lineSeparator()), "textures", texture.classes() + " classes of about "
                + texture.columns() + "x" + texture.rows() + " cells by " + texture.score() + ", divided at "
                + texture.thresholds().stream().map(t -> String.format(Locale.ROOT, "%.4g", t))
                        .collect(Collectors.joining(", ")));
        text.append(String.format(Locale.ROOT, "%n%-12s %6s %11s %13s  %s%n", "by texture", "dB", "MACs/LR px",
                "weight bytes", "point number of each class, 0: bicubic"));
        long[] macs = model.macsPerPixel();
        for (TexturePoint point : texture.points()) {
            text.append(String.format(Locale.ROOT, "%-12s %6.2f %11s %13s  %s%n", ModelSummary.safe(point.name()),
                    point.psnr(), ModelSummary.number(Math.round(point.macsPerPixel(macs, texture.shares()))),
                    ModelSummary.number(model.parameterBytes(point)), point.paths().stream().map(Object::toString)
                            .collect(Collectors.joining(", "))));
        }
    }

    /// {@return the summary as one JSON object}
    public String json() {
        return JsonText.object(json -> {
            ModelSummary.head(json, model.name(), model.meta().name(), model.domain(), model.meta().scale());
            json.writeNumberField("parameters", model.parameterElements());
            model.origin().write(json);
            json.writeStringField("sha256", ModelFile.checksum(model));
            json.writeFieldName("meta");
            MetaJson.write(model, json);
        });
    }
}
