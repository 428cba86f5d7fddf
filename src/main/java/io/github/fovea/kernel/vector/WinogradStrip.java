package io.github.fovea.kernel.vector;

import static io.github.fovea.kernel.vector.WinogradTile.POINTS;

import io.github.fovea.tensor.TensorView;

/// The three stages of a strip of tiles of [WinogradConv]: inputs to points, products, products to outputs. A strip is `count` tiles from
/// tile `first`, `across` of them in a row.
final class WinogradStrip {
    /// Output pixels of a tile in either direction.
    static final int SIZE = 4;

    /// Tiles whose pixels are read a second time while they are in the first-level cache.
    private static final int PART = 8;

    private static final int L = Lanes.COUNT;

    private static final WinogradInput INPUT_16 = new WinogradInput16();
    private static final WinogradInput INPUT_32 = new WinogradInput32();
    private static final WinogradInput INPUT_64 = new WinogradInput64();

    private static final WinogradOutput16 OUTPUT_16 = new WinogradOutput16();
    private static final WinogradOutput OUTPUT_32 = new WinogradOutput32();
    private static final WinogradOutput OUTPUT_64 = new WinogradOutput64();

    private WinogradStrip() {}

    /// {@return tiles of a strip} 55 KB of points for up to 32 channels.
    ///
    /// @param group input channels of a group
    static int tiles(int group) {
        return group == 16 ? 24 : 12;
    }

    private static WinogradInput input(int group) {
        return group == 16 ? INPUT_16 : group == 32 ? INPUT_32 : INPUT_64;
    }

    private static WinogradOutput output(int products) {
        return products == 16 ? OUTPUT_16 : products == 32 ? OUTPUT_32 : OUTPUT_64;
    }

    /// Transforms the inputs of a strip: `count` tiles from tile `first`, `across` of them in a row.
    static void inputs(
            TensorView in, int rowBegin, int rowEnd, int across, int first, int count, int group, float[] scratch, int v) {
        WinogradInput input = input(group);
        for (int done = 0; done < count;) {
            int x = (first + done) % across;
            int y = rowBegin + (first + done) / across * SIZE - 1;
            int tiles = Math.min(Math.min(across - x, count - done), PART);
            x = x * SIZE - 1;
            // Every row is looked up, because it may lie in another piece of memory than the one above. Row `rowEnd` is the last that a
            // row of the output looks at; those below count as zero, as it does there.
            int d0 = in.index(0, y, x);
            int d1 = in.index(0, y + 1, x);
            int d2 = in.index(0, Math.min(y + 2, rowEnd), x);
            int d3 = in.index(0, Math.min(y + 3, rowEnd), x);
            int d4 = in.index(0, Math.min(y + 4, rowEnd), x);
            int d5 = in.index(0, Math.min(y + 5, rowEnd), x);
            for (int channel = 0; channel < in.planes() * 16; channel += L) {
                int d = channel / 16 * in.planeStride() + channel % 16;
                int to = v + channel / group * tiles(group) * POINTS * group + done * POINTS * group + channel % group;
                input.upper(in.data(), d + d0, d + d1, d + d2, d + d3, d + d4, tiles, scratch, to);
                input.lower(in.data(), d + d1, d + d2, d + d3, d + d4, d + d5, tiles, scratch, to);
            }
            done += tiles;
        }
    }

    /// Sums the products of a strip for the vectors of one tile; returns the index of the next weights.
    static int products(
            int inChannels, WinogradTile tile, int count, boolean few, float[] packed, int packedFrom, float[] scratch, int v, int m) {
        int u = packedFrom;
        int group = tile.channels();
        int points = few ? 1 : tile.points();
        for (int first = 0; first < inChannels; first += group) {
            int from = v + first / group * tiles(group) * POINTS * group;
            for (int point = 0; point < POINTS; point += points) {
                for (int i = 0; i < count; i += tile.tiles()) {
                    int in = from + (i * POINTS + point) * group;
                    int out = m + (i * POINTS + point) * tile.products();
                    if (first == 0) {
                        tile.run(scratch, in, out, packed, u, points);
                    } else {
                        tile.add(scratch, in, out, packed, u, points);
                    }
                }
                u += points * group * tile.vectors() * L;
            }
        }
        return u;
    }

    /// Outputs of a strip for the vectors of one tile, the first of which is `vector`.
    static void outputs(
            TensorView out, int rowBegin, int rowEnd, int across, int first, int count, float[] bias, float[] slopes, WinogradTile tile,
            int vector, float[] scratch, int m) {
        WinogradOutput output = output(tile.products());
        int last = rowEnd - 1;
        for (int done = 0; done < count;) {
            int x = (first + done) % across;
            int y = rowBegin + (first + done) / across * SIZE;
            int tiles = Math.min(across - x, count - done);
            x *= SIZE;
            int o0 = out.index(0, y, x);
            int o1 = out.index(0, Math.min(y + 1, last), x);
            int o2 = out.index(0, Math.min(y + 2, last), x);
            int o3 = out.index(0, Math.min(y + 3, last), x);
            for (int n = 0; n < tile.vectors(); n++) {
                int channel = (vector + n) * L;
                int o = channel / 16 * out.planeStride() + channel % 16;
                output.output(scratch, m + done * POINTS * tile.products() + n * L, tiles, bias, slopes, channel, out.data(), o + o0,
                        o + o1, o + o2, o + o3);
            }
            done += tiles;
        }
    }

    /// The same through a gate. The gate of rows that are not wanted is the zero row beneath the picture.
    static void gated(
            TensorView gate, float[] slopes, TensorView out, int across, int first, int count, float[] sums, float[] scratch, int m) {
        int height = out.height();
        for (int done = 0; done < count;) {
            int x = (first + done) % across;
            int y = (first + done) / across * SIZE;
            int tiles = Math.min(across - x, count - done);
            x *= SIZE;
            OUTPUT_16.gated(scratch, m + done * POINTS * 16, tiles, slopes, sums, gate.data(), gate.index(0, y, x),
                    gate.index(0, Math.min(y + 1, height), x), gate.index(0, Math.min(y + 2, height), x),
                    gate.index(0, Math.min(y + 3, height), x), out.data(), out.index(0, y, x),
                    out.index(0, Math.min(y + 1, height - 1), x), out.index(0, Math.min(y + 2, height - 1), x),
                    out.index(0, Math.min(y + 3, height - 1), x));
            done += tiles;
        }
    }
}
