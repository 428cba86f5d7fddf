package io.github.fovea.plan;

import io.github.fovea.arena.Packing;
import java.util.Arrays;
import java.util.List;

/// Gives every slot of a plan an offset in one arena for a picture's size, so that no two tensors that exist at the
/// same time overlap: evaluates the slots' sizes and stacks them as the plan's [Memory] says. One object serves any
/// number of shapes without allocation or search; it is not safe for use by two threads at once.
public final class Placement {
    /// Offset of the first tensor; see [Packing#FIRST_ELEMENT].
    public static final int FIRST_ELEMENT = Packing.FIRST_ELEMENT;

    private final Packing packing;
    private final List<Slot> slots;
    private final long[] sizes;
    private final long[] offsets;
    private long elements;

    Placement(List<Slot> slots, Packing packing) {
        this.slots = slots;
        this.packing = packing;
        sizes = new long[packing.size()];
        offsets = new long[packing.size()];
    }

    /// Places every slot for an input picture. Allocates nothing.
    ///
    /// @param height rows of the input picture, at least 1
    /// @param width  pixels in its rows, at least 1
    /// @return the floats that the arena needs
    /// @throws IllegalArgumentException if an extent is below 1
    /// @throws ArithmeticException      if a size overflows
    public long place(int height, int width) {
        if (height < 1 || width < 1) {
            throw new IllegalArgumentException("picture of " + width + "x" + height + ", wanted at least 1x1");
        }
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = slots.get(i).elements(height, width);
        }
        elements = packing.place(sizes, offsets);
        return elements;
    }

    /// {@return the offset of a slot after [#place]}
    ///
    /// @param slot index of the slot
    public long offset(int slot) {
        return offsets[slot];
    }

    /// {@return the floats that a slot takes after [#place]}
    ///
    /// @param slot index of the slot
    public long size(int slot) {
        return sizes[slot];
    }

    /// {@return the floats that the arena needs after [#place]}
    public long elements() {
        return elements;
    }

    /// {@return the floats below which no arena can be after [#place]: the largest sum of tensors that exist together}
    public long lowerBound() {
        return packing.lowerBound(sizes);
    }

    @Override
    public String toString() {
        return elements + " floats, offsets " + Arrays.toString(offsets);
    }
}
