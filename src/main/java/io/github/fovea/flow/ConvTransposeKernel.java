package io.github.fovea.flow;

/// Transposed convolution: every input pixel's product with the weights is added into its window of the output.
final class ConvTransposeKernel extends MatrixKernel {
    private static final int TILE_ELEMENTS = 1 << 17;

    private final FlowNode node;
    private final int group;
    private Window window;

    ConvTransposeKernel(FlowNode node) {
        this.node = node;
        group = (int) new Attributes(node).integer("group", 1);
    }

    @Override
    public void run(Tensor[] in, Tensor[] out) {
        Tensor x = in[0];
        Tensor weights = in[1];
        Tensor y = out[0];
        if (window == null) {
            window = Window.of(node, Convolutions.kernel(weights.shape));
        }
        boolean flat = x.rank() == 3;
        int h = flat ? 1 : x.shape[2];
        int w = x.shape[x.rank() - 1];
        int outH = flat ? 1 : y.shape[2];
        int outW = y.shape[y.rank() - 1];
        int channels = x.shape[1] / group;
        int outChannels = y.shape[1] / group;
        int taps = window.kernel()[0] * window.kernel()[1];
        int lines = outChannels * taps;
        int top = flat ? 0 : Convolutions.transposedBefore(node, window, 0, h, outH);
        int left = Convolutions.transposedBefore(node, window, 1, w, outW);
        int tile = Math.clamp(TILE_ELEMENTS / Math.max(1, lines), 16, Math.max(16, h * w));
        float[] products = scratch(lines * tile);
        for (int image = 0; image < x.shape[0]; image++) {
            for (int g = 0; g < group; g++) {
                int from = x.from + (image * group + g) * channels * h * w;
                int to = (image * group + g) * outChannels * outH * outW;
                for (int o = 0; o < outChannels; o++) {
                    float bias = in.length > 2 && in[2] != null ? in[2].floats[in[2].from + g * outChannels + o] : 0f;
                    fill(y, to + o * outH * outW, outH * outW, bias);
                }
                int weightsFrom = weights.from + g * channels * lines;
                for (int first = 0; first < h * w; first += tile) {
                    int count = Math.min(tile, h * w - first);
                    multiply(weights.floats, weightsFrom, 1, lines, x.floats, from + first, h * w, products, 0, tile, lines,
                            count, channels, false);
                    scatter(products, tile, first, count, w, y.floats, y.from + to, outChannels, outH, outW, top, left);
                }
            }
        }
    }

    private void scatter(float[] products, int tile, int first, int count, int w, float[] y, int to, int outChannels,
            int outH, int outW, int top, int left) {
        int sx = window.strides()[1];
        int line = 0;
        for (int o = 0; o < outChannels; o++) {
            for (int ky = 0; ky < window.kernel()[0]; ky++) {
                for (int kx = 0; kx < window.kernel()[1]; kx++) {
                    int shift = kx * window.dilations()[1] - left;
                    int from = line++ * tile;
                    for (int i = 0; i < count; i++) {
                        int oy = (first + i) / w * window.strides()[0] + ky * window.dilations()[0] - top;
                        int ox = (first + i) % w * sx + shift;
                        if (oy >= 0 && oy < outH && ox >= 0 && ox < outW) {
                            y[to + (o * outH + oy) * outW + ox] += products[from + i];
                        }
                    }
                }
            }
        }
    }
}
