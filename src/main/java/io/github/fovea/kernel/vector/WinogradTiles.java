package io.github.fovea.kernel.vector;

import java.util.List;

/// Register tiles of [WinogradConv] of one shape, for groups of 16, 32 and 64 input channels.
///
/// @param of16 for 16 channels
/// @param of32 for 32
/// @param of64 for 64
record WinogradTiles(WinogradTile of16, WinogradTile of32, WinogradTile of64) {
    private static final WinogradTiles SINGLE =
            new WinogradTiles(new WinogradSingleTile16(), new WinogradSingleTile32(), new WinogradSingleTile64());

    /// By falling number of vectors, the last of one. Vectors of 512 bits come with 32 registers, narrower ones with
    /// 16.
    private static final List<WinogradTiles> SHAPES = Lanes.COUNT == 16
            ? List.of(new WinogradTiles(new WinogradQuadTile16(), new WinogradQuadTile32(), new WinogradQuadTile64()),
                    new WinogradTiles(new WinogradPairTile16(), new WinogradPairTile32(), new WinogradPairTile64()),
                    SINGLE)
            : List.of(new WinogradTiles(new WinogradNarrowTile16(), new WinogradNarrowTile32(),
            new WinogradNarrowTile64()), SINGLE);

    /// Most vectors of output channels that a shape computes together.
    static final int MAX_VECTORS = SHAPES.getFirst().vectors();

    /// {@return the widest shape that computes no more vectors of output channels than are left}
    ///
    /// @param left how many, at least 1
    static WinogradTiles fitting(int left) {
        for (WinogradTiles shape : SHAPES) {
            if (shape.vectors() <= left) {
                return shape;
            }
        }
        throw new IllegalArgumentException(left + " vectors, wanted at least 1");
    }

    /// {@return the tile for a group of input channels}
    ///
    /// @param channels 16, 32 or 64
    WinogradTile of(int channels) {
        return channels == 16 ? of16 : channels == 32 ? of32 : of64;
    }

    /// {@return vectors of output channels that are computed together}
    int vectors() {
        return of16.vectors();
    }
}
