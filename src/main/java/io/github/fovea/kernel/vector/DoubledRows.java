package io.github.fovea.kernel.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// Rows of twice as many pixels, bilinear and bicubic. A vector of
/// input pixels and its neighbours, loaded anew for each neighbour, are summed vertically; sums of these are the even
/// and the odd output pixels, which are interleaved. The last vector overlaps the one before it. Pixels that see beyond the row's
/// ends, which mirror it, are computed from the few columns there are, each summed once, with the same multiply-adds in
/// the same order.
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
    /// @param out     receives the output pixels
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
        bilinearEnds(in, row0, row1, width, weights, phase, out, outFrom);
    }

    /// Output pixels `[0, 2)` and the last two.
    private static void bilinearEnds(
            float[] in, int row0, int row1, int width, float[] weights, int phase, float[] out, int outFrom) {
        float v0 = weights[phase + 1];
        float v1 = weights[phase + 2];
        float far = weights[1];
        float near = weights[2];
        int x = width - 1;
        int o = outFrom + 2 * x;
        float c0 = Math.fma(in[row1], v1, in[row0] * v0);
        float c1 = Math.fma(in[row1 + 1], v1, in[row0 + 1] * v0);
        out[outFrom] = Math.fma(c0, near, c0 * far);
        out[outFrom + 1] = Math.fma(c1, far, c0 * near);
        c0 = Math.fma(in[row1 + x - 1], v1, in[row0 + x - 1] * v0);
        c1 = Math.fma(in[row1 + x], v1, in[row0 + x] * v0);
        out[o] = Math.fma(c1, near, c0 * far);
        out[o + 1] = Math.fma(c1, far, c1 * near);
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
    /// @param out     receives the output pixels
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
        bicubicEnds(in, row0, row1, row2, row3, width, weights, phase, out, outFrom);
    }

    /// Output pixels `[0, 4)` and the last four.
    private static void bicubicEnds(
            float[] in, int row0, int row1, int row2, int row3, int width, float[] weights, int phase,
            float[] out, int outFrom) {
        for (int end = 0; end < 2; end++) {
            int x = end * (width - 4);
            int o = outFrom + end * (2 * width - 4);
            float c0 = column(in, row0 + x, row1 + x, row2 + x, row3 + x, weights, phase);
            float c1 = column(in, row0 + x + 1, row1 + x + 1, row2 + x + 1, row3 + x + 1, weights, phase);
            float c2 = column(in, row0 + x + 2, row1 + x + 2, row2 + x + 2, row3 + x + 2, weights, phase);
            float c3 = column(in, row0 + x + 3, row1 + x + 3, row2 + x + 3, row3 + x + 3, weights, phase);
            boolean left = end == 0;
            out[o] = left ? sum(c1, c0, c0, c1, weights, 0) : sum(c0, c1, c2, c3, weights, 0);
            out[o + 1] = left ? sum(c0, c0, c1, c2, weights, 4) : sum(c1, c2, c3, c3, weights, 4);
            out[o + 2] = left ? sum(c0, c0, c1, c2, weights, 0) : sum(c1, c2, c3, c3, weights, 0);
            out[o + 3] = left ? sum(c0, c1, c2, c3, weights, 4) : sum(c2, c3, c3, c2, weights, 4);
        }
    }

    private static float column(float[] in, int i0, int i1, int i2, int i3, float[] weights, int phase) {
        float sum = Math.fma(in[i1], weights[phase + 1], in[i0] * weights[phase]);
        return Math.fma(in[i3], weights[phase + 3], Math.fma(in[i2], weights[phase + 2], sum));
    }

    private static float sum(float c0, float c1, float c2, float c3, float[] weights, int from) {
        float sum = Math.fma(c1, weights[from + 1], c0 * weights[from]);
        return Math.fma(c3, weights[from + 3], Math.fma(c2, weights[from + 2], sum));
    }
}
