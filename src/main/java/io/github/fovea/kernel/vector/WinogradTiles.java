package io.github.fovea.kernel.vector;

import java.util.List;

/// Register tiles of [WinogradConv] of one shape, for groups of 16, 32 and 64 input channels.
///
/// @param of16 for 16 channels
/// @param of32 for 32
/// @param of64 for 64
record WinogradTiles(WinogradTile of16, WinogradTile of32, WinogradTile of64) {
    /// By falling number of vectors, the last of as few as there may be left. Vectors of 512 bits come with 32 registers, narrower ones
    /// with 16, and two or four of those hold a block of channels.
    private static final List<WinogradTiles> SHAPES = Lanes.COUNT == 16
            ? List.of(new WinogradTiles(new WinogradQuadTile16(), new WinogradQuadTile32(), new WinogradQuadTile64()),
                    new WinogradTiles(new WinogradPairTile16(), new WinogradPairTile32(), new WinogradPairTile64()),
                    new WinogradTiles(new WinogradSingleTile16(), new WinogradSingleTile32(), new WinogradSingleTile64()))
            : List.of(new WinogradTiles(new WinogradNarrowTile16(), new WinogradNarrowTile32(), new WinogradNarrowTile64()));

    /// {@return the widest shape that computes no more vectors of output channels than are left}
    ///
    /// @param left how many, at least 1, with vectors of less than 512 bits 2
    static WinogradTiles fitting(int left) {
        for (WinogradTiles shape : SHAPES) {
            if (shape.vectors() <= left) {
                return shape;
            }
        }
        throw new IllegalArgumentException(left + " vectors of " + Lanes.COUNT + " channels, wanted at least one block of 16 channels");
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
