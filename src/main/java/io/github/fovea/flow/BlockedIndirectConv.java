package io.github.fovea.flow;

import io.github.fovea.kernel.BlockedGemm;

/// Dense convolution into blocks of channels, of any window with a column stride of 1 or 2, as a [BlockedGemm]: the
/// input, planes or blocks, is seen from each tap in a [ConvBand]. A window of one pixel needs no copy, and the picture
/// may lie in parts. Products wait inside the cache for the [RowSink]: in scratch memory, those of single pixels where
/// their results will stand.
final class BlockedIndirectConv {
    private static final int LANES = Tensor.LANES;
    /// Floats of a product that waits: a part of the first-level cache.
    private static final int WAITING = 1 << 13;
    /// Floats of a product of single pixels, which waits where its results will stand.
    private static final int WAITING_IN_PLACE = 1 << 15;

    private final BlockedGemm kernel;
    private final Window window;
    /// Channels of a plane of the input: 1, or those of a block.
    private final int lanes;
    private final int channels;
    private final int outChannels;
    private final int depth;
    private final float[] packed;
    private final int packedFrom;
    private final float[] bias;
    private final int[] places;
    /// Of what `places` were found.
    private ConvBand placed;

    /// Prepares for weights.
    ///
    /// @param kernel  the product
    /// @param window  the window; [#serves] it
    /// @param blocked whether inputs come in blocks
    /// @param weights `[out][in][ky][kx]`
    /// @param biases  one for each output channel, or `null` for none
    /// @param memory  holds packed weights
    /// @param step    whose weights they are
    BlockedIndirectConv(BlockedGemm kernel, Window window, boolean blocked, Constant weights, Constant biases,
            WeightMemory memory, PlanStep step) {
        this.kernel = kernel;
        this.window = window;
        lanes = lanes(blocked);
        outChannels = weights.shape()[0];
        channels = weights.shape()[1];
        depth = channels * window.kernel()[0] * window.kernel()[1];
        places = new int[depth];
        WeightMemory.Packed own = memory.packed(step, BlockedIndirectConv.class,
                kernel.packedElements(outChannels, depth), (int) Tensor.whole(outChannels), (data, from, padded) -> {
                    kernel.pack(inOrder(weights.floats()), outChannels, depth, data, from);
                    if (biases != null) {
                        System.arraycopy(biases.floats(), 0, padded, 0, outChannels);
                    }
                });
        packed = own.data();
        packedFrom = own.from();
        bias = own.bias();
    }

    private static int lanes(boolean blocked) {
        return blocked ? LANES : 1;
    }

    /// {@return whether the kernels have this window}
    static boolean serves(Window window) {
        return window.strides()[1] <= 2;
    }

    /// Weights in the order in which numbers are met: planes or blocks, rows and columns of taps, channels of a block.
    private float[] inOrder(float[] weights) {
        float[] all = new float[outChannels * depth];
        int taps = window.kernel()[0] * window.kernel()[1];
        int to = 0;
        for (int o = 0; o < outChannels; o++) {
            for (int first = 0; first < channels; first += lanes) {
                for (int tap = 0; tap < taps; tap++) {
                    for (int c = first; c < Math.min(channels, first + lanes); c++) {
                        all[to++] = weights[(o * channels + c) * taps + tap];
                    }
                }
            }
        }
        return all;
    }

    /// How products are cut.
    ///
    /// @param band    the band; `null` for a window of one pixel
    /// @param rows    rows of a product, one below the other; 1 for a window of one pixel
    /// @param columns columns of the product of so many rows
    /// @param from    index of the product in scratch memory; 0 for a window of one pixel
    private record Cut(ConvBand band, int rows, int columns, int from) {
        static Cut of(BlockedGemm kernel, Window window, GroupedKernel.Extents e, boolean blocked) {
            int floats = (int) Tensor.whole(e.outChannels());
            int tile = kernel.columns();
            if (window.isPixel()) {
                // Equal parts: what is left of unequal ones may be less than a tile.
                int parts = (int) Math.ceilDiv((long) e.outPixels() * floats, WAITING_IN_PLACE);
                int columns = (e.outPixels() + parts - 1) / parts;
                return new Cut(null, 1, Math.min(e.outPixels(), (columns + tile - 1) / tile * tile), 0);
            }
            ConvBand band = ConvBand.of(window, e, lanes(blocked), floats);
            // Row by row where a last tile that overlaps the one before does not cost more than sums between rows would.
            boolean single = !band.gapless() && e.outW() >= tile
                    && (e.outW() + tile - 1) / tile * tile <= band.pitch() + band.pitch() / 8;
            int rows = single ? 1 : Math.clamp(WAITING / ((long) band.pitch() * floats), 1, band.rows());
            return new Cut(band, rows, band.columns(rows), MemoryPlan.FIRST
                    + Math.toIntExact(MemoryPlan.aligned(band.elements())));
        }
    }

