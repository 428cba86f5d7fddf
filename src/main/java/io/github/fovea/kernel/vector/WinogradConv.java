package io.github.fovea.kernel.vector;

import static io.github.fovea.kernel.vector.WinogradTile.POINTS;
import static io.github.fovea.kernel.vector.WinogradTile.STRIP;

import io.github.fovea.kernel.Conv;
import io.github.fovea.tensor.Layout;
import io.github.fovea.tensor.TensorView;
import java.util.Arrays;

/// Dense 3x3 convolution by Winograd's F(4x4, 3x3) (Lavin and Gray 2016, "Fast Algorithms for Convolutional Neural
/// Networks"): a tile of 4x4 outputs comes from 36 products per pair of channels instead of 144.
///
/// A tile's 6x6 inputs `d` become `v = B d B'` ([WinogradInput]); per point, products with the transformed weights
/// `u = G w G'` are summed over all channels ([WinogradTile]); the outputs are `A m A'` ([WinogradOutput]). Tiles start
/// at multiples of 4 in both directions ([#columnTile], [#rowTile]), and a pixel's bits depend on all that its tile
/// reads.
///
/// Tiles are taken row by row in strips of 24, which may go on in the next row. Inputs are transformed for three of the six
/// points down the columns, and for each of these multiplied, and products transformed back along the rows.
/// Last come the outputs down the columns.
///
/// Input channels are taken in groups of 4, 2 and 1 blocks, whose transformed inputs are `[tile][6 points][channel]`,
/// so that a product's loop over points and channels goes through a tile float by float.
///
/// From one block of channels to one vector, a strip's points fit into the cache all at once: [WinogradBlock].
///
/// What is not worth it or not blocked goes to the direct kernel. Packed weights: the direct
/// kernel's, and behind them, in the order in which a strip reads them,
/// `[point down][vectors][group][point along][channel][vectors of a tile][lanes]`.
final class WinogradConv implements Conv {
    /// Output pixels of a tile in either direction.
    private static final int TILE = 4;
    /// Pictures of so few tiles are multiplied point by point: the same sums, and the JVM, which counts calls and not
    /// work, compiles the tile after less of it.
    private static final int FEW_TILES = 2;

    /// Points down the columns that are made together: their sums are shared, and pixels are read twice.
    private static final int HALF = 3;

    private static final int L = Lanes.COUNT;
    /// Floats of a strip's inputs, transformed for one point down the columns, per block of 16 channels.
    private static final int IN_BLOCK = STRIP * POINTS * 16;
    /// Floats of a strip's products, transformed along the rows, per block of 16 channels.
    private static final int OUT_BLOCK = POINTS * WinogradOutput.ROW;

    private static final WinogradInput INPUT_16 = new WinogradInput16();
    private static final WinogradInput INPUT_32 = new WinogradInput32();
    private static final WinogradInput INPUT_64 = new WinogradInput64();

    private final Conv direct;

    /// Makes the kernel.
    ///
    /// @param direct computes what this one does not
    WinogradConv(Conv direct) {
        this.direct = direct;
    }

    private static int vectors(int channels) {
        return Layout.BLOCKED16.planes(channels) * 16 / L;
    }

    /// Channels of the group that begins with block `block` of `blocks`.
    private static int group(int block, int blocks) {
        return blocks - block >= 4 ? 64 : blocks - block >= 2 ? 32 : 16;
    }

    private static WinogradInput input(int channels) {
        return channels == 16 ? INPUT_16 : channels == 32 ? INPUT_32 : INPUT_64;
    }

    @Override
    public int size() {
        return 3;
    }

    @Override
    public int columnTile(int inChannels, int outChannels) {
        return WinogradRowConv.pays(inChannels, outChannels) ? TILE : 1;
    }

    @Override
    public int rowTile(int inChannels, int outChannels) {
        return WinogradRowConv.pays(inChannels, outChannels) ? TILE : 1;
    }

    @Override
    public boolean readsPieces(int inChannels, int outChannels) {
        return WinogradRowConv.pays(inChannels, outChannels) || direct.readsPieces(inChannels, outChannels);
    }

    @Override
    public int scratchElements(int inChannels, int outChannels) {
        return !WinogradRowConv.pays(inChannels, outChannels) ? 0
                : WinogradBlock.takes(inChannels, outChannels) ? WinogradBlock.SCRATCH
                : WinogradTiles.MAX_VECTORS * WinogradTile.OUT_VECTOR
                + HALF * Layout.BLOCKED16.planes(inChannels) * IN_BLOCK
                        + Layout.BLOCKED16.planes(outChannels) * OUT_BLOCK;
    }

