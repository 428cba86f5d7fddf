package io.github.fovea.flow;

import io.github.fovea.kernel.IndirectGemm;
import java.util.Arrays;

/// Dense convolution of planes, of any window, as an [IndirectGemm]: for each tap, the rows of the product are the
/// input's planes as seen from that tap. A band of rows at a time is copied with its padding into planes of its own,
/// one for each phase of the rows' stride, so that the rows of an output lie behind each other; a window of one pixel
/// needs no copy.
final class IndirectConv {
    /// Floats of a band, input and output together: inside the second-level cache.
    private static final int BAND_ELEMENTS = 1 << 17;

    private final IndirectGemm kernel;
    private final Window window;
    private final int channels;
    private final int outChannels;
    private final int depth;
    private final int phasesY;
    /// Of each group.
    private final float[][] packed;
    private final float[][] bias;
    private final int[] places;
    private final float[] scratch;
    /// Of what `places` were found.
    private int placedPlane = -1;
    private int placedLine = -1;

    /// Prepares for a window.
    ///
    /// @param kernel      the product
    /// @param window      the window
    /// @param groups      number of groups
    /// @param channels    input channels of a group
    /// @param outChannels output channels of a group
    IndirectConv(IndirectGemm kernel, Window window, int groups, int channels, int outChannels) {
        this.kernel = kernel;
        this.window = window;
        this.channels = channels;
        this.outChannels = outChannels;
        depth = channels * window.kernel()[0] * window.kernel()[1];
        phasesY = phasesY(window);
        int rows = kernel.packedRows(outChannels);
        packed = new float[groups][Math.multiplyExact(rows, depth)];
        bias = new float[groups][rows];
        places = new int[depth];
        scratch = kernel.scratchElements() == 0 ? null : new float[kernel.scratchElements()];
    }

    private static int phasesY(Window window) {
        return Math.min(window.strides()[0], (window.kernel()[0] - 1) * window.dilations()[0] + 1);
    }

    /// How a picture is cut, and what a band of it takes.
    ///
    /// @param rows     rows of a band's output
    /// @param shift    rows of a phase beyond those
    /// @param step     from a number of a plane to the next that an output row reads
    /// @param pitch    columns from an output row to the next in the product
    /// @param line     floats of a row of a plane
    /// @param elements floats of all planes
    /// @param sums     floats of the product where outputs do not lie behind each other; else 0
    private record Band(int rows, int shift, int step, int pitch, int line, int elements, long sums) {
        static Band of(Window window, GroupedKernel.Extents e) {
            int reachX = (window.kernel()[1] - 1) * window.dilations()[1];
            int shift = (window.kernel()[0] - 1) * window.dilations()[0] / window.strides()[0];
            int step = e.outW() == 1 ? 1 : window.strides()[1];
            int pitch = e.outW() + reachX / step;
            int line = Math.multiplyExact(pitch, step);
            int planes = e.channels() * phasesY(window);
            int rows = Math.clamp(BAND_ELEMENTS / ((long) line * planes + (long) pitch * e.outChannels()), 1, e.outH());
            // Each tap may read a step beyond the last number that it needs.
            int elements = Math.addExact(Math.multiplyExact(planes, Math.multiplyExact(rows + shift, line)), step);
            return new Band(rows, shift, step, pitch, line, elements,
                    pitch == e.outW() ? 0 : e.outChannels() * ((rows - 1L) * pitch + e.outW()));
        }
    }

    /// {@return the floats of scratch memory that [#run] takes}
    ///
    /// @param window the window
    /// @param e      the extents
    static long scratchElements(Window window, GroupedKernel.Extents e) {
        if (e.outPixels() == 0 || inPlace(window, e)) {
            return 0;
        }
        Band band = Band.of(window, e);
        return band.elements + band.sums;
    }

