package io.github.fovea.plan;

import java.util.List;

/// Gives every line buffer an offset in one arena, and behind them all the rows that shared buffers put aside.
///
/// Greedy, the largest buffer first, because sizes depend on the width. One object serves any number of widths without
/// allocation; it is not safe for use by two threads at once.
public final class WindowPlacement {
    private final LineBuffer[] buffers;
    private final long[] sizes;
    private final long[] offsets;
    private final long[] asideOffsets;
    private final int[] bySize;
    private final int[] byOffset;
    private long elements;

    /// Prepares a placement.
    ///
    /// @param buffers the buffers
    public WindowPlacement(List<LineBuffer> buffers) {
        this.buffers = buffers.toArray(LineBuffer[]::new);
        int n = buffers.size();
        sizes = new long[n];
        offsets = new long[n];
        asideOffsets = new long[n];
        bySize = new int[n];
        byOffset = new int[n];
    }

    /// Places every buffer for pictures of a width. Allocates nothing.
    ///
    /// @param width pixels in a row of the input picture, at least 1
    /// @return the floats that the arena needs
    /// @throws ArithmeticException if an extent overflows
    public long place(int width) {
        for (int i = 0; i < buffers.length; i++) {
            sizes[i] = buffers[i].elements(width);
            int at = i;
            while (at > 0 && sizes[bySize[at - 1]] < sizes[i]) {
                bySize[at] = bySize[at - 1];
                at--;
            }
            bySize[at] = i;
        }
        elements = Placement.FIRST_ELEMENT;
        for (int placed = 0; placed < buffers.length; placed++) {
            put(bySize[placed], placed);
        }
        for (int i = 0; i < buffers.length; i++) {
            asideOffsets[i] = elements;
            elements = Math.addExact(elements, buffers[i].asideElements(width));
        }
        return elements;
    }

    private void put(int buffer, int placed) {
        long offset = Placement.FIRST_ELEMENT;
        for (int k = 0; k < placed; k++) {
            int other = byOffset[k];
            if (buffers[buffer].livesWith(buffers[other])) {
                if (offset + sizes[buffer] <= offsets[other]) {
                    break;
                }
                offset = Math.max(offset, Math.addExact(offsets[other], sizes[other]));
            }
        }
        offsets[buffer] = offset;
        elements = Math.max(elements, Math.addExact(offset, sizes[buffer]));
        int at = placed;
        while (at > 0 && offsets[byOffset[at - 1]] > offset) {
            byOffset[at] = byOffset[at - 1];
            at--;
        }
        byOffset[at] = buffer;
    }

    /// {@return the offset of a buffer after [#place]}
    ///
    /// @param buffer index of the buffer
    public long offset(int buffer) {
        return offsets[buffer];
    }

    /// {@return the offset of the rows that a buffer puts aside, after [#place]}
    ///
    /// @param buffer index of the buffer
    public long asideOffset(int buffer) {
        return asideOffsets[buffer];
    }

    /// {@return the floats that the arena needs after [#place]}
    public long elements() {
        return elements;
    }
}
