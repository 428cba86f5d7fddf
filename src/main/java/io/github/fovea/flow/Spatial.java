package io.github.fovea.flow;

import io.github.fovea.dim.Dim;
import io.github.fovea.dim.Known;
import java.util.Arrays;
import java.util.Map;

/// Operators that move or frame pixels.
final class Spatial {
    private Spatial() {}

    static void register(Map<String, Operator> table) {
        table.put("DepthToSpace", Operator.of(Spatial::depthToSpace, Spatial::depthToSpaceKernel)
                .backward(n -> n.demandRank(0, 4)));
        table.put("SpaceToDepth", Operator.of(Spatial::spaceToDepth, Spatial::spaceToDepthKernel)
                .backward(n -> n.demandRank(0, 4)));
        table.put("Pad", Operator.byValue(Spatial::pad, Spatial::padKernel, 1, 3));
        table.put("Resize", Operator.byValue(Resizing::resize, Resizing::kernel, 2, 3));
        table.put("Upsample", Operator.byValue(Resizing::upsample, Resizing::kernel, 1));
    }

    private static int block(Inference n) {
        long block = n.attributes.integer("blocksize", 0);
        if (block < 1 || block > 1024) {
            throw n.error("blocksize is " + block + ", wanted 1 to 1024");
        }
        if (n.shape(0) != null && n.shape(0).length != 4) {
            throw n.error("input of shape " + n.text(0) + ", wanted [batch,channels,rows,columns]");
        }
        return (int) block;
    }

    private static void depthToSpace(Inference n) {
        int block = block(n);
        Known[] in = n.shape(0);
        if (in == null) {
            n.set(0, n.type(0), (Known[]) null);
            return;
        }
        Known square = Known.of((long) block * block);
        divisible(in[1], block * block, "channels");
        n.set(0, n.type(0), in[0], in[1].with(square, Dim::floorDiv), in[2].with(Known.of(block), Dim::times),
                in[3].with(Known.of(block), Dim::times));
    }

    private static void spaceToDepth(Inference n) {
        int block = block(n);
        Known[] in = n.shape(0);
        if (in == null) {
            n.set(0, n.type(0), (Known[]) null);
            return;
        }
        divisible(in[2], block, "rows");
        divisible(in[3], block, "columns");
        n.set(0, n.type(0), in[0], in[1].with(Known.of((long) block * block), Dim::times),
                in[2].with(Known.of(block), Dim::floorDiv), in[3].with(Known.of(block), Dim::floorDiv));
    }

    private static void divisible(Known extent, int divisor, String what) {
        if (extent.dimOrNull() instanceof Dim.Constant(long number)) {
            divisible(number, divisor, what);
        }
    }

    private static void divisible(long number, int divisor, String what) {
        if (number % divisor != 0) {
            throw new IllegalArgumentException(number + " " + what + ", wanted a multiple of " + divisor);
        }
    }

    private static Kernel depthToSpaceKernel(FlowNode node) {
        Attributes attributes = new Attributes(node);
        int b = (int) attributes.integer("blocksize", 1);
        String mode = attributes.text("mode", "DCR");
        if (!mode.equals("DCR") && !mode.equals("CRD")) {
            throw new IllegalArgumentException("mode is " + mode + ", wanted DCR or CRD");
        }
        boolean rowsFirst = mode.equals("DCR");
        return (in, out) -> {
            divisible(in[0].shape[1], b * b, "channels");
            int channels = out[0].shape[1];
            int h = in[0].shape[2];
            int w = in[0].shape[3];
            int plane = h * w;
            // Axes of the walk: batch, channel, y, block row, x, block column.
            int[] extents = {in[0].shape[0], channels, h, b, w, b};
            int[] from = rowsFirst
                    ? new int[] {channels * b * b * plane, plane, w, b * channels * plane, 1, channels * plane}
                    : new int[] {channels * b * b * plane, b * b * plane, w, b * plane, 1, plane};
            int[] to = {channels * b * b * plane, b * b * plane, b * b * w, b * w, b, 1};
            StridedCopy.run(in[0], 0, from, out[0], 0, to, extents);
        };
    }

    private static Kernel spaceToDepthKernel(FlowNode node) {
        int b = (int) new Attributes(node).integer("blocksize", 1);
        return (in, out) -> {
            divisible(in[0].shape[2], b, "rows");
            divisible(in[0].shape[3], b, "columns");
            int channels = in[0].shape[1];
            int h = out[0].shape[2];
            int w = out[0].shape[3];
            int plane = h * w;
            // Axes of the walk: batch, block row, block column, channel, y, x.
            int[] extents = {in[0].shape[0], b, b, channels, h, w};
            int[] from = {channels * b * b * plane, b * w, 1, b * b * plane, b * b * w, b};
            int[] to = {channels * b * b * plane, b * channels * plane, channels * plane, plane, w, 1};
            StridedCopy.run(in[0], 0, from, out[0], 0, to, extents);
        };
    }

