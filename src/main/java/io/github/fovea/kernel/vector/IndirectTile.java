package io.github.fovea.kernel.vector;

/// A register tile of [io.github.fovea.kernel.IndirectGemm]: some rows by two vectors of columns, summed in registers.
interface IndirectTile {
    /// {@return rows of the tile}
    int rows();

    /// Computes one tile; parameters as of [io.github.fovea.kernel.IndirectGemm#run], those of the tile's first row and
    /// column.
    ///
    /// @param panel rows of the right factor, two vectors each
    /// @param k     how many
    /// @param add   whether sums go on from what `c` holds, and not from the bias
    void run(float[] packed, int packedFrom, float[] bias, int biasFrom, float[] panel, int k, float[] c, int cFrom,
            int cRow, boolean add);
}
