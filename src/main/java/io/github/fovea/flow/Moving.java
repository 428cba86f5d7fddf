package io.github.fovea.flow;

import io.github.fovea.dim.Dim;
import io.github.fovea.dim.Known;
import java.util.Arrays;
import java.util.Map;

/// Operators that move elements without computing: parts, joins, repeats, permutations.
final class Moving {
    private Moving() {}

    static void register(Map<String, Operator> table) {
        table.put("Concat", Operator.of(Moving::concat, Moving::concatKernel));
        table.put("Split", Operator.byValue(Moving::split, Moving::splitKernel, 1));
        table.put("Slice", Operator.byValue(Moving::slice, Moving::sliceKernel, 1, 2, 3, 4));
        table.put("Gather", Operator.of(Moving::gather, Moving::gatherKernel));
        table.put("Transpose", Operator.of(Moving::transpose,
                Moving::transposeKernel).backward(Moving::transposeBackward));
        table.put("Expand", Operator.byValue(Moving::expand, _ -> Moving::expandKernel, 1));
        table.put("Tile", Operator.byValue(Moving::tile, _ -> Moving::tileKernel, 1));
    }

    private static void concat(Inference n) {
        Known[] shape = n.shape(0);
        if (shape == null) {
            n.set(0, n.type(0), (Known[]) null);
            return;
        }
        int axis = n.axis(n.attributes.integer("axis", 0), shape.length);
        shape = shape.clone();
        int[] operands = new int[n.inputs()];
        for (int i = 1; i < n.inputs(); i++) {
            operands[i] = i;
            Known[] other = n.shape(i);
            if (other == null) {
                n.set(0, n.type(0), (Known[]) null);
                return;
            }
            if (other.length != shape.length) {
                throw n.error("input " + i + " of shape " + n.text(i) + " beside " + n.text(0)
                        + ", wanted as many extents");
            }
            for (int k = 0; k < shape.length; k++) {
                if (k == axis) {
                    shape[k] = shape[k].with(other[k], Dim::plus);
                } else {
                    n.same(other[k], n.shape(0)[k], "extent " + k + " of input " + i);
                    shape[k] = Fact.stronger(shape[k], other[k]);
                }
            }
        }
        n.set(0, n.type(0), shape);
        n.moveValues(Moving::concatKernel, operands);
    }

    private static Kernel concatKernel(FlowNode node) {
        long listed = new Attributes(node).integer("axis", 0);
        return (in, out) -> {
            int axis = (int) (listed < 0 ? listed + out[0].rank() : listed);
            int outer = Tensor.elements(out[0].shape, 0, axis);
            int row = Tensor.elements(out[0].shape, axis, out[0].rank());
            int column = 0;
            for (Tensor part : in) {
                int run = Tensor.elements(part.shape, axis, part.rank());
                for (int k = 0; k < part.rank(); k++) {
                    if (k != axis && part.shape[k] != out[0].shape[k]) {
                        throw new IllegalArgumentException(part + " does not fit beside " + in[0] + " along axis "
                                + axis);
                    }
                }
                for (int i = 0; i < outer && run > 0; i++) {
                    System.arraycopy(part.array(), part.from + i * run, out[0].array(), out[0].from + i * row + column,
                            run);
                }
                column += run;
            }
        };
    }

    private static void split(Inference n) {
        Known[] in = n.shape(0);
        if (in == null) {
            for (int i = 0; i < n.outputs(); i++) {
                n.set(i, n.type(0), (Known[]) null);
            }
            return;
        }
        int axis = n.axis(n.attributes.integer("axis", 0), in.length);
        long[] attribute = n.attributes.integers("split");
        Known[] parts = attribute != null
                ? Arrays.stream(attribute).mapToObj(Known::of).toArray(Known[]::new) : n.has(1) ? Shaping.extents(n, 1)
                : null;
        if (parts != null && parts.length != n.outputs()) {
            throw n.error(parts.length + " parts for " + n.outputs() + " outputs");
        }
        if (parts != null) {
            Known sum = Known.of(0);
            for (Known part : parts) {
                sum = sum.with(part, Dim::plus);
            }
            n.same(sum, in[axis], "sum of the parts of axis " + axis);
        }
        if (n.node.outputs().contains("")) {
            throw n.error("an output without a name, wanted a name for every part");
        }
        long count = n.outputs();
        if (parts == null && n.attributes.integer("num_outputs", count) != count) {
            throw n.error("num_outputs is " + n.attributes.integer("num_outputs", 0) + " for " + count + " outputs");
        }
        for (int i = 0; i < count; i++) {
            Known[] shape = in.clone();
            Known chunk = in[axis].with(Known.of(count), Dim::ceilDiv);
            Known last = in[axis].with(chunk.with(Known.of(count - 1), Dim::times), Dim::minus);
            shape[axis] = parts != null ? parts[i] : i == count - 1 ? last : chunk;
            n.set(i, n.type(0), shape);
        }
        if (parts == null || n.longs(1) != null || attribute != null) {
            n.moveValues(Moving::splitKernel, 0);
        }
    }

