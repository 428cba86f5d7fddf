package io.github.fovea.flow;

import io.github.fovea.dim.Dim;
import io.github.fovea.dim.Known;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Shapes of `Resize` and `Upsample`, and how each axis of theirs is read; [ResizeAxis] computes.
final class Resizing {
    private static final String POLICY = "keep_aspect_ratio_policy";
    private static final String STRETCH = "stretch";

    private Resizing() {}

    static void resize(Inference n) {
        Known[] in = n.shape(0);
        if (in == null) {
            n.set(0, n.type(0), (Known[]) null);
            return;
        }
        if (n.node.opset() < 11) {
            scale(n, in, n.floats(1), axes(n, in.length));
            return;
        }
        int[] axes = axes(n, in.length);
        boolean bySize = n.has(3) && !emptyOperand(n, 3);
        if (!bySize) {
            scale(n, in, n.floats(2), axes);
            return;
        }
        Known[] sizes = Shaping.extents(n, 3);
        if (sizes != null && sizes.length != axes.length) {
            throw n.error(sizes.length + " sizes for " + axes.length + " axes");
        }
        Known[] shape = in.clone();
        for (int axis : axes) {
            shape[axis] = Known.VARYING;
        }
        String policy = n.attributes.text(POLICY, STRETCH);
        if (policy.equals(STRETCH)) {
            for (int i = 0; sizes != null && i < axes.length; i++) {
                shape[axes[i]] = sizes[i];
            }
        } else if (sizes != null && n.longs(3) != null) {
            int[] extents = new Fact(n.type(0), in, null, null).constantShape();
            if (extents != null) {
                float scale = kept(policy, n.longs(3), extents, axes);
                for (int axis : axes) {
                    shape[axis] = Known.of(Math.round(scale * extents[axis]));
                }
            }
        }
        n.set(0, n.type(0), shape);
    }

    /// The one scale of all axes that keeps the aspect ratio: so that no axis becomes larger, or none smaller, than its
    /// size.
    private static float kept(String policy, long[] sizes, int[] in, int[] axes) {
        boolean larger = policy.equals("not_smaller");
        float scale = larger ? 0 : Float.POSITIVE_INFINITY;
        for (int i = 0; i < axes.length; i++) {
            float own = (float) sizes[i] / in[axes[i]];
            scale = larger ? Math.max(scale, own) : Math.min(scale, own);
        }
        return scale;
    }

    private static boolean emptyOperand(Inference n, int operand) {
        Known[] shape = n.shape(operand);
        return shape != null && shape.length == 1 && shape[0].equals(Known.of(0));
    }

    static void upsample(Inference n) {
        Known[] in = n.shape(0);
        if (in == null) {
            n.set(0, n.type(0), (Known[]) null);
            return;
        }
        float[] scales = n.attributes.reals("scales");
        scale(n, in, scales != null ? scales : n.floats(1), axes(n, in.length));
    }

    private static void scale(Inference n, Known[] in, float[] scales, int[] axes) {
        Known[] shape = in.clone();
        if (scales == null) {
            Arrays.fill(shape, Known.VARYING);
            n.set(0, n.type(0), shape);
            return;
        }
        if (scales.length != axes.length) {
            throw n.error(scales.length + " scales for " + axes.length + " axes");
        }
        for (int i = 0; i < axes.length; i++) {
            if (!(scales[i] > 0 && scales[i] < Float.POSITIVE_INFINITY)) {
                throw n.error("scales are " + Arrays.toString(scales) + ", wanted more than 0");
            }
            shape[axes[i]] = scaled(in[axes[i]], scales[i]);
        }
        n.set(0, n.type(0), shape);
    }

    /// floor(extent * scale) as an expression, for scales that are a whole number over a power of two.
    private static Known scaled(Known extent, float scale) {
        if (extent.dimOrNull() instanceof Dim.Constant(long number)) {
            return Known.of((long) (number * scale)); // in float, as ONNX Runtime has it: 3 by 7/3 is 7
        }
        for (int divisor = 1; divisor <= 1024; divisor *= 2) {
            double product = (double) scale * divisor;
            if (product == Math.rint(product)) {
                return extent.with(Known.of((long) product), Dim::times).with(Known.of(divisor), Dim::floorDiv);
            }
        }
        return Known.VARYING;
    }

    private static int[] axes(Inference n, int rank) {
        long[] listed = n.attributes.integers("axes");
        if (listed != null && n.axes(listed, rank).length != listed.length) {
            throw n.error("axes " + Arrays.toString(listed) + " name one axis twice");
        }
        return axes(n.attributes, rank);
    }

    /// {@return the axes that a node resizes: those it lists, else all}
    private static int[] axes(Attributes attributes, int rank) {
        long[] listed = attributes.integers("axes");
        int[] axes = new int[listed == null ? rank : listed.length];
        for (int i = 0; i < axes.length; i++) {
            axes[i] = listed == null ? i : (int) (listed[i] < 0 ? listed[i] + rank : listed[i]);
        }
        return axes;
    }

