package io.github.fovea.kernel.scalar;

import io.github.fovea.kernel.DepthwiseConv;
import io.github.fovea.tensor.TensorView;

/// Depthwise 3x3 convolution by its definition. Packed weights keep the order `[c][3][3]`.
final class DepthwiseConvScalar implements DepthwiseConv {
    @Override
    public int packedElements(int channels) {
        return Math.multiplyExact(9, channels);
    }

    @Override
    public void pack(float[] weights, int from, int channels, float[] packed) {
        System.arraycopy(weights, from, packed, 0, packedElements(channels));
    }

    @Override
    public void run(
            TensorView in, float[] packed, float[] bias, float[] slopes, TensorView out, int rowBegin, int rowEnd) {
        for (int c = 0; c < in.channels(); c++) {
            for (int y = rowBegin; y < rowEnd; y++) {
                for (int x = 0; x < in.width(); x++) {
                    float sum = bias[c];
                    for (int ky = 0; ky < 3; ky++) {
                        for (int kx = 0; kx < 3; kx++) {
                            sum += packed[c * 9 + ky * 3 + kx] * in.get(c, y + ky - 1, x + kx - 1);
                        }
                    }
                    if (slopes != null && sum < 0) {
                        sum *= slopes[c];
                    }
                    out.set(c, y, x, sum);
                }
            }
        }
        UnusedLanes.clear(out, rowBegin, rowEnd);
    }
}
