package io.github.fovea.kernel.vector;

import io.github.fovea.kernel.ConvWeightGradient;
import io.github.fovea.tensor.Layout;
import io.github.fovea.tensor.TensorView;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// Weight gradient of the dense 5x5 convolution: lanes are output channels, one broadcast of the input feeds 5 taps.
///
/// A tile holds 4 x 5 sums (32 registers) or 2 x 5 (16 registers) while it walks over a plane as one flat run of
/// pixels, borders included: they are zero, so rows need no edge code.
final class Conv5x5GradientVector implements ConvWeightGradient {
    private static final VectorSpecies<Float> S = Lanes.SPECIES;
    private static final int INPUTS = S.length() == 16 ? 4 : 2;

    @Override
    public int size() {
        return 5;
    }

    @Override
    public int scratchElements(int inChannels, int outChannels) {
        return 16 * 16 * 25;
    }

    @Override
    public void run(
            TensorView in, TensorView dout, float[] scratch, float[] dw, int dwFrom, float[] db, int dbFrom) {
        GradientSums.bias(dout, db, dbFrom);
        if (in.layout() == Layout.PLANAR) {
            PlanarGradientVector.run(5, in, dout, scratch, dw, dwFrom);
            return;
        }
        for (int ob = 0; ob < dout.planes(); ob++) {
            for (int ib = 0; ib < in.planes(); ib++) {
                int inputs = Math.min(16, in.channels() - 16 * ib);
                Arrays.fill(scratch, 0, scratchElements(16, 16), 0f);
                block(in, ib, inputs, dout, ob, scratch);
                GradientSums.scatter(scratch, 5, in.channels(), 16 * ib, inputs, 16 * ob,
                        Math.min(16, dout.channels() - 16 * ob), dw, dwFrom);
            }
        }
    }

    /// Adds the sums of 16 inputs and 16 outputs to `sums`, ordered `[ky][ci][kx][16]`.
    private static void block(TensorView in, int ib, int inputs, TensorView dout, int ob, float[] sums) {
        boolean flat = in.rowStride() == dout.rowStride();
        for (int ky = 0; ky < 5; ky++) {
            int shift = ky - 2;
            int first = Math.max(0, -shift);
            int rows = dout.height() - Math.abs(shift);
            int x = in.origin() + ib * in.planeStride() + (first + shift) * in.rowStride();
            int g = dout.origin() + ob * dout.planeStride() + first * dout.rowStride();
            if (flat && rows > 0) {
                int pixels = (rows - 1) * (dout.rowStride() / 16) + dout.width();
                run(in.data(), x, inputs, dout.data(), g, pixels, sums, ky * 1280);
                continue;
            }
            for (int y = 0; y < rows; y++) {
                run(in.data(), x + y * in.rowStride(), inputs, dout.data(), g + y * dout.rowStride(), dout.width(), sums,
                        ky * 1280);
            }
        }
    }

    private static void run(
            float[] x, int xFrom, int inputs, float[] g, int gFrom, int pixels, float[] sums, int sumsFrom) {
        for (int ci = 0; ci < inputs; ci += INPUTS) {
            for (int lane = 0; lane < 16; lane += S.length()) {
                int to = sumsFrom + ci * 80 + lane;
                if (S.length() == 16) {
                    tile4(x, xFrom + ci, g, gFrom + lane, pixels, sums, to);
                } else {
                    tile2(x, xFrom + ci, g, gFrom + lane, pixels, sums, to);
                }
            }
        }
    }

