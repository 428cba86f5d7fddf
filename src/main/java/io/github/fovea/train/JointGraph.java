package io.github.fovea.train;

import io.github.fovea.graph.Graph;
import io.github.fovea.graph.Node;
import io.github.fovea.graph.Op;
import io.github.fovea.network.MetaGraph;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Several sub-graphs of a meta-graph as one graph with several results, in which what sub-graphs compute alike is
/// computed once: nested ones, which share their first nodes, cost little more together than the largest alone. The
/// enlargement of the picture is left out, as everywhere in training.
///
/// Sub-graphs may take slices of different shape from one tensor, so every parameter has its shape in its name:
/// `node.0.weight@16x16x1x1`.
///
/// @param graph   the graph
/// @param results the node of every sub-graph's result, in their order
record JointGraph(Graph graph, int[] results) {
    /// {@return the graph of some sub-graphs}
    ///
    /// @param meta    the meta-graph
    /// @param vectors their choice vectors
    static JointGraph of(MetaGraph meta, List<int[]> vectors) {
        Graph.Builder builder = new Graph.Builder();
        Map<Node, Integer> known = new HashMap<>();
        List<Integer> results = new ArrayList<>();
        for (int[] vector : vectors) {
            Graph single = Training.withoutSkip(meta.subGraph(vector));
            int[] at = new int[single.nodes().size()];
            for (int i = 0; i < at.length; i++) {
                Node node = single.nodes().get(i);
                Node moved = new Node(named(node.op(), single),
                        node.inputs().stream().map(input -> at[input]).toList());
                at[i] = known.computeIfAbsent(moved,
                        _ -> builder.add(moved.op(), moved.inputs().stream().mapToInt(Integer::intValue).toArray()));
            }
            results.add(at[at.length - 1]);
        }
        return new JointGraph(builder.build(), results.stream().mapToInt(Integer::intValue).toArray());
    }

    private static Op named(Op op, Graph graph) {
        return switch (op) {
            case Op.Conv conv -> new Op.Conv(conv.inChannels(), conv.outChannels(), conv.size(),
                    named(conv.weights(), graph), named(conv.bias(), graph));
            case Op.DepthwiseConv conv ->
                    new Op.DepthwiseConv(conv.channels(), named(conv.weights(), graph), named(conv.bias(), graph));
            case Op.PRelu(int channels, String slopes) -> new Op.PRelu(channels, named(slopes, graph));
            case Op.Input _, Op.Relu _, Op.LeakyRelu _, Op.Add _, Op.PixelShuffle _, Op.Resize _ -> op;
        };
    }

    private static String named(String parameter, Graph graph) {
        StringBuilder name = new StringBuilder(parameter).append(SharedTensors.SHAPE_MARK);
        for (int extent : graph.parameters().get(parameter)) {
            name.append(extent).append('x');
        }
        return name.substring(0, name.length() - 1);
    }
}
