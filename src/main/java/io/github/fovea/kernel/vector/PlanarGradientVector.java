package io.github.fovea.kernel.vector;

import io.github.fovea.tensor.TensorView;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// Weight gradient of a dense convolution whose input is planar (the first of a network): lanes are output channels, one
/// gradient pixel feeds all taps of a kernel row.
final class PlanarGradientVector {
    private static final VectorSpecies<Float> S = Lanes.SPECIES;

    private PlanarGradientVector() {}

    /// Adds the weight gradients.
    static void run(int size, TensorView in, TensorView dout, float[] scratch, float[] dw, int dwFrom) {
        int r = size / 2;
        for (int ob = 0; ob < dout.planes(); ob++) {
            int outputs = Math.min(16, dout.channels() - 16 * ob);
            int g = dout.origin() + ob * dout.planeStride();
            for (int ci = 0; ci < in.channels(); ci++) {
                int x = in.origin() + ci * in.planeStride() - r;
                for (int ky = 0; ky < size; ky++) {
                    int row = x + (ky - r) * in.rowStride();
                    for (int lane = 0; lane < 16; lane += S.length()) {
                        int to = ky * size * 16 + lane;
                        switch (size) {
                            case 1 -> row1(in.data(), row, in.rowStride(), dout.data(), g + lane, dout.rowStride(),
                                    dout.height(), dout.width(), scratch, to);
                            case 3 -> row3(in.data(), row, in.rowStride(), dout.data(), g + lane, dout.rowStride(),
                                    dout.height(), dout.width(), scratch, to);
                            default -> row5(in.data(), row, in.rowStride(), dout.data(), g + lane, dout.rowStride(),
                                    dout.height(), dout.width(), scratch, to);
                        }
                    }
                }
                for (int co = 0; co < outputs; co++) {
                    int to = dwFrom + ((16 * ob + co) * in.channels() + ci) * size * size;
                    for (int k = 0; k < size * size; k++) {
                        dw[to + k] += scratch[k * 16 + co];
                    }
                }
            }
        }
    }

    private static void row1(
            float[] x, int xFrom, int xRow, float[] g, int gFrom, int gRow, int rows, int width,
            float[] sums, int sumsFrom) {
        FloatVector a0 = FloatVector.zero(S);
        for (int y = 0; y < rows; y++) {
            int xb = xFrom + y * xRow;
            int gb = gFrom + y * gRow;
            for (int i = 0; i < width; i++) {
                FloatVector d = FloatVector.fromArray(S, g, gb);
                a0 = FloatVector.broadcast(S, x[xb]).fma(d, a0);
                xb++;
                gb += 16;
            }
        }
        a0.intoArray(sums, sumsFrom);
    }

    private static void row3(
            float[] x, int xFrom, int xRow, float[] g, int gFrom, int gRow, int rows, int width,
            float[] sums, int sumsFrom) {
        FloatVector a0 = FloatVector.zero(S);
        FloatVector a1 = FloatVector.zero(S);
        FloatVector a2 = FloatVector.zero(S);
        for (int y = 0; y < rows; y++) {
            int xb = xFrom + y * xRow;
            int gb = gFrom + y * gRow;
            for (int i = 0; i < width; i++) {
                FloatVector d = FloatVector.fromArray(S, g, gb);
                a0 = FloatVector.broadcast(S, x[xb]).fma(d, a0);
                a1 = FloatVector.broadcast(S, x[xb + 1]).fma(d, a1);
                a2 = FloatVector.broadcast(S, x[xb + 2]).fma(d, a2);
                xb++;
                gb += 16;
            }
        }
        a0.intoArray(sums, sumsFrom);
        a1.intoArray(sums, sumsFrom + 16);
        a2.intoArray(sums, sumsFrom + 32);
    }

    private static void row5(
            float[] x, int xFrom, int xRow, float[] g, int gFrom, int gRow, int rows, int width,
            float[] sums, int sumsFrom) {
        FloatVector a0 = FloatVector.zero(S);
        FloatVector a1 = FloatVector.zero(S);
        FloatVector a2 = FloatVector.zero(S);
        FloatVector a3 = FloatVector.zero(S);
        FloatVector a4 = FloatVector.zero(S);
        for (int y = 0; y < rows; y++) {
            int xb = xFrom + y * xRow;
            int gb = gFrom + y * gRow;
            for (int i = 0; i < width; i++) {
                FloatVector d = FloatVector.fromArray(S, g, gb);
                a0 = FloatVector.broadcast(S, x[xb]).fma(d, a0);
                a1 = FloatVector.broadcast(S, x[xb + 1]).fma(d, a1);
                a2 = FloatVector.broadcast(S, x[xb + 2]).fma(d, a2);
                a3 = FloatVector.broadcast(S, x[xb + 3]).fma(d, a3);
                a4 = FloatVector.broadcast(S, x[xb + 4]).fma(d, a4);
                xb++;
                gb += 16;
            }
        }
        a0.intoArray(sums, sumsFrom);
        a1.intoArray(sums, sumsFrom + 16);
        a2.intoArray(sums, sumsFrom + 32);
        a3.intoArray(sums, sumsFrom + 48);
        a4.intoArray(sums, sumsFrom + 64);
    }
}
