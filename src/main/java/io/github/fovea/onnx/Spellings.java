package io.github.fovea.onnx;

import io.github.fovea.flow.Attribute;
import io.github.fovea.flow.Constant;
import io.github.fovea.flow.ElementType;
import io.github.fovea.flow.FlowNode;
import io.github.fovea.graph.Graph;
import java.util.Arrays;
import java.util.List;

/// Operators that exporters spell as several: shuffles as Reshape-Transpose-Reshape, parametric ReLU by absolute
/// values, padding apart from its convolution.
final class Spellings {
    private final NetworkLowering lowering;

    Spellings(NetworkLowering lowering) {
        this.lowering = lowering;
    }

    /// {@return a sub-pixel shuffle}
    ///
    /// @param in     what it reads
    /// @param factor the factor
    /// @param mode   `CRD`, PyTorch's order of channels, or `DCR`, TensorFlow's
    Layer shuffle(Layer in, long factor, String mode) throws Unlowered {
        if (factor < 2 || factor > Graph.MAX_SCALE || in.channels() % (factor * factor) != 0) {
            throw new Unlowered("shuffles " + in.channels() + " channels by " + factor);
        }
        int f = (int) factor;
        if (mode.equals("CRD")) {
            return new Layer.Shuffle(in, f);
        }
        if (!mode.equals("DCR")) {
            throw new Unlowered("shuffles in mode " + ProtoReader.quoted(mode));
        }
        int channels = in.channels() / (f * f);
        int[] from = new int[in.channels()];
        for (int c = 0; c < channels; c++) {
            for (int phase = 0; phase < f * f; phase++) {
                from[c * f * f + phase] = phase * channels + c;
            }
        }
        return new Layer.Shuffle(Folding.permuted(in, from, lowering.shared()), f);
    }

    /// {@return the shuffle that a `Reshape` ends}
    ///
    /// @param last the second `Reshape`
    Layer reshape(FlowNode last) throws Unlowered {
        FlowNode transpose = lowering.maker(input(last, 0));
        FlowNode first = transpose == null || !transpose.operator().equals("Transpose") ? null
                : lowering.maker(input(transpose, 0));
        if (first == null || !first.operator().equals("Reshape")) {
            throw new Unlowered("reshapes, which only a pixel shuffle may");
        }
        Layer in = lowering.layer(input(first, 0));
        int[] split = shape(first);
        int[] joined = shape(last);
        List<Long> order = transpose.attributes().get("perm") instanceof Attribute.Ints(List<Long> perm) ? perm
                : List.of();
        boolean crd = order.equals(List.of(0L, 1L, 4L, 2L, 5L, 3L));
        boolean dcr = order.equals(List.of(0L, 3L, 4L, 1L, 5L, 2L));
        if (!crd && !dcr || split.length != 6 || joined.length != 4) {
            throw new Unlowered("reshapes and transposes, but is no pixel shuffle");
        }
        int channels = crd ? split[1] : split[3];
        int rowFactor = crd ? split[2] : split[1];
        int columnFactor = crd ? split[3] : split[2];
        int scale = scale(in);
        boolean fits = rowFactor == columnFactor && rowFactor >= 2 && (split[0] == 1 || split[0] <= 0)
                && (joined[0] == 1 || joined[0] <= 0) && channels > 0
                && (long) channels * rowFactor * rowFactor == in.channels()
                && (joined[1] == channels || joined[1] == -1);
        for (int axis = 0; axis < 2 && fits; axis++) {
            int extent = lowering.declaredExtent(axis) * scale;
            fits = extent > 0 && (split[4 + axis] == extent || split[4 + axis] == -1)
                    && (joined[2 + axis] == extent * rowFactor || joined[2 + axis] == -1);
        }
        if (!fits || Arrays.stream(split).filter(extent -> extent < 0).count() > 1
                || Arrays.stream(joined).filter(extent -> extent < 0).count() > 1) {
            throw new Unlowered("reshapes to " + Arrays.toString(split) + " and " + Arrays.toString(joined)
                    + ", which is no pixel shuffle of the declared input");
        }
        return shuffle(in, rowFactor, crd ? "CRD" : "DCR");
    }

    private static String input(FlowNode node, int index) {
        return NetworkLowering.input(node, index);
    }

