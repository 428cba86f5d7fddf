package io.github.fovea.flow;

import io.github.fovea.kernel.IndirectGemm;
import java.util.Arrays;

/// Dense convolution of planes, of any window, as an [IndirectGemm]: for each tap, the rows of the product are the input's planes
/// as seen from that tap. A band of rows at a time is copied with its padding into planes of its own, one for each phase of the
/// strides, so that neighbours among the outputs are neighbours in memory; a window of one pixel needs no copy.
final class IndirectConv {
    /// Floats of a band, input and output together: inside the second-level cache.
    private static final int BAND_ELEMENTS = 1 << 17;
    /// Planes that are a multiple of this many floats apart compete for the same places in the caches, where there are many.
    private static final int ALIAS = 1024;
    private static final int MAX_ALIASED = 64;

    private final IndirectGemm kernel;
    private final Window window;
    private final int channels;
    private final int outChannels;
    private final int depth;
    private final int phasesY;
    private final int phasesX;
    private final int shiftY;
    private final int shiftX;
    /// Of each group.
    private final float[][] packed;
    private final float[][] bias;
    private final int written;
    private final int[] places;
    /// Of what `places` were found.
    private int placedPlane = -1;
    private int placedPitch = -1;
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
        int reachX = (window.kernel()[1] - 1) * window.dilations()[1];
        phasesY = Math.min(window.strides()[0], reachY + 1);
        phasesX = Math.min(window.strides()[1], reachX + 1);
        shiftY = reachY / window.strides()[0];
        shiftX = reachX / window.strides()[1];
        written = kernel.writtenRows(outChannels);
        packed = new float[groups][Math.multiplyExact(written, depth)];
        bias = new float[groups][written];
        places = new int[depth];
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
        int pitch = e.outW() + shiftX;
        long perRow = (long) pitch * (channels * phasesY * phasesX + written);
        int rows = Math.clamp(BAND_ELEMENTS / perRow, 1, e.outH());
        // Every band reads whole tiles of columns: the last one up to a tile, less one, behind the last channel.
        boolean plain = depth == channels && window.strides()[0] == 1 && window.strides()[1] == 1 && top == 0 && left == 0
                && e.outH() == e.h() && e.outW() == e.w() && (e.inPixels() % ALIAS != 0 || channels <= MAX_ALIASED)
                && from + (long) channels * e.inPixels() + kernel.columns() - 1 <= x.length;
        int plane = plain ? e.inPixels() : plane(rows, pitch);
        locate(plane, pitch);
        if (!plain) {
            int elements = Math.addExact(Math.multiplyExact(channels * phasesY * phasesX, plane), kernel.columns());
            planes = planes.length < elements ? new float[elements] : planes;
        }
        for (int row = 0; row < e.outH(); row += rows) {
            int band = Math.min(rows, e.outH() - row);
            if (!plain) {
                fill(e, x, from, row * window.strides()[0] - top, left, band + shiftY, plane, pitch);
            }
            int columns = (band - 1) * pitch + e.outW();
            int wide = kernel.writtenColumns(columns);
            float[] b = plain ? x : planes;
            int bFrom = plain ? from + row * e.w() : 0;
            int start = to + row * e.outW();
            if (pitch == e.outW() && wide == columns && written == outChannels) {
                kernel.run(packed[g], 0, bias[g], 0, b, bFrom, places, y, start, e.outPixels(), outChannels, columns, depth);
                continue;
            }
            if (sums.length < written * wide) {
                sums = new float[written * wide];
            }
            kernel.run(packed[g], 0, bias[g], 0, b, bFrom, places, sums, 0, wide, outChannels, columns, depth);
            for (int o = 0; o < outChannels; o++) {
                for (int r = 0; r < band; r++) {
                    System.arraycopy(sums, o * wide + r * pitch, y, start + o * e.outPixels() + r * e.outW(), e.outW());
                }
            }
        }
    }

    /// Floats of a plane: an odd number of lines, against aliasing.
    private int plane(int rows, int pitch) {
        return Math.multiplyExact(rows + shiftY, pitch) + 15 >> 4 << 4 | 16;
    }

    private void locate(int plane, int pitch) {
        if (plane == placedPlane && pitch == placedPitch) {
            return;
        }
        placedPlane = plane;
        placedPitch = pitch;
        int p = 0;
        for (int c = 0; c < channels; c++) {
            for (int ky = 0; ky < window.kernel()[0]; ky++) {
                int y = ky * window.dilations()[0];
                for (int kx = 0; kx < window.kernel()[1]; kx++) {
                    int x = kx * window.dilations()[1];
                    int phase = (c * phasesY + y % window.strides()[0]) * phasesX + x % window.strides()[1];
                    places[p++] = phase * plane + y / window.strides()[0] * pitch + x / window.strides()[1];
                }
            }
        }
    }

    /// Copies rows of the input, those of each phase together.
    private void fill(GroupedKernel.Extents e, float[] x, int from, int first, int left, int rows, int plane, int pitch) {
        for (int c = 0; c < channels; c++) {
            for (int a = 0; a < phasesY; a++) {
                for (int r = 0; r < rows; r++) {
                    int iy = first + r * window.strides()[0] + a;
                    for (int b = 0; b < phasesX; b++) {
                        int at = ((c * phasesY + a) * phasesX + b) * plane + r * pitch;
                        if (iy < 0 || iy >= e.h()) {
                            Arrays.fill(planes, at, at + pitch, 0f);
                        } else {
                            line(x, from + (c * e.h() + iy) * e.w(), e.w(), b - left, window.strides()[1], planes, at, pitch);
                        }
                    }
                }
            }
        }
    }

    /// Copies every `step`-th pixel of a row from column `at` on, zero outside the row.
    private static void line(float[] x, int row, int w, int at, int step, float[] to, int index, int run) {
        int begin = Math.min(run, at >= 0 ? 0 : (-at + step - 1) / step);
        int end = Math.clamp((long) Math.floorDiv(w - 1 - at, step) + 1, begin, run);
        Arrays.fill(to, index, index + begin, 0f);
        if (step == 1 && begin < end) { // a copy of nothing may not begin before the array either
            System.arraycopy(x, row + at + begin, to, index + begin, end - begin);
        } else if (step == 2) { // a constant step lets the compiler check bounds before the loop
            int source = row + at;
            for (int i = begin; i < end; i++) {
                to[index + i] = x[source + 2 * i];
            }
        } else {
            for (int i = begin; i < end; i++) {
                to[index + i] = x[row + at + i * step];
            }
        }
        Arrays.fill(to, index + end, index + run, 0f);
    }
}
