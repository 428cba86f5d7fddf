package io.github.fovea.kernel.vector;

import io.github.fovea.tensor.TensorView;

/// Winograd's F(4x4, 3x3) from one block of channels to one ([WinogradConv] has the idea): all 36 points of a strip of tiles are
/// transformed ([WinogradInput]), multiplied in place ([WinogradBlockTile]) and transformed back ([WinogradBlockOutput]). Nothing is
/// kept between points. With more channels the points of a strip leave the cache.
///
/// Packed weights are those of [WinogradConv], here `[point down][point along][16 channels][16 outputs]`.
final class WinogradBlock {
    /// Output pixels of a tile in either direction.
    private static final int SIZE = 4;
    private static final int STRIP = WinogradBlockTile.TILES;
    private static final int TILE = WinogradBlockTile.TILE;
    /// Floats of the transformed inputs of a strip.
    static final int SCRATCH = STRIP * TILE;
    /// Tiles whose pixels are read a second time while they are in the first-level cache.
    private static final int PART = 8;
    /// Pictures of so few tiles are multiplied point by point: the same sums, and the JVM, which counts calls and not
    /// work, compiles the tile after less of it.
    private static final int FEW_TILES = 2;

    private static final WinogradInput INPUT = new WinogradInputBlock();

    private WinogradBlock() {}

    /// {@return whether a convolution takes this form} A vector must hold a block, and 24 sums need 32 registers.
    static boolean takes(int inChannels, int outChannels) {
        return Lanes.COUNT == 16 && inChannels <= 16 && outChannels <= 16;
    }

    /// Computes rows of the output, as `Conv.run` says it, or through a gate, as `Conv.runGated` does.
    ///
    /// @param u    index of the packed weights' first float
    /// @param bias bias per output channel; not looked at where there is a gate
    /// @param gate what `Conv.runGated` takes, or `null`
    /// @param sums what `Conv.runGated` adds to, or `null` where there is no gate
    /// @param v    index of [#SCRATCH] floats of scratch memory
    static void run(
            TensorView in, float[] packed, int u, float[] bias, float[] slopes, TensorView gate, float[] sums, TensorView out,
            int rowBegin, int rowEnd, float[] scratch, int v) {
        int across = (out.width() + SIZE - 1) / SIZE;
        int all = across * ((rowEnd - rowBegin + SIZE - 1) / SIZE);
        for (int first = 0; first < all; first += STRIP) {
            int count = Math.min(STRIP, all - first);
            products(in, rowBegin, rowEnd, across, first, count, packed, u, all <= FEW_TILES, scratch, v);
            for (int done = 0; done < count;) {
                int x = (first + done) % across;
                int y = rowBegin + (first + done) / across * SIZE;
                int tiles = Math.min(across - x, count - done);
                outputs(scratch, v + done * TILE, tiles, bias, slopes, gate, sums, out, x * SIZE, y, rowEnd);
                done += tiles;
            }
        }
    }

    /// Outputs of tiles of a row, of which the first one's first pixel is at `x` and `y`. Rows that are not wanted are written first, where the
    /// last one goes; their gate is the zero row beneath the picture.
    private static void outputs(
            float[] m, int mFrom, int tiles, float[] bias, float[] slopes, TensorView gate, float[] sums, TensorView out, int x, int y,
            int rowEnd) {
        int o0 = out.index(0, y, x);
        int o1 = out.index(0, Math.min(y + 1, rowEnd - 1), x);
        int o2 = out.index(0, Math.min(y + 2, rowEnd - 1), x);
        int o3 = out.index(0, Math.min(y + 3, rowEnd - 1), x);
        if (gate == null) {
            WinogradBlockOutput.output(m, mFrom, tiles, bias, slopes, out.data(), o0, o1, o2, o3);
        } else {
            WinogradBlockOutput.gated(m, mFrom, tiles, slopes, sums, gate.data(), gate.index(0, y, x),
                    gate.index(0, Math.min(y + 1, rowEnd), x), gate.index(0, Math.min(y + 2, rowEnd), x),
                    gate.index(0, Math.min(y + 3, rowEnd), x), out.data(), o0, o1, o2, o3);
        }
    }

    /// Products of a strip: `count` tiles from tile `first`, `across` of them in a row.
    private static void products(
            TensorView in, int rowBegin, int rowEnd, int across, int first, int count, float[] packed, int u, boolean few,
            float[] scratch, int v) {
        for (int done = 0; done < count;) {
            int x = (first + done) % across;
            int y = rowBegin + (first + done) / across * SIZE - 1;
            int tiles = Math.min(Math.min(across - x, count - done), PART);
            x = x * SIZE - 1;
            int to = v + done * TILE;
            // Row `rowEnd` is the last that a row of the output looks at; those below count as zero, as it does there.
            int d1 = in.index(0, y + 1, x);
            int d2 = in.index(0, Math.min(y + 2, rowEnd), x);
            int d3 = in.index(0, Math.min(y + 3, rowEnd), x);
            int d4 = in.index(0, Math.min(y + 4, rowEnd), x);
            INPUT.upper(in.data(), in.index(0, y, x), d1, d2, d3, d4, tiles, scratch, to, TILE / 6);
            INPUT.lower(in.data(), d1, d2, d3, d4, in.index(0, Math.min(y + 5, rowEnd), x), tiles, scratch, to + TILE / 2,
                    TILE / 6);
            done += tiles;
        }
        int points = few ? 1 : WinogradBlockTile.POINTS;
        for (int point = 0; point < WinogradBlockTile.POINTS; point += points) {
            WinogradBlockTile.run(scratch, v + point * 16, packed, u + point * 256, points);
        }
    }
}
