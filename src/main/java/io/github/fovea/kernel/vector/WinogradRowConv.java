package io.github.fovea.kernel.vector;

import io.github.fovea.kernel.Conv;
import io.github.fovea.tensor.Layout;
import io.github.fovea.tensor.TensorView;
import java.util.Arrays;

/// Dense 3x3 convolution by Winograd's F(4, 3) along rows (Lavin and Gray 2016, "Fast Algorithms for Convolutional
/// Neural Networks"), direct over the three rows: four neighbouring outputs come from six products instead of twelve.
///
/// Six neighbouring inputs `d` become six sums `v = B d`; per point, products with the transformed weights `u = G w`
/// are summed over three rows and all channels by a [WinogradRowTile]; four outputs are `A m`. Because rows are not
/// transformed, a pixel's bits do not depend on where a band of rows begins or ends; along a row they depend on the six
/// columns that its tile reads, and tiles start at multiples of 4 ([#columnTile]).
///
/// What is not worth it or not blocked goes to the direct kernel. Packed weights: the direct kernel's, and behind them
/// `[out / lanes][in / 16][ky][point][16][lanes]`.
final class WinogradRowConv implements Conv {
    /// Output pixels of a tile.
    private static final int TILE = 4;
    private static final int POINTS = WinogradRowTile.POINTS;

    private static final int L = Lanes.COUNT;
    /// Floats of a strip's inputs, per block of 16 channels, or of its products.
    private static final int STRIP = WinogradRowTransforms.TILES * WinogradRowTile.TILE;
    /// Floats of the weights of a vector of outputs and a block of inputs.
    private static final int BLOCK_WEIGHTS = POINTS * 16 * 3 * L;
    /// Pictures of so few pixels are multiplied point by point: the same sums, and the JVM, which counts calls and not
    /// work, compiles the tile after less of it.
    private static final int FEW_PIXELS = 8;
    private static final int STRIP_PIXELS = TILE * WinogradRowTransforms.TILES;

    private final Conv direct;
    private final WinogradRowTile tile;

    /// Makes the kernel of a register tile; `direct` computes what this one does not.
    WinogradRowConv(Conv direct, WinogradRowTile tile) {
        this.direct = direct;
        this.tile = tile;
    }

    /// Whether Winograd's tiles are made at all: half-empty blocks of channels cost more than they save.
    static boolean pays(int inChannels, int outChannels) {
        return outChannels > ConvNarrowTile.MAX_CHANNELS && inChannels * 4 >= Layout.BLOCKED16.planes(inChannels) * 16
                * 3;
    }

