package io.github.fovea.kernel.vector;

import io.github.fovea.kernel.ConvWeightGradient;
import io.github.fovea.tensor.Layout;
import io.github.fovea.tensor.TensorView;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// Weight gradient of the dense 3x3 convolution: lanes are output channels, one broadcast of the input feeds 3 taps.
///
/// A tile holds 8 x 3 sums (32 registers) or 4 x 3 (16 registers) while it walks over a plane as one flat run of
/// pixels, borders included: they are zero, so rows need no edge code.
final class Conv3x3GradientVector implements ConvWeightGradient {
    private static final VectorSpecies<Float> S = Lanes.SPECIES;
    private static final int INPUTS = S.length() == 16 ? 8 : 4;

    @Override
    public int size() {
        return 3;
    }

    @Override
    public int scratchElements(int inChannels, int outChannels) {
        return 16 * 16 * 9;
    }

    @Override
    public void run(
            TensorView in, TensorView dout, float[] scratch, float[] dw, int dwFrom, float[] db, int dbFrom) {
        GradientSums.bias(dout, db, dbFrom);
        if (in.layout() == Layout.PLANAR) {
            PlanarGradientVector.run(3, in, dout, scratch, dw, dwFrom);
            return;
        }
        for (int ob = 0; ob < dout.planes(); ob++) {
            for (int ib = 0; ib < in.planes(); ib++) {
                int inputs = Math.min(16, in.channels() - 16 * ib);
                Arrays.fill(scratch, 0, scratchElements(16, 16), 0f);
                block(in, ib, inputs, dout, ob, scratch);
                GradientSums.scatter(scratch, 3, in.channels(), 16 * ib, inputs, 16 * ob,
                        Math.min(16, dout.channels() - 16 * ob), dw, dwFrom);
            }
        }
    }

    /// Adds the sums of 16 inputs and 16 outputs to `sums`, ordered `[ky][ci][kx][16]`.
    private static void block(TensorView in, int ib, int inputs, TensorView dout, int ob, float[] sums) {
        boolean flat = in.rowStride() == dout.rowStride();
        for (int ky = 0; ky < 3; ky++) {
            int shift = ky - 1;
            int first = Math.max(0, -shift);
            int rows = dout.height() - Math.abs(shift);
            int x = in.origin() + ib * in.planeStride() + (first + shift) * in.rowStride();
            int g = dout.origin() + ob * dout.planeStride() + first * dout.rowStride();
            if (flat && rows > 0) {
                int pixels = (rows - 1) * (dout.rowStride() / 16) + dout.width();
                run(in.data(), x, inputs, dout.data(), g, pixels, sums, ky * 768);
                continue;
            }
            for (int y = 0; y < rows; y++) {
                run(in.data(), x + y * in.rowStride(), inputs, dout.data(), g + y * dout.rowStride(), dout.width(), sums,
                        ky * 768);
            }
        }
    }

    private static void run(
            float[] x, int xFrom, int inputs, float[] g, int gFrom, int pixels, float[] sums, int sumsFrom) {
        for (int ci = 0; ci < inputs; ci += INPUTS) {
            for (int lane = 0; lane < 16; lane += S.length()) {
                int to = sumsFrom + ci * 48 + lane;
                if (S.length() == 16) {
                    tile8(x, xFrom + ci, g, gFrom + lane, pixels, sums, to);
                } else {
                    tile4(x, xFrom + ci, g, gFrom + lane, pixels, sums, to);
                }
            }
        }
    }

