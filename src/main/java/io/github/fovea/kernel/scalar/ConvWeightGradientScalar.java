package io.github.fovea.kernel.scalar;

import io.github.fovea.kernel.ConvWeightGradient;
import io.github.fovea.tensor.TensorView;

/// Gradient of a dense convolution's weights and bias by its definition, summed in double.
final class ConvWeightGradientScalar implements ConvWeightGradient {
    private final int size;

    ConvWeightGradientScalar(int size) {
        this.size = size;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public int scratchElements(int inChannels, int outChannels) {
        return 0;
    }

    @Override
    public void run(
            TensorView in, TensorView dout, float[] scratch, int scratchFrom, float[] dw, int dwFrom, float[] db,
            int dbFrom) {
        int w = dwFrom;
        for (int o = 0; o < dout.channels(); o++) {
            for (int i = 0; i < in.channels(); i++) {
                for (int ky = 0; ky < size; ky++) {
                    for (int kx = 0; kx < size; kx++) {
                        dw[w++] += (float) correlation(in, i, dout, o, ky - size / 2, kx - size / 2);
                    }
                }
            }
            double sum = 0;
            for (int y = 0; y < dout.height(); y++) {
                for (int x = 0; x < dout.width(); x++) {
                    sum += dout.get(o, y, x);
                }
            }
            db[dbFrom + o] += (float) sum;
        }
    }

    private static double correlation(TensorView in, int i, TensorView dout, int o, int dy, int dx) {
        double sum = 0;
        for (int y = 0; y < dout.height(); y++) {
            for (int x = 0; x < dout.width(); x++) {
                sum += (double) dout.get(o, y, x) * in.get(i, y + dy, x + dx);
            }
        }
        return sum;
    }
}