    @Override
    public int packedElements(int inChannels, int outChannels) {
        return !WinogradRowConv.pays(inChannels, outChannels) ? direct.packedElements(inChannels, outChannels)
                : Math.addExact(direct.packedElements(inChannels, outChannels), Math.multiplyExact(
                POINTS * POINTS * 256 * Layout.BLOCKED16.planes(inChannels), Layout.BLOCKED16.planes(outChannels)));
    }

    @Override
    public void pack(float[] weights, int from, int inChannels, int outChannels, float[] packed, int packedFrom) {
        direct.pack(weights, from, inChannels, outChannels, packed, packedFrom);
        if (!WinogradRowConv.pays(inChannels, outChannels)) {
            return;
        }
        int to = weightsFrom(packedFrom, inChannels, outChannels);
        Arrays.fill(packed, to, packedFrom + packedElements(inChannels, outChannels), 0f);
        int vectors = vectors(outChannels);
        int blocks = Layout.BLOCKED16.planes(inChannels);
        int down = POINTS * 16 * blocks * vectors * L;
        double[] half = new double[POINTS * 3];
        for (int vector = 0; vector < vectors;) {
            int lanes = WinogradTiles.fitting(vectors - vector).vectors() * L;
            for (int block = 0; block < blocks; block += group(block, blocks) / 16) {
                int channels = group(block, blocks);
                for (int c = 0; c < Math.min(channels, inChannels - block * 16); c++) {
                    for (int lane = 0; lane < Math.min(lanes, outChannels - vector * L); lane++) {
                        WinogradWeights.transform(weights, from + ((vector * L + lane) * inChannels + block * 16
                                + c) * 9, half, packed, to + c * lanes + lane, down, channels * lanes);
                    }
                }
                to += POINTS * channels * lanes;
            }
            vector += lanes / L;
        }
    }

    @Override
    public void run(
            TensorView in, float[] packed, int packedFrom, float[] bias, float[] slopes, TensorView out, int rowBegin,
            int rowEnd, float[] scratch, int scratchFrom) {
        if (in.layout() != Layout.BLOCKED16 || out.layout() != Layout.BLOCKED16 || !WinogradRowConv.pays(in.channels(),
                out.channels())) {
            direct.run(in, packed, packedFrom, bias, slopes, out, rowBegin, rowEnd, scratch, scratchFrom);
            return;
        }
        int weightsFrom = weightsFrom(packedFrom, in.channels(), out.channels());
        if (WinogradBlock.takes(in.channels(), out.channels())) {
            WinogradBlock.run(in, packed, weightsFrom, bias, slopes, null, null, out, rowBegin, rowEnd, scratch, scratchFrom);
            return;
        }
        int v = scratchFrom + WinogradTiles.MAX_VECTORS * WinogradTile.OUT_VECTOR;
        int z = v + HALF * in.planes() * IN_BLOCK;
        int across = (out.width() + TILE - 1) / TILE;
        int all = across * ((rowEnd - rowBegin + TILE - 1) / TILE);
        int vectors = vectors(out.channels());
        for (int first = 0; first < all; first += STRIP) {
            int count = Math.min(STRIP, all - first);
            int u = weightsFrom;
            for (int down = 0; down < POINTS; down++) {
                if (down % HALF == 0) {
                    inputs(in, rowBegin, rowEnd, across, first, count, down, scratch, v);
                }
                int from = v + down % HALF * in.planes() * IN_BLOCK;
                for (int vector = 0; vector < vectors;) {
                    WinogradTiles tiles = WinogradTiles.fitting(vectors - vector);
                    u = products(in.planes(), tiles, count, all <= FEW_TILES, packed, u, scratch, from, scratchFrom);
                    for (int n = 0; n < tiles.vectors(); n++) {
                        WinogradOutput.rows(scratch, scratchFrom + n * WinogradTile.OUT_VECTOR, count,
                                scratch, z(z, vector++) + down * WinogradOutput.ROW);
                    }
                }
            }
            outputs(out, rowBegin, rowEnd, across, first, count, bias, slopes, scratch, z);
        }
    }

    @Override
    public boolean gates(int inChannels, int outChannels) {
        return WinogradRowConv.pays(inChannels, outChannels) && WinogradBlock.takes(inChannels, outChannels);
    }

    @Override
    public void runGated(
            TensorView in, float[] packed, int packedFrom, TensorView gate, float[] slopes, TensorView out,
            float[] scratch, int scratchFrom, float[] sums) {
        WinogradBlock.run(in, packed, weightsFrom(packedFrom, in.channels(), out.channels()), null, slopes, gate, sums, out, 0,
                out.height(), scratch, scratchFrom);
    }

    private int weightsFrom(int packedFrom, int inChannels, int outChannels) {
        return packedFrom + direct.packedElements(inChannels, outChannels) - Lanes.SLACK + Lanes.FIRST;
    }