    static Kernel kernel(FlowNode node) {
        Attributes attributes = new Attributes(node);
        boolean old = node.opset() < 11 || node.operator().equals("Upsample");
        ResizeAxis.Options options = new ResizeAxis.Options(
                attributes.text("mode", "nearest"),
                old ? "asymmetric" : attributes.text("coordinate_transformation_mode", "half_pixel"),
                old ? ResizeAxis.Options.SIMPLE : attributes.text("nearest_mode", "round_prefer_floor"),
                attributes.real("cubic_coeff_a", -0.75f),
                attributes.integer("exclude_outside", 0) != 0,
                attributes.integer("antialias", 0) != 0,
                attributes.real("extrapolation_value", 0f));
        options.check();
        String policy = attributes.text(POLICY, STRETCH);
        if (!policy.equals(STRETCH) && !policy.equals("not_larger") && !policy.equals("not_smaller")) {
            throw new IllegalArgumentException(POLICY + " is " + policy
                    + ", wanted stretch, not_larger or not_smaller");
        }
        boolean byScale = node.operator().equals("Upsample");
        float[] attributeScales = attributes.reals("scales");
        return new ResizeKernel(attributes, options, policy, old, byScale, attributeScales);
    }

    /// Resizes one axis after the other; what lies between waits in two places of the scratch memory in turn.
    private static final class ResizeKernel extends ScratchKernel {
        private final Attributes attributes;
        private final ResizeAxis.Options options;
        private final String policy;
        private final boolean old;
        private final boolean byScale;
        private final float[] attributeScales;

        ResizeKernel(Attributes attributes, ResizeAxis.Options options, String policy, boolean old, boolean byScale,
                float[] attributeScales) {
            this.attributes = attributes;
            this.options = options;
            this.policy = policy;
            this.old = old;
            this.byScale = byScale;
            this.attributeScales = attributeScales;
        }

        /// A step of one axis. What it reads is found when it runs: tables of large axes take longer than all the rest that a
        /// plan asks for.
        private record Step(int axis, int extent, int length, float scale, float start, float end) {
            ResizeAxis reader(ResizeAxis.Options options) {
                return ResizeAxis.of(options, extent, length, scale, start, end);
            }
        }

        private List<Step> steps(Tensor[] in, Tensor[] out) {
            int[] axes = axes(attributes, in[0].rank());
            Tensor scales = old ? (in.length > 1 ? in[1] : null) : in.length > 2 ? in[2] : null;
            float[] roi = !old && in.length > 1 && in[1] != null && in[1].elements() > 0
                    ? Arrays.copyOfRange(in[1].floats, in[1].from, in[1].from + in[1].elements()) : null;
            boolean given = byScale || old || scales != null && scales.elements() > 0;
            float common = given || policy.equals(STRETCH) ? 0 : kept(policy, in[3].toLongs(), in[0].shape, axes);
            List<Step> steps = new ArrayList<>();
            // Axes that shrink come first, so that nothing on the way is larger than the input or the result.
            for (int k = 0; k < 2 * axes.length; k++) {
                boolean shrinking = k < axes.length;
                int i = k % axes.length;
                int axis = axes[i];
                int extent = in[0].shape[axis];
                int length = out[0].shape[axis];
                if (shrinking != length < extent) {
                    continue;
                }
                float scale = common != 0 ? common : !given ? (float) length / extent
                        : attributeScales != null ? attributeScales[i] : scales.floats[scales.from + i];
                float start = roi == null ? 0 : roi[i];
                float end = roi == null ? 1 : roi[i + axes.length];
                if (extent != length || scale != 1 || options.crops()) {
                    steps.add(new Step(axis, extent, length, scale, start, end));
                }
            }
            return steps;
        }

        /// The elements of the largest tensors that wait in the first and in the second place.
        private static long[] waiting(Tensor in, List<Step> steps) {
            long[] most = new long[2];
            int[] shape = in.shape.clone();
            for (int i = 0; i < steps.size() - 1; i++) {
                shape[steps.get(i).axis] = steps.get(i).length;
                most[i % 2] = Math.max(most[i % 2], Tensor.elements(shape, 0, shape.length));
            }
            return most;
        }

        @Override
        public long scratchElements(Tensor[] in, Tensor[] out) {
            long[] waiting = waiting(in[0].asStored(), steps(in, out));
            return waiting[0] + waiting[1];
        }

        @Override
        public void run(Tensor[] in, Tensor[] out) {
            List<Step> steps = steps(in, out);
            if (steps.isEmpty()) {
                out[0].asStored().copyFrom(in[0].asStored());
                return;
            }
            long[] waiting = waiting(in[0].asStored(), steps);
            float[] memory = scratch(waiting[0] + waiting[1]);
            Tensor from = in[0].asStored();
            Tensor result = out[0].asStored();
            for (int i = 0; i < steps.size(); i++) {
                Tensor to = result;
                if (i < steps.size() - 1) {
                    to = new Tensor(ElementType.FLOAT, 0);
                    to.shape = from.shape.clone();
                    to.shape[steps.get(i).axis] = steps.get(i).length;
                    to.floats = memory;
                    to.from = i % 2 == 0 ? 0 : (int) waiting[0];
                }
                steps.get(i).reader(options).run(from, steps.get(i).axis, to);
                from = to;
            }
        }
    }
}
