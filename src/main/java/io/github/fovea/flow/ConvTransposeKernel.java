package io.github.fovea.flow;

/// Transposed convolution: every input pixel's product with the weights is added into its window of the output.
final class ConvTransposeKernel extends GroupedKernel {
    /// Floats of a tile of products: inside the second-level cache.
    private static final int TILE_ELEMENTS = 1 << 17;

    ConvTransposeKernel(FlowNode node) {
        super(node);
    }

    @Override
    public void run(Tensor[] in, Tensor[] out) {
        groups(in, out[0]);
    }

    @Override
    public long scratchElements(Tensor[] in, Tensor[] out) {
        Extents e = extents(in[0], out[0]);
        int lines = lines(e, window(in[1].shape));
        return (long) lines * tile(e, lines);
    }

    private static int lines(Extents e, Window window) {
        return e.outChannels() * window.kernel()[0] * window.kernel()[1];
    }

    /// Pixels whose products are computed together.
    private static int tile(Extents e, int lines) {
        return Math.clamp(TILE_ELEMENTS / Math.max(1, lines), 16, Math.max(16, e.inPixels()));
    }

    @Override
    void run(Extents e, Window window, int g, Tensor[] in, int from, Tensor y, int to) {
        fillBias(e, g, in, y, to);
        int lines = lines(e, window);
        int top = e.flat() ? 0 : Convolutions.transposedBefore(node, window, 0, e.h(), e.outH());
        int left = Convolutions.transposedBefore(node, window, 1, e.w(), e.outW());
        int tile = tile(e, lines);
        int weightsFrom = in[1].from + g * e.channels() * lines;
        float[] products = scratch((long) lines * tile);
        for (int first = 0; first < e.inPixels(); first += tile) {
            int count = Math.min(tile, e.inPixels() - first);
            multiply(in[1].floats, weightsFrom, 1, lines, in[0].floats, from + first, e.inPixels(), products, 0, tile,
                    lines, count, e.channels(), false);
            scatter(window, products, tile, first, count, e.w(), y.floats, to, e.outChannels(), e.outH(), e.outW(),
                    top, left);
        }
    }

    private static void scatter(Window window, float[] products, int tile, int first, int count, int w, float[] y,
            int to, int outChannels, int outH, int outW, int top, int left) {
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
