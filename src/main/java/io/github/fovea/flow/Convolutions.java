package io.github.fovea.flow;

import io.github.fovea.dim.Dim;
import io.github.fovea.dim.Known;
import java.util.Arrays;
import java.util.Map;

/// Convolutions and their transposes over one or two spatial axes.
final class Convolutions {
    private Convolutions() {}

    static void register(Map<String, Operator> table) {
        table.put("Conv", Operator.of(Convolutions::conv, ConvKernel::new).backward(n -> channels(n, 1)));
        table.put("ConvTranspose", Operator.of(Convolutions::transpose, ConvTransposeKernel::new)
                .backward(n -> channels(n, 0)));
    }

    /// {@return the spatial extents of the weights}
    static int[] kernel(int[] weights) {
        return Arrays.copyOfRange(weights, 2, weights.length);
    }

    private static void channels(Inference n, int axis) {
        Known[] weights = n.shape(1);
        if (weights != null) {
            n.demandRank(0, weights.length);
            n.demand(0, 1, weights[axis].with(Known.of(axis == 1 ? group(n) : 1), Dim::times));
        }
    }

    private static long group(Inference n) {
        long group = n.attributes.integer("group", 1);
        if (group < 1) {
            throw n.error("group is " + group + ", wanted at least 1");
        }
        return group;
    }

    private static int[] window(Inference n) {
        Known[] weights = n.shape(1);
        long[] stated = n.attributes.integers("kernel_shape");
        int[] kernel = new int[weights.length - 2];
        for (int i = 0; i < kernel.length; i++) {
            if (!(weights[i + 2].dimOrNull() instanceof Dim.Constant)
                    && (stated == null || stated.length != kernel.length)) {
                return null;
            }
            long extent = weights[i + 2].dimOrNull() instanceof Dim.Constant(long value) ? value : stated[i];
            kernel[i] = Math.toIntExact(extent);
            if (stated != null && (stated.length != kernel.length || stated[i] != extent)) {
                throw n.error("kernel_shape is " + Arrays.toString(stated) + " for weights of shape " + n.text(1));
            }
        }
        return kernel;
    }

    private static boolean ranks(Inference n) {
        Known[] in = n.shape(0);
        Known[] weights = n.shape(1);
        if (weights != null && (weights.length < 3 || weights.length > 4)) {
            throw n.error("weights of shape " + n.text(1) + ", wanted one or two spatial axes");
        }
        if (in == null || weights == null) {
            return false;
        }
        if (in.length != weights.length) {
            throw n.error("input of shape " + n.text(0) + " and weights of shape " + n.text(1)
                    + ", wanted as many extents");
        }
        return true;
    }

    private static void bias(Inference n, Known channels) {
        Known[] bias = n.has(2) ? n.shape(2) : null;
        if (bias != null && bias.length != 1) {
            throw n.error("bias of shape " + n.text(2) + ", wanted one axis");
        }
        if (bias != null) {
            n.same(bias[0], channels, "extent of the bias");
        }
    }

    private static void conv(Inference n) {
        Known[] in = n.shape(0);
        Known[] weights = n.shape(1);
        if (!ranks(n)) {
            n.set(0, ElementType.FLOAT, (Known[]) null);
            return;
        }
        n.same(in[1], weights[1].with(Known.of(group(n)), Dim::times), "number of input channels");
        bias(n, weights[0]);
        if (weights[0].dimOrNull() instanceof Dim.Constant(long out) && out % group(n) != 0) {
            throw n.error(out + " output channels in " + group(n) + " groups");
        }
        Known[] shape = in.clone();
        shape[1] = weights[0];
        int[] kernel = window(n);
        Window window = kernel == null ? null : Window.of(n.node, kernel);
        for (int i = 2; i < in.length; i++) {
            shape[i] = window == null ? Known.VARYING : window.extent(i - in.length + 2, in[i]);
        }
        n.set(0, ElementType.FLOAT, shape);
    }

    private static void transpose(Inference n) {
        Known[] in = n.shape(0);
        Known[] weights = n.shape(1);
        if (!ranks(n)) {
            n.set(0, ElementType.FLOAT, (Known[]) null);
            return;
        }
        n.same(in[1], weights[0], "number of input channels");
        Known[] shape = in.clone();
        shape[1] = weights[1].with(Known.of(group(n)), Dim::times);
        bias(n, shape[1]);
        int[] kernel = window(n);
        for (int i = 2; i < in.length; i++) {
            shape[i] = kernel == null ? Known.VARYING : enlarged(n.node, kernel, i - 2, in[i]);
        }
        n.set(0, ElementType.FLOAT, shape);
    }

    private static Known enlarged(FlowNode node, int[] kernel, int axis, Known in) {
        Attributes attributes = new Attributes(node);
        int axes = kernel.length;
        long[] stated = attributes.integers("output_shape");
        if (stated != null && stated.length < axes) {
            throw new IllegalArgumentException("output_shape of " + stated.length + " extents, wanted " + axes);
        }
        if (stated != null) {
            return Known.of(stated[stated.length - axes + axis]);
        }
        Window window = Window.of(node, kernel);
        int wide = axis + 2 - axes;
        if (window.auto().startsWith("SAME")) {
            return in.with(Known.of(window.strides()[wide]), Dim::times);
        }
        int extra = Window.list(attributes.integers("output_padding"), axes, 0, 0, "output_padding")[axis];
        if (extra >= Math.max(window.strides()[wide], window.dilations()[wide])) {
            throw new IllegalArgumentException("output_padding is " + extra + ", wanted less than the stride, "
                    + window.strides()[wide] + ", or the dilation, " + window.dilations()[wide]);
        }
        int pads = window.auto().equals("VALID") ? 0 : window.pads()[wide] + window.pads()[wide + 2];
        return in.with(Known.of(1), Dim::minus).with(Known.of(window.strides()[wide]), Dim::times)
                .with(Known.of((long) (kernel[axis] - 1) * window.dilations()[wide] + 1 + extra - pads), Dim::plus);
    }

    /// The pad before an axis of a transposed convolution.
    static int transposedBefore(FlowNode node, Window window, int axis, int in, int out) {
        Attributes attributes = new Attributes(node);
        long[] stated = attributes.integers("output_shape");
        if (stated == null && !window.auto().startsWith("SAME")) {
            return window.auto().equals("VALID") ? 0 : window.pads()[axis];
        }
        long[] extras = attributes.integers("output_padding");
        int extra = extras == null || extras.length < 2 - axis ? 0 : (int) extras[extras.length - 2 + axis];
        int reached = (in - 1) * window.strides()[axis] + extra
                + (window.kernel()[axis] - 1) * window.dilations()[axis] + 1;
        if (out - reached >= window.strides()[axis] && stated != null) {
            throw new IllegalArgumentException("output_shape is " + Arrays.toString(stated) + ", but " + in
                    + (axis == 0 ? " rows" : " columns") + " reach no further than " + reached);
        }
        int total = Math.max(0, reached - out);
        return window.auto().equals("SAME_UPPER") ? total / 2 : total - total / 2;
    }
}
