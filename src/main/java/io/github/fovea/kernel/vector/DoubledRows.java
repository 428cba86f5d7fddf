package io.github.fovea.kernel.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// Rows of twice as many pixels, bilinear and bicubic, without the pixels that see beyond the row's ends. A vector of
/// input pixels and its neighbours, loaded anew for each neighbour, are summed vertically; sums of these are the even
/// and the odd output pixels, which are interleaved. The last vector overlaps the one before it.
///
/// Weights are `[even, odd][4]`, as [ResizeVector] has them.
final class DoubledRows {
    private static final VectorSpecies<Float> S = Lanes.SPECIES;
    private static final int L = Lanes.COUNT;
    /// Lanes `0 0 1 1 2 2 ...` of the lower half, and likewise of the upper half.
    private static final VectorShuffle<Float> LOWER = VectorShuffle.fromOp(S, lane -> lane / 2);
    private static final VectorShuffle<Float> UPPER = VectorShuffle.fromOp(S, lane -> L / 2 + lane / 2);
    private static final VectorMask<Float> ODD = LaneSwaps.ODD_1;

    private DoubledRows() {}

    /// Bilinear.
    ///
    /// @param in      holds the two rows
    /// @param row0    index of the upper row's first pixel
    /// @param row1    index of the lower row's
    /// @param width   input pixels in a row, at least a vector and two
    /// @param weights horizontal weights; vertical ones from `phase`
    /// @param phase   0 or 4
    /// @param out     receives output pixels `[2, 2 * width - 2)`
    /// @param outFrom index of output pixel 0
    static void bilinear(
            float[] in, int row0, int row1, int width, float[] weights, int phase, float[] out, int outFrom) {
        FloatVector v0 = FloatVector.broadcast(S, weights[phase + 1]);
        FloatVector v1 = FloatVector.broadcast(S, weights[phase + 2]);
        FloatVector far = FloatVector.broadcast(S, weights[1]);
        FloatVector near = FloatVector.broadcast(S, weights[2]);
        int last = width - 1 - L;
        for (int x = 1; x < last + L; x += L) {
            int i = Math.min(x, last);
            FloatVector left = FloatVector.fromArray(S, in, row0 + i - 1).mul(v0);
            left = FloatVector.fromArray(S, in, row1 + i - 1).fma(v1, left);
            FloatVector middle = FloatVector.fromArray(S, in, row0 + i).mul(v0);
            middle = FloatVector.fromArray(S, in, row1 + i).fma(v1, middle);
            FloatVector right = FloatVector.fromArray(S, in, row0 + i + 1).mul(v0);
            right = FloatVector.fromArray(S, in, row1 + i + 1).fma(v1, right);
            FloatVector even = middle.fma(near, left.mul(far));
            FloatVector odd = right.fma(far, middle.mul(near));
            even.rearrange(LOWER).blend(odd.rearrange(LOWER), ODD).intoArray(out, outFrom + 2 * i);
            even.rearrange(UPPER).blend(odd.rearrange(UPPER), ODD).intoArray(out, outFrom + 2 * i + L);
        }
    }

    /// Bicubic.
    ///
    /// @param in      holds the four rows
    /// @param row0    index of the first row's first pixel, and so on
    /// @param row1    second row
    /// @param row2    third row
    /// @param row3    fourth row
    /// @param width   input pixels in a row, at least a vector and four
    /// @param weights horizontal weights; vertical ones from `phase`
    /// @param phase   0 or 4
    /// @param out     receives output pixels `[4, 2 * width - 4)`
    /// @param outFrom index of output pixel 0
    static void bicubic(
            float[] in, int row0, int row1, int row2, int row3, int width, float[] weights, int phase,
            float[] out, int outFrom) {
        FloatVector v0 = FloatVector.broadcast(S, weights[phase]);
        FloatVector v1 = FloatVector.broadcast(S, weights[phase + 1]);
        FloatVector v2 = FloatVector.broadcast(S, weights[phase + 2]);
        FloatVector v3 = FloatVector.broadcast(S, weights[phase + 3]);
        FloatVector h0 = FloatVector.broadcast(S, weights[0]);
        FloatVector h1 = FloatVector.broadcast(S, weights[1]);
        FloatVector h2 = FloatVector.broadcast(S, weights[2]);
        FloatVector h3 = FloatVector.broadcast(S, weights[3]);
        int last = width - 2 - L;
        for (int x = 2; x < last + L; x += L) {
            int i = Math.min(x, last);
            FloatVector column = FloatVector.fromArray(S, in, row0 + i - 2).mul(v0);
            column = FloatVector.fromArray(S, in, row1 + i - 2).fma(v1, column);
            column = FloatVector.fromArray(S, in, row2 + i - 2).fma(v2, column);
            column = FloatVector.fromArray(S, in, row3 + i - 2).fma(v3, column);
            FloatVector even = column.mul(h0);
            column = FloatVector.fromArray(S, in, row0 + i - 1).mul(v0);
            column = FloatVector.fromArray(S, in, row1 + i - 1).fma(v1, column);
            column = FloatVector.fromArray(S, in, row2 + i - 1).fma(v2, column);
            column = FloatVector.fromArray(S, in, row3 + i - 1).fma(v3, column);
            even = column.fma(h1, even);
            FloatVector odd = column.mul(h3);
            column = FloatVector.fromArray(S, in, row0 + i).mul(v0);
            column = FloatVector.fromArray(S, in, row1 + i).fma(v1, column);
            column = FloatVector.fromArray(S, in, row2 + i).fma(v2, column);
            column = FloatVector.fromArray(S, in, row3 + i).fma(v3, column);
            even = column.fma(h2, even);
            odd = column.fma(h2, odd);
            column = FloatVector.fromArray(S, in, row0 + i + 1).mul(v0);
            column = FloatVector.fromArray(S, in, row1 + i + 1).fma(v1, column);
            column = FloatVector.fromArray(S, in, row2 + i + 1).fma(v2, column);
            column = FloatVector.fromArray(S, in, row3 + i + 1).fma(v3, column);
            even = column.fma(h3, even);
            odd = column.fma(h1, odd);
            column = FloatVector.fromArray(S, in, row0 + i + 2).mul(v0);
            column = FloatVector.fromArray(S, in, row1 + i + 2).fma(v1, column);
            column = FloatVector.fromArray(S, in, row2 + i + 2).fma(v2, column);
            column = FloatVector.fromArray(S, in, row3 + i + 2).fma(v3, column);
            odd = column.fma(h0, odd);
            even.rearrange(LOWER).blend(odd.rearrange(LOWER), ODD).intoArray(out, outFrom + 2 * i);
            even.rearrange(UPPER).blend(odd.rearrange(UPPER), ODD).intoArray(out, outFrom + 2 * i + L);
        }
    }
}