    private int[] shape(FlowNode reshape) throws Unlowered {
        Constant shape = lowering.constant(input(reshape, 1));
        if (shape == null || shape.type() != ElementType.LONG || shape.elements() > 8) {
            throw new Unlowered("reshapes to a shape that is computed while it runs");
        }
        return Arrays.stream(shape.longs()).mapToInt(extent -> Math.clamp(extent, -2, Integer.MAX_VALUE)).toArray();
    }

    /// {@return how many times larger than the picture a layer is}
    static int scale(Layer layer) {
        int scale = 1;
        Layer at = layer;
        while (!at.inputs().isEmpty()) {
            scale *= switch (at) {
                case Layer.Shuffle shuffle -> shuffle.factor();
                case Layer.Enlarge enlarge -> enlarge.factor();
                default -> 1;
            };
            at = at.inputs().getFirst();
        }
        return scale;
    }

    /// Looks for `Relu(x) + k * (x - |x|)`, which is `x < 0 ? 2 * k[c] * x : x`.
    ///
    /// @param a one term of a sum
    /// @param b the other
    /// @return the activation, or `null` if it is none
    Layer parametricRelu(String a, String b) throws Unlowered {
        FlowNode relu = lowering.maker(a);
        if (relu == null || !relu.operator().equals("Relu")) {
            relu = lowering.maker(b);
            if (relu == null || !relu.operator().equals("Relu")) {
                return null;
            }
            return parametricRelu(relu, a);
        }
        return parametricRelu(relu, b);
    }

    private Layer parametricRelu(FlowNode relu, String negative) throws Unlowered {
        String x = lowering.canonical(input(relu, 0));
        FlowNode at = lowering.maker(negative);
        float[] slopes = null;
        while (at != null && at.operator().equals("Mul")) {
            boolean left = lowering.constant(input(at, 0)) != null;
            Constant factor = lowering.constant(input(at, left ? 0 : 1));
            if (factor == null || factor.floats() == null) {
                return null;
            }
            float[] factors = NetworkLowering.perChannel(factor, lowering.layer(x).channels());
            if (slopes == null) {
                slopes = NetworkLowering.filled(factors.length, 2);
            }
            for (int c = 0; c < slopes.length; c++) {
                slopes[c] *= factors[c];
            }
            at = lowering.maker(input(at, left ? 1 : 0));
        }
        if (slopes == null || at == null || !at.operator().equals("Sub")
                || !lowering.canonical(input(at, 0)).equals(x)) {
            return null;
        }
        FlowNode abs = lowering.maker(input(at, 1));
        return abs != null && abs.operator().equals("Abs") && lowering.canonical(input(abs, 0)).equals(x)
                ? new Layer.Activation(lowering.layer(x), slopes) : null;
    }

    /// {@return the zeros that a `Pad` adds to a picture: top, left, bottom, right}
    ///
    /// @param pad the node
    int[] zeroPadding(FlowNode pad) throws Unlowered {
        String mode = pad.attributes().get("mode") instanceof Attribute.Text(String text) ? text : "constant";
        Constant filling = lowering.constant(input(pad, 2));
        boolean computed = !input(pad, 2).isEmpty() && filling == null;
        float value = filling != null && filling.floats() != null && filling.elements() == 1 ? filling.floats()[0]
                : pad.attributes().get("value") instanceof Attribute.Real(float real) ? real : 0;
        Constant given = lowering.constant(input(pad, 1));
        long[] pads = given != null ? given.longs()
                : pad.attributes().get("pads") instanceof Attribute.Ints(List<Long> list)
                ? list.stream().mapToLong(Long::longValue).toArray() : null;
        boolean axes = !input(pad, 3).isEmpty();
        if (!mode.equals("constant") || computed || value != 0 || axes || pads == null || pads.length != 8
                || pads[0] != 0 || pads[1] != 0 || pads[4] != 0 || pads[5] != 0
                || Arrays.stream(pads).anyMatch(p -> p < 0 || p > 64)) {
            throw new Unlowered("follows a padding other than by a few zeros");
        }
        return new int[] {(int) pads[2], (int) pads[3], (int) pads[6], (int) pads[7]};
    }
}
