package io.github.fovea.kernel.vector;

import io.github.fovea.kernel.ConvWeightGradient;
import io.github.fovea.tensor.Layout;
import io.github.fovea.tensor.TensorView;
import java.util.Arrays;

/// Weight gradient of a dense convolution: lanes are output channels, the sums of one row of taps stay in registers.
///
/// A blocked input is walked over as one flat run of pixels, borders included: they are zero, so rows need no edge code.
/// A planar one (the first of a network) is walked over row by row.
final class ConvGradientVector implements ConvWeightGradient {
    private final int size;
    private final ConvGradientTile blocked;
    private final PlanarGradientTile planar;

    /// Makes the kernel of one size from its tiles, for blocked and for planar inputs.
    ConvGradientVector(int size, ConvGradientTile blocked, PlanarGradientTile planar) {
        this.size = size;
        this.blocked = blocked;
        this.planar = planar;
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
            TensorView in, TensorView dout, float[] scratch, float[] dw, int dwFrom, float[] db, int dbFrom) {
        GradientSums.bias(dout, db, dbFrom);
        if (in.layout() == Layout.PLANAR) {
            runPlanar(in, dout, scratch, dw, dwFrom);
        } else {
            runBlocked(in, dout, scratch, dw, dwFrom);
        }
    }

    private void runBlocked(TensorView in, TensorView dout, float[] scratch, float[] dw, int dwFrom) {
        for (int ob = 0; ob < dout.planes(); ob++) {
            for (int ib = 0; ib < in.planes(); ib++) {
                int inputs = Math.min(16, in.channels() - 16 * ib);
                Arrays.fill(scratch, 0, scratchElements(16, 16), 0f);
                block(in, ib, inputs, dout, ob, scratch);
                GradientSums.scatter(scratch, size, in.channels(), 16 * ib, inputs, 16 * ob,
                        Math.min(16, dout.channels() - 16 * ob), dw, dwFrom);
            }
        }
    }

    /// Adds the sums of 16 inputs and 16 outputs to `sums`, ordered `[ky][ci][kx][16]`.
    private void block(TensorView in, int ib, int inputs, TensorView dout, int ob, float[] sums) {
        boolean flat = in.rowStride() == dout.rowStride();
        for (int ky = 0; ky < size; ky++) {
            int shift = ky - size / 2;
            int first = Math.max(0, -shift);
            int rows = dout.height() - Math.abs(shift);
            int x = in.origin() + ib * in.planeStride() + (first + shift) * in.rowStride();
            int g = dout.origin() + ob * dout.planeStride() + first * dout.rowStride();
            int to = ky * size * 256;
            if (flat && rows > 0) {
                int pixels = (rows - 1) * (dout.rowStride() / 16) + dout.width();
                rowOfTaps(in.data(), x, inputs, dout.data(), g, pixels, sums, to);
                continue;
            }
            for (int y = 0; y < rows; y++) {
                rowOfTaps(in.data(), x + y * in.rowStride(), inputs, dout.data(), g + y * dout.rowStride(), dout.width(),
                        sums, to);
            }
        }
    }

    private void rowOfTaps(
            float[] x, int xFrom, int inputs, float[] g, int gFrom, int pixels, float[] sums, int sumsFrom) {
        for (int ci = 0; ci < inputs; ci += blocked.inputs()) {
            for (int lane = 0; lane < 16; lane += Lanes.COUNT) {
                blocked.run(x, xFrom + ci, g, gFrom + lane, pixels, sums, sumsFrom + ci * size * 16 + lane);
            }
        }
    }

    private void runPlanar(TensorView in, TensorView dout, float[] scratch, float[] dw, int dwFrom) {
        int radius = size / 2;
        int taps = size * size;
        for (int ob = 0; ob < dout.planes(); ob++) {
            int outputs = Math.min(16, dout.channels() - 16 * ob);
            int g = dout.origin() + ob * dout.planeStride();
            for (int ci = 0; ci < in.channels(); ci++) {
                int x = in.origin() + ci * in.planeStride() - radius;
                for (int ky = 0; ky < size; ky++) {
                    for (int lane = 0; lane < 16; lane += Lanes.COUNT) {
                        planar.run(in.data(), x + (ky - radius) * in.rowStride(), in.rowStride(), dout.data(), g + lane,
                                dout.rowStride(), dout.height(), dout.width(), scratch, ky * size * 16 + lane);
                    }
                }
                for (int co = 0; co < outputs; co++) {
                    int to = dwFrom + ((16 * ob + co) * in.channels() + ci) * taps;
                    for (int k = 0; k < taps; k++) {
                        dw[to + k] += scratch[k * 16 + co];
                    }
                }
            }
        }
    }
}
