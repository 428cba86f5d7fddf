package io.github.fovea.plan;

import java.util.Arrays;
import java.util.List;

/// Gives every slot of a plan an offset in one arena so that no two tensors that exist at the same time overlap.
///
/// Greedy by size: the largest tensor first, each at the lowest offset where it fits between those already placed that
/// live with it (Pisarchyk and Lee 2020, "Efficient Memory Management for Deep Neural Net Inference"). One object serves
/// any number of shapes without allocation; it is not safe for use by two threads at once.
public final class Placement {
    /// Offset of the first tensor. The first element of a Java array lies 16 bytes behind the object's start, so with an
    /// object on a 64-byte line (always so for an array of megabytes under G1) element 12 starts a line again.
    public static final int FIRST_ELEMENT = 12;

    private final List<Slot> slots;
    private final long[] sizes;
    private final long[] offsets;
    private final int[] bySize;
    private final int[] byOffset;
    private long elements;

    /// Prepares a placement.
    ///
    /// @param slots the tensors
    public Placement(List<Slot> slots) {
        this.slots = List.copyOf(slots);
        int n = slots.size();
        sizes = new long[n];
        offsets = new long[n];
        bySize = new int[n];
        byOffset = new int[n];
    }

    /// Places every slot for an input picture. Allocates nothing.
    ///
    /// @param height rows of the input picture, at least 1
    /// @param width  pixels in its rows, at least 1
    /// @return the floats that the arena needs
    /// @throws ArithmeticException if an extent overflows
    public long place(int height, int width) {
        int n = slots.size();
        for (int i = 0; i < n; i++) {
            sizes[i] = slots.get(i).elements(height, width);
            int at = i;
            while (at > 0 && sizes[bySize[at - 1]] < sizes[i]) {
                bySize[at] = bySize[at - 1];
                at--;
            }
            bySize[at] = i;
        }
        elements = FIRST_ELEMENT;
        for (int placed = 0; placed < n; placed++) {
            put(bySize[placed], placed);
        }
        return elements;
    }

    private void put(int slot, int placed) {
        long offset = FIRST_ELEMENT;
        for (int k = 0; k < placed; k++) {
            int other = byOffset[k];
            if (slots.get(slot).livesWith(slots.get(other))) {
                if (offset + sizes[slot] <= offsets[other]) {
                    break;
                }
                offset = Math.max(offset, Math.addExact(offsets[other], sizes[other]));
            }
        }
        offsets[slot] = offset;
        elements = Math.max(elements, Math.addExact(offset, sizes[slot]));
        int at = placed;
        while (at > 0 && offsets[byOffset[at - 1]] > offset) {
            byOffset[at] = byOffset[at - 1];
            at--;
        }
        byOffset[at] = slot;
    }

    /// {@return the offset of a slot after [#place]}
    ///
    /// @param slot index of the slot
    public long offset(int slot) {
        return offsets[slot];
    }

    /// {@return the floats that the arena needs after [#place]}
    public long elements() {
        return elements;
    }

    @Override
    public String toString() {
        return elements + " floats, offsets " + Arrays.toString(offsets);
    }
}
