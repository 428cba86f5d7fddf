package io.github.fovea.flow;

import io.github.fovea.kernel.Conv;
import io.github.fovea.tensor.Layout;
import io.github.fovea.tensor.TensorView;
import java.util.Arrays;

/// A convolution of size 3 or 5 through the network kernels, which work on blocks of 16 channels: bands of rows are
/// brought into that order, convolved inside the second-level cache, and brought back.
final class BlockedConv {
    /// Floats of a band, input and output together.
    private static final int BAND_ELEMENTS = 1 << 17;
    /// Rows that kernels compute together.
    private static final int ROWS = 8;
    private static final int LANES = Tensor.LANES;
    /// Widest tensor that the kernels take plane by plane.
    private static final int PLANAR_CHANNELS = 4;

    private final Conv kernel;
    private final int inChannels;
    private final int outChannels;
    private final float[] packed;
    private final int packedFrom;
    private final float[] bias;
    private final TensorView in = new TensorView();
    private final TensorView out = new TensorView();

    BlockedConv(Conv kernel, Constant weights, Constant biases, WeightMemory memory, PlanStep step) {
        this.kernel = kernel;
        outChannels = weights.shape()[0];
        inChannels = weights.shape()[1];
        WeightMemory.Packed own = memory.packed(step, BlockedConv.class, kernel.packedElements(inChannels, outChannels),
                (outChannels + LANES - 1) / LANES * LANES, (data, from, padded) -> {
                    kernel.pack(weights.floats(), 0, inChannels, outChannels, data, from);
                    if (biases != null) {
                        System.arraycopy(biases.floats(), 0, padded, 0, outChannels);
                    }
                });
        packed = own.data();
        packedFrom = own.from();
        bias = own.bias();
    }

    /// {@return whether the kernels have this window: square, of size 3 or 5, stride 1, zeros around that keep the
    /// size}
    static boolean serves(Window window) {
        int size = window.kernel()[0];
        boolean plain = (size == 3 || size == 5) && window.kernel()[1] == size && window.strides()[0] == 1
                && window.strides()[1] == 1 && window.dilations()[0] == 1 && window.dilations()[1] == 1;
        return plain && (window.auto().startsWith("SAME")
                || window.auto().equals("NOTSET") && Arrays.stream(window.pads()).allMatch(pad -> pad == size / 2));
    }

    private static Layout layout(int channels) {
        return channels <= PLANAR_CHANNELS ? Layout.PLANAR : Layout.BLOCKED16;
    }

    /// How a picture is cut.
    ///
    /// @param rows        rows of a band
    /// @param inElements  floats of its input
    /// @param outElements floats of its output
    private record Band(int rows, long inElements, long outElements) {
        static Band of(Conv kernel, int inChannels, int outChannels, int h, int w) {
            Layout in = layout(inChannels);
            Layout out = layout(outChannels);
            long perRow = TensorView.elements(in, inChannels, 1, w, 0) + TensorView.elements(out, outChannels, 1, w, 0);
            int rows = Math.clamp(BAND_ELEMENTS / perRow / ROWS * ROWS, ROWS, Math.max(ROWS, h));
            return new Band(rows, TensorView.elements(in, inChannels, rows, w, kernel.size() / 2),
                    TensorView.elements(out, outChannels, rows, w, 0));
        }
    }

    /// {@return the floats of scratch memory that [#run] takes}
    ///
    /// @param kernel      the kernel
    /// @param inChannels  channels in
    /// @param outChannels channels out
    /// @param h           rows
    /// @param w           pixels in a row
    static long scratchElements(Conv kernel, int inChannels, int outChannels, int h, int w) {
        if (h == 0 || w == 0) {
            return 0;
        }
        Band band = Band.of(kernel, inChannels, outChannels, h, w);
        return MemoryPlan.FIRST + band.inElements + band.outElements + kernel.scratchElements(inChannels, outChannels);
    }

