package io.github.fovea.flow;

import io.github.fovea.kernel.KernelTable;

/// Convolution of any kind: depthwise ones row by row, all others as a product of the weights with the windows, which are
/// laid out as columns, a tile of them at a time (Chellapilla et al. 2006, "High performance convolutional neural networks
/// for document processing"). A window of one pixel needs no layout.
final class ConvKernel extends GroupedKernel {
    private BlockedConv blocked;

    ConvKernel(FlowNode node) {
        super(node);
    }

    /// Prepares for weights that never change: where the table has a kernel for the window, that runs.
    void pack(KernelTable kernels, Constant weights, Constant bias) {
        Window window = window(weights.shape());
        if (group() == 1 && BlockedConv.serves(window)) {
            blocked = new BlockedConv(kernels.conv(window.kernel()[0]), weights, bias);
        }
    }

    @Override
    public void run(Tensor[] in, Tensor[] out) {
        Tensor x = in[0];
        Tensor weights = in[1];
        if (x.shape[1] != weights.shape[1] * group()) {
            throw new IllegalArgumentException("input has " + x.shape[1] + " channels, wanted " + weights.shape[1] * group());
        }
        if (blocked != null && x.rank() == 4) {
            blocked.run(x, out[0]);
        } else {
            groups(in, out[0]);
        }
    }

    @Override
    void add(Extents e, Window window, float[] x, int from, float[] weights, int weightsFrom, float[] y, int to) {
        int top = window.before(0, e.h(), e.outH());
        int left = window.before(1, e.w(), e.outW());
        if (e.channels() == 1 && e.outChannels() == 1) {
            depthwise(window, x, from, e.h(), e.w(), weights, weightsFrom, y, to, e.outH(), e.outW(), top, left);
        } else {
            dense(window, x, from, e.h(), e.w(), e.channels(), weights, weightsFrom, y, to, e.outH(), e.outW(),
                    e.outChannels(), top, left);
        }
    }

    private static void depthwise(Window window, float[] x, int from, int h, int w, float[] weights, int weightsFrom, float[] y,
            int to, int outH, int outW, int top, int left) {
        int sx = window.strides()[1];
        for (int oy = 0; oy < outH; oy++) {
            int row = to + oy * outW;
            for (int ky = 0; ky < window.kernel()[0]; ky++) {
                int iy = oy * window.strides()[0] + ky * window.dilations()[0] - top;
                if (iy < 0 || iy >= h) {
                    continue;
                }
                for (int kx = 0; kx < window.kernel()[1]; kx++) {
                    int shift = kx * window.dilations()[1] - left;
                    float weight = weights[weightsFrom + ky * window.kernel()[1] + kx];
                    int begin = Math.min(outW, shift >= 0 ? 0 : (-shift + sx - 1) / sx);
                    int end = Math.clamp((long) Math.floorDiv(w - 1 - shift, sx) + 1, begin, outW);
                    int source = from + iy * w + shift;
                    if (sx == 1) {
                        for (int ox = begin; ox < end; ox++) {
                            y[row + ox] += weight * x[source + ox];
                        }
                    } else {
                        for (int ox = begin; ox < end; ox++) {
                            y[row + ox] += weight * x[source + ox * sx];
                        }
                    }
                }
            }
        }
    }

    private void dense(Window window, float[] x, int from, int h, int w, int channels, float[] weights, int weightsFrom,
            float[] y, int to, int outH, int outW, int outChannels, int top, int left) {
        int taps = window.kernel()[0] * window.kernel()[1];
        int depth = channels * taps;
        int pixels = outH * outW;
        boolean plain = taps == 1 && window.strides()[0] == 1 && window.strides()[1] == 1 && outH == h && outW == w
                && top == 0 && left == 0;
        if (plain) {
            multiply(weights, weightsFrom, depth, 1, x, from, pixels, y, to, pixels, outChannels, pixels, depth, true);
            return;
        }
        int tile = Math.clamp(TILE_ELEMENTS / Math.max(1, depth) / 32 * 32, 32, Math.max(32, (pixels + 31) / 32 * 32));
        float[] columns = scratch(depth * tile);
        for (int first = 0; first < pixels; first += tile) {
            int count = Math.min(tile, pixels - first);
            layOut(window, x, from, h, w, channels, columns, tile, first, count, outW, top, left);
            multiply(weights, weightsFrom, depth, 1, columns, 0, tile, y, to + first, pixels, outChannels, count, depth, true);
        }
    }

    /// Writes the windows of `count` output pixels as columns of a matrix `[channel, ky, kx][pixel]`.
    private static void layOut(Window window, float[] x, int from, int h, int w, int channels, float[] columns, int tile,
            int first, int count, int outW, int top, int left) {
        int sx = window.strides()[1];
        int line = 0;
        for (int c = 0; c < channels; c++) {
            for (int ky = 0; ky < window.kernel()[0]; ky++) {
                for (int kx = 0; kx < window.kernel()[1]; kx++) {
                    int shift = kx * window.dilations()[1] - left;
                    int to = line++ * tile;
                    int done = 0;
                    while (done < count) {
                        int oy = (first + done) / outW;
                        int ox = (first + done) % outW;
                        int run = Math.min(outW - ox, count - done);
                        int iy = oy * window.strides()[0] + ky * window.dilations()[0] - top;
                        if (iy < 0 || iy >= h) {
                            java.util.Arrays.fill(columns, to + done, to + done + run, 0f);
                        } else {
                            line(x, from + (c * h + iy) * w, w, ox * sx + shift, sx, columns, to + done, run);
                        }
                        done += run;
                    }
                }
            }
        }
    }

    /// Copies every `step`-th pixel of a row from column `at` on, zero outside the row.
    private static void line(float[] x, int row, int w, int at, int step, float[] columns, int to, int run) {
        int begin = Math.min(run, at >= 0 ? 0 : (-at + step - 1) / step);
        int end = Math.clamp((long) Math.floorDiv(w - 1 - at, step) + 1, begin, run);
        java.util.Arrays.fill(columns, to, to + begin, 0f);
        if (step == 1 && begin < end) { // a copy of nothing may not begin before the array either
            System.arraycopy(x, row + at + begin, columns, to + begin, end - begin);
        } else {
            for (int i = begin; i < end; i++) {
                columns[to + i] = x[row + at + i * step];
            }
        }
        java.util.Arrays.fill(columns, to + end, to + run, 0f);
    }
}