    private static Kernel splitKernel(FlowNode node) {
        long listed = new Attributes(node).integer("axis", 0);
        return (in, out) -> {
            int axis = (int) (listed < 0 ? listed + in[0].rank() : listed);
            int outer = Tensor.elements(in[0].shape, 0, axis);
            int row = Tensor.elements(in[0].shape, axis, in[0].rank());
            int column = 0;
            int sum = Arrays.stream(out).mapToInt(part -> part.shape[axis]).sum();
            if (sum != in[0].shape[axis]) {
                throw new IllegalArgumentException("parts of " + sum + " elements together, wanted " + in[0].shape[axis]
                        + ", the extent of axis " + axis);
            }
            for (Tensor part : out) {
                int run = Tensor.elements(part.shape, axis, part.rank());
                for (int i = 0; i < outer; i++) {
                    System.arraycopy(in[0].array(), in[0].from + i * row + column, part.array(), part.from + i * run,
                            run);
                }
                column += run;
            }
        };
    }

    private static void slice(Inference n) {
        Known[] in = n.shape(0);
        if (in == null) {
            n.set(0, n.type(0), (Known[]) null);
            return;
        }
        Known[] shape = in.clone();
        Known[] starts = extents(n, "starts", 1);
        Known[] ends = extents(n, "ends", 2);
        long[] axes = n.attributes.integers("axes") != null ? n.attributes.integers("axes") : n.longs(3);
        long[] steps = n.longs(4);
        if (starts == null || n.has(3) && axes == null) {
            Arrays.fill(shape, Known.VARYING);
            n.set(0, n.type(0), shape);
            return;
        }
        if (axes != null && axes.length != starts.length || ends != null && ends.length != starts.length
                || steps != null && steps.length != starts.length) {
            throw n.error("starts, ends, axes and steps are not equally many");
        }
        if (axes != null && n.axes(axes, in.length).length != axes.length) {
            throw n.error("axes " + Arrays.toString(axes) + " name one axis twice");
        }
        for (int i = 0; i < starts.length; i++) {
            int axis = n.axis(axes == null ? i : axes[i], in.length);
            long step = steps == null ? 1 : step(steps[i]);
            if (step == 0) {
                throw n.error("a step of 0");
            }
            boolean open = n.has(4) && steps == null || ends == null;
            shape[axis] = open ? Known.VARYING : length(in[axis], starts[i], ends[i], step);
        }
        n.set(0, n.type(0), shape);
        n.moveValues(Moving::sliceKernel, 0);
    }

    /// No axis is longer than this, so that a longer step is no other.
    private static long step(long step) {
        return Math.clamp(step, -Integer.MAX_VALUE, Integer.MAX_VALUE);
    }

    private static Known[] extents(Inference n, String attribute, int operand) {
        long[] numbers = n.attributes.integers(attribute);
        return numbers != null ? Arrays.stream(numbers).mapToObj(Known::of).toArray(Known[]::new)
                : Shaping.extents(n, operand);
    }

    private static Known length(Known extent, Known start, Known end, long step) {
        Known zero = Known.of(0);
        Known first;
        Known last;
        if (step > 0) {
            first = clamped(extent, start, zero, extent);
            last = clamped(extent, end, zero, extent);
        } else {
            Known top = extent.with(Known.of(1), Dim::minus);
            first = clamped(extent, start, zero, top);
            // "To the end" is the beginning for those who go backwards.
            boolean whole = end.equals(Known.of(Long.MAX_VALUE)) || end.equals(Known.of(Integer.MAX_VALUE));
            last = whole ? Known.of(-1) : clamped(extent, end, Known.of(-1), top);
        }
        return last.with(first, Dim::minus).with(Known.of(step), Dim::ceilDiv).with(zero, Dim::max);
    }

