package io.github.fovea.kernel.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// Register tiles of a product of matrices: a few rows by two vectors of columns, summed in registers. The right factor
/// is a panel of two vectors' columns, row after row.
final class GemmTile {
    /// Rows of the large tile.
    static final int ROWS = 6;
    /// Columns of a panel.
    static final int COLUMNS = 2 * Lanes.COUNT;

    private static final VectorSpecies<Float> S = Lanes.SPECIES;

    private GemmTile() {}

    /// Computes [#ROWS] rows.
    ///
    /// @param a         array of the left factor
    /// @param aFrom     index of the first row's first element
    /// @param aRow      distance of rows
    /// @param aColumn   distance of neighbours in a row
    /// @param panel     the panel, from index 0
    /// @param k         rows of the panel
    /// @param c         receives the sums
    /// @param cFrom     index of the first
    /// @param cRow      distance of rows
    /// @param add       whether sums are added to what `c` holds
    static void six(float[] a, int aFrom, int aRow, int aColumn, float[] panel, int k, float[] c, int cFrom, int cRow,
            boolean add) {
        FloatVector zero = FloatVector.zero(S);
        FloatVector c00 = add ? FloatVector.fromArray(S, c, cFrom) : zero;
        FloatVector c01 = add ? FloatVector.fromArray(S, c, cFrom + Lanes.COUNT) : zero;
        FloatVector c10 = add ? FloatVector.fromArray(S, c, cFrom + cRow) : zero;
        FloatVector c11 = add ? FloatVector.fromArray(S, c, cFrom + cRow + Lanes.COUNT) : zero;
        FloatVector c20 = add ? FloatVector.fromArray(S, c, cFrom + 2 * cRow) : zero;
        FloatVector c21 = add ? FloatVector.fromArray(S, c, cFrom + 2 * cRow + Lanes.COUNT) : zero;
        FloatVector c30 = add ? FloatVector.fromArray(S, c, cFrom + 3 * cRow) : zero;
        FloatVector c31 = add ? FloatVector.fromArray(S, c, cFrom + 3 * cRow + Lanes.COUNT) : zero;
        FloatVector c40 = add ? FloatVector.fromArray(S, c, cFrom + 4 * cRow) : zero;
        FloatVector c41 = add ? FloatVector.fromArray(S, c, cFrom + 4 * cRow + Lanes.COUNT) : zero;
        FloatVector c50 = add ? FloatVector.fromArray(S, c, cFrom + 5 * cRow) : zero;
        FloatVector c51 = add ? FloatVector.fromArray(S, c, cFrom + 5 * cRow + Lanes.COUNT) : zero;
        int left = aFrom;
        for (int p = 0; p < k; p++) {
            FloatVector b0 = FloatVector.fromArray(S, panel, p * COLUMNS);
            FloatVector b1 = FloatVector.fromArray(S, panel, p * COLUMNS + Lanes.COUNT);
            FloatVector x0 = FloatVector.broadcast(S, a[left]);
            c00 = x0.fma(b0, c00);
            c01 = x0.fma(b1, c01);
            FloatVector x1 = FloatVector.broadcast(S, a[left + aRow]);
            c10 = x1.fma(b0, c10);
            c11 = x1.fma(b1, c11);
            FloatVector x2 = FloatVector.broadcast(S, a[left + 2 * aRow]);
            c20 = x2.fma(b0, c20);
            c21 = x2.fma(b1, c21);
            FloatVector x3 = FloatVector.broadcast(S, a[left + 3 * aRow]);
            c30 = x3.fma(b0, c30);
            c31 = x3.fma(b1, c31);
            FloatVector x4 = FloatVector.broadcast(S, a[left + 4 * aRow]);
            c40 = x4.fma(b0, c40);
            c41 = x4.fma(b1, c41);
            FloatVector x5 = FloatVector.broadcast(S, a[left + 5 * aRow]);
            c50 = x5.fma(b0, c50);
            c51 = x5.fma(b1, c51);
            left += aColumn;
        }
        c00.intoArray(c, cFrom);
        c01.intoArray(c, cFrom + Lanes.COUNT);
        c10.intoArray(c, cFrom + cRow);
        c11.intoArray(c, cFrom + cRow + Lanes.COUNT);
        c20.intoArray(c, cFrom + 2 * cRow);
        c21.intoArray(c, cFrom + 2 * cRow + Lanes.COUNT);
        c30.intoArray(c, cFrom + 3 * cRow);
        c31.intoArray(c, cFrom + 3 * cRow + Lanes.COUNT);
        c40.intoArray(c, cFrom + 4 * cRow);
        c41.intoArray(c, cFrom + 4 * cRow + Lanes.COUNT);
        c50.intoArray(c, cFrom + 5 * cRow);
        c51.intoArray(c, cFrom + 5 * cRow + Lanes.COUNT);
    }

    /// Computes one row; parameters as of [#six].
    static void one(float[] a, int aFrom, int aColumn, float[] panel, int k, float[] c, int cFrom, boolean add) {
        FloatVector zero = FloatVector.zero(S);
        FloatVector c0 = add ? FloatVector.fromArray(S, c, cFrom) : zero;
        FloatVector c1 = add ? FloatVector.fromArray(S, c, cFrom + Lanes.COUNT) : zero;
        int left = aFrom;
        for (int p = 0; p < k; p++) {
            FloatVector x = FloatVector.broadcast(S, a[left]);
            c0 = x.fma(FloatVector.fromArray(S, panel, p * COLUMNS), c0);
            c1 = x.fma(FloatVector.fromArray(S, panel, p * COLUMNS + Lanes.COUNT), c1);
            left += aColumn;
        }
        c0.intoArray(c, cFrom);
        c1.intoArray(c, cFrom + Lanes.COUNT);
    }
}