    /// 8 inputs x 3 taps.
    private static void tile8(
            float[] x, int xFrom, float[] g, int gFrom, int pixels, float[] sums, int sumsFrom) {
        FloatVector a00 = FloatVector.fromArray(S, sums, sumsFrom);
        FloatVector a01 = FloatVector.fromArray(S, sums, sumsFrom + 16);
        FloatVector a02 = FloatVector.fromArray(S, sums, sumsFrom + 32);
        FloatVector a10 = FloatVector.fromArray(S, sums, sumsFrom + 48);
        FloatVector a11 = FloatVector.fromArray(S, sums, sumsFrom + 64);
        FloatVector a12 = FloatVector.fromArray(S, sums, sumsFrom + 80);
        FloatVector a20 = FloatVector.fromArray(S, sums, sumsFrom + 96);
        FloatVector a21 = FloatVector.fromArray(S, sums, sumsFrom + 112);
        FloatVector a22 = FloatVector.fromArray(S, sums, sumsFrom + 128);
        FloatVector a30 = FloatVector.fromArray(S, sums, sumsFrom + 144);
        FloatVector a31 = FloatVector.fromArray(S, sums, sumsFrom + 160);
        FloatVector a32 = FloatVector.fromArray(S, sums, sumsFrom + 176);
        FloatVector a40 = FloatVector.fromArray(S, sums, sumsFrom + 192);
        FloatVector a41 = FloatVector.fromArray(S, sums, sumsFrom + 208);
        FloatVector a42 = FloatVector.fromArray(S, sums, sumsFrom + 224);
        FloatVector a50 = FloatVector.fromArray(S, sums, sumsFrom + 240);
        FloatVector a51 = FloatVector.fromArray(S, sums, sumsFrom + 256);
        FloatVector a52 = FloatVector.fromArray(S, sums, sumsFrom + 272);
        FloatVector a60 = FloatVector.fromArray(S, sums, sumsFrom + 288);
        FloatVector a61 = FloatVector.fromArray(S, sums, sumsFrom + 304);
        FloatVector a62 = FloatVector.fromArray(S, sums, sumsFrom + 320);
        FloatVector a70 = FloatVector.fromArray(S, sums, sumsFrom + 336);
        FloatVector a71 = FloatVector.fromArray(S, sums, sumsFrom + 352);
        FloatVector a72 = FloatVector.fromArray(S, sums, sumsFrom + 368);
        int xb = xFrom;
        int gb = gFrom;
        for (int i = 0; i < pixels; i++) {
            FloatVector g0 = FloatVector.fromArray(S, g, gb + 16);
            FloatVector g1 = FloatVector.fromArray(S, g, gb);
            FloatVector g2 = FloatVector.fromArray(S, g, gb - 16);
            FloatVector x0 = FloatVector.broadcast(S, x[xb]);
            a00 = x0.fma(g0, a00);
            a01 = x0.fma(g1, a01);
            a02 = x0.fma(g2, a02);
            FloatVector x1 = FloatVector.broadcast(S, x[xb + 1]);
            a10 = x1.fma(g0, a10);
            a11 = x1.fma(g1, a11);
            a12 = x1.fma(g2, a12);
            FloatVector x2 = FloatVector.broadcast(S, x[xb + 2]);
            a20 = x2.fma(g0, a20);
            a21 = x2.fma(g1, a21);
            a22 = x2.fma(g2, a22);
            FloatVector x3 = FloatVector.broadcast(S, x[xb + 3]);
            a30 = x3.fma(g0, a30);
            a31 = x3.fma(g1, a31);
            a32 = x3.fma(g2, a32);
            FloatVector x4 = FloatVector.broadcast(S, x[xb + 4]);
            a40 = x4.fma(g0, a40);
            a41 = x4.fma(g1, a41);
            a42 = x4.fma(g2, a42);
            FloatVector x5 = FloatVector.broadcast(S, x[xb + 5]);
            a50 = x5.fma(g0, a50);
            a51 = x5.fma(g1, a51);
            a52 = x5.fma(g2, a52);
            FloatVector x6 = FloatVector.broadcast(S, x[xb + 6]);
            a60 = x6.fma(g0, a60);
            a61 = x6.fma(g1, a61);
            a62 = x6.fma(g2, a62);
            FloatVector x7 = FloatVector.broadcast(S, x[xb + 7]);
            a70 = x7.fma(g0, a70);
            a71 = x7.fma(g1, a71);
            a72 = x7.fma(g2, a72);
            xb += 16;
            gb += 16;
        }
        a00.intoArray(sums, sumsFrom);
        a01.intoArray(sums, sumsFrom + 16);
        a02.intoArray(sums, sumsFrom + 32);
        a10.intoArray(sums, sumsFrom + 48);
        a11.intoArray(sums, sumsFrom + 64);
        a12.intoArray(sums, sumsFrom + 80);
        a20.intoArray(sums, sumsFrom + 96);
        a21.intoArray(sums, sumsFrom + 112);
        a22.intoArray(sums, sumsFrom + 128);
        a30.intoArray(sums, sumsFrom + 144);
        a31.intoArray(sums, sumsFrom + 160);
        a32.intoArray(sums, sumsFrom + 176);
        a40.intoArray(sums, sumsFrom + 192);
        a41.intoArray(sums, sumsFrom + 208);
        a42.intoArray(sums, sumsFrom + 224);
        a50.intoArray(sums, sumsFrom + 240);
        a51.intoArray(sums, sumsFrom + 256);
        a52.intoArray(sums, sumsFrom + 272);
        a60.intoArray(sums, sumsFrom + 288);
        a61.intoArray(sums, sumsFrom + 304);
        a62.intoArray(sums, sumsFrom + 320);
        a70.intoArray(sums, sumsFrom + 336);
        a71.intoArray(sums, sumsFrom + 352);
        a72.intoArray(sums, sumsFrom + 368);
    }

