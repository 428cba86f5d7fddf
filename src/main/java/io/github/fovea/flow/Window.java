package io.github.fovea.flow;

import io.github.fovea.dim.Dim;
import io.github.fovea.dim.Known;
import java.util.Arrays;

/// The sliding window of a convolution or a pool over one or two spatial axes. Read from a node's attributes; with one
/// axis, that is the columns, and there is one row.
///
/// @param kernel    extents of the window, rows and columns
/// @param strides   steps
/// @param dilations distances of taps
/// @param pads      top, left, bottom, right as the node states them
/// @param auto      `NOTSET`, `VALID`, `SAME_UPPER` or `SAME_LOWER`
/// @param ceil      whether a last window that reaches over the edge counts
record Window(int[] kernel, int[] strides, int[] dilations, int[] pads, String auto, boolean ceil) {
    /// {@return a node's window}
    ///
    /// @param node   the node
    /// @param kernel extents of the window, one per spatial axis
    static Window of(FlowNode node, int[] kernel) {
        Attributes attributes = new Attributes(node);
        int axes = kernel.length;
        if (axes < 1 || axes > 2) {
            throw new IllegalArgumentException("has " + axes + " spatial axes, wanted 1 or 2");
        }
        int[] pads = list(attributes.integers("pads"), 2 * axes, 0, 0, "pads");
        Window window = new Window(
                wide(kernel, 1),
                wide(list(attributes.integers("strides"), axes, 1, 1, "strides"), 1),
                wide(list(attributes.integers("dilations"), axes, 1, 1, "dilations"), 1),
                axes == 2 ? pads : new int[] {0, pads[0], 0, pads[1]},
                attributes.text("auto_pad", "NOTSET"), attributes.integer("ceil_mode", 0) != 0);
        for (int axis = 0; axis < 2; axis++) {
            long reach = (window.kernel[axis] - 1L) * window.dilations[axis] + 1;
            if (reach > Integer.MAX_VALUE) {
                throw new IllegalArgumentException("a window of " + reach + (axis == 0 ? " rows" : " columns")
                        + ", wanted at most " + Integer.MAX_VALUE);
            }
        }
        switch (window.auto) {
            case "NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER" -> { }
            default -> throw new IllegalArgumentException("auto_pad is " + window.auto
                    + ", wanted NOTSET, VALID, SAME_UPPER or SAME_LOWER");
        }
        return window;
    }

    /// {@return the window of a pool, which states its extents}
    static Window of(FlowNode node) {
        long[] kernel = new Attributes(node).integers("kernel_shape");
        if (kernel == null) {
            throw new IllegalArgumentException("lacks its kernel_shape");
        }
        Window window = of(node, list(kernel, kernel.length, 1, 1, "kernel_shape"));
        for (int i = 0; i < 4; i++) {
            if (window.pads[i] >= window.kernel[i % 2]) {
                throw new IllegalArgumentException("pads are " + Arrays.toString(window.pads) + " beside a window of "
                        + Arrays.toString(window.kernel) + ", wanted less: a window may not lie in the pad alone");
            }
        }
        return window;
    }

    static int[] list(long[] listed, int count, int otherwise, int least, String name) {
        int[] all = new int[count];
        if (listed != null && listed.length != count) {
            throw new IllegalArgumentException(listed.length + " " + name + ", wanted " + count);
        }
        for (int i = 0; i < count; i++) {
            long value = listed == null ? otherwise : listed[i];
            if (value < least || value > 1 << 20) {
                throw new IllegalArgumentException(name + " of " + value + ", wanted " + least + " to " + (1 << 20));
            }
            all[i] = (int) value;
        }
        return all;
    }

    private static int[] wide(int[] values, int rows) {
        return values.length == 2 ? values : new int[] {rows, values[0]};
    }

    /// {@return whether each output reads the one pixel at its place}
    boolean isPixel() {
        return Arrays.equals(kernel, strides) && kernel[0] == 1 && kernel[1] == 1 && (!auto.equals("NOTSET")
                || Arrays.stream(pads).allMatch(pad -> pad == 0));
    }

    private int reach(int axis) {
        return (kernel[axis] - 1) * dilations[axis] + 1;
    }

    /// {@return the extent of the output along an axis; not below 0}
    ///
    /// @param axis 0 for rows, 1 for columns
    /// @param in   extent of the input
    /// @throws IllegalArgumentException if the input is known to be too small
    Known extent(int axis, Known in) {
        Known out = extentOrNone(axis, in);
        if (in.dimOrNull() instanceof Dim.Constant(long extent) && out.equals(Known.of(0))) {
            throw tooLarge(axis, extent);
        }
        return out;
    }

    /// Checks that there is an output: what forms of extents leave open.
    ///
    /// @param h    rows of the input
    /// @param w    columns of the input
    /// @param outH rows of the output
    /// @param outW columns of the output
    void checkFits(int h, int w, int outH, int outW) {
        if (outH < 1 || outW < 1) {
            throw outH < 1 ? tooLarge(0, h) : tooLarge(1, w);
        }
    }

    private IllegalArgumentException tooLarge(int axis, long extent) {
        return new IllegalArgumentException("a window of " + reach(axis) + (axis == 0 ? " rows" : " columns") + " on "
                + extent + " with pads of " + Arrays.toString(pads) + ", wanted one that fits; give a larger input");
    }

    private Known extentOrNone(int axis, Known in) {
        Known one = Known.of(1);
        Known stride = Known.of(strides[axis]);
        if (auto.startsWith("SAME")) {
            return in.with(stride, Dim::ceilDiv);
        }
        int pad = auto.equals("VALID") ? 0 : pads[axis] + pads[axis + 2];
        Known room = in.with(Known.of((long) pad - reach(axis)), Dim::plus);
        if (!ceil) {
            return room.with(stride, Dim::floorDiv).with(one, Dim::plus).with(Known.of(0), Dim::max);
        }
        // The last window must begin inside the input or its left pad.
        Known begins = in.with(Known.of((auto.equals("VALID") ? 0 : pads[axis]) - 1), Dim::plus)
                .with(stride, Dim::floorDiv).with(one, Dim::plus);
        return room.with(stride, Dim::ceilDiv).with(one, Dim::plus).with(begins, Dim::min).with(Known.of(0), Dim::max);
    }

    /// {@return the pad before an axis for given extents}
    int before(int axis, int in, int out) {
        return switch (auto) {
            case "VALID" -> 0;
            case "SAME_UPPER" -> total(axis, in, out) / 2;
            case "SAME_LOWER" -> (total(axis, in, out) + 1) / 2;
            default -> pads[axis];
        };
    }

    private int total(int axis, int in, int out) {
        return (int) Math.max(0, (out - 1L) * strides[axis] + reach(axis) - in);
    }

    /// {@return the pad behind an axis for given extents}
    int behind(int axis, int in, int out) {
        return switch (auto) {
            case "VALID" -> 0;
            case "SAME_UPPER", "SAME_LOWER" -> total(axis, in, out) - before(axis, in, out);
            default -> pads[axis + 2];
        };
    }
}
