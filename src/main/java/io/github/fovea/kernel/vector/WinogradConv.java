package io.github.fovea.kernel.vector;

import static io.github.fovea.kernel.vector.WinogradStrip.SIZE;
import static io.github.fovea.kernel.vector.WinogradTile.POINTS;

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
/// Tiles are taken row by row in strips, which may go on in the next row. All points of a strip are made, multiplied and transformed back;
/// nothing is kept between points. Where one register tile makes all outputs from all inputs, and has as many floats of inputs as of
/// products, products take the place of inputs.
///
/// Input channels come in groups of 64, 32 or 16, whose transformed inputs are `[tile][36 points][channel]`, so that a product's loop
/// over points and channels goes through a tile float by float.
///
/// What is not worth it or not blocked goes to the direct kernel. Packed weights: the direct kernel's, and behind them, in the order in
/// which a strip reads them, `[vectors of a tile][group][36 points][channel][vectors][lanes]`.
final class WinogradConv implements Conv {
    /// Pictures of so few tiles are multiplied point by point: the same sums, and the JVM, which counts calls and not
    /// work, compiles the tile after less of it.
    private static final int FEW_TILES = 2;

    private static final int L = Lanes.COUNT;

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

    /// Input channels of a group: the most blocks, up to four, that all blocks can be divided into.
    private static int group(int inChannels) {
        int blocks = Layout.BLOCKED16.planes(inChannels);
        return blocks % 4 == 0 ? 64 : blocks % 2 == 0 ? 32 : 16;
    }

    /// The register tile for vectors of outputs, of which so many are left.
    private static WinogradTile tile(int group, int left) {
        return WinogradTiles.fitting(left).of(group);
    }

    private static boolean inPlace(int inChannels, int outChannels) {
        int group = group(inChannels);
        WinogradTile tile = tile(group, vectors(outChannels));
        return inChannels <= group && tile.vectors() == vectors(outChannels) && tile.products() == group;
    }

    /// Floats of the transformed inputs of a strip.
    private static int inputElements(int inChannels) {
        return WinogradStrip.tiles(group(inChannels)) * POINTS * 16 * Layout.BLOCKED16.planes(inChannels);
    }

    @Override
    public int size() {
        return 3;
    }

    @Override
    public int columnTile(int inChannels, int outChannels) {
        return WinogradRowConv.pays(inChannels, outChannels) ? SIZE : 1;
    }

    @Override
    public int rowTile(int inChannels, int outChannels) {
        return WinogradRowConv.pays(inChannels, outChannels) ? SIZE : 1;
    }

    @Override
    public boolean readsPieces(int inChannels, int outChannels) {
        return WinogradRowConv.pays(inChannels, outChannels) || direct.readsPieces(inChannels, outChannels);
    }

    @Override
    public int scratchElements(int inChannels, int outChannels) {
        if (!WinogradRowConv.pays(inChannels, outChannels)) {
            return 0;
        }
        int group = group(inChannels);
        return inputElements(inChannels) + (inPlace(inChannels, outChannels) ? 0
                : WinogradStrip.tiles(group) * POINTS * tile(group, vectors(outChannels)).products());
    }

    @Override
    public int packedElements(int inChannels, int outChannels) {
        return !WinogradRowConv.pays(inChannels, outChannels) ? direct.packedElements(inChannels, outChannels)
                : Math.addExact(direct.packedElements(inChannels, outChannels), Math.multiplyExact(
                POINTS * 256 * Layout.BLOCKED16.planes(inChannels), Layout.BLOCKED16.planes(outChannels)));
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
        int group = group(inChannels);
        double[] half = new double[18];
        for (int vector = 0; vector < vectors;) {
            int lanes = tile(group, vectors - vector).vectors() * L;
            for (int first = 0; first < inChannels; first += group) {
                for (int c = 0; c < Math.min(group, inChannels - first); c++) {
                    for (int lane = 0; lane < Math.min(lanes, outChannels - vector * L); lane++) {
                        WinogradWeights.transform(weights, from + ((vector * L + lane) * inChannels + first + c) * 9, half, packed,
                                to + c * lanes + lane, 6 * group * lanes, group * lanes);
                    }
                }
                to += POINTS * group * lanes;
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
        int group = group(in.channels());
        int m = inPlace(in.channels(), out.channels()) ? scratchFrom : scratchFrom + inputElements(in.channels());
        int across = (out.width() + SIZE - 1) / SIZE;
        int all = across * ((rowEnd - rowBegin + SIZE - 1) / SIZE);
        int vectors = vectors(out.channels());
        int strip = WinogradStrip.tiles(group);
        for (int first = 0; first < all; first += strip) {
            int count = Math.min(strip, all - first);
            WinogradStrip.inputs(in, rowBegin, rowEnd, across, first, count, group, scratch, scratchFrom);
            int u = weightsFrom(packedFrom, in.channels(), out.channels());
            for (int vector = 0; vector < vectors;) {
                WinogradTile tile = tile(group, vectors - vector);
                u = WinogradStrip.products(in.channels(), tile, count, all <= FEW_TILES, packed, u, scratch, scratchFrom, m);
                WinogradStrip.outputs(out, rowBegin, rowEnd, across, first, count, bias, slopes, tile, vector, scratch,
                        m);
                vector += tile.vectors();
            }
        }
    }

    @Override
    public boolean gates(int inChannels, int outChannels) {
        return L == 16 && inChannels <= 16 && outChannels <= 16 && WinogradRowConv.pays(inChannels, outChannels);
    }

    @Override
    public void runGated(
            TensorView in, float[] packed, int packedFrom, TensorView gate, float[] slopes, TensorView out,
            float[] scratch, int scratchFrom, float[] sums) {
        int across = (out.width() + SIZE - 1) / SIZE;
        int all = across * ((out.height() + SIZE - 1) / SIZE);
        int u = weightsFrom(packedFrom, in.channels(), out.channels());
        int strip = WinogradStrip.tiles(16);
        for (int first = 0; first < all; first += strip) {
            int count = Math.min(strip, all - first);
            WinogradStrip.inputs(in, 0, out.height(), across, first, count, 16, scratch, scratchFrom);
            WinogradStrip.products(16, tile(16, 1), count, all <= FEW_TILES, packed, u, scratch, scratchFrom, scratchFrom);
            WinogradStrip.gated(gate, slopes, out, across, first, count, sums, scratch, scratchFrom);
        }
    }

    private int weightsFrom(int packedFrom, int inChannels, int outChannels) {
        return packedFrom + direct.packedElements(inChannels, outChannels) - Lanes.SLACK + Lanes.FIRST;
    }

    /// The direct kernel's weights lie first, so slices are taken out of these.
    @Override
    public Conv slice(int storedSize, int storedIn, int storedOut) {
        return direct.slice(storedSize, storedIn, storedOut);
    }
}
