package io.github.fovea.kernel.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// Brings rows of a right factor, two vectors of columns, together.
final class IndirectTilePanel {
    private static final VectorSpecies<Float> S = Lanes.SPECIES;
    private static final int L = Lanes.COUNT;
    /// Every second number of a vector, in either half of the lanes.
    private static final VectorShuffle<Float> EVEN = VectorShuffle.fromOp(S, lane -> 2 * lane % L);
    private static final VectorMask<Float> UPPER = VectorMask.fromLong(S, -1L << L / 2);

    private IndirectTilePanel() {}

    /// Copies `k` rows from their places, from `places[first]` on, to the begin of the panel.
    static void run(float[] b, int bFrom, int[] places, int first, int k, float[] panel) {
        for (int p = 0; p < k; p++) {
            int at = bFrom + places[first + p];
            FloatVector b0 = FloatVector.fromArray(S, b, at);
            FloatVector b1 = FloatVector.fromArray(S, b, at + L);
            b0.intoArray(panel, 2 * L * p);
            b1.intoArray(panel, 2 * L * p + L);
        }
    }

    /// As [#run], of every second number.
    static void runEven(float[] b, int bFrom, int[] places, int first, int k, float[] panel) {
        for (int p = 0; p < k; p++) {
            int at = bFrom + places[first + p];
            FloatVector b0 = FloatVector.fromArray(S, b, at).rearrange(EVEN);
            FloatVector b1 = FloatVector.fromArray(S, b, at + L).rearrange(EVEN);
            FloatVector b2 = FloatVector.fromArray(S, b, at + 2 * L).rearrange(EVEN);
            FloatVector b3 = FloatVector.fromArray(S, b, at + 3 * L).rearrange(EVEN);
            b0.blend(b1, UPPER).intoArray(panel, 2 * L * p);
            b2.blend(b3, UPPER).intoArray(panel, 2 * L * p + L);
        }
    }
}