    /// Whether the input's planes serve as they are.
    private static boolean inPlace(Window window, GroupedKernel.Extents e) {
        return window.kernel()[0] * window.kernel()[1] == 1 && window.strides()[0] == 1 && window.strides()[1] == 1
                && window.before(0, e.h(), e.outH()) == 0 && window.before(1, e.w(), e.outW()) == 0
                && e.outH() == e.h() && e.outW() == e.w();
    }

    /// Takes weights and biases of a group.
    ///
    /// @param g       the group
    /// @param weights `[out][in][ky][kx]`, all groups
    /// @param biases  one for each output channel of all groups, or `null` for none
    void pack(int g, Tensor weights, Tensor biases) {
        kernel.pack(weights.floats, weights.from + g * outChannels * depth, outChannels, depth, packed[g], 0);
        if (biases != null) {
            System.arraycopy(biases.floats, biases.from + g * outChannels, bias[g], 0, outChannels);
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
        if (inPlace(window, e)) {
            locate(e.inPixels(), 0);
            kernel.run(packed[g], 0, bias[g], 0, x, from, places, 1, y, to, e.outPixels(), outChannels, e.outPixels(),
                    depth, scratch);
            return;
        }
        Band cut = Band.of(window, e);
        int top = window.before(0, e.h(), e.outH());
        int left = window.before(1, e.w(), e.outW());
        int step = cut.step;
        int pitch = cut.pitch;
        int plane = (cut.rows + cut.shift) * cut.line;
        locate(plane, cut.line);
        for (int row = 0; row < e.outH(); row += cut.rows) {
            int band = Math.min(cut.rows, e.outH() - row);
            fill(memory, e, x, from, row * window.strides()[0] - top, left, band + cut.shift, plane, cut.line);
            int start = to + row * e.outW();
            int columns = (band - 1) * pitch + e.outW();
            if (cut.sums == 0) {
                kernel.run(packed[g], 0, bias[g], 0, memory, 0, places, step, y, start, e.outPixels(), outChannels,
                        columns, depth, scratch);
                continue;
            }
            // Between the rows of the product lie sums that no output has.
            int sums = cut.elements;
            kernel.run(packed[g], 0, bias[g], 0, memory, 0, places, step, memory, sums, columns, outChannels, columns,
                    depth, scratch);
            for (int o = 0; o < outChannels; o++) {
                for (int r = 0; r < band; r++) {
                    System.arraycopy(memory, sums + o * columns + r * pitch, y,
                            start + o * e.outPixels() + r * e.outW(), e.outW());
                }
            }
        }
    }

    private void locate(int plane, int line) {
        if (plane == placedPlane && line == placedLine) {
            return;
        }
        placedPlane = plane;
        placedLine = line;
        int p = 0;
        for (int c = 0; c < channels; c++) {
            for (int ky = 0; ky < window.kernel()[0]; ky++) {
                int y = ky * window.dilations()[0];
                for (int kx = 0; kx < window.kernel()[1]; kx++) {
                    int x = kx * window.dilations()[1];
                    places[p++] = (c * phasesY + y % window.strides()[0]) * plane + y / window.strides()[0] * line + x;
                }
            }
        }
    }

    /// Copies rows of the input, those of each phase together, with zeros around.
    private void fill(float[] planes, GroupedKernel.Extents e, float[] x, int from, int first, int left, int rows,
            int plane, int line) {
        int begin = Math.min(left, line);
        int end = Math.min(left + e.w(), line);
        for (int c = 0; c < channels; c++) {
            for (int a = 0; a < phasesY; a++) {
                for (int r = 0; r < rows; r++) {
                    int iy = first + r * window.strides()[0] + a;
                    int at = (c * phasesY + a) * plane + r * line;
                    if (iy < 0 || iy >= e.h() || begin >= end) {
                        Arrays.fill(planes, at, at + line, 0f);
                        continue;
                    }
                    Arrays.fill(planes, at, at + begin, 0f);
                    System.arraycopy(x, from + (c * e.h() + iy) * e.w(), planes, at + begin, end - begin);
                    Arrays.fill(planes, at + end, at + line, 0f);
                }
            }
        }
    }
}
