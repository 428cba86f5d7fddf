package io.github.fovea.kernel.vector;

import io.github.fovea.kernel.ConvWeightGradient;
import io.github.fovea.tensor.Layout;
import io.github.fovea.tensor.TensorView;
import java.util.Arrays;

/// Weight gradient of a dense convolution: lanes are output channels, or input channels where there are few outputs;
/// the sums of one row of taps stay in registers.
///
/// A blocked input is walked over as one flat run of pixels, borders included: they are zero, so rows need no edge
/// code. Where one of the tensors is planar, the input (the first of a network) or the gradient of the output (the last),
/// they are walked over row by row.
final class ConvGradientVector implements ConvWeightGradient {
    private final int size;
    private final ConvGradientTile blocked;
    private final ConvGradientTile narrow;
    private final PlanarGradientTile planar;
    private final PlanarGradientTile planars;

    /// Makes the kernel of one size from its tiles.
    ///
    /// @param size    the kernel size
    /// @param blocked for blocked inputs
    /// @param narrow  for blocked inputs too, where no more channels are broadcast than it has
    /// @param planar  where one tensor is planar
    /// @param planars the same for so many channels that they fill it
    ConvGradientVector(int size, ConvGradientTile blocked, ConvGradientTile narrow, PlanarGradientTile planar,
            PlanarGradientTile planars) {
        this.size = size;
        this.blocked = blocked;
        this.narrow = narrow;
        this.planar = planar;
        this.planars = planars;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public int scratchElements(int inChannels, int outChannels) {
        return 16 * 16 * size * size;
    }

    @Override
    public void run(
            TensorView in, TensorView dout, float[] scratch, int scratchFrom, float[] dw, int dwFrom, float[] db,
            int dbFrom) {
        GradientSums.bias(dout, db, dbFrom);
        int taps = size * size;
        if (in.layout() == Layout.PLANAR) {
            runPlanar(in, dout, scratch, scratchFrom, dw, dwFrom, taps, in.channels() * taps, 1);
        } else if (dout.layout() == Layout.PLANAR) {
            // Each tap finds what the opposite one looks for.
            runPlanar(dout, in, scratch, scratchFrom, dw, dwFrom + taps - 1, in.channels() * taps, taps, -1);
        } else {
            runBlocked(in, dout, scratch, scratchFrom, dw, dwFrom);
        }
    }

    private void runBlocked(TensorView in, TensorView dout, float[] scratch, int sums, float[] dw, int dwFrom) {
        for (int ob = 0; ob < dout.planes(); ob++) {
            for (int ib = 0; ib < in.planes(); ib++) {
                int inputs = Math.min(16, in.channels() - 16 * ib);
                int outputs = Math.min(16, dout.channels() - 16 * ob);
                Arrays.fill(scratch, sums, sums + scratchElements(16, 16), 0f);
                if (work(outputs) < work(inputs)) {
                    // Few outputs: they are broadcast, lanes are inputs, and each tap finds what the opposite one looks
                    // for.
                    block(dout, ob, outputs, in, ib, dout.width(), scratch, sums);
                    GradientSums.scatter(scratch, sums + (size - 1) * (size * 256 + 16),
                            new GradientSums.Strides(size * 16, 1, -size * 256, -16), size, in.channels(), 16 * ib,
                            inputs, 16 * ob, outputs, dw, dwFrom);
                } else {
                    block(in, ib, inputs, dout, ob, dout.width(), scratch, sums);
                    GradientSums.scatter(scratch, sums, new GradientSums.Strides(1, size * 16, size * 256, 16), size,
                            in.channels(), 16 * ib, inputs, 16 * ob, outputs, dw, dwFrom);
                }
            }
        }
    }

    /// Channels that are broadcast, those included that fill a tile.
    private int work(int channels) {
        int together = channels <= narrow.inputs() ? narrow.inputs() : blocked.inputs();
        return (channels + together - 1) / together * together;
    }

    /// Adds the sums of the first `channels` channels of a block of `x` and all 16 of one of `g` to `sums`, ordered
    /// `[ky][channel of x][kx][16]`.
    private void block(TensorView x, int xb, int channels, TensorView g, int gb, int width, float[] sums,
            int sumsFrom) {
        boolean flat = x.rowStride() == g.rowStride();
        for (int ky = 0; ky < size; ky++) {
            int shift = ky - size / 2;
            int first = Math.max(0, -shift);
            int rows = g.height() - Math.abs(shift);
            int xFrom = x.origin() + xb * x.planeStride() + (first + shift) * x.rowStride();
            int gFrom = g.origin() + gb * g.planeStride() + first * g.rowStride();
            int to = sumsFrom + ky * size * 256;
            if (flat && rows > 0) {
                int pixels = (rows - 1) * (g.rowStride() / 16) + width;
                rowOfTaps(x.data(), xFrom, channels, g.data(), gFrom, pixels, sums, to);
                continue;
            }
            for (int y = 0; y < rows; y++) {
                rowOfTaps(x.data(), xFrom + y * x.rowStride(), channels, g.data(), gFrom + y * g.rowStride(), width,
                        sums, to);
            }
        }
    }

    private void rowOfTaps(
            float[] x, int xFrom, int inputs, float[] g, int gFrom, int pixels, float[] sums, int sumsFrom) {
        ConvGradientTile tile = inputs <= narrow.inputs() ? narrow : blocked;
        for (int ci = 0; ci < inputs; ci += tile.inputs()) {
            for (int lane = 0; lane < 16; lane += Lanes.COUNT) {
                tile.run(x, xFrom + ci, g, gFrom + lane, pixels, sums, sumsFrom + ci * size * 16 + lane);
            }
        }
    }

    /// Adds the sums of a planar tensor `x`, shifted by taps, and a blocked one.
    ///
    /// @param dw           receives them
    /// @param dwFrom       index of the first channels' and the first tap's
    /// @param planarStride from a planar channel to the next
    /// @param lanesStride  from a blocked channel to the next
    /// @param tapStride    from a tap to the next
    private void runPlanar(TensorView x, TensorView g, float[] scratch, int sums, float[] dw, int dwFrom,
            int planarStride, int lanesStride, int tapStride) {
        int taps = size * size;
        for (int block = 0; block < g.planes(); block++) {
            int lanes = Math.min(16, g.channels() - 16 * block);
            int channels;
            for (int c = 0; c < x.channels(); c += channels) {
                PlanarGradientTile tile = c + planars.channels() <= x.channels() ? planars : planar;
                channels = tile.channels();
                sums(tile, x, c, g, block, scratch, sums);
                for (int k = 0; k < channels; k++) {
                    for (int lane = 0; lane < lanes; lane++) {
                        int to = dwFrom + (c + k) * planarStride + (16 * block + lane) * lanesStride;
                        for (int tap = 0; tap < taps; tap++) {
                            dw[to + tap * tapStride] += scratch[sums + (k * taps + tap) * 16 + lane];
                        }
                    }
                }
            }
        }
    }

    /// Makes the sums `[channel][tap][16]` of the channels of `x` that a tile takes together.
    private void sums(PlanarGradientTile tile, TensorView x, int channel, TensorView g, int block, float[] scratch,
            int sums) {
        int from = x.index(channel, -(size / 2), -(size / 2));
        int at = g.origin() + block * g.planeStride();
        for (int ky = 0; ky < size; ky += tile.rowsOfTaps()) {
            for (int lane = 0; lane < 16; lane += Lanes.COUNT) {
                tile.run(x.data(), from + ky * x.rowStride(), x.rowStride(), x.planeStride(), g.data(), at + lane,
                        g.rowStride(), g.height(), g.width(), scratch, sums + ky * size * 16 + lane);
            }
        }
    }
}
