package io.github.fovea.flow;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;

/// Counts multiply-adds.
final class Macs {
    private static final Set<String> SUMS = Set.of("Conv", "ConvTranspose", "MatMul", "Gemm");

    private Macs() {}

    /// {@return the multiply-adds of a node; none where it is no sum of products, or a shape is not proven}
    ///
    /// @param node     the node
    /// @param plan     the plan of its graph
    /// @param bindings extent of every symbol
    static long of(FlowNode node, FlowPlan plan, Map<String, Long> bindings) {
        if (!SUMS.contains(node.operator())) {
            return 0;
        }
        long[] in = plan.extents(node.inputs().getFirst(), bindings).orElse(null);
        long[] factor = plan.extents(node.inputs().get(1), bindings).orElse(null);
        long[] out = plan.extents(node.outputs().getFirst(), bindings).orElse(null);
        if (in == null || factor == null || out == null) {
            return 0;
        }
        return switch (node.operator()) {
            // Each output of a convolution, and each input of a transposed one, meets a filter: weights are [out][in /
            // group] and [in][out / group].
            case "Conv" -> (long) (product(out) * product(factor) / Math.max(1, factor[0]));
            case "ConvTranspose" -> (long) (product(in) * product(factor) / Math.max(1, factor[0]));
            case "Gemm" -> (long) (product(out) * in[new Attributes(node).integer("transA", 0) != 0 ? 0 : 1]);
            default -> in.length == 0 ? 0 : (long) (product(out) * in[in.length - 1]);
        };
    }

    /// A double: products of a hostile file's extents do not wrap around.
    private static double product(long[] extents) {
        return Arrays.stream(extents).mapToDouble(extent -> extent).reduce(1, (a, b) -> a * b);
    }
}