    /// Inputs of a strip for three points down the columns from point `down`. The strip is `count` tiles from tile `first`, `across` of them
    /// in a row.
    private static void inputs(
            TensorView in, int rowBegin, int rowEnd, int across, int first, int count, int down, float[] scratch,
            int v) {
        int blocks = in.planes();
        for (int done = 0; done < count;) {
            int x = (first + done) % across;
            int y = rowBegin + (first + done) / across * TILE - 1;
            int tiles = Math.min(across - x, count - done);
            int to = v;
            for (int block = 0; block < blocks;) {
                int channels = group(block, blocks);
                for (int lane = 0; lane < channels; lane += L) {
                    inputs(in, (block + lane / 16) * in.planeStride() + lane % 16, x * TILE - 1, y, rowEnd, down,
                            input(channels), tiles, scratch, to + done * POINTS * channels + lane,
                            in.planes() * IN_BLOCK);
                }
                to += channels / 16 * IN_BLOCK;
                block += channels / 16;
            }
            done += tiles;
        }
    }

    /// The same for tiles of a row and one vector of channels, `lane` floats behind the first; `x` and `y` are the
    /// place of the first pixel. Every row is looked up, because it may lie in another piece of memory than the one
    /// above.
    private static void inputs(
            TensorView in, int lane, int x, int y, int rowEnd, int down, WinogradInput input, int tiles,
            float[] scratch, int v, int next) {
        // Row `rowEnd` is the last that a row of the output looks at; those below count as zero, as it does there.
        int d1 = lane + in.index(0, y + 1, x);
        int d2 = lane + in.index(0, Math.min(y + 2, rowEnd), x);
        int d3 = lane + in.index(0, Math.min(y + 3, rowEnd), x);
        int d4 = lane + in.index(0, Math.min(y + 4, rowEnd), x);
        if (down == 0) {
            input.upper(in.data(), lane + in.index(0, y, x), d1, d2, d3, d4, tiles, scratch, v, next);
        } else {
            input.lower(in.data(), d1, d2, d3, d4, lane + in.index(0, Math.min(y + 5, rowEnd), x), tiles, scratch, v, next);
        }
    }

    /// Sums the products of a strip for the vectors of one tile; returns the index of the next weights.
    private static int products(
            int blocks, WinogradTiles tiles, int count, boolean few, float[] packed, int packedFrom, float[] scratch,
            int v, int m) {
        int u = packedFrom;
        int from = v;
        for (int block = 0; block < blocks;) {
            WinogradTile tile = tiles.of(group(block, blocks));
            int channels = tile.channels();
            int points = few ? 1 : tile.points();
            for (int point = 0; point < POINTS; point += points) {
                for (int i = 0; i < count; i += tile.tiles()) {
                    int in = from + (i * POINTS + point) * channels;
                    int out = m + i * WinogradTile.OUT_TILE + point * L;
                    if (block == 0) {
                        tile.run(scratch, in, packed, u, points, scratch, out);
                    } else {
                        tile.add(scratch, in, packed, u, points, scratch, out);
                    }
                }
                u += points * channels * tile.vectors() * L;
            }
            from += channels / 16 * IN_BLOCK;
            block += channels / 16;
        }
        return u;
    }

    private static int z(int z, int vector) {
        return z + vector * L / 16 * OUT_BLOCK + vector * L % 16;
    }

    /// Outputs of a strip, down the columns.
    private static void outputs(
            TensorView out, int rowBegin, int rowEnd, int across, int first, int count, float[] bias, float[] slopes,
            float[] scratch, int z) {
        for (int done = 0; done < count;) {
            int x = (first + done) % across;
            int y = rowBegin + (first + done) / across * TILE;
            int tiles = Math.min(across - x, count - done);
            int last = rowEnd - 1;
            for (int vector = 0; vector * L < out.planes() * 16; vector++) {
                int lane = vector * L / 16 * out.planeStride() + vector * L % 16;
                WinogradOutput.columns(scratch, z(z, vector) + done * TILE * 16, bias, slopes, vector * L,
                        tiles * TILE, out.data(), lane + out.index(0, y, x * TILE), lane
                        + out.index(0, Math.min(y + 1, last), x * TILE), lane + out.index(0, Math.min(y + 2, last),
                        x * TILE), lane + out.index(0, Math.min(y + 3, last), x * TILE));
            }
            done += tiles;
        }
    }

    /// The direct kernel's weights lie first, so slices are taken out of these.
    @Override
    public Conv slice(int storedSize, int storedIn, int storedOut) {
        return direct.slice(storedSize, storedIn, storedOut);
    }
}