    /// Convolves every picture of a batch.
    ///
    /// @param x      input `[n][c][h][w]`, or in blocks
    /// @param y      output `[n][o][h][w]`, or in blocks
    /// @param sink   takes an output in blocks; `null` for another
    /// @param memory holds [#scratchElements]
    void run(Tensor x, Tensor y, RowSink sink, float[] memory) {
        int h = x.shape[2];
        int w = x.shape[3];
        if (h == 0 || w == 0) {
            return;
        }
        int border = kernel.size() / 2;
        Band cut = Band.of(kernel, inChannels, outChannels, h, w);
        int rows = cut.rows;
        int outFrom = MemoryPlan.FIRST + (int) cut.inElements;
        int scratchFrom = outFrom + (int) cut.outElements;
        int inImage = x.blocked ? x.blocks() * LANES : inChannels;
        int outImage = y.blocked ? y.blocks() * LANES : outChannels;
        for (int image = 0; image < x.shape[0]; image++) {
            for (int top = 0; top < h; top += rows) {
                int band = Math.min(rows, h - top);
                in.place(memory, MemoryPlan.FIRST, layout(inChannels), inChannels, band, w, border);
                out.place(memory, outFrom, layout(outChannels), outChannels, band, w, 0);
                in.clearBorder(0, band);
                for (int row = Math.max(-border, -top); row < Math.min(band + border, h - top); row++) {
                    int from = x.from + image * inImage * h * w;
                    if (x.blocked) {
                        loadBlocks(x, from + (top + row) * w * LANES, h * w, w, row);
                    } else {
                        load(x, from + (top + row) * w, h * w, w, row);
                    }
                }
                kernel.run(in, packed, packedFrom, bias, null, out, 0, band, memory, scratchFrom);
                for (int row = 0; row < band; row++) {
                    int to = image * outImage * h * w;
                    for (int first = 0; sink != null && first < outChannels; first += LANES) {
                        sink.take(out.data(), out.index(first, row, 0), to + (first * h + (top + row) * LANES) * w, w * LANES);
                    }
                    if (sink == null) {
                        store(y, y.from + to + (top + row) * w, h * w, w, row);
                    }
                }
            }
        }
    }

    private void load(Tensor x, int from, int plane, int w, int row) {
        float[] data = in.data();
        if (in.layout() == Layout.PLANAR) {
            for (int c = 0; c < inChannels; c++) {
                System.arraycopy(x.floats, from + c * plane, data, in.index(c, row, 0), w);
            }
            return;
        }
        for (int first = 0; first < inChannels; first += LANES) {
            int to = in.index(first, row, 0);
            int count = Math.min(LANES, inChannels - first);
            if (count < LANES) {
                Arrays.fill(data, to, to + w * LANES, 0f);
            }
            for (int c = 0; c < count; c++) {
                spread(x.floats, from + (first + c) * plane, data, to + c, w);
            }
        }
    }

    private void loadBlocks(Tensor x, int from, int plane, int w, int row) {
        float[] data = in.data();
        for (int first = 0; first < inChannels; first += LANES) {
            int to = in.index(first, row, 0);
            System.arraycopy(x.floats, from + first * plane, data, to, w * LANES);
            // What empty lanes hold must not be infinite.
            for (int lane = inChannels - first; lane < LANES; lane++) {
                for (int i = 0; i < w; i++) {
                    data[to + i * LANES + lane] = 0f;
                }
            }
        }
    }

    private static void spread(float[] from, int at, float[] to, int index, int w) {
        for (int i = 0; i < w; i++) {
            to[index + i * LANES] = from[at + i];
        }
    }

    private void store(Tensor y, int to, int plane, int w, int row) {
        float[] data = out.data();
        if (out.layout() == Layout.PLANAR) {
            for (int c = 0; c < outChannels; c++) {
                System.arraycopy(data, out.index(c, row, 0), y.floats, to + c * plane, w);
            }
            return;
        }
        for (int c = 0; c < outChannels; c++) {
            gather(data, out.index(c, row, 0), y.floats, to + c * plane, w);
        }
    }

    private static void gather(float[] from, int at, float[] to, int index, int w) {
        for (int i = 0; i < w; i++) {
            to[index + i] = from[at + i * LANES];
        }
    }
}
