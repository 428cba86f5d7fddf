package io.github.fovea.kernel.vector;

import io.github.fovea.kernel.IndirectGemm;

/// [IndirectGemm] by register tiles. Two vectors of columns of the right factor's rows are copied together, as many
/// rows as the first-level cache holds beside a tile's left factor, and all rows of the left factor pass over them.
final class IndirectGemmVector implements IndirectGemm {
    /// Most rows of a panel: 18 KiB of 32 columns.
    private static final int DEPTH = 144;
    private static final int COLUMNS = 2 * Lanes.COUNT;

    private final IndirectTile tile;

    /// @param tile the tile: twice its rows and three more vectors are held in registers
    IndirectGemmVector(IndirectTile tile) {
        this.tile = tile;
    }

    @Override
    public int rows() {
        return tile.rows();
    }

    @Override
    public int scratchElements() {
        return (DEPTH + tile.rows()) * COLUMNS;
    }

    @Override
    public void run(float[] packed, int packedFrom, float[] bias, int biasFrom, float[] b, int bFrom, int[] places,
            int step, float[] c, int cFrom, int cRow, int m, int n, int k, float[] scratch) {
        int panels = (k + DEPTH - 1) / DEPTH;
        int depth = (k + panels - 1) / panels;
        for (int j = 0; j < n; j += COLUMNS) {
            int columns = Math.min(COLUMNS, n - j);
            for (int p = 0; p < k; p += depth) {
                int count = Math.min(depth, k - p);
                panel(b, bFrom + j * step, places, p, count, step, columns, scratch);
                rows(packed, packedFrom, p, k, bias, biasFrom, count, c, cFrom + j, cRow, m, columns, scratch);
            }
        }
    }

    /// Brings rows together; where there are fewer columns than two vectors have, what lies behind them is of any
    /// content.
    private static void panel(float[] b, int bFrom, int[] places, int first, int count, int step, int columns,
            float[] panel) {
        if (columns == COLUMNS && step == 1) {
            IndirectTilePanel.run(b, bFrom, places, first, count, panel);
        } else if (columns == COLUMNS && step == 2) {
            IndirectTilePanel.runEven(b, bFrom, places, first, count, panel);
        } else {
            for (int i = 0; i < count; i++) {
                for (int j = 0; j < columns; j++) {
                    panel[i * COLUMNS + j] = b[bFrom + places[first + i] + j * step];
                }
            }
        }
    }

    private void rows(float[] packed, int packedFrom, int p, int k, float[] bias, int biasFrom, int count, float[] c,
            int cFrom, int cRow, int m, int columns, float[] scratch) {
        int rows = tile.rows();
        int aside = DEPTH * COLUMNS;
        for (int i = 0; i < m; i += rows) {
            int left = packedFrom + i * k + p * rows;
            int to = cFrom + i * cRow;
            int own = Math.min(rows, m - i);
            if (own == rows && columns == COLUMNS) {
                tile.run(packed, left, bias, biasFrom + i, scratch, count, c, to, cRow, p > 0);
                continue;
            }
            // A whole tile would reach beyond the product: it is computed aside.
            for (int r = 0; p > 0 && r < own; r++) {
                System.arraycopy(c, to + r * cRow, scratch, aside + r * COLUMNS, columns);
            }
            tile.run(packed, left, bias, biasFrom + i, scratch, count, scratch, aside, COLUMNS, p > 0);
            for (int r = 0; r < own; r++) {
                System.arraycopy(scratch, aside + r * COLUMNS, c, to + r * cRow, columns);
            }
        }
    }
}
