package io.github.fovea.kernel.vector;

import io.github.fovea.kernel.IndirectGemm;

/// [IndirectGemm] by register tiles; the rows of the right factor below one tile's columns stay in the first- or second-level
/// cache while all rows of the left factor pass over them.
final class IndirectGemmVector implements IndirectGemm {
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
    public int columns() {
        return 2 * Lanes.COUNT;
    }

    @Override
    public void run(float[] packed, int packedFrom, float[] bias, int biasFrom, float[] b, int bFrom, int[] places, float[] c,
            int cFrom, int cRow, int m, int n, int k) {
        int rows = tile.rows();
        for (int j = 0; j < n; j += 2 * Lanes.COUNT) {
            for (int i = 0; i < m; i += rows) {
                tile.run(packed, packedFrom + i * k, bias, biasFrom + i, b, bFrom + j, places, k, c, cFrom + i * cRow + j, cRow);
            }
        }
    }
}
