package io.github.fovea.flow;

import java.util.Arrays;

/// How an indirect convolution cuts a picture: a band of rows at a time is copied with its padding into planes of its
/// own, one for each phase of the rows' stride, so that the rows of an output lie behind each other. A plane is one of
/// channels, or of blocks of channels.
///
/// @param window the window
/// @param e      the extents
/// @param lanes  channels of a plane, floats of a pixel: 1, or those of a block
/// @param planes planes of the input
/// @param phases planes of the band for each of those
/// @param rows   rows of a band's output
/// @param shift  rows of a phase beyond those
/// @param step   from a pixel of a plane to the next that an output row reads
/// @param pitch  columns from an output row to the next in the product
/// @param line   pixels of a row of a plane
record ConvBand(Window window, GroupedKernel.Extents e, int lanes, int planes, int phases, int rows, int shift, int step,
        int pitch, int line) {
    /// Floats of a band, input and output together: inside the second-level cache.
    private static final int BAND_ELEMENTS = 1 << 17;

    /// {@return the cut of a picture with an output}
    ///
    /// @param window      the window
    /// @param e           the extents
    /// @param lanes       channels of a plane
    /// @param outChannels channels of the product, empty lanes included
    static ConvBand of(Window window, GroupedKernel.Extents e, int lanes, int outChannels) {
        int planes = (e.channels() + lanes - 1) / lanes;
        int phases = phases(window);
        int reachX = (window.kernel()[1] - 1) * window.dilations()[1];
        int shift = (window.kernel()[0] - 1) * window.dilations()[0] / window.strides()[0];
        int step = e.outW() == 1 ? 1 : window.strides()[1];
        int pitch = e.outW() + reachX / step;
        int line = Math.multiplyExact(pitch, step);
        int rows = Math.clamp(BAND_ELEMENTS / ((long) line * planes * phases * lanes + (long) pitch * outChannels), 1,
                e.outH());
        return new ConvBand(window, e, lanes, planes, phases, rows, shift, step, pitch, line);
    }

    private static int phases(Window window) {
        return Math.min(window.strides()[0], (window.kernel()[0] - 1) * window.dilations()[0] + 1);
    }

    /// {@return the floats of all planes}
    int elements() {
        // Each tap may read a step beyond the last pixel that it needs.
        return Math.addExact(Math.multiplyExact(planes * phases, planeElements()), step * lanes);
    }

    private int planeElements() {
        return Math.multiplyExact(Math.multiplyExact(rows + shift, line), lanes);
    }

    /// {@return whether the rows of the product lie behind each other as those of the output do}
    boolean gapless() {
        return pitch == e.outW();
    }

    /// {@return columns of a product of some rows, with what lies between them}
    ///
    /// @param count rows
    int columns(int count) {
        return (count - 1) * pitch + e.outW();
    }

    /// {@return where a tap sees a channel}
    ///
    /// @param c  the channel
    /// @param ky row of the tap
    /// @param kx column of the tap
    int place(int c, int ky, int kx) {
        int y = ky * window.dilations()[0];
        int stride = window.strides()[0];
        return (c / lanes * phases + y % stride) * planeElements()
                + (y / stride * line + kx * window.dilations()[1]) * lanes + c % lanes;
    }

    /// Copies the rows that a band reads, those of each phase together, with zeros around.
    ///
    /// @param memory receives [#elements] floats
    /// @param at     index of the first
    /// @param x      array of the input
    /// @param from   index of its first plane
    /// @param row    the band's first row of the output
    /// @param count  rows of the output
    void fill(float[] memory, int at, float[] x, int from, int row, int count) {
        int first = row * window.strides()[0] - window.before(0, e.h(), e.outH());
        int left = window.before(1, e.w(), e.outW());
        int begin = Math.min(left, line) * lanes;
        int end = Math.min(left + e.w(), line) * lanes;
        int whole = line * lanes;
        for (int plane = 0; plane < planes; plane++) {
            for (int phase = 0; phase < phases; phase++) {
                for (int r = 0; r < count + shift; r++) {
                    int iy = first + r * window.strides()[0] + phase;
                    int to = at + (plane * phases + phase) * planeElements() + r * whole;
                    if (iy < 0 || iy >= e.h() || begin >= end) {
                        Arrays.fill(memory, to, to + whole, 0f);
                        continue;
                    }
                    Arrays.fill(memory, to, to + begin, 0f);
                    System.arraycopy(x, from + (plane * e.h() + iy) * e.w() * lanes, memory, to + begin, end - begin);
                    Arrays.fill(memory, to + end, to + whole, 0f);
                }
            }
        }
    }
}
