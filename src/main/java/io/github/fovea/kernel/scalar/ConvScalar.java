package io.github.fovea.kernel.scalar;

import io.github.fovea.kernel.Conv;
import io.github.fovea.tensor.TensorView;

/// Dense convolution by its definition: one sum per output value. Packed weights keep the order
/// `[out][in][size][size]`.
final class ConvScalar implements Conv {
    private final int size;
    private final int storedSize;
    /// Input channels of the packed tensor; 0 for as many as the input has.
    private final int storedIn;

    ConvScalar(int size) {
        this(size, size, 0);
    }

    private ConvScalar(int size, int storedSize, int storedIn) {
        this.size = size;
        this.storedSize = storedSize;
        this.storedIn = storedIn;
    }

    @Override
    public Conv slice(int newStoredSize, int newStoredIn, int newStoredOut) {
        if (newStoredSize != size && (size != 1 || newStoredSize != 3)) {
            throw new IllegalArgumentException("a kernel of size " + size + " is no slice of one of size "
                    + newStoredSize);
        }
        return new ConvScalar(size, newStoredSize, newStoredIn);
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public boolean readsPieces(int inChannels, int outChannels) {
        return true;
    }

    @Override
    public int packedElements(int inChannels, int outChannels) {
        return Math.multiplyExact(Math.multiplyExact(storedIn == 0 ? inChannels : storedIn, outChannels),
                storedSize * storedSize);
    }

    @Override
    public void pack(float[] weights, int from, int inChannels, int outChannels, float[] packed, int packedFrom) {
        System.arraycopy(weights, from, packed, packedFrom, packedElements(inChannels, outChannels));
    }

    @Override
    public void run(
            TensorView in, float[] packed, int packedFrom, float[] bias, float[] slopes, TensorView out, int rowBegin,
            int rowEnd, float[] scratch, int scratchFrom) {
        float[] pixels = in.data();
        int step = in.layout().pixelStride();
        int radius = size / 2;
        int taps = storedSize * storedSize;
        int margin = (storedSize - size) / 2;
        int weightsPerOutput = (storedIn == 0 ? in.channels() : storedIn) * taps;
        for (int o = 0; o < out.channels(); o++) {
            for (int y = rowBegin; y < rowEnd; y++) {
                for (int x = 0; x < out.width(); x++) {
                    float sum = bias[o];
                    for (int i = 0; i < in.channels(); i++) {
                        for (int ky = 0; ky < size; ky++) {
                            int first = in.index(i, y + ky - radius, x - radius);
                            int w = packedFrom + o * weightsPerOutput + i * taps + (ky + margin) * storedSize + margin;
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
