package io.github.fovea.kernel.vector;

import io.github.fovea.kernel.ConvWeightGradient;
import io.github.fovea.tensor.Layout;
import io.github.fovea.tensor.TensorView;
import java.util.Arrays;

/// Weight gradient of a dense 3x3 convolution by Winograd's F(4, 3) along rows, transposed: where the convolution is
/// `out = A [(G w) * (B d)]`, the gradient of `w` is `G' [(A' g) * (B d)]`, summed over all tiles before `G'` is
/// applied. Four neighbouring gradients `g` of the output so take 6 products with the inputs instead of 12; the three
/// rows of taps are direct.
///
/// A column of tiles, 4 pixels wide and up to [WinogradGradientTransforms#ROWS] rows high, is transformed to
/// `[point][row][16]`, inputs and output gradients alike. At one point the sums of a column are then what
/// [ConvGradientTile] computes along a row, with rows in the place of pixels. A column's inputs and gradients of one
/// point take 6 KB.
///
/// Planar inputs and a few channels go to the direct kernel.
final class WinogradRowGradient implements ConvWeightGradient {
    /// Output pixels of a tile.
    private static final int TILE = 4;
    private static final int POINTS = WinogradGradientTransforms.POINTS;
    private static final int POINT = WinogradGradientTransforms.POINT;
    /// Floats of the sums of one point, `[in][ky][16]`.
    private static final int SUMS = 16 * 3 * 16;
    /// Where [WinogradGradientTransforms#weights] leaves the gradients: `[kx][in][ky][16]`.
    private static final GradientSums.Strides WEIGHTS = new GradientSums.Strides(1, 48, 16, SUMS);
    /// Fewer channels in or out fill no block.
    private static final int LEAST_CHANNELS = 9;

    private final ConvWeightGradient direct;
    private final ConvGradientTile tile;

    /// Makes the kernel.
    ///
    /// @param direct computes what this one does not
    /// @param tile   sums products
    WinogradRowGradient(ConvWeightGradient direct, ConvGradientTile tile) {
        this.direct = direct;
        this.tile = tile;
    }

    private static boolean pays(int inChannels, int outChannels) {
        return Math.min(inChannels, outChannels) >= LEAST_CHANNELS;
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
        return Math.max(direct.scratchElements(inChannels, outChannels),
                pays(inChannels, outChannels) ? POINTS * (SUMS + 2 * POINT) + 16 : 0);
    }

    @Override
    public void run(
            TensorView in, TensorView dout, float[] scratch, int scratchFrom, float[] dw, int dwFrom, float[] db,
            int dbFrom) {
        if (in.layout() == Layout.PLANAR || !pays(in.channels(), dout.channels())) {
            direct.run(in, dout, scratch, scratchFrom, dw, dwFrom, db, dbFrom);
            return;
        }
        int bias = scratchFrom + POINTS * (SUMS + 2 * POINT);
        for (int ob = 0; ob < dout.planes(); ob++) {
            for (int ib = 0; ib < in.planes(); ib++) {
                int inputs = Math.min(16, in.channels() - 16 * ib);
                Arrays.fill(scratch, scratchFrom, scratchFrom + POINTS * SUMS, 0f);
                Arrays.fill(scratch, bias, bias + 16, 0f);
                block(in, ib, inputs, dout, ob, scratch, scratchFrom);
                WinogradGradientTransforms.weights(scratch, scratchFrom, SUMS);
                GradientSums.scatter(scratch, scratchFrom, WEIGHTS, 3, in.channels(), 16 * ib, inputs, 16 * ob,
                        Math.min(16, dout.channels() - 16 * ob), dw, dwFrom);
            }
            for (int o = 16 * ob; o < Math.min(16 * ob + 16, dout.channels()); o++) {
                db[dbFrom + o] += scratch[bias + o % 16];
            }
        }
    }

    /// Adds to the sums `[point][in][ky][16]` of a block of inputs and one of outputs, and to those of the bias.
    private void block(TensorView in, int ib, int inputs, TensorView dout, int ob, float[] scratch, int sums) {
        int height = dout.height();
        int v = sums + POINTS * SUMS;
        int g = v + POINTS * POINT;
        int strips = (height + WinogradGradientTransforms.ROWS - 1) / WinogradGradientTransforms.ROWS;
        for (int strip = 0; strip < strips; strip++) {
            int y = strip * height / strips;
            int rows = (strip + 1) * height / strips - y;
            // The rows of inputs that gradients of these rows look at, less those outside the picture, which are zero.
            int first = y == 0 ? 1 : 0;
            int count = (y + rows == height ? rows + 1 : rows + 2) - first;
            WinogradGradientTransforms.clearEnds(scratch, g, rows);
            for (int x = 0; x < dout.width(); x += TILE) {
                for (int lane = 0; lane < 16; lane += Lanes.COUNT) {
                    WinogradGradientTransforms.inputs(in.data(),
                            in.origin() + ib * in.planeStride() + (y - 1 + first) * in.rowStride() + (x - 1) * 16
                            + lane, in.rowStride(), count, scratch, v + lane);
                    WinogradGradientTransforms.gradients(dout.data(),
                            dout.origin() + ob * dout.planeStride() + y * dout.rowStride() + x * 16 + lane,
                            dout.rowStride(), rows, scratch, g + 32 + lane, g + POINTS * POINT + lane);
                }
                for (int point = 0; point < POINTS; point++) {
                    int to = sums + point * SUMS;
                    for (int i = 0; i < inputs; i += tile.inputs()) {
                        for (int lane = 0; lane < 16; lane += Lanes.COUNT) {
                            tile.run(scratch, v + point * POINT + i, scratch, g + point * POINT + (1 + first) * 16
                                    + lane, count, scratch, to + i * 48 + lane);
                        }
                    }
                }
            }
        }
    }
}
