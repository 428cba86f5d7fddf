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
/// A tile's 6x6 inputs `d` become `v = B d B'`; per point, products with the transformed weights `u = G w G'` are summed over
/// all channels by a [WinogradTile]; the outputs are `A m A'`. Tiles start at multiples of 4 in both directions
/// ([#columnTile], [#rowTile]), and a pixel's bits depend on all that its tile reads.
///
/// Tiles are taken row by row in strips of 16, whose inputs are transformed down the columns first. Then, one of the six
/// points of the columns after the other: inputs are transformed along the rows, multiplied, and products transformed back
/// along the rows, all within the first-level cache. Last come the outputs down the columns.
///
/// What is not worth it goes to [WinogradRowConv], what is not blocked to the direct kernel. Packed weights: the direct kernel's, and behind them, in
/// the order in which a strip reads them, `[point down][vectors][point along][in][vectors of a tile][lanes]`.
final class WinogradConv implements Conv {
    /// Output pixels of a tile in either direction.
    private static final int TILE = 4;

    private static final int L = Lanes.COUNT;
    /// Floats of a strip's inputs, transformed down the columns, per block of 16 channels.
    private static final int IN_BLOCK = POINTS * WinogradTransforms.IN_ROW;
    /// Floats of a strip's products, transformed along the rows, per block of 16 channels.
    private static final int OUT_BLOCK = POINTS * WinogradTransforms.OUT_ROW;

    /// Weights `w` become `G w`.
    private static final double[][] G = {
        {1 / 4.0, 0, 0}, {-1 / 6.0, -1 / 6.0, -1 / 6.0}, {-1 / 6.0, 1 / 6.0, -1 / 6.0},
        {1 / 24.0, 1 / 12.0, 1 / 6.0}, {1 / 24.0, -1 / 12.0, 1 / 6.0}, {0, 0, 1}
    };

    private final Conv direct;
    private final Conv rows;
    private final WinogradTile many;
    private final WinogradTile single;

    /// Makes the kernel.
    ///
    /// @param direct computes what is not blocked
    /// @param rows   computes what is too narrow
    /// @param many   the tile of as many vectors of output channels as fit
    /// @param single the tile of one vector, for those that are left
    WinogradConv(Conv direct, Conv rows, WinogradTile many, WinogradTile single) {
        this.direct = direct;
        this.rows = rows;
        this.many = many;
        this.single = single;
    }

    /// To a single block of outputs, a broadcast feeds one multiply-add only and the transforms take what the products save;
    /// half-empty blocks cost more than the tiles save.
    private static boolean pays(int inChannels, int outChannels) {
        return WinogradRowConv.pays(inChannels, outChannels) && outChannels > 16;
    }

    /// The tile that computes vector `vector` and those behind it.
    private WinogradTile tile(int vector, int vectors) {
        return vector + many.vectors() <= vectors ? many : single;
    }

    private static int vectors(int channels) {
        return Layout.BLOCKED16.planes(channels) * 16 / L;
    }

    @Override
    public int size() {
        return 3;
    }

    @Override
    public int columnTile(int inChannels, int outChannels) {
        return pays(inChannels, outChannels) ? TILE : rows.columnTile(inChannels, outChannels);
    }

    @Override
    public int rowTile(int inChannels, int outChannels) {
        return pays(inChannels, outChannels) ? TILE : rows.rowTile(inChannels, outChannels);
    }

    @Override
    public int scratchElements(int inChannels, int outChannels) {
        return !pays(inChannels, outChannels) ? rows.scratchElements(inChannels, outChannels) : many.vectors() * WinogradTile.OUT_VECTOR
                + Layout.BLOCKED16.planes(inChannels) * (WinogradTile.IN_BLOCK + IN_BLOCK)
                + Layout.BLOCKED16.planes(outChannels) * OUT_BLOCK;
    }

    @Override
    public int packedElements(int inChannels, int outChannels) {
        return !pays(inChannels, outChannels) ? rows.packedElements(inChannels, outChannels)
                : Math.addExact(direct.packedElements(inChannels, outChannels), Math.multiplyExact(
                POINTS * POINTS * 256 * Layout.BLOCKED16.planes(inChannels), Layout.BLOCKED16.planes(outChannels)));
    }

    @Override
    public void pack(float[] weights, int from, int inChannels, int outChannels, float[] packed) {
        if (!pays(inChannels, outChannels)) {
            rows.pack(weights, from, inChannels, outChannels, packed);
            return;
        }
        direct.pack(weights, from, inChannels, outChannels, packed);
        int plain = direct.packedElements(inChannels, outChannels);
        int vectors = vectors(outChannels);
        int channels = Layout.BLOCKED16.planes(inChannels) * 16;
        Arrays.fill(packed, plain, packedElements(inChannels, outChannels), 0f);
        double[] g = new double[POINTS * 3];
        for (int vector = 0; vector < vectors;) {
            int together = tile(vector, vectors).vectors();
            for (int i = 0; i < inChannels; i++) {
                for (int lane = 0; lane < together * L; lane++) {
                    int o = vector * L + lane;
                    if (o < outChannels) {
                        transformWeights(weights, from + (o * inChannels + i) * 9, g,
                                packed, plain + vector * POINTS * L * channels + i * together * L + lane,
                                POINTS * channels * vectors * L, channels * together * L);
                    }
                }
            }
            vector += together;
        }
    }

