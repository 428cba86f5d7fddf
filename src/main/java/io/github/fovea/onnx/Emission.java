package io.github.fovea.onnx;

import io.github.fovea.graph.Graph;
import io.github.fovea.graph.Op;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Layers as the engine's graph and its parameters.
///
/// @param graph      the graph
/// @param parameters the weights by name
record Emission(Graph graph, Map<String, float[]> parameters) {
    /// {@return the graph of a result}
    ///
    /// @param result the last layer
    /// @throws IllegalArgumentException if the graph is beyond the engine's limits
    static Emission of(Layer result) {
        Graph.Builder builder = new Graph.Builder();
        Map<String, float[]> parameters = new LinkedHashMap<>();
        Map<Layer, Integer> indices = new IdentityHashMap<>();
        List<Layer> order = Layer.order(result);
        if (order.size() > Graph.MAX_NODES) {
            throw new IllegalArgumentException(order.size() + " layers, wanted at most " + Graph.MAX_NODES);
        }
        for (Layer layer : order) {
            String name = "layer." + indices.size();
            Op op = switch (layer) {
                case Layer.Input(int channels) -> new Op.Input(channels);
                case Layer.Conv conv -> {
                    parameters.put(name + ".weight", conv.weights());
                    parameters.put(name + ".bias", conv.bias());
                    yield new Op.Conv(conv.in().channels(), conv.channels(), conv.size(), name + ".weight", name
                            + ".bias");
                }
                case Layer.Depthwise conv -> {
                    parameters.put(name + ".weight", conv.weights());
                    parameters.put(name + ".bias", conv.bias());
                    yield new Op.DepthwiseConv(conv.channels(), name + ".weight", name + ".bias");
                }
                case Layer.Activation(Layer _, float[] slopes) -> {
                    boolean uniform = true;
                    for (float slope : slopes) {
                        uniform &= slope == slopes[0];
                    }
                    if (uniform) {
                        yield slopes[0] == 0 ? new Op.Relu() : new Op.LeakyRelu(slopes[0]);
                    }
                    parameters.put(name + ".slope", slopes);
                    yield new Op.PRelu(slopes.length, name + ".slope");
                }
                case Layer.Sum _ -> new Op.Add();
                case Layer.Shuffle(Layer _, int factor) -> new Op.PixelShuffle(factor);
                case Layer.Enlarge(Layer _, var interpolation, int factor) -> new Op.Resize(interpolation, factor);
            };
            indices.put(layer, builder.add(op, layer.inputs().stream().mapToInt(indices::get).toArray()));
        }
        return new Emission(builder.build(), parameters);
    }
}
