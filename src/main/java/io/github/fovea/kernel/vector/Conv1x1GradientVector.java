package io.github.fovea.kernel.vector;

import io.github.fovea.kernel.ConvWeightGradient;
import io.github.fovea.tensor.Layout;
import io.github.fovea.tensor.TensorView;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// Weight gradient of the dense 1x1 convolution: lanes are output channels, one accumulator per input channel.
///
/// A tile holds 16 x 1 sums (32 registers) or 8 x 1 (16 registers) while it walks over a plane as one flat run of
/// pixels, borders included: they are zero, so rows need no edge code.
final class Conv1x1GradientVector implements ConvWeightGradient {
    private static final VectorSpecies<Float> S = Lanes.SPECIES;
    private static final int INPUTS = S.length() == 16 ? 16 : 8;

    @Override
    public int size() {
        return 1;
    }

    @Override
    public int scratchElements(int inChannels, int outChannels) {
        return 16 * 16;
    }

    @Override
    public void run(
            TensorView in, TensorView dout, float[] scratch, float[] dw, int dwFrom, float[] db, int dbFrom) {
        GradientSums.bias(dout, db, dbFrom);
        if (in.layout() == Layout.PLANAR) {
            PlanarGradientVector.run(1, in, dout, scratch, dw, dwFrom);
            return;
        }
        for (int ob = 0; ob < dout.planes(); ob++) {
            for (int ib = 0; ib < in.planes(); ib++) {
                int inputs = Math.min(16, in.channels() - 16 * ib);
                Arrays.fill(scratch, 0, scratchElements(16, 16), 0f);
                block(in, ib, inputs, dout, ob, scratch);
                GradientSums.scatter(scratch, 1, in.channels(), 16 * ib, inputs, 16 * ob,
                        Math.min(16, dout.channels() - 16 * ob), dw, dwFrom);
            }
        }
    }

    /// Adds the sums of 16 inputs and 16 outputs to `sums`, ordered `[ci][16]`.
    private static void block(TensorView in, int ib, int inputs, TensorView dout, int ob, float[] sums) {
        boolean flat = in.rowStride() == dout.rowStride();
        int x = in.origin() + ib * in.planeStride();
        int g = dout.origin() + ob * dout.planeStride();
        if (flat) {
            int pixels = (dout.height() - 1) * (dout.rowStride() / 16) + dout.width();
            run(in.data(), x, inputs, dout.data(), g, pixels, sums, 0);
            return;
        }
        for (int y = 0; y < dout.height(); y++) {
            run(in.data(), x + y * in.rowStride(), inputs, dout.data(), g + y * dout.rowStride(), dout.width(), sums, 0);
        }
    }

    private static void run(
            float[] x, int xFrom, int inputs, float[] g, int gFrom, int pixels, float[] sums, int sumsFrom) {
        for (int ci = 0; ci < inputs; ci += INPUTS) {
            for (int lane = 0; lane < 16; lane += S.length()) {
                int to = sumsFrom + ci * 16 + lane;
                if (S.length() == 16) {
                    tile16(x, xFrom + ci, g, gFrom + lane, pixels, sums, to);
                } else {
                    tile8(x, xFrom + ci, g, gFrom + lane, pixels, sums, to);
                }
            }
        }
    }