    /// `u = G w G'` of one pair of channels, in double. `down` and `along` are the distances of points in `packed`.
    private static void transformWeights(
            float[] weights, int from, double[] g, float[] packed, int to, int down, int along) {
        for (int k = 0; k < POINTS; k++) {
            for (int x = 0; x < 3; x++) {
                g[k * 3 + x] = G[k][0] * weights[from + x] + G[k][1] * weights[from + 3 + x] + G[k][2] * weights[from + 6 + x];
            }
        }
        for (int k = 0; k < POINTS; k++) {
            for (int l = 0; l < POINTS; l++) {
                packed[to + k * down + l * along] =
                        (float) (G[l][0] * g[k * 3] + G[l][1] * g[k * 3 + 1] + G[l][2] * g[k * 3 + 2]);
            }
        }
    }

    @Override
    public void run(
            TensorView in, float[] packed, float[] bias, float[] slopes, TensorView out, int rowBegin, int rowEnd,
            float[] scratch, int scratchFrom) {
        if (!pays(in.channels(), out.channels())) {
            rows.run(in, packed, bias, slopes, out, rowBegin, rowEnd, scratch, scratchFrom);
            return;
        }
        if (in.layout() != Layout.BLOCKED16 || out.layout() != Layout.BLOCKED16) {
            direct.run(in, packed, bias, slopes, out, rowBegin, rowEnd, scratch, scratchFrom);
            return;
        }
        int u = direct.packedElements(in.channels(), out.channels());
        int t = scratchFrom;
        int v = t + in.planes() * IN_BLOCK;
        int m = v + in.planes() * WinogradTile.IN_BLOCK;
        int z = m + many.vectors() * WinogradTile.OUT_VECTOR;
        int across = (out.width() + TILE - 1) / TILE;
        int all = across * ((rowEnd - rowBegin + TILE - 1) / TILE);
        for (int first = 0; first < all; first += STRIP) {
            int count = Math.min(STRIP, all - first);
            inputs(in, rowBegin, rowEnd, across, first, count, scratch, t);
            products(in, across, first, count, packed, u, vectors(out.channels()), scratch, t, v, m, z);
            outputs(out, rowBegin, rowEnd, across, first, count, bias, slopes, scratch, z);
        }
    }

    /// Inputs of a strip, down the columns. The strip is `count` tiles from tile `first`, `across` of them in a row; those that
    /// lie in one row make a piece, and its columns follow those of the piece before.
    private static void inputs(
            TensorView in, int rowBegin, int rowEnd, int across, int first, int count, float[] scratch, int t) {
        int to = t;
        for (int done = 0; done < count;) {
            int x = (first + done) % across;
            int y = rowBegin + (first + done) / across * TILE - 1;
            int tiles = Math.min(across - x, count - done);
            int columns = tiles * TILE + 2;
            for (int block = 0; block < in.planes(); block++) {
                for (int lane = 0; lane < 16; lane += L) {
                    int from = in.origin() + block * in.planeStride() + (x * TILE - 1) * 16 + lane;
                    // Row `rowEnd` is the last that a row of the output looks at; those below count as zero, as it does there.
                    WinogradTransforms.inputColumns(in.data(), from + y * in.rowStride(), from + (y + 1) * in.rowStride(),
                            from + Math.min(y + 2, rowEnd) * in.rowStride(), from + Math.min(y + 3, rowEnd) * in.rowStride(),
                            from + Math.min(y + 4, rowEnd) * in.rowStride(), from + Math.min(y + 5, rowEnd) * in.rowStride(),
                            columns, scratch, to + block * IN_BLOCK + lane);
                }
            }
            to += columns * 16;
            done += tiles;
        }
    }

    /// The middle of a strip: for each point down the columns, inputs and products along the rows.
    private void products(
            TensorView in, int across, int first, int count, float[] packed, int packedFrom, int vectors,
            float[] scratch, int t, int v, int m, int z) {
        int u = packedFrom;
        for (int down = 0; down < POINTS; down++) {
            int from = t + down * WinogradTransforms.IN_ROW;
            for (int done = 0; done < count;) {
                int tiles = Math.min(across - (first + done) % across, count - done);
                for (int block = 0; block < in.planes(); block++) {
                    for (int lane = 0; lane < 16; lane += L) {
                        WinogradTransforms.inputRow(scratch, from + block * IN_BLOCK + lane, tiles,
                                scratch, v + block * WinogradTile.IN_BLOCK + done * 16 + lane);
                    }
                }
                from += (tiles * TILE + 2) * 16;
                done += tiles;
            }
            for (int vector = 0; vector < vectors;) {
                WinogradTile tile = tile(vector, vectors);
                for (int along = 0; along < POINTS; along++) {
                    for (int i = 0; i < count; i += tile.tiles()) {
                        int at = along * WinogradTile.POINT + i * 16;
                        tile.run(scratch, v + at, in.planes(), packed, u, scratch, m + at);
                    }
                    u += in.planes() * 16 * tile.vectors() * L;
                }
                for (int n = 0; n < tile.vectors(); n++) {
                    WinogradTransforms.outputRow(scratch, m + n * WinogradTile.OUT_VECTOR, count,
                            scratch, z(z, vector++) + down * WinogradTransforms.OUT_ROW);
                }
            }
        }
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
                int to = out.origin() + vector * L / 16 * out.planeStride() + x * TILE * 16 + vector * L % 16;
                WinogradTransforms.outputColumns(scratch, z(z, vector) + done * TILE * 16, bias, slopes, vector * L,
                        tiles * TILE, out.data(), to + y * out.rowStride(), to + Math.min(y + 1, last) * out.rowStride(),
                        to + Math.min(y + 2, last) * out.rowStride(), to + Math.min(y + 3, last) * out.rowStride());
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
