package io.github.fovea.kernel.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// Transform of the products of [WinogradConv] to outputs, `A m A'` with
/// `A = (1 1 1 1 1 0; 0 1 -1 2 -2 0; 0 1 1 4 4 0; 0 1 -1 8 -8 1)`: along the rows by one method, down the columns by
/// another.
final class WinogradOutput {
    /// Floats of a row of products that are transformed along the rows. Two pixels more than a strip has, so that rows
    /// do not meet in the same cache sets.
    static final int ROW = (WinogradTile.STRIP * 4 + 2) * 16;

    private static final VectorSpecies<Float> S = Lanes.SPECIES;
    private static final int L = Lanes.COUNT;

    private WinogradOutput() {}

    /// `z = m A'` along the rows, for one point of the columns.
    ///
    /// @param m     products `[tile][6 points][lanes]`
    /// @param mFrom index of the first
    /// @param tiles how many tiles
    /// @param z     receives `[tile][4][16]`
    /// @param zFrom index of the first
    static void rows(float[] m, int mFrom, int tiles, float[] z, int zFrom) {
        for (int tile = 0; tile < tiles; tile++) {
            int i = mFrom + tile * WinogradTile.OUT_TILE;
            int o = zFrom + tile * 64;
            FloatVector p = FloatVector.fromArray(S, m, i + L);
            FloatVector q = FloatVector.fromArray(S, m, i + 2 * L);
            FloatVector sum12 = p.add(q);
            FloatVector difference12 = p.sub(q);
            p = FloatVector.fromArray(S, m, i + 3 * L);
            q = FloatVector.fromArray(S, m, i + 4 * L);
            FloatVector sum34 = p.add(q);
            FloatVector difference34 = p.sub(q);
            FloatVector.fromArray(S, m, i).add(sum12).add(sum34).intoArray(z, o);
            difference34.fma(FloatVector.broadcast(S, 2f), difference12).intoArray(z, o + 16);
            sum34.fma(FloatVector.broadcast(S, 4f), sum12).intoArray(z, o + 32);
            difference34.fma(FloatVector.broadcast(S, 8f), difference12).add(FloatVector.fromArray(S, m, i + 5 * L))
                    .intoArray(z, o + 48);
        }
    }

    /// `out = act(A z + bias)` down the columns. Rows are written from the last to the first, so that a caller leaves
    /// out the last ones by giving them the index of the last one that it wants.
    ///
    /// @param z      `[point][column][16]`, points [#ROW] apart
    /// @param zFrom  index of the first
    /// @param bias   bias per output channel
    /// @param slopes slope of the negative side per output channel, or `null`
    /// @param lane   first output channel
    /// @param pixels how many columns
    /// @param out    receives blocked pixels
    /// @param o0     index of the first column's pixel in the first row, and so on for four rows
    /// @param o1     second row
    /// @param o2     third row
    /// @param o3     fourth row
    static void columns(
            float[] z, int zFrom, float[] bias, float[] slopes, int lane, int pixels,
            float[] out, int o0, int o1, int o2, int o3) {
        FloatVector zero = FloatVector.zero(S);
        FloatVector start = FloatVector.fromArray(S, bias, lane);
        FloatVector slope = slopes == null ? FloatVector.broadcast(S, 1f) : FloatVector.fromArray(S, slopes, lane);
        for (int x = 0; x < pixels * 16; x += 16) {
            // Every output takes the product at point 1 once, so the bias is added there.
            FloatVector p = FloatVector.fromArray(S, z, zFrom + ROW + x).add(start);
            FloatVector q = FloatVector.fromArray(S, z, zFrom + 2 * ROW + x);
            FloatVector sum12 = p.add(q);
            FloatVector difference12 = p.sub(q);
            p = FloatVector.fromArray(S, z, zFrom + 3 * ROW + x);
            q = FloatVector.fromArray(S, z, zFrom + 4 * ROW + x);
            FloatVector sum34 = p.add(q);
            FloatVector difference34 = p.sub(q);
            p = difference34.fma(FloatVector.broadcast(S, 8f), difference12)
                    .add(FloatVector.fromArray(S, z, zFrom + 5 * ROW + x));
            p.lanewise(VectorOperators.MUL, slope, p.compare(VectorOperators.LT, zero)).intoArray(out, o3 + x);
            p = sum34.fma(FloatVector.broadcast(S, 4f), sum12);
            p.lanewise(VectorOperators.MUL, slope, p.compare(VectorOperators.LT, zero)).intoArray(out, o2 + x);
            p = difference34.fma(FloatVector.broadcast(S, 2f), difference12);
            p.lanewise(VectorOperators.MUL, slope, p.compare(VectorOperators.LT, zero)).intoArray(out, o1 + x);
            p = FloatVector.fromArray(S, z, zFrom + x).add(sum12).add(sum34);
            p.lanewise(VectorOperators.MUL, slope, p.compare(VectorOperators.LT, zero)).intoArray(out, o0 + x);
        }
    }
}