    /// Counts a bound from the end where it is negative, and clamps it.
    private static Known clamped(Known extent, Known bound, Known low, Known high) {
        if (bound.dimOrNull() instanceof Dim.Constant(long number)) {
            // Exporters write "to the end" as a huge number.
            if (number >= Integer.MAX_VALUE) {
                return high;
            }
            if (number <= Integer.MIN_VALUE) {
                return low;
            }
            Known at = number < 0 ? extent.with(bound, Dim::plus) : bound;
            return at.with(low, Dim::max).with(high, Dim::min);
        }
        Dim dim = bound.dimOrNull();
        if (dim == null) {
            return Known.VARYING;
        }
        if (dim.isAtLeast(Dim.of(0))) {
            return bound.with(high, Dim::min);
        }
        return Dim.of(-1).isAtLeast(dim) ? extent.with(bound, Dim::plus).with(low, Dim::max).with(high, Dim::min)
                : Known.VARYING;
    }

    private static Kernel sliceKernel(FlowNode node) {
        Attributes attributes = new Attributes(node);
        long[] attributeStarts = attributes.integers("starts");
        long[] attributeAxes = attributes.integers("axes");
        return (in, out) -> {
            long[] starts = attributeStarts != null ? attributeStarts : in[1].toLongs();
            long[] axes = attributeAxes != null ? attributeAxes
                    : in.length > 3 && in[3] != null ? in[3].toLongs() : null;
            long[] steps = in.length > 4 && in[4] != null ? in[4].toLongs() : null;
            int[] strides = StridedCopy.strides(in[0].shape);
            int base = 0;
            for (int i = 0; i < starts.length; i++) {
                int axis = (int) (axes == null ? i : axes[i] < 0 ? axes[i] + in[0].rank() : axes[i]);
                int extent = in[0].shape[axis];
                long step = steps == null ? 1 : step(steps[i]);
                long start = starts[i] < 0 ? starts[i] + extent : starts[i];
                long first = Math.clamp(start, 0L, (long) (step > 0 ? extent : Math.max(0, extent - 1)));
                base += (int) first * strides[axis];
                strides[axis] *= (int) step; // may overflow where there is one element only
            }
            StridedCopy.run(in[0], base, strides, out[0], 0, StridedCopy.strides(out[0].shape), out[0].shape);
        };
    }

    private static void gather(Inference n) {
        Known[] data = n.shape(0);
        Known[] indices = n.shape(1);
        if (data == null || indices == null) {
            n.set(0, n.type(0), (Known[]) null);
            return;
        }
        int axis = n.axis(n.attributes.integer("axis", 0), data.length);
        Known[] shape = new Known[data.length - 1 + indices.length];
        System.arraycopy(data, 0, shape, 0, axis);
        System.arraycopy(indices, 0, shape, axis, indices.length);
        System.arraycopy(data, axis + 1, shape, axis + indices.length, data.length - axis - 1);
        n.set(0, n.type(0), shape);
        n.moveValues(Moving::gatherKernel, 0);
    }

    private static Kernel gatherKernel(FlowNode node) {
        long listed = new Attributes(node).integer("axis", 0);
        return (in, out) -> {
            Tensor data = in[0];
            int axis = (int) (listed < 0 ? listed + data.rank() : listed);
            int extent = data.shape[axis];
            int outer = Tensor.elements(data.shape, 0, axis);
            int inner = Tensor.elements(data.shape, axis + 1, data.rank());
            int count = in[1].elements();
            for (int k = 0; k < count; k++) {
                long index = in[1].at(k);
                if (index < -extent || index >= extent) {
                    throw new IllegalArgumentException("index " + index + " into an axis of " + extent
                            + " elements, wanted -" + extent + " to " + (extent - 1));
                }
                int at = (int) (index < 0 ? index + extent : index);
                for (int i = 0; i < outer; i++) {
                    System.arraycopy(data.array(), data.from + (i * extent + at) * inner, out[0].array(),
                            out[0].from + (i * count + k) * inner, inner);
                }
            }
        };
    }

    /// {@return the permutation of a `Transpose`}
    static int[] permutation(FlowNode node, int rank) {
        long[] listed = new Attributes(node).integers("perm");
        int[] permutation = new int[rank];
        for (int i = 0; i < rank; i++) {
            permutation[i] = listed == null ? rank - 1 - i : (int) listed[i];
        }
        return permutation;
    }

