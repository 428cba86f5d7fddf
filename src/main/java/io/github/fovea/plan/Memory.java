package io.github.fovea.plan;

import io.github.fovea.arena.Packing;
import io.github.fovea.dim.Dim;
import java.util.ArrayList;
import java.util.List;

/// The memory of a plan, for every picture size: the size of each slot as an expression in the picture's size, and a
/// packing that says which slot lies below which. Immutable; whoever runs a plan asks for a [Placement] of its own.
public final class Memory {
    /// Sizes `{height, width}` for which the packing is planned: from a small patch to a video frame.
    private static final int[][] TYPICAL = {{64, 64}, {270, 480}, {54, 48}, {16, 16}};

    private final List<Slot> slots;
    private final Packing packing;

    /// Plans the memory of some slots.
    ///
    /// @param slots the slots
    Memory(List<Slot> slots) {
        this.slots = slots;
        int n = slots.size();
        int[] firstStep = new int[n];
        int[] lastStep = new int[n];
        List<long[]> typical = new ArrayList<>();
        for (int[] shape : TYPICAL) {
            long[] sizes = new long[n];
            for (int i = 0; i < n; i++) {
                sizes[i] = slots.get(i).elements(shape[0], shape[1]);
            }
            typical.add(sizes);
        }
        for (int i = 0; i < n; i++) {
            firstStep[i] = slots.get(i).firstStep();
            lastStep[i] = slots.get(i).lastStep();
        }
        packing = Packing.plan(firstStep, lastStep, typical);
    }

    /// {@return the floats that each slot takes, as expressions in `H` and `W`, rows and columns of the input picture}
    ///
    /// [Slot#elements(int, int)] is the same, written out; runs use that, because algebra would delay the first picture
    /// of a JVM that has just started.
    public List<Dim> sizes() {
        return slots.stream().map(Slot::elements).toList();
    }

    /// {@return which slot lies below which}
    public Packing packing() {
        return packing;
    }

    /// {@return an object that gives offsets for one picture size after another, for one thread at a time}
    public Placement newPlacement() {
        return new Placement(slots, packing);
    }
}
