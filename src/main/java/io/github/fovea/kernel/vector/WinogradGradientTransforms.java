package io.github.fovea.kernel.vector;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// What [WinogradRowGradient] does before and behind its products, for one column of tiles. Points are 0, 1, -1, 2, -2
/// and infinity.
final class WinogradGradientTransforms {
    /// Points of a tile.
    static final int POINTS = 6;
    /// Rows of a column of tiles. Both tensors' points and the sums then take 40 KB of the first-level cache.
    static final int ROWS = 24;
    /// Floats from a point to the next one, of rows of 16 floats; two more before and behind.
    static final int POINT = (ROWS + 4) * 16;

    private static final VectorSpecies<Float> S = Lanes.SPECIES;

    private WinogradGradientTransforms() {}

    /// `v = B d` with `B = (4 0 -5 0 1 0; 0 -4 -4 1 1 0; 0 4 -4 -1 1 0; 0 -2 -1 2 1 0; 0 2 -1 -2 1 0; 0 4 0 -5 0 1)`.
    ///
    /// @param in        blocked pixels
    /// @param inFrom    index of the first channel of the pixel left of the first tile
    /// @param rowStride floats from a row to the next
    /// @param rows      how many rows
    /// @param v         receives `[point][row][16]`
    /// @param vFrom     index of the first
    static void inputs(float[] in, int inFrom, int rowStride, int rows, float[] v, int vFrom) {
        FloatVector two = FloatVector.broadcast(S, 2f);
        FloatVector four = FloatVector.broadcast(S, 4f);
        FloatVector five = FloatVector.broadcast(S, -5f);
        int i = inFrom;
        for (int row = 0; row < rows; row++) {
            int o = vFrom + row * 16;
            FloatVector d0 = FloatVector.fromArray(S, in, i);
            FloatVector d1 = FloatVector.fromArray(S, in, i + 16);
            FloatVector d2 = FloatVector.fromArray(S, in, i + 32);
            FloatVector d3 = FloatVector.fromArray(S, in, i + 48);
            FloatVector d4 = FloatVector.fromArray(S, in, i + 64);
            FloatVector d5 = FloatVector.fromArray(S, in, i + 80);
            d0.fma(four, d2.fma(five, d4)).intoArray(v, o);
            FloatVector inner = d1.add(d2);
            FloatVector outer = d3.add(d4);
            outer.sub(inner.mul(four)).intoArray(v, o + POINT);
            inner = d1.sub(d2);
            outer = d4.sub(d3);
            inner.fma(four, outer).intoArray(v, o + 2 * POINT);
            inner = d4.sub(d2);
            outer = d3.sub(d1).mul(two);
            inner.add(outer).intoArray(v, o + 3 * POINT);
            inner.sub(outer).intoArray(v, o + 4 * POINT);
            d1.fma(four, d3.fma(five, d5)).intoArray(v, o + 5 * POINT);
            i += rowStride;
        }
    }

    /// `t = A' g` with `A' = (1 0 0 0; 1 1 1 1; 1 -1 1 -1; 1 2 4 8; 1 -2 4 -8; 0 0 0 1)`.
    ///
    /// @param g         blocked pixels
    /// @param gFrom     index of the first channel of the first tile's first pixel
    /// @param rowStride floats from a row to the next
    /// @param rows      how many rows
    /// @param t         receives `[point][row][16]`
    /// @param tFrom     index of the first
    /// @param bias      index in `t` of sums over all pixels, to which these are added
    static void gradients(float[] g, int gFrom, int rowStride, int rows, float[] t, int tFrom, int bias) {
        FloatVector sum = FloatVector.fromArray(S, t, bias);
        FloatVector two = FloatVector.broadcast(S, 2f);
        FloatVector four = FloatVector.broadcast(S, 4f);
        int i = gFrom;
        for (int row = 0; row < rows; row++) {
            int o = tFrom + row * 16;
            FloatVector g0 = FloatVector.fromArray(S, g, i);
            FloatVector g1 = FloatVector.fromArray(S, g, i + 16);
            FloatVector g2 = FloatVector.fromArray(S, g, i + 32);
            FloatVector g3 = FloatVector.fromArray(S, g, i + 48);
            g0.intoArray(t, o);
            FloatVector even = g0.add(g2);
            FloatVector odd = g1.add(g3);
            FloatVector all = even.add(odd);
            all.intoArray(t, o + POINT);
            sum = sum.add(all);
            even.sub(odd).intoArray(t, o + 2 * POINT);
            even = g2.fma(four, g0);
            odd = g3.fma(four, g1).mul(two);
            even.add(odd).intoArray(t, o + 3 * POINT);
            even.sub(odd).intoArray(t, o + 4 * POINT);
            g3.intoArray(t, o + 5 * POINT);
            i += rowStride;
        }
        sum.intoArray(t, bias);
    }

    /// Writes zero into two rows before and two behind the `rows` gradients of every point: sums look at them.
    ///
    /// @param t     `[point][row][16]`
    /// @param tFrom index of the first row, two before the gradients
    /// @param rows  rows of gradients
    static void clearEnds(float[] t, int tFrom, int rows) {
        for (int point = 0; point < POINTS; point++) {
            int from = tFrom + point * POINT;
            Arrays.fill(t, from, from + 32, 0f);
            Arrays.fill(t, from + 32 + rows * 16, from + 64 + rows * 16, 0f);
        }
    }

    /// `dw = G' s` with `G' = (1/4 -1/6 -1/6 1/24 1/24 0; 0 -1/6 1/6 1/12 -1/12 0; 0 -1/6 -1/6 1/6 1/6 1)`, in place:
    /// sums `[point][in][ky][16]` become gradients `[kx][in][ky][16]`.
    ///
    /// @param s     sums of 16 inputs
    /// @param sFrom index of the first
    /// @param point floats from a point to the next
    static void weights(float[] s, int sFrom, int point) {
        FloatVector sixth = FloatVector.broadcast(S, 1 / 6f);
        FloatVector twelfth = FloatVector.broadcast(S, 1 / 12f);
        for (int at = 0; at < 16 * 3 * 16; at += S.length()) {
            int i = sFrom + at;
            FloatVector s1 = FloatVector.fromArray(S, s, i + point);
            FloatVector s2 = FloatVector.fromArray(S, s, i + 2 * point);
            FloatVector s3 = FloatVector.fromArray(S, s, i + 3 * point);
            FloatVector s4 = FloatVector.fromArray(S, s, i + 4 * point);
            FloatVector even = s1.add(s2).mul(sixth);
            FloatVector far = s3.add(s4).mul(sixth);
            FloatVector first = FloatVector.fromArray(S, s, i).mul(0.25f).sub(even).add(far.mul(0.25f));
            FloatVector middle = s2.sub(s1).mul(sixth).add(s3.sub(s4).mul(twelfth));
            FloatVector last = far.sub(even).add(FloatVector.fromArray(S, s, i + 5 * point));
            first.intoArray(s, i);
            middle.intoArray(s, i + point);
            last.intoArray(s, i + 2 * point);
        }
    }
}
