package io.github.fovea.model;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.fovea.graph.Graph;
import io.github.fovea.graph.Interpolation;
import io.github.fovea.graph.Node;
import io.github.fovea.graph.Op;
import io.github.fovea.json.JsonText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Everything that there is to know about a model, for people ([#text()]) and for machines ([#json()]).
///
/// @param model the model
public record ModelSummary(StoredModel model) {
    /// One row of the table of layers.
    ///
    /// @param operator   what it does
    /// @param inputs     where its input comes from
    /// @param channels   channels it makes
    /// @param scale      size of its result by that of the network's input
    /// @param parameters trained numbers it is the first to use
    /// @param macs       multiply-adds per LR pixel
    private record Layer(String operator, List<Integer> inputs, int channels, int scale, long parameters, long macs) {}

    private List<Layer> layers() {
        Graph graph = model.graph();
        List<Layer> layers = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < graph.nodes().size(); i++) {
            Node node = graph.nodes().get(i);
            long parameters = 0;
            for (String name : parameterNames(node.op())) {
                parameters += seen.add(name) ? model.parameters().get(name).length : 0;
            }
            layers.add(new Layer(operator(node.op()), node.inputs(), graph.channels(i), graph.scale(i), parameters,
                    macsPerPosition(node.op()) * graph.scale(i) * graph.scale(i)));
        }
        return layers;
    }

    private static List<String> parameterNames(Op op) {
        return switch (op) {
            case Op.Conv conv -> List.of(conv.weights(), conv.bias());
            case Op.DepthwiseConv conv -> List.of(conv.weights(), conv.bias());
            case Op.PRelu(int _, String slopes) -> List.of(slopes);
            case Op.Input _, Op.Relu _, Op.LeakyRelu _, Op.Add _, Op.PixelShuffle _, Op.Resize _ -> List.of();
        };
    }

    private static long macsPerPosition(Op op) {
        return switch (op) {
            case Op.Conv conv -> (long) conv.inChannels() * conv.outChannels() * conv.size() * conv.size();
            case Op.DepthwiseConv conv -> 9L * conv.channels();
            case Op.Input _, Op.Relu _, Op.LeakyRelu _, Op.PRelu _, Op.Add _, Op.PixelShuffle _, Op.Resize _ -> 0;
        };
    }

    private static String operator(Op op) {
        String label = GraphJson.name(op).label();
        return switch (op) {
            case Op.Conv conv -> label + " " + conv.size() + "x" + conv.size();
            case Op.DepthwiseConv _ -> label + " 3x3";
            case Op.LeakyRelu(float slope) -> label + " " + slope;
            case Op.PixelShuffle(int scale) -> label + " x" + scale;
            case Op.Resize(Interpolation interpolation, int scale) ->
                label + " " + interpolation.name().toLowerCase(Locale.ROOT) + " x" + scale;
            case Op.Input _, Op.Relu _, Op.PRelu _, Op.Add _ -> label;
        };
    }

    /// {@return the summary as lines of text for a terminal; characters that would steer the terminal are replaced}
    public String text() {
        Graph graph = model.graph();
        StringBuilder text = new StringBuilder();
        head(text, model.name(), model.network(), model.domain(), model.scale());
        line(text, "parameters", number(graph.parameterElements()));
        line(text, "MACs", number(graph.macsPerPixel()) + " per LR pixel");
        line(text, "receptive", "radius " + graph.receptiveRadius() + " LR pixels");
        model.origin().write(text);
        line(text, "SHA-256", ModelFile.checksum(model));
        text.append(String.format(Locale.ROOT, "%n%4s  %-24s %-10s %8s %6s %11s %11s%n", "node", "operator", "inputs",
                "channels", "scale", "parameters", "MACs"));
        List<Layer> layers = layers();
        for (int i = 0; i < layers.size(); i++) {
            Layer layer = layers.get(i);
            String inputs = String.join(",", layer.inputs().stream().map(String::valueOf).toList());
            text.append(String.format(Locale.ROOT, "%4d  %-24s %-10s %8d %6s %11s %11s%n", i, layer.operator(), inputs,
                    layer.channels(), "x" + layer.scale(), number(layer.parameters()), number(layer.macs())));
        }
        return text.toString();
    }

    /// Adds the lines with which the summary of every kind of model begins.
    static void head(StringBuilder text, String name, String network, Domain domain, int scale) {
        line(text, "name", name);
        line(text, "network", network);
        line(text, "domain", domain.name().toLowerCase(Locale.ROOT));
        line(text, "scale", "x" + scale);
    }

    /// Writes the fields with which they begin.
    static void head(JsonGenerator json, String name, String network, Domain domain, int scale) throws IOException {
        json.writeStringField("name", name);
        json.writeStringField("network", network);
        json.writeStringField("domain", domain.name().toLowerCase(Locale.ROOT));
        json.writeNumberField("scale", scale);
    }

    static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /// Adds a line `what  value` to a summary; characters that would steer the terminal are replaced.
    ///
    /// @param text  the summary
    /// @param what  what the value is
    /// @param value the value; may stand in a file as it is
    public static void line(StringBuilder text, String what, String value) {
        text.append(String.format(Locale.ROOT, "%-12s%s%n", what, safe(value)));
    }

    /// {@return a text of a file without characters that would steer the terminal}
    static String safe(String text) {
        StringBuilder safe = new StringBuilder();
        text.codePoints().forEach(c -> safe.appendCodePoint(Character.isISOControl(c)
                || Character.getType(c) == Character.FORMAT ? c == '\n' || c == '\t' ? ' ' : '?' : c));
        return safe.toString();
    }

    /// {@return the summary as one JSON object}
    public String json() {
        Graph graph = model.graph();
        return JsonText.object(json -> {
            head(json, model.name(), model.network(), model.domain(), model.scale());
            json.writeNumberField("parameters", graph.parameterElements());
            json.writeNumberField("macsPerLrPixel", graph.macsPerPixel());
            json.writeNumberField("receptiveRadius", graph.receptiveRadius());
            model.origin().write(json);
            json.writeStringField("sha256", ModelFile.checksum(model));
            json.writeArrayFieldStart("layers");
            for (Layer layer : layers()) {
                json.writeStartObject();
                json.writeStringField("operator", layer.operator());
                json.writeArrayFieldStart("inputs");
                for (int input : layer.inputs()) {
                    json.writeNumber(input);
                }
                json.writeEndArray();
                json.writeNumberField("channels", layer.channels());
                json.writeNumberField("scale", layer.scale());
                json.writeNumberField("parameters", layer.parameters());
                json.writeNumberField("macsPerLrPixel", layer.macs());
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }
}
