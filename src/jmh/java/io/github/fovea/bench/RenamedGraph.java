package io.github.fovea.bench;

import io.github.fovea.graph.Graph;
import io.github.fovea.graph.Node;
import io.github.fovea.graph.Op;
import java.util.function.UnaryOperator;

/// A graph whose parameters have other names.
final class RenamedGraph {
    private RenamedGraph() {}

    /// {@return the same graph with other names}
    ///
    /// @param graph  the graph
    /// @param naming from a parameter's name to the one wanted
    static Graph of(Graph graph, UnaryOperator<String> naming) {
        Graph.Builder builder = new Graph.Builder();
        for (Node node : graph.nodes()) {
            Op op = switch (node.op()) {
                case Op.Conv(int in, int out, int size, String weights, String bias) ->
                    new Op.Conv(in, out, size, naming.apply(weights), naming.apply(bias));
                case Op.DepthwiseConv(int channels, String weights, String bias) ->
                    new Op.DepthwiseConv(channels, naming.apply(weights), naming.apply(bias));
                case Op.PRelu(int channels, String slopes) -> new Op.PRelu(channels, naming.apply(slopes));
                case Op.Input _, Op.Relu _, Op.LeakyRelu _, Op.Add _, Op.PixelShuffle _, Op.Resize _ -> node.op();
            };
            builder.add(op, node.inputs().stream().mapToInt(Integer::intValue).toArray());
        }
        return builder.build();
    }
}
