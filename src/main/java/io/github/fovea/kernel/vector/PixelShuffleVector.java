package io.github.fovea.kernel.vector;

import io.github.fovea.kernel.PixelShuffle;
import io.github.fovea.tensor.Layout;
import io.github.fovea.tensor.TensorView;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// Sub-pixel shuffle. By 2 of planar tensors: rows of two channels are interleaved, a vector of each at a time. From
/// blocked to planar tensors: [BlockedShuffle].
final class PixelShuffleVector implements PixelShuffle {
    private static final VectorSpecies<Float> S = Lanes.SPECIES;
    private static final int L = Lanes.COUNT;
    /// Lanes `0 0 1 1 2 2 ...` of the lower half, and likewise of the upper half.
    private static final VectorShuffle<Float> LOWER = VectorShuffle.fromOp(S, lane -> lane / 2);
    private static final VectorShuffle<Float> UPPER = VectorShuffle.fromOp(S, lane -> L / 2 + lane / 2);
    private static final VectorMask<Float> ODD = LaneSwaps.ODD_1;

    private final PixelShuffle other;

    /// Makes the kernel; `other` computes what this one does not: other scales, blocked tensors.
    PixelShuffleVector(PixelShuffle other) {
        this.other = other;
    }

    @Override
    public void run(TensorView in, int scale, TensorView out, int rowBegin, int rowEnd) {
        if (in.layout() == Layout.BLOCKED16 && out.layout() == Layout.PLANAR && BlockedShuffle.computes(scale)) {
            BlockedShuffle.run(in, scale, out, rowBegin, rowEnd);
            return;
        }
        if (scale != 2 || in.layout() != Layout.PLANAR || out.layout() != Layout.PLANAR) {
            other.run(in, scale, out, rowBegin, rowEnd);
            return;
        }
        for (int c = 0; c < out.channels(); c++) {
            for (int y = rowBegin; y < rowEnd; y++) {
                for (int i = 0; i < 2; i++) {
                    int channel = 4 * c + 2 * i;
                    interleave(in.data(), in.index(channel, y, 0), in.index(channel + 1, y, 0), out.data(),
                            out.index(c, 2 * y + i, 0), out.width());
                }
            }
        }
    }

    /// Writes `count` floats, rounded up to whole vectors: rows are padded for that. Two loops of one vector, because a
    /// branch that some widths never take would throw compiled code away when another width comes.
    private static void interleave(float[] in, int evenFrom, int oddFrom, float[] out, int outFrom, int count) {
        for (int x = 0; x < count; x += 2 * L) {
            FloatVector even = FloatVector.fromArray(S, in, evenFrom + x / 2);
            FloatVector odd = FloatVector.fromArray(S, in, oddFrom + x / 2);
            even.rearrange(LOWER).blend(odd.rearrange(LOWER), ODD).intoArray(out, outFrom + x);
        }
        for (int x = 0; x < count - L; x += 2 * L) {
            FloatVector even = FloatVector.fromArray(S, in, evenFrom + x / 2);
            FloatVector odd = FloatVector.fromArray(S, in, oddFrom + x / 2);
            even.rearrange(UPPER).blend(odd.rearrange(UPPER), ODD).intoArray(out, outFrom + L + x);
        }
    }
}
