package io.github.fovea.kernel.vector;

/// A register tile of [io.github.fovea.kernel.BlockedGemm]: some pixels by one to three vectors of channels.
interface BlockedTile {
    /// {@return columns of the tile}
    int columns();

    /// Computes one tile; parameters as of [io.github.fovea.kernel.BlockedGemm#run], those of the tile's first row and
    /// column.
    ///
    /// @param packedFrom index of the left factor's first vector, `k` times as many as the tile has
    /// @param biasFrom   index of the first row's bias
    /// @param cNext      distance from a pixel's vector of results to its next
    void run(float[] packed, int packedFrom, float[] bias, int biasFrom, float[] b, int bFrom, int[] places, int k,
            float[] c, int cFrom, int cNext);
}
