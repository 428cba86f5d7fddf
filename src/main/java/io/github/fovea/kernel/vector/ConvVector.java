package io.github.fovea.kernel.vector;

import io.github.fovea.kernel.Conv;
import io.github.fovea.tensor.Layout;
import io.github.fovea.tensor.TensorView;

/// Dense convolution: covers the output with register tiles of 16 pixels by one vector of output channels.
///
/// Packed weights: for each vector of output channels, in the order in which a tile reads them,
/// `[out / lanes][in / 16][ky][in % 16][kx][lanes]`.
final class ConvVector implements Conv {
    private final int size;
    private final ConvTile blocked;
    private final ConvTile planar;

    /// Makes the kernel of one size from its tile for blocked and its tile for planar inputs.
    ConvVector(int size, ConvTile blocked, ConvTile planar) {
        this.size = size;
        this.blocked = blocked;
        this.planar = planar;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public int packedElements(int inChannels, int outChannels) {
        return Math.multiplyExact(Layout.BLOCKED16.planes(outChannels) * 16, Math.multiplyExact(inChannels, size * size));
    }

    @Override
    public void pack(float[] weights, int from, int inChannels, int outChannels, float[] packed) {
        int taps = size * size;
        int to = 0;
        for (int lane = 0; lane < Layout.BLOCKED16.planes(outChannels) * 16; lane += Lanes.COUNT) {
            for (int block = 0; block < inChannels; block += 16) {
                for (int ky = 0; ky < size; ky++) {
                    for (int i = block; i < Math.min(block + 16, inChannels); i++) {
                        for (int kx = 0; kx < size; kx++) {
                            for (int o = lane; o < lane + Lanes.COUNT; o++) {
                                packed[to++] = o < outChannels
                                        ? weights[from + (o * inChannels + i) * taps + ky * size + kx] : 0f;
                            }
                        }
                    }
                }
            }
        }
    }

    @Override
    public void run(
            TensorView in, float[] packed, float[] bias, float[] slopes, TensorView out, int rowBegin, int rowEnd) {
        int radius = size / 2;
        int channels = in.channels();
        ConvTile tile = in.layout() == Layout.PLANAR ? planar : blocked;
        int inStep = ConvTile.PIXELS * in.layout().pixelStride();
        int outStep = ConvTile.PIXELS * out.layout().pixelStride();
        int tiles = (out.width() + ConvTile.PIXELS - 1) / ConvTile.PIXELS;
        int packedStep = channels * size * size * Lanes.COUNT;
        for (int y = rowBegin; y < rowEnd; y++) {
            int inRow = in.index(0, y - radius, -radius);
            int packedFrom = 0;
            for (int lane = 0; lane < out.planes() * 16; lane += Lanes.COUNT) {
                int outRow = out.index(0, y, 0) + lane / 16 * out.planeStride() + lane % 16;
                for (int t = 0; t < tiles; t++) {
                    tile.run(in.data(), inRow + t * inStep, in.rowStride(), in.planeStride(), channels,
                            packed, packedFrom, bias, slopes, lane, out.data(), outRow + t * outStep);
                }
                packedFrom += packedStep;
            }
        }
    }
}
