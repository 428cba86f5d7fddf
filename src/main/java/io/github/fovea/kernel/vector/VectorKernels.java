package io.github.fovea.kernel.vector;

import io.github.fovea.kernel.Conv;
import io.github.fovea.kernel.ConvVersions;
import io.github.fovea.kernel.ConvWeightGradient;
import io.github.fovea.kernel.KernelTable;
import java.util.List;

/// The table of vector kernels.
public final class VectorKernels {
    private VectorKernels() {}

    /// {@return the table named `vector`: another table with every kernel replaced that has a vector form}
    ///
    /// @param scalar the complete table to start from
    /// @throws UnsupportedOperationException if this machine's vectors are narrower than 128 bits
    public static KernelTable table(KernelTable scalar) {
        return table(scalar, false);
    }

    /// {@return the table named `vector-strict`: convolutions are sums of plain products only, without Winograd
    /// transforms, whose errors are larger}
    ///
    /// @param scalar the complete table to start from
    /// @throws UnsupportedOperationException if this machine's vectors are narrower than 128 bits
    public static KernelTable strictTable(KernelTable scalar) {
        return table(scalar, true);
    }

    private static KernelTable table(KernelTable scalar, boolean strict) {
        // Vectors of 512 bits come with 32 registers, narrower ones with 16; the sums of a gradient tile fit into them.
        boolean wide = Lanes.COUNT == 16;
        Conv direct3x3 = new ConvVector(3, new Conv3x3TileBlocked(),
                wide ? new Conv3x3LongTilePlanar() : new Conv3x3TilePlanar(), new Conv3x3NarrowTileBlocked(),
                new Conv3x3NarrowTilePlanar(), null);
        ConvGradientTile gradientTile = wide ? new Conv3x3GradientTile8() : new Conv3x3GradientTile4();
        ConvWeightGradient directGradient = new ConvGradientVector(3, gradientTile, new Conv3x3GradientTile4(),
                new Conv3x3PlanarGradientTile(), new Conv3x3PlanarGradientTile4());
        return new KernelTable(
                strict ? "vector-strict" : "vector",
                new ConvVector(1, new Conv1x1TileBlocked(), new Conv1x1TilePlanar(),
                        new Conv1x1NarrowTileBlocked(), new Conv1x1NarrowTilePlanar(), new Conv1x1Of3x3Tile()),
                strict ? direct3x3 : new ConvVersions(List.of(direct3x3,
                        new WinogradRowConv(direct3x3, wide ? new WinogradRowPairTile() : new WinogradRowSingleTile()),
                        new WinogradConv(direct3x3))),
                new ConvVector(5, new Conv5x5TileBlocked(), new Conv5x5TilePlanar(),
                        new Conv5x5NarrowTileBlocked(), new Conv5x5NarrowTilePlanar(), null),
                new DepthwiseConvVector(),
                new AddVector(),
                new ActivationVector(),
                new PixelShuffleVector(scalar.pixelShuffle()),
                new ResizeVector(scalar.resize()),
                new ConvGradientVector(1, wide ? new Conv1x1GradientTile16() : new Conv1x1GradientTile8(),
                        new Conv1x1GradientTile8(), new Conv1x1PlanarGradientTile(), new Conv1x1PlanarGradientTile4()),
                strict ? directGradient : new WinogradRowGradient(directGradient, gradientTile),
                new ConvGradientVector(5, wide ? new Conv5x5GradientTile4() : new Conv5x5GradientTile2(),
                        new Conv5x5GradientTile2(), new Conv5x5PlanarGradientTile(), new Conv5x5PlanarGradientTile4()),
                new ActivationGradientVector(scalar.activationGradient()),
                new GemmVector(),
                new IndirectGemmVector(wide ? new IndirectTile8() : new IndirectTile6()),
                new BlockedGemmVector(),
                new ExponentialsVector());
    }

    /// {@return the width of this process's vectors in bits}
    public static int vectorBits() {
        return Lanes.COUNT * Float.SIZE;
    }
}