    /// {@return the floats of scratch memory that [#run] takes}
    ///
    /// @param kernel  the product
    /// @param window  the window
    /// @param e       the extents
    /// @param blocked whether inputs come in blocks
    static long scratchElements(BlockedGemm kernel, Window window, GroupedKernel.Extents e, boolean blocked) {
        if (e.outPixels() == 0 || window.isPixel()) {
            return 0;
        }
        Cut cut = Cut.of(kernel, window, e, blocked);
        return cut.from + Tensor.whole(e.outChannels()) * cut.columns;
    }

    /// Convolves every picture of a batch.
    ///
    /// @param e       the extents
    /// @param in      the picture first, further channels of it from index `further` on, all in one array
    /// @param further index of the first
    /// @param y       output, in blocks
    /// @param sink    takes the products, by their place in the output's blocks
    /// @param memory  holds [#scratchElements]
    void run(GroupedKernel.Extents e, Tensor[] in, int further, Tensor y, RowSink sink, float[] memory) {
        if (e.outPixels() == 0) {
            return;
        }
        Cut cut = Cut.of(kernel, window, e, lanes > 1);
        for (int image = 0; image < in[0].shape[0]; image++) {
            int element = image * bias.length * e.outPixels();
            if (cut.band == null) {
                pixels(e, in, further, image, cut, y, sink, element);
            } else {
                int from = in[0].from + image * cut.band.planes() * lanes * e.inPixels();
                bands(e, in[0].floats, from, cut, sink, element, memory);
            }
        }
    }

    private void pixels(GroupedKernel.Extents e, Tensor[] in, int further, int image, Cut cut, Tensor y,
            RowSink sink, int element) {
        int c = locate(in[0], image, 0);
        for (int part = further; part < in.length; part++) {
            if (in[part].floats != in[0].floats) {
                throw new IllegalStateException("parts of a concatenation lie in two arrays");
            }
            c = locate(in[part], image, c);
        }
        for (int first = 0; first < e.outPixels(); first += cut.columns) {
            int count = Math.min(cut.columns, e.outPixels() - first);
            int to = element + first * LANES;
            multiply(in[0].floats, first * lanes, lanes, y.floats, y.from + to, e.outPixels(), count);
            for (int block = 0; block < bias.length / LANES; block++) {
                int at = to + block * e.outPixels() * LANES;
                sink.take(y.floats, y.from + at, at, count * LANES);
            }
        }
    }

    /// Notes where a part's channels lie in an image; gives how many channels that makes.
    private int locate(Tensor part, int image, int first) {
        int count = part.shape[1];
        int pixels = part.shape[2] * part.shape[3];
        int from = part.from + image * ((count + lanes - 1) / lanes) * lanes * pixels;
        for (int c = 0; c < count; c++) {
            places[first + c] = from + c / lanes * lanes * pixels + c % lanes;
        }
        return first + count;
    }

    private void bands(GroupedKernel.Extents e, float[] x, int from, Cut cut, RowSink sink, int element, float[] memory) {
        ConvBand band = cut.band;
        locate(band);
        int step = band.step() * lanes;
        int pitch = band.pitch();
        for (int top = 0; top < e.outH(); top += band.rows()) {
            int high = Math.min(band.rows(), e.outH() - top);
            band.fill(memory, MemoryPlan.FIRST, x, from, top, high);
            for (int row = 0; row < high; row += cut.rows) {
                int count = Math.min(cut.rows, high - row);
                int columns = band.columns(count);
                multiply(memory, MemoryPlan.FIRST + row * pitch * step, step, memory, cut.from, columns, columns);
                for (int block = 0; block < bias.length / LANES; block++) {
                    int to = element + (block * e.outPixels() + (top + row) * e.outW()) * LANES;
                    int at = cut.from + block * columns * LANES;
                    for (int r = 0; r < count; r++) {
                        sink.take(memory, at + r * pitch * LANES, to + r * e.outW() * LANES, e.outW() * LANES);
                    }
                }
            }
        }
    }

    private void multiply(float[] x, int from, int step, float[] y, int to, int blockPixels, int columns) {
        kernel.run(packed, packedFrom, bias, x, from, places, step, y, to, blockPixels * LANES, outChannels, columns, depth);
    }

    private void locate(ConvBand band) {
        if (band.equals(placed)) {
            return;
        }
        placed = band;
        int p = 0;
        for (int first = 0; first < channels; first += lanes) {
            for (int ky = 0; ky < window.kernel()[0]; ky++) {
                for (int kx = 0; kx < window.kernel()[1]; kx++) {
                    for (int c = first; c < Math.min(channels, first + lanes); c++) {
                        places[p++] = band.place(c, ky, kx);
                    }
                }
            }
        }
    }
}