    /// 4 inputs x 5 taps.
    private static void tile4(
            float[] x, int xFrom, float[] g, int gFrom, int pixels, float[] sums, int sumsFrom) {
        FloatVector a00 = FloatVector.fromArray(S, sums, sumsFrom);
        FloatVector a01 = FloatVector.fromArray(S, sums, sumsFrom + 16);
        FloatVector a02 = FloatVector.fromArray(S, sums, sumsFrom + 32);
        FloatVector a03 = FloatVector.fromArray(S, sums, sumsFrom + 48);
        FloatVector a04 = FloatVector.fromArray(S, sums, sumsFrom + 64);
        FloatVector a10 = FloatVector.fromArray(S, sums, sumsFrom + 80);
        FloatVector a11 = FloatVector.fromArray(S, sums, sumsFrom + 96);
        FloatVector a12 = FloatVector.fromArray(S, sums, sumsFrom + 112);
        FloatVector a13 = FloatVector.fromArray(S, sums, sumsFrom + 128);
        FloatVector a14 = FloatVector.fromArray(S, sums, sumsFrom + 144);
        FloatVector a20 = FloatVector.fromArray(S, sums, sumsFrom + 160);
        FloatVector a21 = FloatVector.fromArray(S, sums, sumsFrom + 176);
        FloatVector a22 = FloatVector.fromArray(S, sums, sumsFrom + 192);
        FloatVector a23 = FloatVector.fromArray(S, sums, sumsFrom + 208);
        FloatVector a24 = FloatVector.fromArray(S, sums, sumsFrom + 224);
        FloatVector a30 = FloatVector.fromArray(S, sums, sumsFrom + 240);
        FloatVector a31 = FloatVector.fromArray(S, sums, sumsFrom + 256);
        FloatVector a32 = FloatVector.fromArray(S, sums, sumsFrom + 272);
        FloatVector a33 = FloatVector.fromArray(S, sums, sumsFrom + 288);
        FloatVector a34 = FloatVector.fromArray(S, sums, sumsFrom + 304);
        int xb = xFrom;
        int gb = gFrom;
        for (int i = 0; i < pixels; i++) {
            FloatVector g0 = FloatVector.fromArray(S, g, gb + 32);
            FloatVector g1 = FloatVector.fromArray(S, g, gb + 16);
            FloatVector g2 = FloatVector.fromArray(S, g, gb);
            FloatVector g3 = FloatVector.fromArray(S, g, gb - 16);
            FloatVector g4 = FloatVector.fromArray(S, g, gb - 32);
            FloatVector x0 = FloatVector.broadcast(S, x[xb]);
            a00 = x0.fma(g0, a00);
            a01 = x0.fma(g1, a01);
            a02 = x0.fma(g2, a02);
            a03 = x0.fma(g3, a03);
            a04 = x0.fma(g4, a04);
            FloatVector x1 = FloatVector.broadcast(S, x[xb + 1]);
            a10 = x1.fma(g0, a10);
            a11 = x1.fma(g1, a11);
            a12 = x1.fma(g2, a12);
            a13 = x1.fma(g3, a13);
            a14 = x1.fma(g4, a14);
            FloatVector x2 = FloatVector.broadcast(S, x[xb + 2]);
            a20 = x2.fma(g0, a20);
            a21 = x2.fma(g1, a21);
            a22 = x2.fma(g2, a22);
            a23 = x2.fma(g3, a23);
            a24 = x2.fma(g4, a24);
            FloatVector x3 = FloatVector.broadcast(S, x[xb + 3]);
            a30 = x3.fma(g0, a30);
            a31 = x3.fma(g1, a31);
            a32 = x3.fma(g2, a32);
            a33 = x3.fma(g3, a33);
            a34 = x3.fma(g4, a34);
            xb += 16;
            gb += 16;
        }
        a00.intoArray(sums, sumsFrom);
        a01.intoArray(sums, sumsFrom + 16);
        a02.intoArray(sums, sumsFrom + 32);
        a03.intoArray(sums, sumsFrom + 48);
        a04.intoArray(sums, sumsFrom + 64);
        a10.intoArray(sums, sumsFrom + 80);
        a11.intoArray(sums, sumsFrom + 96);
        a12.intoArray(sums, sumsFrom + 112);
        a13.intoArray(sums, sumsFrom + 128);
        a14.intoArray(sums, sumsFrom + 144);
        a20.intoArray(sums, sumsFrom + 160);
        a21.intoArray(sums, sumsFrom + 176);
        a22.intoArray(sums, sumsFrom + 192);
        a23.intoArray(sums, sumsFrom + 208);
        a24.intoArray(sums, sumsFrom + 224);
        a30.intoArray(sums, sumsFrom + 240);
        a31.intoArray(sums, sumsFrom + 256);
        a32.intoArray(sums, sumsFrom + 272);
        a33.intoArray(sums, sumsFrom + 288);
        a34.intoArray(sums, sumsFrom + 304);
    }

    /// 2 inputs x 5 taps, for narrow vectors.
    private static void tile2(
            float[] x, int xFrom, float[] g, int gFrom, int pixels, float[] sums, int sumsFrom) {
        FloatVector a00 = FloatVector.fromArray(S, sums, sumsFrom);
        FloatVector a01 = FloatVector.fromArray(S, sums, sumsFrom + 16);
        FloatVector a02 = FloatVector.fromArray(S, sums, sumsFrom + 32);
        FloatVector a03 = FloatVector.fromArray(S, sums, sumsFrom + 48);
        FloatVector a04 = FloatVector.fromArray(S, sums, sumsFrom + 64);
        FloatVector a10 = FloatVector.fromArray(S, sums, sumsFrom + 80);
        FloatVector a11 = FloatVector.fromArray(S, sums, sumsFrom + 96);
        FloatVector a12 = FloatVector.fromArray(S, sums, sumsFrom + 112);
        FloatVector a13 = FloatVector.fromArray(S, sums, sumsFrom + 128);
        FloatVector a14 = FloatVector.fromArray(S, sums, sumsFrom + 144);
        int xb = xFrom;
        int gb = gFrom;
        for (int i = 0; i < pixels; i++) {
            FloatVector g0 = FloatVector.fromArray(S, g, gb + 32);
            FloatVector g1 = FloatVector.fromArray(S, g, gb + 16);
            FloatVector g2 = FloatVector.fromArray(S, g, gb);
            FloatVector g3 = FloatVector.fromArray(S, g, gb - 16);
            FloatVector g4 = FloatVector.fromArray(S, g, gb - 32);
            FloatVector x0 = FloatVector.broadcast(S, x[xb]);
            a00 = x0.fma(g0, a00);
            a01 = x0.fma(g1, a01);
            a02 = x0.fma(g2, a02);
            a03 = x0.fma(g3, a03);
            a04 = x0.fma(g4, a04);
            FloatVector x1 = FloatVector.broadcast(S, x[xb + 1]);
            a10 = x1.fma(g0, a10);
            a11 = x1.fma(g1, a11);
            a12 = x1.fma(g2, a12);
            a13 = x1.fma(g3, a13);
            a14 = x1.fma(g4, a14);
            xb += 16;
            gb += 16;
        }
        a00.intoArray(sums, sumsFrom);
        a01.intoArray(sums, sumsFrom + 16);
        a02.intoArray(sums, sumsFrom + 32);
        a03.intoArray(sums, sumsFrom + 48);
        a04.intoArray(sums, sumsFrom + 64);
        a10.intoArray(sums, sumsFrom + 80);
        a11.intoArray(sums, sumsFrom + 96);
        a12.intoArray(sums, sumsFrom + 112);
        a13.intoArray(sums, sumsFrom + 128);
        a14.intoArray(sums, sumsFrom + 144);
    }
}
