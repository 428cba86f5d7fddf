package io.github.fovea.kernel.vector;

import io.github.fovea.tensor.TensorView;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/// Sub-pixel shuffle by 2, 3 or 4 from blocked to planar: the 2, 3 or 4 neighbouring pixels of an output row that one
/// input pixel gives lie side by side in its block, so they are the first lanes of one load and one store.
///
/// Vectors are those of all kernels, under a mask, and not shorter ones: see [Lanes].
final class BlockedShuffle {
    private static final VectorSpecies<Float> S = Lanes.SPECIES;
    private static final VectorMask<Float> TWO = S.indexInRange(0, 2);
    private static final VectorMask<Float> THREE = S.indexInRange(0, 3);
    private static final VectorMask<Float> FOUR = S.indexInRange(0, 4);

    private BlockedShuffle() {}

    /// {@return whether [#run] computes this factor}
    static boolean computes(int scale) {
        return scale >= 2 && scale <= 4;
    }

    /// See [io.github.fovea.kernel.PixelShuffle#run].
    static void run(TensorView in, int scale, TensorView out, int rowBegin, int rowEnd) {
        for (int c = 0; c < out.channels(); c++) {
            for (int i = 0; i < scale; i++) {
                int channel = (c * scale + i) * scale;
                boolean split = channel % TensorView.PIXEL_BLOCK + scale > TensorView.PIXEL_BLOCK;
                for (int y = rowBegin; y < rowEnd; y++) {
                    int to = out.index(c, scale * y + i, 0);
                    int from = in.index(channel, y, 0);
                    if (split) {
                        single(in, channel, y, scale, out.data(), to);
                    } else if (scale == 2) {
                        pairs(in.data(), from, out.data(), to, in.width());
                    } else if (scale == 3) {
                        triples(in.data(), from, out.data(), to, in.width());
                    } else {
                        fours(in.data(), from, out.data(), to, in.width());
                    }
                }
            }
        }
    }

    /// Channels of two blocks, float by float: one chunk in sixteen at most.
    private static void single(TensorView in, int channel, int y, int scale, float[] out, int outFrom) {
        for (int j = 0; j < scale; j++) {
            int from = in.index(channel + j, y, 0);
            for (int x = 0; x < in.width(); x++) {
                out[outFrom + x * scale + j] = in.data()[from + x * TensorView.PIXEL_BLOCK];
            }
        }
    }

    private static void pairs(float[] in, int from, float[] out, int outFrom, int width) {
        for (int x = 0; x < width; x++) {
            FloatVector.fromArray(S, in, from + x * TensorView.PIXEL_BLOCK, TWO).intoArray(out, outFrom + 2 * x, TWO);
        }
    }

    private static void triples(float[] in, int from, float[] out, int outFrom, int width) {
        for (int x = 0; x < width; x++) {
            FloatVector.fromArray(S, in, from + x * TensorView.PIXEL_BLOCK, THREE).intoArray(out, outFrom + 3 * x, THREE);
        }
    }

    private static void fours(float[] in, int from, float[] out, int outFrom, int width) {
        for (int x = 0; x < width; x++) {
            FloatVector.fromArray(S, in, from + x * TensorView.PIXEL_BLOCK, FOUR).intoArray(out, outFrom + 4 * x, FOUR);
        }
    }
}
