package io.github.fovea.kernel.vector;

import io.github.fovea.kernel.Conv;
import io.github.fovea.kernel.ConvVersions;
import io.github.fovea.kernel.ConvWeightGradient;
import io.github.fovea.kernel.KernelTable;
import java.util.List;

/// The table of vector kernels.
public final class VectorKernels {
    /// Vectors of 512 bits come with 32 registers, narrower ones with 16; the sums of a tile fit into them.
    private static final boolean WIDE = Lanes.COUNT == 16;

    private VectorKernels() {}

    /// {@return the table named `vector`: another table with every kernel replaced that has a vector form}
    ///
    /// @param scalar the complete table to start from
    /// @throws UnsupportedOperationException if this machine's vectors are narrower than 128 bits
    public static KernelTable table(KernelTable scalar) {
        Conv direct = conv3x3(true);
        return table("vector", new ConvVersions(List.of(direct,
                new WinogradRowConv(direct, WIDE ? new WinogradRowPairTile() : new WinogradRowSingleTile()), new WinogradConv(direct))),
                scalar);
    }

    /// {@return the table named `vector-strict`: convolutions are sums of plain products only, without Winograd
    /// transforms, whose errors are larger}
    ///
    /// @param scalar the complete table to start from
    /// @throws UnsupportedOperationException if this machine's vectors are narrower than 128 bits
    public static KernelTable strictTable(KernelTable scalar) {
        return table("vector-strict", conv3x3(true), scalar);
    }

    /// {@return the table named `vector` for processes that end before much code pays: the fewest kernels that do without Winograd
    /// transforms, and of those the ones that are compiled soonest}
    ///
    /// @param scalar the complete table to start from
    /// @throws UnsupportedOperationException if this machine's vectors are narrower than 128 bits
    public static KernelTable quickTable(KernelTable scalar) {
        return table("vector", conv3x3(false).leavingBlocks(), scalar);
    }

    private static ConvVector conv3x3(boolean longTile) {
        return new ConvVector(3, new Conv3x3TileBlocked(), longTile && WIDE ? new Conv3x3LongTilePlanar() : new Conv3x3TilePlanar(),
                new Conv3x3NarrowTileBlocked(), new Conv3x3NarrowTilePlanar(), null);
    }

    /// The table around a 3x3 convolution: the others, and its gradient, are of its kind.
    private static KernelTable table(String name, Conv conv3x3, KernelTable scalar) {
        ConvGradientTile gradientTile = WIDE ? new Conv3x3GradientTile8() : new Conv3x3GradientTile4();
        ConvWeightGradient directGradient = new ConvGradientVector(3, gradientTile, new Conv3x3GradientTile4(),
                new Conv3x3PlanarGradientTile(), new Conv3x3PlanarGradientTile4());
        ConvVector conv1x1 = new ConvVector(1, new Conv1x1TileBlocked(), new Conv1x1TilePlanar(),
                new Conv1x1NarrowTileBlocked(), new Conv1x1NarrowTilePlanar(), new Conv1x1Of3x3Tile());
        ConvVector conv5x5 = new ConvVector(5, new Conv5x5TileBlocked(), new Conv5x5TilePlanar(),
                new Conv5x5NarrowTileBlocked(), new Conv5x5NarrowTilePlanar(), null);
        return new KernelTable(
                name,
                conv3x3.leavesBlocks() ? conv1x1.leavingBlocks() : conv1x1,
                conv3x3,
                conv3x3.leavesBlocks() ? conv5x5.leavingBlocks() : conv5x5,
                new DepthwiseConvVector(),
                new AddVector(),
                new ActivationVector(),
                new PixelShuffleVector(scalar.pixelShuffle()),
                new ResizeVector(scalar.resize()),
                new ConvGradientVector(1, WIDE ? new Conv1x1GradientTile16() : new Conv1x1GradientTile8(),
                        new Conv1x1GradientTile8(), new Conv1x1PlanarGradientTile(), new Conv1x1PlanarGradientTile4()),
                conv3x3 instanceof ConvVersions ? new WinogradRowGradient(directGradient, gradientTile) : directGradient,
                new ConvGradientVector(5, WIDE ? new Conv5x5GradientTile4() : new Conv5x5GradientTile2(),
                        new Conv5x5GradientTile2(), new Conv5x5PlanarGradientTile(), new Conv5x5PlanarGradientTile4()),
                new ActivationGradientVector(scalar.activationGradient()),
                new GemmVector(),
                new IndirectGemmVector(WIDE ? new IndirectTile8() : new IndirectTile6()),
                new BlockedGemmVector(),
                new ExponentialsVector());
    }

    /// {@return the width of this process's vectors in bits}
    public static int vectorBits() {
        return Lanes.COUNT * Float.SIZE;
    }
}
