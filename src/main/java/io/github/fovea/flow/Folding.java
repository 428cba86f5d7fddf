package io.github.fovea.flow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Rewrites that need the weights: batch normalisations become part of the convolution before them, and constant right
/// factors of `Gemm` are transposed once.
final class Folding {
    private final FlowGraph graph;
    private final Analysis analysis;
    private final Map<String, Constant> constants;
    private final Map<String, Integer> uses = new HashMap<>();

    private Folding(FlowGraph graph) {
        this.graph = graph;
        analysis = Analysis.of(graph);
        constants = new HashMap<>(graph.constants());
        for (FlowNode node : graph.nodes()) {
            node.inputs().forEach(input -> uses.merge(input, 1, Integer::sum));
            Scopes.captured(node).forEach(input -> uses.merge(input, 1, Integer::sum));
        }
        graph.outputs().forEach(output -> uses.merge(output, 1, Integer::sum));
    }

    /// {@return the graph with these rewrites}
    static FlowGraph fold(FlowGraph graph) {
        return new Folding(graph).run();
    }

    private FlowGraph run() {
        List<FlowNode> nodes = new ArrayList<>();
        Map<String, Integer> convs = new HashMap<>();
        for (FlowNode node : graph.nodes()) {
            FlowNode kept = switch (node.operator()) {
                case "Gemm" -> transposed(node);
                case "BatchNormalization" -> {
                    Integer conv = convs.get(node.inputs().getFirst());
                    FlowNode joined = conv == null ? null : joined(nodes.get(conv), node);
                    if (joined != null) {
                        nodes.remove(conv.intValue());
                        convs.replaceAll((_, at) -> at > conv ? at - 1 : at);
                        yield joined;
                    }
                    yield node;
                }
                default -> node;
            };
            nodes.add(kept);
            if (kept.operator().equals("Conv") && uses.getOrDefault(kept.outputs().getFirst(), 0) == 1) {
                convs.put(kept.outputs().getFirst(), nodes.size() - 1);
            }
        }
        return new FlowGraph(graph.name(), graph.inputs(), graph.outputs(), constants, nodes);
    }

    private Constant constant(String name) {
        if (constants.containsKey(name)) {
            return constants.get(name);
        }
        Fact fact = analysis.fact(name);
        return fact == null ? null : Analysis.constant(fact);
    }

    private FlowNode transposed(FlowNode node) {
        Constant b = constant(node.inputs().get(1));
        if (new Attributes(node).integer("transB", 0) == 0 || b == null) {
            return node;
        }
        int rows = b.shape()[0];
        int columns = b.shape()[1];
        float[] flipped = new float[rows * columns];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                flipped[j * rows + i] = b.floats()[i * columns + j];
            }
        }
        List<String> inputs = new ArrayList<>(node.inputs());
        inputs.set(1, node.outputs().getFirst() + ": transposed factor");
        constants.put(inputs.get(1), Constant.of(new int[] {columns, rows}, flipped));
        Map<String, Attribute> attributes = new HashMap<>(node.attributes());
        attributes.remove("transB");
        return new FlowNode(node.name(), node.operator(), node.opset(), inputs, node.outputs(), attributes);
    }

    /// The convolution that does the work of both, or `null` where a weight is not constant.
    private FlowNode joined(FlowNode conv, FlowNode norm) {
        Constant weights = constant(conv.inputs().get(1));
        boolean biased = conv.inputs().size() > 2 && !conv.inputs().get(2).isEmpty();
        Constant bias = biased ? constant(conv.inputs().get(2)) : null;
        Tensor[] in = new Tensor[5];
        for (int i = 1; i < 5; i++) {
            Constant constant = constant(norm.inputs().get(i));
            if (constant == null) {
                return null;
            }
            in[i] = Tensor.of(constant);
        }
        if (weights == null || biased && bias == null || in[1].elements() != weights.shape()[0]) {
            return null;
        }
        double epsilon = new Attributes(norm).real("epsilon", 1e-5f);
        int channels = weights.shape()[0];
        float[] scaled = weights.floats().clone();
        float[] shifted = new float[channels];
        int each = scaled.length / Math.max(1, channels);
        for (int c = 0; c < channels; c++) {
            float factor = Norms.factor(in, c, epsilon);
            for (int i = c * each; i < (c + 1) * each; i++) {
                scaled[i] *= factor;
            }
            shifted[c] = ((bias == null ? 0f : bias.floats()[c]) - in[3].floats[c]) * factor + in[2].floats[c];
        }
        String prefix = norm.outputs().getFirst();
        constants.put(prefix + ": folded weights", Constant.of(weights.shape(), scaled));
        constants.put(prefix + ": folded bias", Constant.of(new int[] {channels}, shifted));
        return new FlowNode(conv.name(), "Conv", conv.opset(),
                Arrays.asList(conv.inputs().getFirst(), prefix + ": folded weights", prefix + ": folded bias"),
                List.of(norm.outputs().getFirst()), conv.attributes());
    }
}
