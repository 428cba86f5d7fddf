package io.github.fovea.kernel.vector;

import io.github.fovea.kernel.Conv;
import io.github.fovea.tensor.Layout;
import io.github.fovea.tensor.TensorView;

/// Dense 3x3 convolution by Winograd's F(4, 3) along rows (Lavin and Gray 2016, "Fast Algorithms for Convolutional Neural
/// Networks"), direct over the three rows: four neighbouring outputs come from six products instead of twelve.
///
/// Six neighbouring inputs `d` become six sums `v = B d`; per point, products with the transformed weights `u = G w` are
/// summed over three rows and all channels by [WinogradRowTile]; four outputs are `A m`. Because rows are not transformed, a
/// pixel's bits do not depend on where a band of rows begins or ends; along a row they depend on the six columns that its
/// tile reads, and tiles start at multiples of 4 ([#columnTile]).
///
/// What is not worth it or not blocked goes to the direct kernel. Packed weights: the direct kernel's, and behind them
/// `[out / lanes][point][in / 16][16][ky][lanes]`.
final class WinogradRowConv implements Conv {
    /// Output pixels of a tile.
    private static final int TILE = 4;
    /// Points, and input pixels of a tile.
    private static final int POINTS = 6;

    private static final int L = Lanes.COUNT;
    /// Floats of a strip's inputs, per block of 16 channels.
    private static final int IN_BLOCK = POINTS * WinogradRowTransforms.IN_POINT;
    /// Floats of a strip's products.
    private static final int STRIP_PRODUCTS = POINTS * WinogradRowTransforms.OUT_POINT;
    private static final int STRIP_PIXELS = TILE * WinogradRowTransforms.TILES;

    /// Weights `w` become `G w`.
    private static final double[][] G = {
        {1 / 4.0, 0, 0}, {-1 / 6.0, -1 / 6.0, -1 / 6.0}, {-1 / 6.0, 1 / 6.0, -1 / 6.0},
        {1 / 24.0, 1 / 12.0, 1 / 6.0}, {1 / 24.0, -1 / 12.0, 1 / 6.0}, {0, 0, 1}
    };

    private final Conv direct;

    /// Makes the kernel; `direct` computes what this one does not.
    WinogradRowConv(Conv direct) {
        this.direct = direct;
    }

    /// Half-empty blocks of channels cost more than the tiles save.
    static boolean pays(int inChannels, int outChannels) {
        return outChannels > ConvNarrowTile.MAX_CHANNELS && inChannels * 4 >= Layout.BLOCKED16.planes(inChannels) * 16 * 3;
    }

    @Override
    public int size() {
        return 3;
    }

    @Override
    public int columnTile(int inChannels, int outChannels) {
        return pays(inChannels, outChannels) ? TILE : 1;
    }

    @Override
    public int scratchElements(int inChannels, int outChannels) {
        return pays(inChannels, outChannels) ? STRIP_PRODUCTS + Layout.BLOCKED16.planes(inChannels) * IN_BLOCK : 0;
    }

    @Override
    public int packedElements(int inChannels, int outChannels) {
        int plain = direct.packedElements(inChannels, outChannels);
        return !pays(inChannels, outChannels) ? plain : Math.addExact(plain, Math.multiplyExact(
                Layout.BLOCKED16.planes(outChannels) * 16 * 18, Layout.BLOCKED16.planes(inChannels) * 16));
    }

    @Override
    public void pack(float[] weights, int from, int inChannels, int outChannels, float[] packed) {
        direct.pack(weights, from, inChannels, outChannels, packed);
        if (!pays(inChannels, outChannels)) {
            return;
        }
        int blocks = Layout.BLOCKED16.planes(inChannels);
        int to = direct.packedElements(inChannels, outChannels);
        for (int lane = 0; lane < Layout.BLOCKED16.planes(outChannels) * 16; lane += L) {
            for (int point = 0; point < POINTS; point++) {
                for (int block = 0; block < blocks; block++) {
                    for (int i = block * 16; i < block * 16 + 16; i++) {
                        for (int ky = 0; ky < 3; ky++) {
                            for (int o = lane; o < lane + L; o++) {
                                packed[to++] = i < inChannels && o < outChannels
                                        ? transformed(weights, from + ((o * inChannels + i) * 3 + ky) * 3, point) : 0f;
                            }
                        }
                    }
                }
            }
        }
    }

    private static float transformed(float[] weights, int from, int point) {
        double[] g = G[point];
        return (float) (g[0] * weights[from] + g[1] * weights[from + 1] + g[2] * weights[from + 2]);
    }

    @Override
    public void run(
            TensorView in, float[] packed, float[] bias, float[] slopes, TensorView out, int rowBegin, int rowEnd,
            float[] scratch, int scratchFrom) {
        if (in.layout() != Layout.BLOCKED16 || out.layout() != Layout.BLOCKED16 || !pays(in.channels(), out.channels())) {
            direct.run(in, packed, bias, slopes, out, rowBegin, rowEnd, scratch, scratchFrom);
            return;
        }
        int weightsFrom = direct.packedElements(in.channels(), out.channels());
        for (int y = rowBegin; y < rowEnd; y += WinogradRowTile.ROWS) {
            for (int x = 0; x < out.width(); x += STRIP_PIXELS) {
                strip(in, packed, weightsFrom, bias, slopes, out, y, Math.min(WinogradRowTile.ROWS, rowEnd - y), x,
                        scratch, scratchFrom);
            }
        }
    }

    /// One block of pixels of up to [WinogradRowTile#ROWS] rows. Its inputs and products, and the weights of one point, stay in
    /// the first-level cache.
    private static void strip(
            TensorView in, float[] packed, int weightsFrom, float[] bias, float[] slopes, TensorView out,
            int y, int rows, int x, float[] m, int mFrom) {
        int blocks = in.planes();
        int pointWeights = blocks * 48 * L;
        int vFrom = mFrom + STRIP_PRODUCTS;
        for (int block = 0; block < blocks; block++) {
            int from = in.index(block * 16, y - 1, x - 1);
            for (int lane = 0; lane < 16; lane += L) {
                WinogradRowTransforms.input(in.data(), from + lane, in.rowStride(), rows + 2, m, vFrom + block * IN_BLOCK + lane);
            }
        }
        int tiles = Math.min(WinogradRowTransforms.TILES, (out.width() - x + TILE - 1) / TILE);
        for (int lane = 0; lane < out.planes() * 16; lane += L) {
            int u = weightsFrom + lane / L * POINTS * pointWeights;
            for (int point = 0; point < POINTS; point++) {
                for (int t = 0; t < tiles; t++) {
                    WinogradRowTile.run(m, vFrom + point * WinogradRowTransforms.IN_POINT + t * WinogradRowTransforms.IN_TILE,
                            IN_BLOCK, blocks, packed, u + point * pointWeights,
                            m, mFrom + point * WinogradRowTransforms.OUT_POINT + t * WinogradRowTransforms.OUT_TILE);
                }
            }
            WinogradRowTransforms.output(m, mFrom, bias, slopes, lane, out.data(),
                    out.index(lane / 16 * 16, y, x) + lane % 16, out.rowStride(), rows);
        }
    }

    /// The direct kernel's weights lie first, so slices are taken out of these.
    @Override
    public Conv slice(int storedSize, int storedIn, int storedOut) {
        return direct.slice(storedSize, storedIn, storedOut);
    }
}
