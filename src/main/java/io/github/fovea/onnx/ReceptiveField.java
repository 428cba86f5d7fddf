package io.github.fovea.onnx;

import io.github.fovea.flow.Attribute;
import io.github.fovea.flow.Constant;
import io.github.fovea.flow.FlowGraph;
import io.github.fovea.flow.FlowNode;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/// How far an output pixel of a picture network looks, from the operators that are known to look no farther. Bounds are
/// generous: a window counts with its whole extent on either side, so that shifts by uneven or missing padding are
/// covered.
final class ReceptiveField {
    /// Operators that work on each pixel alone.
    private static final Set<String> PIXELWISE = Set.of("Relu", "PRelu", "LeakyRelu", "Clip", "Sigmoid", "HardSigmoid",
            "HardSwish", "Tanh", "Gelu", "Erf", "Exp", "Abs", "Neg", "Sqrt", "Pow", "Add", "Sub", "Mul", "Div", "Min",
            "Max", "Identity", "Dropout", "BatchNormalization", "Cast");
    /// Where a resize by a whole factor puts an output pixel, given by the output pixel alone: others stretch or cut the
    /// picture as a whole, so that a part of it is another picture.
    private static final Set<String> LOCAL = Set.of("half_pixel", "pytorch_half_pixel", "half_pixel_symmetric", "asymmetric",
            "tf_half_pixel_for_nn");
    /// What an interpolation reads at most on either side.
    private static final int INTERPOLATION = 2;

    /// What is known of a picture between the nodes.
    ///
    /// @param scale  its pixels per input pixel
    /// @param radius input pixels on either side that one of its pixels depends on
    private record Field(double scale, double radius) {}

    private ReceptiveField() {}

    /// {@return the input pixels on either side that an output pixel depends on; empty if a node has no such bound}
    ///
    /// @param graph  the graph
    /// @param input  the picture that goes in
    /// @param output the picture that comes out
    static OptionalInt radius(FlowGraph graph, String input, String output) {
        Map<String, Field> fields = new HashMap<>();
        fields.put(input, new Field(1, 0));
        for (FlowNode node : graph.nodes()) {
            List<Field> read = node.inputs().stream().map(fields::get).filter(field -> field != null).toList();
            if (read.isEmpty()) {
                continue;
            }
            Field widest = read.getFirst();
            for (Field field : read) {
                if (field.scale != widest.scale) {
                    return OptionalInt.empty();
                }
                widest = field.radius > widest.radius ? field : widest;
            }
            Field made = field(node, widest, graph.constants());
            if (made == null) {
                return OptionalInt.empty();
            }
            node.outputs().forEach(name -> fields.put(name, made));
        }
        Field last = fields.get(output);
        return last == null ? OptionalInt.empty() : OptionalInt.of((int) Math.ceil(last.radius));
    }

    /// What a node makes of a picture, or `null` if nothing is known.
    private static Field field(FlowNode node, Field in, Map<String, Constant> constants) {
        if (PIXELWISE.contains(node.operator())) {
            return in;
        }
        return switch (node.operator()) {
            case "Concat", "Split" -> integer(node, "axis", 0) == 1 ? in : null;
            case "DepthToSpace" -> new Field(in.scale * integer(node, "blocksize", 1), in.radius);
            case "Conv" -> {
                Constant weights = constants.get(node.inputs().get(1));
                yield weights == null || largest(node, "strides", 1) != 1 ? null
                        : new Field(in.scale, in.radius + (extent(weights) - 1) * largest(node, "dilations",
                        1) / in.scale);
            }
            case "ConvTranspose" -> {
                Constant weights = constants.get(node.inputs().get(1));
                long stride = largest(node, "strides", 1);
                yield weights == null || largest(node, "dilations", 1) != 1 || !equal(node, "strides") ? null
                        : new Field(in.scale * stride, in.radius
                        + Math.ceil((double) extent(weights) / stride) / in.scale);
            }
            case "Resize", "Upsample" -> {
                Constant scales = constants.get(node.inputs().getLast());
                float[] factors = scales == null ? null : scales.floats();
                yield factors == null || factors.length != 4 || factors[2] != factors[3] || factors[2] < 1
                        || factors[2] != Math.rint(factors[2]) || factors[0] != 1 || factors[1] != 1
                        || !LOCAL.contains(coordinates(node)) || node.attributes().containsKey("axes") ? null
                        : new Field(in.scale * factors[2], in.radius + INTERPOLATION / in.scale);
            }
            default -> null;
        };
    }

    private static String coordinates(FlowNode node) {
        return node.operator().equals("Upsample") || node.opset() < 11 ? "asymmetric"
                : node.attributes().get("coordinate_transformation_mode") instanceof Attribute.Text(String mode) ? mode
                : "half_pixel";
    }

    private static int extent(Constant weights) {
        int[] shape = weights.shape();
        return Arrays.stream(shape).skip(2).max().orElse(1);
    }

    private static long integer(FlowNode node, String name, long otherwise) {
        return node.attributes().get(name) instanceof Attribute.Int(long value) ? value : otherwise;
    }

    private static long largest(FlowNode node, String name, long otherwise) {
        return node.attributes().get(name) instanceof Attribute.Ints(List<Long> values)
                ? values.stream().mapToLong(Long::longValue).max().orElse(otherwise) : otherwise;
    }

    private static boolean equal(FlowNode node, String name) {
        return !(node.attributes().get(name) instanceof Attribute.Ints(List<Long> values))
                || values.stream().distinct().count() <= 1;
    }
}