    private static void transpose(Inference n) {
        Known[] in = n.shape(0);
        if (in == null) {
            n.set(0, n.type(0), (Known[]) null);
            return;
        }
        long[] listed = n.attributes.integers("perm");
        if (listed != null && (listed.length != in.length || n.axes(listed, in.length).length != in.length
                || Arrays.stream(listed).anyMatch(axis -> axis < 0))) {
            throw n.error("permutation " + Arrays.toString(listed) + " of an input of shape " + n.text(0));
        }
        int[] permutation = permutation(n.node, in.length);
        Known[] shape = new Known[in.length];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = in[permutation[i]];
        }
        n.set(0, n.type(0), shape);
        n.moveValues(Moving::transposeKernel, 0);
    }

    private static void transposeBackward(Inference n) {
        Known[] out = n.out(0) == null ? null : n.out(0).shape();
        if (out != null) {
            n.demandRank(0, out.length);
            long[] listed = n.attributes.integers("perm");
            if (listed != null && listed.length != out.length) {
                return; // refused as soon as the input is known
            }
            int[] permutation = permutation(n.node, out.length);
            for (int i = 0; i < out.length; i++) {
                n.demand(0, permutation[i], out[i]);
            }
        }
    }

    private static Kernel transposeKernel(FlowNode node) {
        return (in, out) -> {
            int rank = in[0].rank();
            int[] permutation = permutation(node, rank);
            int[] strides = StridedCopy.strides(in[0].shape);
            int[] moved = new int[rank];
            for (int i = 0; i < rank; i++) {
                moved[i] = strides[permutation[i]];
            }
            StridedCopy.run(in[0], 0, moved, out[0], 0, StridedCopy.strides(out[0].shape), out[0].shape);
        };
    }

    private static void expand(Inference n) {
        Known[] in = n.shape(0);
        Known[] wanted = Shaping.extents(n, 1);
        if (in == null || wanted == null) {
            n.set(0, n.type(0), (Known[]) null);
            return;
        }
        int rank = Math.max(in.length, wanted.length);
        Known[] shape = new Known[rank];
        for (int axis = 0; axis < rank; axis++) {
            int i = axis - rank + in.length;
            int k = axis - rank + wanted.length;
            Known a = i < 0 ? Known.of(1) : in[i];
            Known b = k < 0 ? Known.of(1) : wanted[k];
            if (a.equals(Known.of(1)) || a.equals(b)) {
                shape[axis] = b;
            } else if (b.equals(Known.of(1)) || a.dimOrNull() instanceof Dim.Constant) {
                n.same(b, b.equals(Known.of(1)) ? b : a, "extent " + axis + " of the wanted shape");
                shape[axis] = a;
            } else {
                shape[axis] = b.dimOrNull() instanceof Dim.Constant ? b : a.with(b, Dim::max);
            }
        }
        n.set(0, n.type(0), shape);
        n.moveValues(_ -> Moving::expandKernel, 0);
    }

    private static void expandKernel(Tensor[] in, Tensor[] out) {
        int rank = out[0].rank();
        int[] strides = new int[rank];
        int stride = 1;
        for (int axis = rank - 1; axis >= 0; axis--) {
            int k = axis - rank + in[0].rank();
            int extent = k < 0 ? 1 : in[0].shape[k];
            if (extent != 1 && extent != out[0].shape[axis]) {
                throw new IllegalArgumentException(in[0] + " does not expand to " + Arrays.toString(out[0].shape));
            }
            strides[axis] = extent == 1 ? 0 : stride;
            stride *= extent;
        }
        StridedCopy.run(in[0], 0, strides, out[0], 0, StridedCopy.strides(out[0].shape), out[0].shape);
    }

    private static void tile(Inference n) {
        Known[] in = n.shape(0);
        Known[] repeats = Shaping.extents(n, 1);
        if (in == null) {
            n.set(0, n.type(0), (Known[]) null);
            return;
        }
        if (repeats != null && repeats.length != in.length) {
            throw n.error(repeats.length + " repeats of an input of shape " + n.text(0));
        }
        Known[] shape = new Known[in.length];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = repeats == null ? Known.VARYING : in[i].with(repeats[i], Dim::times);
        }
        n.set(0, n.type(0), shape);
        n.moveValues(_ -> Moving::tileKernel, 0);
    }

    private static void tileKernel(Tensor[] in, Tensor[] out) {
        int rank = out[0].rank();
        int[] strides = StridedCopy.strides(in[0].shape);
        int[] outStrides = StridedCopy.strides(out[0].shape);
        // Every axis as two: which repeat, and where in it.
        int[] from = new int[2 * rank];
        int[] to = new int[2 * rank];
        int[] extents = new int[2 * rank];
        for (int i = 0; i < rank; i++) {
            extents[2 * i] = in[0].shape[i] == 0 ? 0 : out[0].shape[i] / in[0].shape[i];
            extents[2 * i + 1] = in[0].shape[i];
            to[2 * i] = outStrides[i] * in[0].shape[i];
            to[2 * i + 1] = outStrides[i];
            from[2 * i + 1] = strides[i];
        }
        StridedCopy.run(in[0], 0, from, out[0], 0, to, extents);
    }
}
