package io.github.fovea.train;

import io.github.fovea.graph.Interpolation;
import io.github.fovea.kernel.ResizeWeights;
import io.github.fovea.tensor.TensorView;
import java.util.Arrays;

/// Gradients that no kernel computes: they are rare or cheap beside convolutions.
final class Adjoints {
    private Adjoints() {}

    /// Sends the gradient of a pixel shuffle back: `in[c*s*s + i*s + j][y][x] = d[c][s*y+i][s*x+j]`, the inverse move.
    static void pixelShuffle(TensorView d, int scale, TensorView in) {
        int taps = scale * scale;
        int pixel = in.layout().pixelStride();
        int step = d.layout().pixelStride() * scale;
        if (in.channels() < in.planes() * in.layout().channelsPerPlane()) {
            // Lanes past the last channel hold zero.
            Arrays.fill(in.data(), in.offset(), in.offset() + in.planes() * in.planeStride(), 0f);
        }
        if (scale == 2 && pixel == 1 && step == 2) {
            planarByTwo(d, in);
            return;
        }
        for (int c = 0; c < in.channels(); c++) {
            int i = c % taps / scale;
            int j = c % scale;
            for (int y = 0; y < in.height(); y++) {
                int from = d.index(c / taps, scale * y + i, j);
                int to = in.index(c, y, 0);
                for (int x = 0; x < in.width(); x++) {
                    in.data()[to + x * pixel] = d.data()[from + x * step];
                }
            }
        }
    }

    /// The usual one: with distances that are constants the compiler needs no checks in the loop.
    private static void planarByTwo(TensorView d, TensorView in) {
        for (int c = 0; c < in.channels(); c += 2) {
            for (int y = 0; y < in.height(); y++) {
                deinterleave(d.data(), d.index(c / 4, 2 * y + c % 4 / 2, 0), in.data(), in.index(c, y, 0),
                        in.index(c + 1, y, 0), in.width());
            }
        }
    }

    private static void deinterleave(float[] from, int at, float[] to, int even, int odd, int count) {
        for (int x = 0; x < count; x++) {
            to[even + x] = from[at + 2 * x];
            to[odd + x] = from[at + 2 * x + 1];
        }
    }

    /// Sends the gradient of an enlargement back: every output pixel to the input pixels it was made of.
    static void resize(TensorView d, Interpolation interpolation, int scale, TensorView in) {
        ResizeWeights weights = ResizeWeights.of(interpolation, scale);
        int taps = weights.taps();
        Arrays.fill(in.data(), in.offset(), in.offset() + in.planes() * in.planeStride(), 0f);
        for (int c = 0; c < in.channels(); c++) {
            for (int y = 0; y < d.height(); y++) {
                for (int x = 0; x < d.width(); x++) {
                    float gradient = d.get(c, y, x);
                    for (int ky = 0; ky < taps; ky++) {
                        int row = Interpolation.mirror(y / scale + weights.first(y % scale) + ky, in.height());
                        float part = gradient * weights.weight(y % scale, ky);
                        for (int kx = 0; kx < taps; kx++) {
                            int column = Interpolation.mirror(x / scale + weights.first(x % scale) + kx, in.width());
                            in.data()[in.index(c, row, column)] += part * weights.weight(x % scale, kx);
                        }
                    }
                }
            }
        }
    }

    /// Adds the weight and bias gradients of a depthwise 3x3 convolution.
    static void depthwiseWeights(TensorView in, TensorView d, float[] sums, int weights, int bias) {
        for (int c = 0; c < in.channels(); c++) {
            float total = 0;
            for (int y = 0; y < d.height(); y++) {
                for (int x = 0; x < d.width(); x++) {
                    total += d.get(c, y, x);
                }
            }
            sums[bias + c] += total;
            for (int k = 0; k < 9; k++) {
                float sum = 0;
                for (int y = 0; y < d.height(); y++) {
                    for (int x = 0; x < d.width(); x++) {
                        sum += d.get(c, y, x) * in.get(c, y + k / 3 - 1, x + k % 3 - 1);
                    }
                }
                sums[weights + c * 9 + k] += sum;
            }
        }
    }
}
