package io.github.fovea.kernel.vector;

import io.github.fovea.kernel.Gemm;
import java.util.Arrays;

/// Product of matrices in the manner of Goto and van de Geijn 2008, "Anatomy of high-performance matrix
/// multiplication": a panel of the right factor, as wide as two vectors and short enough for the first-level cache, is
/// copied together and multiplied with all rows of the left one, [GemmTile#ROWS] at a time.
final class GemmVector implements Gemm {
    /// Rows of a panel: 32 KiB of 32 columns.
    private static final int DEPTH = 256;
    private static final int COLUMNS = GemmTile.COLUMNS;
    private static final int ROWS = GemmTile.ROWS;

    @Override
    public int scratchElements() {
        return (DEPTH + ROWS) * COLUMNS;
    }

    @Override
    public void run(float[] a, int aFrom, int aRow, int aColumn, float[] b, int bFrom, int bRow, float[] c, int cFrom,
            int cRow, int m, int n, int k, boolean add, float[] scratch) {
        if (k == 0 && !add) {
            for (int i = 0; i < m; i++) {
                Arrays.fill(c, cFrom + i * cRow, cFrom + i * cRow + n, 0f);
            }
        }
        for (int j = 0; j < n; j += COLUMNS) {
            int columns = Math.min(COLUMNS, n - j);
            for (int p = 0; p < k; p += DEPTH) {
                int depth = Math.min(DEPTH, k - p);
                pack(b, bFrom + p * bRow + j, bRow, depth, columns, scratch);
                rows(a, aFrom + p * aColumn, aRow, aColumn, depth, c, cFrom + j, cRow, m, columns, add || p > 0,
                        scratch);
            }
        }
    }

    private static void pack(float[] b, int from, int bRow, int depth, int columns, float[] panel) {
        for (int p = 0; p < depth; p++) {
            System.arraycopy(b, from + p * bRow, panel, p * COLUMNS, columns);
            if (columns < COLUMNS) {
                Arrays.fill(panel, p * COLUMNS + columns, (p + 1) * COLUMNS, 0f);
            }
        }
    }

    private static void rows(float[] a, int aFrom, int aRow, int aColumn, int depth, float[] c, int cFrom, int cRow,
            int m, int columns, boolean add, float[] scratch) {
        int tile = DEPTH * COLUMNS;
        for (int i = 0; i < m; i += i + ROWS <= m ? ROWS : 1) {
            int count = i + ROWS <= m ? ROWS : 1;
            int left = aFrom + i * aRow;
            int to = cFrom + i * cRow;
            if (columns == COLUMNS) {
                tile(count, a, left, aRow, aColumn, scratch, depth, c, to, cRow, add);
                continue;
            }
            // Whole vectors would reach past the columns: they are computed aside.
            for (int r = 0; r < count; r++) {
                if (add) {
                    System.arraycopy(c, to + r * cRow, scratch, tile + r * COLUMNS, columns);
                }
            }
            tile(count, a, left, aRow, aColumn, scratch, depth, scratch, tile, COLUMNS, add);
            for (int r = 0; r < count; r++) {
                System.arraycopy(scratch, tile + r * COLUMNS, c, to + r * cRow, columns);
            }
        }
    }

    private static void tile(int count, float[] a, int aFrom, int aRow, int aColumn, float[] panel, int depth,
            float[] c, int cFrom, int cRow, boolean add) {
        if (count == ROWS) {
            GemmTile.six(a, aFrom, aRow, aColumn, panel, depth, c, cFrom, cRow, add);
        } else {
            GemmTile.one(a, aFrom, aColumn, panel, depth, c, cFrom, add);
        }
    }
}