    /// Floats of the products: none to a single vector of outputs, where they take the place of the inputs that they
    /// were made of.
    private static int products(int outChannels) {
        return Layout.BLOCKED16.planes(outChannels) * 16 > L ? STRIP : 0;
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
    public boolean readsPieces(int inChannels, int outChannels) {
        return pays(inChannels, outChannels) || direct.readsPieces(inChannels, outChannels);
    }

    @Override
    public int scratchElements(int inChannels, int outChannels) {
        return pays(inChannels, outChannels) ? products(outChannels) + Layout.BLOCKED16.planes(inChannels) * STRIP : 0;
    }

    @Override
    public int packedElements(int inChannels, int outChannels) {
        int plain = direct.packedElements(inChannels, outChannels);
        return !pays(inChannels, outChannels) ? plain : Math.addExact(plain, Math.multiplyExact(
                Layout.BLOCKED16.planes(outChannels) * 16 * 18, Layout.BLOCKED16.planes(inChannels) * 16));
    }

    @Override
    public void pack(float[] weights, int from, int inChannels, int outChannels, float[] packed, int packedFrom) {
        direct.pack(weights, from, inChannels, outChannels, packed, packedFrom);
        if (!pays(inChannels, outChannels)) {
            return;
        }
        int blocks = Layout.BLOCKED16.planes(inChannels);
        int to = packedFrom + direct.packedElements(inChannels, outChannels) - Lanes.SLACK + Lanes.FIRST;
        for (int lane = 0; lane < Layout.BLOCKED16.planes(outChannels) * 16; lane += L) {
            for (int block = 0; block < blocks * 16; block += 16) {
                if (Math.min(inChannels - block, 16) + Math.min(outChannels - lane, L) < 16 + L) {
                    Arrays.fill(packed, to, to + BLOCK_WEIGHTS, 0f);
                }
                for (int i = block; i < Math.min(block + 16, inChannels); i++) {
                    for (int o = lane; o < Math.min(lane + L, outChannels); o++) {
                        for (int ky = 0; ky < 3; ky++) {
                            WinogradWeights.transformRow(weights, from + ((o * inChannels + i) * 3 + ky) * 3, packed,
                                    to + (ky * POINTS * 16 + i - block) * L + o - lane, 16 * L);
                        }
                    }
                }
                to += BLOCK_WEIGHTS;
            }
        }
    }

    @Override
    public void run(
            TensorView in, float[] packed, int packedFrom, float[] bias, float[] slopes, TensorView out, int rowBegin,
            int rowEnd, float[] scratch, int scratchFrom) {
        if (in.layout() != Layout.BLOCKED16 || out.layout() != Layout.BLOCKED16
                || !pays(in.channels(), out.channels())) {
            direct.run(in, packed, packedFrom, bias, slopes, out, rowBegin, rowEnd, scratch, scratchFrom);
            return;
        }
        int weightsFrom = weightsFrom(packedFrom, in, out);
        for (int y = rowBegin; y < rowEnd; y += WinogradRowTile.ROWS) {
            int rows = Math.min(WinogradRowTile.ROWS, rowEnd - y);
            for (int x = 0; x < out.width(); x += STRIP_PIXELS) {
                inputs(in, y, rows, x, scratch, scratchFrom + products(out.channels()));
                for (int lane = 0; lane < out.planes() * 16; lane += L) {
                    products(in, out, lane, rows, packed, weightsFrom, scratch, scratchFrom);
                    outputs(scratch, scratchFrom, bias, slopes, out, lane, y, rows, x);
                }
            }
        }
    }

    @Override
    public boolean gates(int inChannels, int outChannels) {
        return pays(inChannels, outChannels);
    }

    @Override
    public void runGated(
            TensorView in, float[] packed, int packedFrom, TensorView gate, float[] slopes, TensorView out,
            float[] scratch, int scratchFrom, float[] sums) {
        int weightsFrom = weightsFrom(packedFrom, in, out);
        for (int y = 0; y < out.height(); y += WinogradRowTile.ROWS) {
            int rows = Math.min(WinogradRowTile.ROWS, out.height() - y);
            for (int x = 0; x < out.width(); x += STRIP_PIXELS) {
                inputs(in, y, rows, x, scratch, scratchFrom + products(out.channels()));
                for (int lane = 0; lane < out.planes() * 16; lane += L) {
                    products(in, out, lane, rows, packed, weightsFrom, scratch, scratchFrom);
                    WinogradRowTransforms.gated(scratch, scratchFrom, slopes, sums, lane, gate.data(),
                            gate.index(lane / 16 * 16, y, x) + lane % 16, gate.rowStride(), out.data(),
                            out.index(lane / 16 * 16, y, x) + lane % 16, out.rowStride(), rows);
                }
            }
        }
    }

    private int weightsFrom(int packedFrom, TensorView in, TensorView out) {
        return packedFrom + direct.packedElements(in.channels(), out.channels()) - Lanes.SLACK + Lanes.FIRST;
    }

    /// Transforms the inputs of a strip, some tiles of up to [WinogradRowTile#ROWS] rows. They and their products, and the
    /// weights of a block of inputs, stay in the first-level cache.
    private static void inputs(TensorView in, int y, int rows, int x, float[] scratch, int v) {
        for (int block = 0; block < in.planes(); block++) {
            for (int row = y - 1; row < y + rows + 1;) {
                int end = Math.min(y + rows + 1, in.pieceEnd(row));
                int from = in.index(block * 16, row, x - 1);
                int to = v + block * STRIP + (row - y + 1) * WinogradRowTile.ROW;
                for (int lane = 0; lane < 16; lane += L) {
                    WinogradRowTransforms.input(in.data(), from + lane, in.rowStride(), end - row, scratch, to + lane);
                }
                row = end;
            }
        }
    }

    /// Multiplies a strip's inputs for a vector of output channels.
    private void products(TensorView in, TensorView out, int lane, int rows, float[] packed, int weightsFrom,
            float[] scratch, int m) {
        int blocks = in.planes();
        int v = m + products(out.channels());
        int u = weightsFrom + lane / L * blocks * BLOCK_WEIGHTS;
        int points = rows * out.width() <= FEW_PIXELS ? 1 : POINTS;
        for (int block = 0; block < blocks; block++) {
            for (int t = 0; t < STRIP; t += tile.tiles() * WinogradRowTile.TILE) {
                for (int point = 0; point < POINTS; point += points) {
                    int i = v + block * STRIP + t + point * 16;
                    if (block == 0) {
                        tile.run(scratch, i, packed, u + point * 16 * L, points, scratch, m + t + point * 16);
                    } else {
                        tile.add(scratch, i, packed, u + point * 16 * L, points, scratch, m + t + point * 16);
                    }
                }
            }
            u += BLOCK_WEIGHTS;
        }
    }

    private static void outputs(float[] scratch, int m, float[] bias, float[] slopes, TensorView out, int lane, int y,
            int rows, int x) {
        for (int row = y; row < y + rows;) {
            int end = Math.min(y + rows, out.pieceEnd(row));
            WinogradRowTransforms.output(scratch, m + (row - y) * WinogradRowTile.ROW, bias, slopes, lane, out.data(),
                    out.index(lane / 16 * 16, row, x) + lane % 16, out.rowStride(), end - row);
            row = end;
        }
    }

    /// The direct kernel's weights lie first, so slices are taken out of these.
    @Override
    public Conv slice(int storedSize, int storedIn, int storedOut) {
        return direct.slice(storedSize, storedIn, storedOut);
    }
}
