package io.github.fovea.model;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.fovea.error.MalformedFileException;
import io.github.fovea.graph.Graph;
import io.github.fovea.graph.Interpolation;
import io.github.fovea.graph.Node;
import io.github.fovea.graph.Op;
import io.github.fovea.json.JsonTree;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// A graph as a JSON list of nodes, and back.
final class GraphJson {
    /// The names of the operators in files. [#name] maps to them without a default branch, so an operator that is added
    /// breaks the compilation until it has a name; [#operator] then wants its reader.
    enum OpName {
        INPUT, CONV, DEPTHWISE_CONV, RELU, LEAKY_RELU, PRELU, ADD, PIXEL_SHUFFLE, RESIZE;

        String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private GraphJson() {}

    static OpName name(Op op) {
        return switch (op) {
            case Op.Input _ -> OpName.INPUT;
            case Op.Conv _ -> OpName.CONV;
            case Op.DepthwiseConv _ -> OpName.DEPTHWISE_CONV;
            case Op.Relu _ -> OpName.RELU;
            case Op.LeakyRelu _ -> OpName.LEAKY_RELU;
            case Op.PRelu _ -> OpName.PRELU;
            case Op.Add _ -> OpName.ADD;
            case Op.PixelShuffle _ -> OpName.PIXEL_SHUFFLE;
            case Op.Resize _ -> OpName.RESIZE;
        };
    }

    static void write(Graph graph, JsonGenerator json) throws IOException {
        json.writeStartArray();
        for (Node node : graph.nodes()) {
            json.writeStartObject();
            json.writeStringField("op", name(node.op()).label());
            json.writeArrayFieldStart("inputs");
            for (int input : node.inputs()) {
                json.writeNumber(input);
            }
            json.writeEndArray();
            switch (node.op()) {
                case Op.Input(int channels) -> json.writeNumberField("channels", channels);
                case Op.Conv(int in, int out, int size, String weights, String bias) -> {
                    json.writeNumberField("inChannels", in);
                    json.writeNumberField("outChannels", out);
                    json.writeNumberField("size", size);
                    json.writeStringField("weights", weights);
                    json.writeStringField("bias", bias);
                }
                case Op.DepthwiseConv(int channels, String weights, String bias) -> {
                    json.writeNumberField("channels", channels);
                    json.writeStringField("weights", weights);
                    json.writeStringField("bias", bias);
                }
                case Op.Relu(), Op.Add() -> { }
                case Op.LeakyRelu(float slope) -> json.writeNumberField("slope", slope);
                case Op.PRelu(int channels, String slopes) -> {
                    json.writeNumberField("channels", channels);
                    json.writeStringField("slopes", slopes);
                }
                case Op.PixelShuffle(int scale) -> json.writeNumberField("scale", scale);
                case Op.Resize(Interpolation interpolation, int scale) -> {
                    json.writeStringField("interpolation", interpolation.name().toLowerCase(Locale.ROOT));
                    json.writeNumberField("scale", scale);
                }
            }
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    static Graph read(List<?> list, String where) throws MalformedFileException {
        List<Node> nodes = new ArrayList<>();
        for (Object element : list) {
            String at = where + ": node " + nodes.size() + " of the graph";
            Map<?, ?> fields = JsonTree.map(element, "it", at);
            List<Integer> inputs = new ArrayList<>();
            for (Object input : JsonTree.list(fields, "inputs", at)) {
                long index = JsonTree.whole(input, "an input", at);
                if (index >= nodes.size()) {
                    throw JsonTree.wrong(at, "an input", input, "the index of an earlier node");
                }
                inputs.add((int) index);
            }
            nodes.add(new Node(operator(fields, at), inputs));
        }
        try {
            return new Graph(nodes);
        } catch (IllegalArgumentException e) {
            throw new MalformedFileException(where, -1, "the graph is not well-formed: " + e.getMessage()
                    + "; export the model again");
        }
    }

    private static Op operator(Map<?, ?> fields, String at) throws MalformedFileException {
        String label = JsonTree.string(fields, "op", at);
        OpName name = null;
        for (OpName candidate : OpName.values()) {
            if (candidate.label().equals(label)) {
                name = candidate;
            }
        }
        return switch (name) {
            case null -> throw JsonTree.wrong(at, "op", label, "an operator that this version of Fovea knows; "
                    + "a newer version may read the file");
            case INPUT -> {
                only(fields, at, "channels");
                yield new Op.Input(JsonTree.integer(fields, "channels", at));
            }
            case CONV -> {
                only(fields, at, "inChannels", "outChannels", "size", "weights", "bias");
                yield new Op.Conv(JsonTree.integer(fields, "inChannels", at), JsonTree.integer(fields, "outChannels",
                        at), JsonTree.integer(fields, "size", at), name(fields, "weights", at),
                        name(fields, "bias", at));
            }
            case DEPTHWISE_CONV -> {
                only(fields, at, "channels", "weights", "bias");
                yield new Op.DepthwiseConv(JsonTree.integer(fields, "channels", at), name(fields, "weights", at),
                        name(fields, "bias", at));
            }
            case RELU -> {
                only(fields, at);
                yield new Op.Relu();
            }
            case LEAKY_RELU -> {
                only(fields, at, "slope");
                yield new Op.LeakyRelu(JsonTree.real(fields, "slope", at));
            }
            case PRELU -> {
                only(fields, at, "channels", "slopes");
                yield new Op.PRelu(JsonTree.integer(fields, "channels", at), name(fields, "slopes", at));
            }
            case ADD -> {
                only(fields, at);
                yield new Op.Add();
            }
            case PIXEL_SHUFFLE -> {
                only(fields, at, "scale");
                yield new Op.PixelShuffle(JsonTree.integer(fields, "scale", at));
            }
            case RESIZE -> {
                only(fields, at, "interpolation", "scale");
                yield new Op.Resize(interpolation(fields, at), JsonTree.integer(fields, "scale", at));
            }
        };
    }

    /// A field that is not understood may change what the operator computes, so it is refused.
    private static void only(Map<?, ?> fields, String at, String... known) throws MalformedFileException {
        Set<String> allowed = Set.of(known);
        for (Object field : fields.keySet()) {
            if (!field.equals("op") && !field.equals("inputs") && !allowed.contains(field)) {
                throw new MalformedFileException(at, -1, "field " + JsonTree.printable(field.toString())
                        + " is not known; a newer version of Fovea may read the file");
            }
        }
    }

    /// {@return the name of a parameter}
    private static String name(Map<?, ?> fields, String field, String at) throws MalformedFileException {
        return JsonTree.name(fields, field, StoredModel.MAX_NAME, at);
    }

    private static Interpolation interpolation(Map<?, ?> fields, String at) throws MalformedFileException {
        String label = JsonTree.string(fields, "interpolation", at);
        for (Interpolation interpolation : Interpolation.values()) {
            if (interpolation.name().toLowerCase(Locale.ROOT).equals(label)) {
                return interpolation;
            }
        }
        throw JsonTree.wrong(at, "interpolation", label, "nearest, bilinear or bicubic");
    }
}
