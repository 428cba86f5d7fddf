package io.github.fovea.flow;

import io.github.fovea.kernel.IndirectGemm;

/// Dense convolution of planes, of any window, as an [IndirectGemm]: for each tap, the rows of the product are the
/// input's planes as seen from that tap, in a [ConvBand]; a window of one pixel needs no copy.
final class IndirectConv {
    private final IndirectGemm kernel;
    private final Window window;
    private final int channels;
    private final int outChannels;
    private final int depth;
    /// Floats of a group's packed weights, and of its biases.
    private final int groupElements;
    private final int rows;
    private WeightMemory.Packed packed;
    private final int[] places;
    private final float[] scratch;
    /// Of what `places` were found; `null` where pixels serve as they are.
    private ConvBand placed;

    /// Prepares for a window.
    ///
    /// @param kernel      the product
    /// @param window      the window
    /// @param channels    input channels of a group
    /// @param outChannels output channels of a group
    IndirectConv(IndirectGemm kernel, Window window, int channels, int outChannels) {
        this.kernel = kernel;
        this.window = window;
        this.channels = channels;
        this.outChannels = outChannels;
        depth = channels * window.kernel()[0] * window.kernel()[1];
        rows = kernel.packedRows(outChannels);
        groupElements = Math.multiplyExact(rows, depth);
        places = new int[depth];
        scratch = kernel.scratchElements() == 0 ? null : new float[kernel.scratchElements()];
    }

    /// {@return the floats of scratch memory that [#run] takes}
    ///
    /// @param window the window
    /// @param e      the extents
    static long scratchElements(Window window, GroupedKernel.Extents e) {
        if (e.outPixels() == 0 || window.isPixel()) {
            return 0;
        }
        ConvBand band = ConvBand.of(window, e, 1, e.outChannels());
        return band.elements() + sums(band, e);
    }

    /// Floats of a band's product where outputs do not lie behind each other; else 0.
    private static long sums(ConvBand band, GroupedKernel.Extents e) {
        return band.gapless() ? 0 : (long) e.outChannels() * band.columns(band.rows());
    }

    /// Takes the weights and biases of a run.
    ///
    /// @param groups  number of groups
    /// @param weights `[out][in][ky][kx]`, all groups
    /// @param biases  one for each output channel of all groups, or `null` for none
    void pack(int groups, Tensor weights, Tensor biases) {
        if (packed == null) {
            packed = new WeightMemory.Packed(new float[Math.multiplyExact(groups, groupElements)], 0,
                    new float[groups * rows]);
        }
        pack(groups, weights, biases, packed.data(), packed.from(), packed.bias());
    }

    /// Takes weights and biases that never change.
    ///
    /// @param groups  number of groups
    /// @param weights `[out][in][ky][kx]`, all groups
    /// @param biases  one for each output channel of all groups, or `null` for none
    /// @param memory  holds packed weights
    /// @param step    whose weights they are
    void pack(int groups, Tensor weights, Tensor biases, WeightMemory memory, PlanStep step) {
        packed = memory.packed(step, IndirectConv.class, Math.multiplyExact(groups, groupElements), groups * rows,
                (data, from, bias) -> pack(groups, weights, biases, data, from, bias));
    }

    private void pack(int groups, Tensor weights, Tensor biases, float[] data, int from, float[] bias) {
        for (int g = 0; g < groups; g++) {
            kernel.pack(weights.floats, weights.from + g * outChannels * depth, outChannels, depth, data,
                    from + g * groupElements);
            if (biases != null) {
                System.arraycopy(biases.floats, biases.from + g * outChannels, bias, g * rows, outChannels);
            }
        }
    }

    /// Convolves one group of one picture.
    ///
    /// @param g    the group
    /// @param e    the extents
    /// @param x    array of the input
    /// @param from index of the group's first channel
    /// @param y    array of the output
    /// @param to   index of the group's first channel
    /// @param memory holds [#scratchElements]
    void run(int g, GroupedKernel.Extents e, float[] x, int from, float[] y, int to, float[] memory) {
        if (e.outPixels() == 0) {
            return;
        }
        int weightsFrom = packed.from() + g * groupElements;
        if (window.isPixel()) {
            placed = null;
            for (int c = 0; c < channels; c++) {
                places[c] = c * e.inPixels();
            }
            kernel.run(packed.data(), weightsFrom, packed.bias(), g * rows, x, from, places, 1, y, to, e.outPixels(),
                    outChannels, e.outPixels(), depth, scratch);
            return;
        }
        ConvBand cut = ConvBand.of(window, e, 1, e.outChannels());
        int pitch = cut.pitch();
        locate(cut);
        for (int row = 0; row < e.outH(); row += cut.rows()) {
            int band = Math.min(cut.rows(), e.outH() - row);
            cut.fill(memory, 0, x, from, row, band);
            int start = to + row * e.outW();
            int columns = cut.columns(band);
            if (cut.gapless()) {
                kernel.run(packed.data(), weightsFrom, packed.bias(), g * rows, memory, 0, places, cut.step(), y, start,
                        e.outPixels(), outChannels, columns, depth, scratch);
                continue;
            }
            // Between the rows of the product lie sums that no output has.
            int sums = cut.elements();
            kernel.run(packed.data(), weightsFrom, packed.bias(), g * rows, memory, 0, places, cut.step(), memory, sums,
                    columns, outChannels, columns, depth, scratch);
            for (int o = 0; o < outChannels; o++) {
                for (int r = 0; r < band; r++) {
                    System.arraycopy(memory, sums + o * columns + r * pitch, y,
                            start + o * e.outPixels() + r * e.outW(), e.outW());
                }
            }
        }
    }

    private void locate(ConvBand cut) {
        if (cut.equals(placed)) {
            return;
        }
        placed = cut;
        int p = 0;
        for (int c = 0; c < channels; c++) {
            for (int ky = 0; ky < window.kernel()[0]; ky++) {
                for (int kx = 0; kx < window.kernel()[1]; kx++) {
                    places[p++] = cut.place(c, ky, kx);
                }
            }
        }
    }
}
