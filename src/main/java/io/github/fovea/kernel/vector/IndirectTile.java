package io.github.fovea.kernel.vector;

/// A register tile of [io.github.fovea.kernel.IndirectGemm]: some rows by two vectors of columns, summed in registers.
interface IndirectTile {
    /// {@return rows of the tile}
    int rows();

    /// Computes one tile; parameters as of [io.github.fovea.kernel.IndirectGemm#run], those of the tile's first row and column.
    void run(float[] packed, int packedFrom, float[] bias, int biasFrom, float[] b, int bFrom, int[] places, int k, float[] c,
            int cFrom, int cRow);
}