    private static void pad(Inference n) {
        Known[] in = n.shape(0);
        if (in == null) {
            n.set(0, n.type(0), (Known[]) null);
            return;
        }
        long[] attribute = n.attributes.integers("pads");
        Known[] pads = attribute != null ? Arrays.stream(attribute).mapToObj(Known::of).toArray(Known[]::new)
                : Shaping.extents(n, 1);
        long[] axes = n.longs(3);
        Known[] shape = in.clone();
        if (pads == null || n.has(3) && axes == null) {
            Arrays.fill(shape, Known.VARYING);
            n.set(0, n.type(0), shape);
            return;
        }
        int count = axes == null ? in.length : axes.length;
        if (pads.length != 2 * count) {
            throw n.error(pads.length + " pads, wanted " + 2 * count + ": begins, then ends of each axis");
        }
        for (int i = 0; i < count; i++) {
            int axis = axes == null ? i : n.axis(axes[i], in.length);
            shape[axis] = in[axis].with(pads[i], Dim::plus).with(pads[i + count], Dim::plus);
        }
        n.set(0, n.type(0), shape);
    }

    private static Kernel padKernel(FlowNode node) {
        Attributes attributes = new Attributes(node);
        long[] attributePads = attributes.integers("pads");
        float attributeFill = attributes.real("value", 0f);
        String mode = attributes.text("mode", "constant");
        if (!mode.equals("constant") && !mode.equals("reflect") && !mode.equals("edge") && !mode.equals("wrap")) {
            throw new IllegalArgumentException("mode is " + mode
                    + ", wanted constant, reflect, edge or wrap");
        }
        return (in, out) -> {
            int rank = in[0].rank();
            long[] pads = attributePads != null ? attributePads : in[1].toLongs();
            long[] axes = in.length > 3 && in[3] != null ? in[3].toLongs() : null;
            int count = pads.length / 2;
            int[] before = new int[rank];
            for (int i = 0; i < count; i++) {
                int axis = (int) (axes == null ? i : axes[i] < 0 ? axes[i] + rank : axes[i]);
                before[axis] = (int) pads[i];
            }
            if (mode.equals("constant")) {
                fill(in, out[0], attributeFill);
                inside(in[0], out[0], before);
            } else {
                int[][] sources = new int[rank][];
                for (int axis = 0; axis < rank; axis++) {
                    sources[axis] = sources(mode, in[0].shape[axis], out[0].shape[axis], before[axis]);
                }
                gather(in[0], in[0].from, out[0], out[0].from, sources, 0,
                        StridedCopy.strides(in[0].shape), StridedCopy.strides(out[0].shape));
            }
        };
    }

    private static void fill(Tensor[] in, Tensor out, float attributeFill) {
        Tensor given = in.length > 2 ? in[2] : null;
        if (out.isFloat()) {
            Arrays.fill(out.floats, out.from, out.from + out.elements(), given == null ? attributeFill
                    : given.floats[given.from]);
        } else {
            Arrays.fill(out.longs, out.from, out.from + out.elements(), given == null ? (long) attributeFill
                    : given.at(0));
        }
    }

    /// Copies what the frame keeps; negative pads cut off.
    private static void inside(Tensor in, Tensor out, int[] before) {
        int rank = in.rank();
        int[] from = StridedCopy.strides(in.shape);
        int[] to = StridedCopy.strides(out.shape);
        int[] extents = new int[rank];
        int base = 0;
        int target = 0;
        for (int axis = 0; axis < rank; axis++) {
            int first = Math.max(0, -before[axis]);
            int last = Math.min(in.shape[axis], out.shape[axis] - before[axis]);
            extents[axis] = Math.max(0, last - first);
            base += first * from[axis];
            target += (first + before[axis]) * to[axis];
        }
        StridedCopy.run(in, base, from, out, target, to, extents);
    }

    /// Negative pads cut elements off before the others repeat what is left. A pad longer than that goes on repeating,
    /// as ONNX's reference implementation (numpy) has it; ONNX Runtime refuses such a reflection and wraps into other
    /// memory.
    private static int[] sources(String mode, int in, int out, int before) {
        int first = Math.max(0, -before);
        int left = in - first - Math.max(0, before + in - out);
        if (left <= 0 && out > 0) {
            throw new IllegalArgumentException("mode " + mode
                    + " repeats an axis of which nothing is left, wanted 1 element");
        }
        int period = Math.max(1, 2 * (left - 1));
        int[] sources = new int[out];
        for (int i = 0; i < out; i++) {
            int at = i - before - first;
            sources[i] = first + switch (mode) {
                case "edge" -> Math.clamp(at, 0, left - 1);
                case "wrap" -> Math.floorMod(at, left);
                default -> {
                    int folded = Math.floorMod(at, period);
                    yield folded < left ? folded : period - folded;
                }
            };
        }
        return sources;
    }

    private static void gather(
            Tensor in, int inAt, Tensor out, int outAt, int[][] sources, int axis, int[] from, int[] to) {
        if (axis == sources.length) {
            copy(in, inAt, out, outAt);
            return;
        }
        int[] source = sources[axis];
        boolean last = axis == sources.length - 1;
        for (int i = 0; i < source.length; i++) {
            if (last) {
                copy(in, inAt + source[i], out, outAt + i);
            } else {
                gather(in, inAt + source[i] * from[axis], out, outAt + i * to[axis], sources, axis + 1, from, to);
            }
        }
    }

    private static void copy(Tensor in, int inAt, Tensor out, int outAt) {
        if (in.isFloat()) {
            out.floats[outAt] = in.floats[inAt];
        } else {
            out.longs[outAt] = in.longs[inAt];
        }
    }
}
