package io.github.fovea.kernel.vector;

/// The register tiles of [BlockedGemmVector]: a class of its own, so that nothing of them is loaded before a general
/// graph asks for one.
///
/// With 32 registers 16 sums, of one vector by 16 pixels or two by 8, or 24, of three by 8. With 16 registers 12 sums,
/// of two vectors by 6: there two vectors never reach beyond a block.
final class BlockedTiles {
    private static final boolean WIDE = Lanes.COUNT == BlockedGemmVector.BLOCK;

    /// By vectors less one, and by the distance of pixels.
    private static final BlockedTile[][] TILES = {
        {new BlockedTile16x1Step1(), new BlockedTile16x1Step2(), new BlockedTile16x1Step16(), new BlockedTile16x1Step32()},
        WIDE ? new BlockedTile[] {new BlockedTile8x2Step1(), new BlockedTile8x2Step2(), new BlockedTile8x2Step16(),
            new BlockedTile8x2Step32()}
                : new BlockedTile[] {new BlockedTile6x2Step1(), new BlockedTile6x2Step2(), new BlockedTile6x2Step16(),
                    new BlockedTile6x2Step32()},
        {new BlockedTile8x3Step1(), new BlockedTile8x3Step2(), new BlockedTile8x3Step16(), new BlockedTile8x3Step32()}};
    private static final BlockedTile[] PIXELS = {new BlockedTile1x1(), new BlockedTile1x2(), new BlockedTile1x3()};

    private BlockedTiles() {}

    /// {@return how many vectors of channels to compute together}
    ///
    /// @param left how many are left
    static int vectors(int left) {
        return WIDE && left > 2 && left % 2 == 1 ? 3 : Math.min(2, left);
    }

    /// {@return the tile for pixels of a distance}
    ///
    /// @param step    their distance: 1, 2, 16 or 32
    /// @param vectors vectors of channels, as [#vectors] gives
    static BlockedTile of(int step, int vectors) {
        BlockedTile[] tiles = TILES[vectors - 1];
        return switch (step) {
            case 1 -> tiles[0];
            case 2 -> tiles[1];
            case 16 -> tiles[2];
            case 32 -> tiles[3];
            default -> throw new IllegalArgumentException("pixels " + step + " floats apart, wanted 1, 2, 16 or 32");
        };
    }

    /// {@return the tile of one pixel}
    ///
    /// @param vectors vectors of channels, as [#vectors] gives
    static BlockedTile ofOne(int vectors) {
        return PIXELS[vectors - 1];
    }
}
