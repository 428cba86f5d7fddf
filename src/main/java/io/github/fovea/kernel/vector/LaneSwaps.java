package io.github.fovea.kernel.vector;

import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;

/// Constants for adding across lanes: `SWAP_d` exchanges lanes whose index differs in bit `d`, `ODD_d` marks the lanes
/// that have that bit. Where a vector has no such lanes the swap is the identity.
final class LaneSwaps {
    static final VectorShuffle<Float> SWAP_1 = swap(1);
    static final VectorShuffle<Float> SWAP_2 = swap(2);
    static final VectorShuffle<Float> SWAP_4 = swap(4);
    static final VectorShuffle<Float> SWAP_8 = swap(8);
    static final VectorMask<Float> ODD_1 = odd(1);
    static final VectorMask<Float> ODD_2 = odd(2);

    private LaneSwaps() {}

    private static VectorShuffle<Float> swap(int distance) {
        return VectorShuffle.fromOp(Lanes.SPECIES, lane -> distance < Lanes.COUNT ? lane ^ distance : lane);
    }

    private static VectorMask<Float> odd(int distance) {
        boolean[] lanes = new boolean[Lanes.COUNT];
        for (int lane = 0; lane < lanes.length; lane++) {
            lanes[lane] = (lane & distance) != 0;
        }
        return VectorMask.fromArray(Lanes.SPECIES, lanes, 0);
    }
}