    /// 16 inputs x 1 taps.
    private static void tile16(
            float[] x, int xFrom, float[] g, int gFrom, int pixels, float[] sums, int sumsFrom) {
        FloatVector a00 = FloatVector.fromArray(S, sums, sumsFrom);
        FloatVector a10 = FloatVector.fromArray(S, sums, sumsFrom + 16);
        FloatVector a20 = FloatVector.fromArray(S, sums, sumsFrom + 32);
        FloatVector a30 = FloatVector.fromArray(S, sums, sumsFrom + 48);
        FloatVector a40 = FloatVector.fromArray(S, sums, sumsFrom + 64);
        FloatVector a50 = FloatVector.fromArray(S, sums, sumsFrom + 80);
        FloatVector a60 = FloatVector.fromArray(S, sums, sumsFrom + 96);
        FloatVector a70 = FloatVector.fromArray(S, sums, sumsFrom + 112);
        FloatVector a80 = FloatVector.fromArray(S, sums, sumsFrom + 128);
        FloatVector a90 = FloatVector.fromArray(S, sums, sumsFrom + 144);
        FloatVector a100 = FloatVector.fromArray(S, sums, sumsFrom + 160);
        FloatVector a110 = FloatVector.fromArray(S, sums, sumsFrom + 176);
        FloatVector a120 = FloatVector.fromArray(S, sums, sumsFrom + 192);
        FloatVector a130 = FloatVector.fromArray(S, sums, sumsFrom + 208);
        FloatVector a140 = FloatVector.fromArray(S, sums, sumsFrom + 224);
        FloatVector a150 = FloatVector.fromArray(S, sums, sumsFrom + 240);
        int xb = xFrom;
        int gb = gFrom;
        for (int i = 0; i < pixels; i++) {
            FloatVector g0 = FloatVector.fromArray(S, g, gb);
            FloatVector x0 = FloatVector.broadcast(S, x[xb]);
            a00 = x0.fma(g0, a00);
            FloatVector x1 = FloatVector.broadcast(S, x[xb + 1]);
            a10 = x1.fma(g0, a10);
            FloatVector x2 = FloatVector.broadcast(S, x[xb + 2]);
            a20 = x2.fma(g0, a20);
            FloatVector x3 = FloatVector.broadcast(S, x[xb + 3]);
            a30 = x3.fma(g0, a30);
            FloatVector x4 = FloatVector.broadcast(S, x[xb + 4]);
            a40 = x4.fma(g0, a40);
            FloatVector x5 = FloatVector.broadcast(S, x[xb + 5]);
            a50 = x5.fma(g0, a50);
            FloatVector x6 = FloatVector.broadcast(S, x[xb + 6]);
            a60 = x6.fma(g0, a60);
            FloatVector x7 = FloatVector.broadcast(S, x[xb + 7]);
            a70 = x7.fma(g0, a70);
            FloatVector x8 = FloatVector.broadcast(S, x[xb + 8]);
            a80 = x8.fma(g0, a80);
            FloatVector x9 = FloatVector.broadcast(S, x[xb + 9]);
            a90 = x9.fma(g0, a90);
            FloatVector x10 = FloatVector.broadcast(S, x[xb + 10]);
            a100 = x10.fma(g0, a100);
            FloatVector x11 = FloatVector.broadcast(S, x[xb + 11]);
            a110 = x11.fma(g0, a110);
            FloatVector x12 = FloatVector.broadcast(S, x[xb + 12]);
            a120 = x12.fma(g0, a120);
            FloatVector x13 = FloatVector.broadcast(S, x[xb + 13]);
            a130 = x13.fma(g0, a130);
            FloatVector x14 = FloatVector.broadcast(S, x[xb + 14]);
            a140 = x14.fma(g0, a140);
            FloatVector x15 = FloatVector.broadcast(S, x[xb + 15]);
            a150 = x15.fma(g0, a150);
            xb += 16;
            gb += 16;
        }
        a00.intoArray(sums, sumsFrom);
        a10.intoArray(sums, sumsFrom + 16);
        a20.intoArray(sums, sumsFrom + 32);
        a30.intoArray(sums, sumsFrom + 48);
        a40.intoArray(sums, sumsFrom + 64);
        a50.intoArray(sums, sumsFrom + 80);
        a60.intoArray(sums, sumsFrom + 96);
        a70.intoArray(sums, sumsFrom + 112);
        a80.intoArray(sums, sumsFrom + 128);
        a90.intoArray(sums, sumsFrom + 144);
        a100.intoArray(sums, sumsFrom + 160);
        a110.intoArray(sums, sumsFrom + 176);
        a120.intoArray(sums, sumsFrom + 192);
        a130.intoArray(sums, sumsFrom + 208);
        a140.intoArray(sums, sumsFrom + 224);
        a150.intoArray(sums, sumsFrom + 240);
    }

    /// 8 inputs x 1 taps, for narrow vectors.
    private static void tile8(
            float[] x, int xFrom, float[] g, int gFrom, int pixels, float[] sums, int sumsFrom) {
        FloatVector a00 = FloatVector.fromArray(S, sums, sumsFrom);
        FloatVector a10 = FloatVector.fromArray(S, sums, sumsFrom + 16);
        FloatVector a20 = FloatVector.fromArray(S, sums, sumsFrom + 32);
        FloatVector a30 = FloatVector.fromArray(S, sums, sumsFrom + 48);
        FloatVector a40 = FloatVector.fromArray(S, sums, sumsFrom + 64);
        FloatVector a50 = FloatVector.fromArray(S, sums, sumsFrom + 80);
        FloatVector a60 = FloatVector.fromArray(S, sums, sumsFrom + 96);
        FloatVector a70 = FloatVector.fromArray(S, sums, sumsFrom + 112);
        int xb = xFrom;
        int gb = gFrom;
        for (int i = 0; i < pixels; i++) {
            FloatVector g0 = FloatVector.fromArray(S, g, gb);
            FloatVector x0 = FloatVector.broadcast(S, x[xb]);
            a00 = x0.fma(g0, a00);
            FloatVector x1 = FloatVector.broadcast(S, x[xb + 1]);
            a10 = x1.fma(g0, a10);
            FloatVector x2 = FloatVector.broadcast(S, x[xb + 2]);
            a20 = x2.fma(g0, a20);
            FloatVector x3 = FloatVector.broadcast(S, x[xb + 3]);
            a30 = x3.fma(g0, a30);
            FloatVector x4 = FloatVector.broadcast(S, x[xb + 4]);
            a40 = x4.fma(g0, a40);
            FloatVector x5 = FloatVector.broadcast(S, x[xb + 5]);
            a50 = x5.fma(g0, a50);
            FloatVector x6 = FloatVector.broadcast(S, x[xb + 6]);
            a60 = x6.fma(g0, a60);
            FloatVector x7 = FloatVector.broadcast(S, x[xb + 7]);
            a70 = x7.fma(g0, a70);
            xb += 16;
            gb += 16;
        }
        a00.intoArray(sums, sumsFrom);
        a10.intoArray(sums, sumsFrom + 16);
        a20.intoArray(sums, sumsFrom + 32);
        a30.intoArray(sums, sumsFrom + 48);
        a40.intoArray(sums, sumsFrom + 64);
        a50.intoArray(sums, sumsFrom + 80);
        a60.intoArray(sums, sumsFrom + 96);
        a70.intoArray(sums, sumsFrom + 112);
    }
}