    /// 4 inputs x 3 taps, for narrow vectors.
    private static void tile4(
            float[] x, int xFrom, float[] g, int gFrom, int pixels, float[] sums, int sumsFrom) {
        FloatVector a00 = FloatVector.fromArray(S, sums, sumsFrom);
        FloatVector a01 = FloatVector.fromArray(S, sums, sumsFrom + 16);
        FloatVector a02 = FloatVector.fromArray(S, sums, sumsFrom + 32);
        FloatVector a10 = FloatVector.fromArray(S, sums, sumsFrom + 48);
        FloatVector a11 = FloatVector.fromArray(S, sums, sumsFrom + 64);
        FloatVector a12 = FloatVector.fromArray(S, sums, sumsFrom + 80);
        FloatVector a20 = FloatVector.fromArray(S, sums, sumsFrom + 96);
        FloatVector a21 = FloatVector.fromArray(S, sums, sumsFrom + 112);
        FloatVector a22 = FloatVector.fromArray(S, sums, sumsFrom + 128);
        FloatVector a30 = FloatVector.fromArray(S, sums, sumsFrom + 144);
        FloatVector a31 = FloatVector.fromArray(S, sums, sumsFrom + 160);
        FloatVector a32 = FloatVector.fromArray(S, sums, sumsFrom + 176);
        int xb = xFrom;
        int gb = gFrom;
        for (int i = 0; i < pixels; i++) {
            FloatVector g0 = FloatVector.fromArray(S, g, gb + 16);
            FloatVector g1 = FloatVector.fromArray(S, g, gb);
            FloatVector g2 = FloatVector.fromArray(S, g, gb - 16);
            FloatVector x0 = FloatVector.broadcast(S, x[xb]);
            a00 = x0.fma(g0, a00);
            a01 = x0.fma(g1, a01);
            a02 = x0.fma(g2, a02);
            FloatVector x1 = FloatVector.broadcast(S, x[xb + 1]);
            a10 = x1.fma(g0, a10);
            a11 = x1.fma(g1, a11);
            a12 = x1.fma(g2, a12);
            FloatVector x2 = FloatVector.broadcast(S, x[xb + 2]);
            a20 = x2.fma(g0, a20);
            a21 = x2.fma(g1, a21);
            a22 = x2.fma(g2, a22);
            FloatVector x3 = FloatVector.broadcast(S, x[xb + 3]);
            a30 = x3.fma(g0, a30);
            a31 = x3.fma(g1, a31);
            a32 = x3.fma(g2, a32);
            xb += 16;
            gb += 16;
        }
        a00.intoArray(sums, sumsFrom);
        a01.intoArray(sums, sumsFrom + 16);
        a02.intoArray(sums, sumsFrom + 32);
        a10.intoArray(sums, sumsFrom + 48);
        a11.intoArray(sums, sumsFrom + 64);
        a12.intoArray(sums, sumsFrom + 80);
        a20.intoArray(sums, sumsFrom + 96);
        a21.intoArray(sums, sumsFrom + 112);
        a22.intoArray(sums, sumsFrom + 128);
        a30.intoArray(sums, sumsFrom + 144);
        a31.intoArray(sums, sumsFrom + 160);
        a32.intoArray(sums, sumsFrom + 176);
    }
}
