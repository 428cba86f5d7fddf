package io.github.fovea.kernel.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// What [WinogradConv] does before and behind its products. Points are 0, 1, -1, 2, -2 and infinity.
///
/// `B = (4 0 -5 0 1 0; 0 -4 -4 1 1 0; 0 4 -4 -1 1 0; 0 -2 -1 2 1 0; 0 2 -1 -2 1 0; 0 4 0 -5 0 1)` takes 6 inputs to the
/// points, `A = (1 1 1 1 1 0; 0 1 -1 2 -2 0; 0 1 1 4 4 0; 0 1 -1 8 -8 1)` the products to 4 outputs; each is applied down
/// the columns by one method and along the rows by another. All of them loop over vectors of 16 floats that lie side by side.
final class WinogradTransforms {
    /// Floats of a row of inputs that are transformed down the columns: a strip that is cut into as many rows as it has tiles
    /// takes 6 columns a tile. One column more, so that rows do not meet in the same cache sets.
    static final int IN_ROW = (WinogradTile.STRIP * 6 + 1) * 16;
    /// Floats of a row of products that are transformed along the rows, likewise.
    static final int OUT_ROW = (WinogradTile.STRIP * 4 + 2) * 16;

    private static final VectorSpecies<Float> S = Lanes.SPECIES;

    private WinogradTransforms() {}

    /// `t = B d` down the columns.
    ///
    /// @param in      blocked pixels
    /// @param i0      index of the first column's pixel in the first row, and so on for six rows
    /// @param i1      second row
    /// @param i2      third row
    /// @param i3      fourth row
    /// @param i4      fifth row
    /// @param i5      sixth row
    /// @param columns how many columns
    /// @param t       receives `[point][column][16]`, points [#IN_ROW] apart
    /// @param tFrom   index of the first
    static void inputColumns(
            float[] in, int i0, int i1, int i2, int i3, int i4, int i5, int columns, float[] t, int tFrom) {
        for (int x = 0; x < columns * 16; x += 16) {
            FloatVector d0 = FloatVector.fromArray(S, in, i0 + x);
            FloatVector d1 = FloatVector.fromArray(S, in, i1 + x);
            FloatVector d2 = FloatVector.fromArray(S, in, i2 + x);
            FloatVector d3 = FloatVector.fromArray(S, in, i3 + x);
            FloatVector d4 = FloatVector.fromArray(S, in, i4 + x);
            FloatVector d5 = FloatVector.fromArray(S, in, i5 + x);
            d0.fma(FloatVector.broadcast(S, 4f), d2.fma(FloatVector.broadcast(S, -5f), d4)).intoArray(t, tFrom + x);
            FloatVector even = d2.fma(FloatVector.broadcast(S, -4f), d4);
            FloatVector odd = d1.fma(FloatVector.broadcast(S, -4f), d3);
            even.add(odd).intoArray(t, tFrom + IN_ROW + x);
            even.sub(odd).intoArray(t, tFrom + 2 * IN_ROW + x);
            even = d4.sub(d2);
            odd = d3.sub(d1);
            odd.fma(FloatVector.broadcast(S, 2f), even).intoArray(t, tFrom + 3 * IN_ROW + x);
            odd.fma(FloatVector.broadcast(S, -2f), even).intoArray(t, tFrom + 4 * IN_ROW + x);
            d1.fma(FloatVector.broadcast(S, 4f), d3.fma(FloatVector.broadcast(S, -5f), d5))
                    .intoArray(t, tFrom + 5 * IN_ROW + x);
        }
    }

