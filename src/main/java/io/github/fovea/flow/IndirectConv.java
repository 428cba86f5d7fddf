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
    private final int shiftY;
    private final int reachX;
    /// Of each group.
    private final float[][] packed;
    private final float[][] bias;
    private final int[] places;
    private final float[] scratch;
    /// Of what `places` were found.
    private int placedPlane = -1;
    private int placedLine = -1;
    private float[] planes = new float[0];
    private float[] sums = new float[0];

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
        int reachY = (window.kernel()[0] - 1) * window.dilations()[0];
        reachX = (window.kernel()[1] - 1) * window.dilations()[1];
        phasesY = Math.min(window.strides()[0], reachY + 1);
        shiftY = reachY / window.strides()[0];
        int rows = kernel.packedRows(outChannels);
        packed = new float[groups][Math.multiplyExact(rows, depth)];
        bias = new float[groups][rows];
        places = new int[depth];
        scratch = kernel.scratchElements() == 0 ? null : new float[kernel.scratchElements()];
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
    void run(int g, GroupedKernel.Extents e, float[] x, int from, float[] y, int to) {
        if (e.outPixels() == 0) {
            return;
        }
        int top = window.before(0, e.h(), e.outH());
        int left = window.before(1, e.w(), e.outW());
        if (depth == channels && window.strides()[0] == 1 && window.strides()[1] == 1 && top == 0 && left == 0
                && e.outH() == e.h() && e.outW() == e.w()) {
            locate(e.inPixels(), 0);
            kernel.run(packed[g], 0, bias[g], 0, x, from, places, 1, y, to, e.outPixels(), outChannels, e.outPixels(),
                    depth, scratch);
            return;
        }
        int step = e.outW() == 1 ? 1 : window.strides()[1];
        int pitch = e.outW() + reachX / step;
        int line = Math.multiplyExact(pitch, step);
        int rows = Math.clamp(BAND_ELEMENTS / ((long) line * channels * phasesY + (long) pitch * outChannels), 1,
                e.outH());
        int plane = Math.multiplyExact(rows + shiftY, line);
        locate(plane, line);
        // Each tap may read a step beyond the last number that it needs.
        int elements = Math.addExact(Math.multiplyExact(channels * phasesY, plane), step);
        if (planes.length < elements) {
            planes = new float[elements];
        }
        for (int row = 0; row < e.outH(); row += rows) {
            int band = Math.min(rows, e.outH() - row);
            fill(e, x, from, row * window.strides()[0] - top, left, band + shiftY, plane, line);
            int start = to + row * e.outW();
            int columns = (band - 1) * pitch + e.outW();
            if (pitch == e.outW()) {
                kernel.run(packed[g], 0, bias[g], 0, planes, 0, places, step, y, start, e.outPixels(), outChannels,
                        columns, depth, scratch);
                continue;
            }
            // Between the rows of the product lie sums that no output has.
            if (sums.length < outChannels * columns) {
                sums = new float[outChannels * columns];
            }
            kernel.run(packed[g], 0, bias[g], 0, planes, 0, places, step, sums, 0, columns, outChannels, columns,
                    depth, scratch);
            for (int o = 0; o < outChannels; o++) {
                for (int r = 0; r < band; r++) {
                    System.arraycopy(sums, o * columns + r * pitch, y, start + o * e.outPixels() + r * e.outW(),
                            e.outW());
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
    private void fill(GroupedKernel.Extents e, float[] x, int from, int first, int left, int rows, int plane,
            int line) {
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
