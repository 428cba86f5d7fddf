package io.github.fovea.kernel.scalar;

import io.github.fovea.kernel.Conv;
import io.github.fovea.tensor.TensorView;

/// Dense convolution by its definition: one sum per output value. Packed weights keep the order `[out][in][size][size]`.
final class ConvScalar implements Conv {
    private final int size;

    ConvScalar(int size) {
        this.size = size;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public int packedElements(int inChannels, int outChannels) {
        return Math.multiplyExact(Math.multiplyExact(inChannels, outChannels), size * size);
    }

    @Override
    public void pack(float[] weights, int from, int inChannels, int outChannels, float[] packed) {
        System.arraycopy(weights, from, packed, 0, packedElements(inChannels, outChannels));
    }

    @Override
    public void run(
            TensorView in, float[] packed, float[] bias, float[] slopes, TensorView out, int rowBegin, int rowEnd,
            float[] scratch, int scratchFrom) {
        float[] pixels = in.data();
        int step = in.layout().pixelStride();
        int radius = size / 2;
        int weightsPerOutput = in.channels() * size * size;
        for (int o = 0; o < out.channels(); o++) {
            for (int y = rowBegin; y < rowEnd; y++) {
                for (int x = 0; x < out.width(); x++) {
                    float sum = bias[o];
                    int w = o * weightsPerOutput;
                    for (int i = 0; i < in.channels(); i++) {
                        for (int ky = 0; ky < size; ky++) {
                            int first = in.index(i, y + ky - radius, x - radius);
                            for (int kx = 0; kx < size; kx++) {
                                sum += packed[w++] * pixels[first + kx * step];
                            }
                        }
                    }
                    if (slopes != null && sum < 0) {
                        sum *= slopes[o];
                    }
                    out.set(o, y, x, sum);
                }
            }
        }
        UnusedLanes.clear(out, rowBegin, rowEnd);
    }
}