    /// `v = t B'` along the rows, for one point of the columns.
    ///
    /// @param t     `[column][16]`
    /// @param tFrom index of the first
    /// @param tiles how many tiles
    /// @param v     receives `[point][tile][16]`, points [WinogradTile#POINT] apart
    /// @param vFrom index of the first
    static void inputRow(float[] t, int tFrom, int tiles, float[] v, int vFrom) {
        FloatVector d0 = FloatVector.fromArray(S, t, tFrom);
        FloatVector d1 = FloatVector.fromArray(S, t, tFrom + 16);
        for (int tile = 0; tile < tiles * 16; tile += 16) {
            FloatVector d2 = FloatVector.fromArray(S, t, tFrom + tile * 4 + 32);
            FloatVector d3 = FloatVector.fromArray(S, t, tFrom + tile * 4 + 48);
            FloatVector d4 = FloatVector.fromArray(S, t, tFrom + tile * 4 + 64);
            FloatVector d5 = FloatVector.fromArray(S, t, tFrom + tile * 4 + 80);
            d0.fma(FloatVector.broadcast(S, 4f), d2.fma(FloatVector.broadcast(S, -5f), d4)).intoArray(v, vFrom + tile);
            FloatVector even = d2.fma(FloatVector.broadcast(S, -4f), d4);
            FloatVector odd = d1.fma(FloatVector.broadcast(S, -4f), d3);
            even.add(odd).intoArray(v, vFrom + WinogradTile.POINT + tile);
            even.sub(odd).intoArray(v, vFrom + 2 * WinogradTile.POINT + tile);
            even = d4.sub(d2);
            odd = d3.sub(d1);
            odd.fma(FloatVector.broadcast(S, 2f), even).intoArray(v, vFrom + 3 * WinogradTile.POINT + tile);
            odd.fma(FloatVector.broadcast(S, -2f), even).intoArray(v, vFrom + 4 * WinogradTile.POINT + tile);
            d1.fma(FloatVector.broadcast(S, 4f), d3.fma(FloatVector.broadcast(S, -5f), d5))
                    .intoArray(v, vFrom + 5 * WinogradTile.POINT + tile);
            d0 = d4;
            d1 = d5;
        }
    }

    /// `z = m A'` along the rows, for one point of the columns.
    ///
    /// @param m     products `[point][tile][16]`, points [WinogradTile#POINT] apart
    /// @param mFrom index of the first
    /// @param tiles how many tiles
    /// @param z     receives `[tile][4][16]`
    /// @param zFrom index of the first
    static void outputRow(float[] m, int mFrom, int tiles, float[] z, int zFrom) {
        for (int tile = 0; tile < tiles * 16; tile += 16) {
            FloatVector p = FloatVector.fromArray(S, m, mFrom + WinogradTile.POINT + tile);
            FloatVector q = FloatVector.fromArray(S, m, mFrom + 2 * WinogradTile.POINT + tile);
            FloatVector sum12 = p.add(q);
            FloatVector difference12 = p.sub(q);
            p = FloatVector.fromArray(S, m, mFrom + 3 * WinogradTile.POINT + tile);
            q = FloatVector.fromArray(S, m, mFrom + 4 * WinogradTile.POINT + tile);
            FloatVector sum34 = p.add(q);
            FloatVector difference34 = p.sub(q);
            FloatVector.fromArray(S, m, mFrom + tile).add(sum12).add(sum34).intoArray(z, zFrom + tile * 4);
            difference34.fma(FloatVector.broadcast(S, 2f), difference12).intoArray(z, zFrom + tile * 4 + 16);
            sum34.fma(FloatVector.broadcast(S, 4f), sum12).intoArray(z, zFrom + tile * 4 + 32);
            difference34.fma(FloatVector.broadcast(S, 8f), difference12)
                    .add(FloatVector.fromArray(S, m, mFrom + 5 * WinogradTile.POINT + tile))
                    .intoArray(z, zFrom + tile * 4 + 48);
        }
    }

    /// `out = act(A z + bias)` down the columns. Rows are written from the last to the first, so that a caller leaves out
    /// the last ones by giving them the index of the last one that it wants.
    ///
    /// @param z      `[point][column][16]`, points [#OUT_ROW] apart
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
    static void outputColumns(
            float[] z, int zFrom, float[] bias, float[] slopes, int lane, int pixels,
            float[] out, int o0, int o1, int o2, int o3) {
        FloatVector zero = FloatVector.zero(S);
        FloatVector start = FloatVector.fromArray(S, bias, lane);
        FloatVector slope = slopes == null ? FloatVector.broadcast(S, 1f) : FloatVector.fromArray(S, slopes, lane);
        for (int x = 0; x < pixels * 16; x += 16) {
            // Every output takes the product at point 1 once, so the bias is added there.
            FloatVector p = FloatVector.fromArray(S, z, zFrom + OUT_ROW + x).add(start);
            FloatVector q = FloatVector.fromArray(S, z, zFrom + 2 * OUT_ROW + x);
            FloatVector sum12 = p.add(q);
            FloatVector difference12 = p.sub(q);
            p = FloatVector.fromArray(S, z, zFrom + 3 * OUT_ROW + x);
            q = FloatVector.fromArray(S, z, zFrom + 4 * OUT_ROW + x);
            FloatVector sum34 = p.add(q);
            FloatVector difference34 = p.sub(q);
            p = difference34.fma(FloatVector.broadcast(S, 8f), difference12)
                    .add(FloatVector.fromArray(S, z, zFrom + 5 * OUT_ROW + x));
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
