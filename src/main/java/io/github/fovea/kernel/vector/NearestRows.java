package io.github.fovea.kernel.vector;

import io.github.fovea.tensor.TensorView;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// Nearest enlargement of planar tensors: a row is made once, each vector of output pixels by one shuffle, and copied
/// for the other rows of its input row.
final class NearestRows {
    private static final VectorSpecies<Float> S = Lanes.SPECIES;
    private static final int L = Lanes.COUNT;
    private static final int MAX_SCALE = 16;
    /// Per factor, what horizontal position `vector` (modulo the factor) takes: lanes from the first column that it
    /// sees.
    @SuppressWarnings({"unchecked", "rawtypes"})
    private static final VectorShuffle<Float>[][] SHUFFLES = new VectorShuffle[MAX_SCALE + 1][];

    static {
        for (int scale = 2; scale <= MAX_SCALE; scale++) {
            SHUFFLES[scale] = shuffles(scale);
        }
    }

    private NearestRows() {}

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static VectorShuffle<Float>[] shuffles(int scale) {
        VectorShuffle<Float>[] shuffles = new VectorShuffle[scale];
        for (int vector = 0; vector < scale; vector++) {
            int start = vector * L;
            shuffles[vector] = VectorShuffle.fromOp(S, lane -> (start + lane) / scale - start / scale);
        }
        return shuffles;
    }

    /// {@return whether [#run] computes this factor}
    static boolean computes(int scale) {
        return scale >= 2 && scale <= MAX_SCALE;
    }

    /// See [io.github.fovea.kernel.Resize#run].
    static void run(TensorView in, int scale, TensorView out, int rowBegin, int rowEnd) {
        for (int c = 0; c < out.channels(); c++) {
            for (int y = rowBegin; y < rowEnd; y++) {
                int first = out.index(c, scale * y, 0);
                row(in.data(), in.index(c, y, 0), in.width(), scale, SHUFFLES[scale], out.data(), first);
                for (int i = 1; i < scale; i++) {
                    System.arraycopy(out.data(), first, out.data(), out.index(c, scale * y + i, 0), in.width() * scale);
                }
            }
        }
    }

    private static void row(
            float[] in, int from, int width, int scale, VectorShuffle<Float>[] shuffles, float[] out, int outFrom) {
        int x = 0;
        int vector = 0;
        for (; x / scale + L <= width; x += L) {
            FloatVector.fromArray(S, in, from + x / scale).rearrange(shuffles[vector]).intoArray(out, outFrom + x);
            vector = vector + 1 == scale ? 0 : vector + 1;
        }
        for (; x < width * scale; x++) {
            out[outFrom + x] = in[from + x / scale];
        }
    }
}
