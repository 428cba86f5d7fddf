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
    private static final int LANES = 16;
    /// Widest tensor that the kernels take plane by plane.
    private static final int PLANAR_CHANNELS = 4;

    private final Conv kernel;
    private final int inChannels;
    private final int outChannels;
    private final float[] packed;
    private final float[] bias;
    private final float[] kernelScratch;
    private final TensorView in = new TensorView();
    private final TensorView out = new TensorView();
    private float[] memory = new float[0];

    BlockedConv(Conv kernel, Constant weights, Constant bias) {
        this.kernel = kernel;
        outChannels = weights.shape()[0];
        inChannels = weights.shape()[1];
        packed = new float[kernel.packedElements(inChannels, outChannels)];
        kernel.pack(weights.floats(), 0, inChannels, outChannels, packed, 0);
        this.bias = new float[(outChannels + LANES - 1) / LANES * LANES];
        if (bias != null) {
            System.arraycopy(bias.floats(), 0, this.bias, 0, outChannels);
        }
        int scratch = kernel.scratchElements(inChannels, outChannels);
        kernelScratch = scratch == 0 ? null : new float[scratch];
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

    /// Convolves every picture of a batch.
    ///
    /// @param x input `[n][c][h][w]`
    /// @param y output `[n][o][h][w]`
    void run(Tensor x, Tensor y) {
        int h = x.shape[2];
        int w = x.shape[3];
        if (h == 0 || w == 0) {
            return;
        }
        int border = kernel.size() / 2;
        Layout inLayout = inChannels <= PLANAR_CHANNELS ? Layout.PLANAR : Layout.BLOCKED16;
        Layout outLayout = outChannels <= PLANAR_CHANNELS ? Layout.PLANAR : Layout.BLOCKED16;
        long perRow = TensorView.elements(inLayout, inChannels, 1, w, 0) + TensorView.elements(outLayout, outChannels,
                1, w, 0);
        int rows = Math.clamp(BAND_ELEMENTS / perRow, 8, Math.max(8, h));
        int inElements = Math.toIntExact(TensorView.elements(inLayout, inChannels, rows, w, border));
        int outElements = Math.toIntExact(TensorView.elements(outLayout, outChannels, rows, w, 0));
        if (memory.length < inElements + outElements) {
            memory = new float[inElements + outElements];
        }
        for (int image = 0; image < x.shape[0]; image++) {
            for (int top = 0; top < h; top += rows) {
                int band = Math.min(rows, h - top);
                in.place(memory, 0, inLayout, inChannels, band, w, border);
                out.place(memory, inElements, outLayout, outChannels, band, w, 0);
                in.clearBorder(0, band);
                for (int row = Math.max(-border, -top); row < Math.min(band + border, h - top); row++) {
                    load(x, x.from + (image * inChannels * h + top + row) * w, h * w, w, row);
                }
                kernel.run(in, packed, 0, bias, null, out, 0, band, kernelScratch, 0);
                for (int row = 0; row < band; row++) {
                    store(y, y.from + (image * outChannels * h + top + row) * w, h * w, w, row);
                }
            }
        }
    }

    private void load(Tensor x, int from, int plane, int w, int row) {
        if (in.layout() == Layout.PLANAR) {
            for (int c = 0; c < inChannels; c++) {
                System.arraycopy(x.floats, from + c * plane, memory, in.index(c, row, 0), w);
            }
            return;
        }
        for (int first = 0; first < inChannels; first += LANES) {
            int to = in.index(first, row, 0);
            int count = Math.min(LANES, inChannels - first);
            if (count < LANES) {
                Arrays.fill(memory, to, to + w * LANES, 0f);
            }
            for (int c = 0; c < count; c++) {
                spread(x.floats, from + (first + c) * plane, memory, to + c, w);
            }
        }
    }

    private static void spread(float[] from, int at, float[] to, int index, int w) {
        for (int i = 0; i < w; i++) {
            to[index + i * LANES] = from[at + i];
        }
    }

    private void store(Tensor y, int to, int plane, int w, int row) {
        if (out.layout() == Layout.PLANAR) {
            for (int c = 0; c < outChannels; c++) {
                System.arraycopy(memory, out.index(c, row, 0), y.floats, to + c * plane, w);
            }
            return;
        }
        for (int c = 0; c < outChannels; c++) {
            gather(memory, out.index(c, row, 0), y.floats, to + c * plane, w);
        }
    }

    private static void gather(float[] from, int at, float[] to, int index, int w) {
        for (int i = 0; i < w; i++) {
            to[index + i] = from[at + i * LANES];
        }
    }
}
