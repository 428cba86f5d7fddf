package io.github.fovea.resample;

import io.github.fovea.frame.ColorDescription.Siting;
import io.github.fovea.frame.PixelLayout;
import io.github.fovea.frame.Plane;
import io.github.fovea.graph.Interpolation;
import java.util.Arrays;
import java.util.Objects;

/// Resizes planes of one size to another size, separably, with any [ResampleKernel].
///
/// Weights, antialiasing and edges are those of MATLAB's `imresize`: when shrinking with antialias the kernel is
/// stretched by the factor; weights are normalised; past its ends a row is mirrored including its last sample, over and
/// over, so that a 1x1 plane works too. MATLAB begins with the axis of the smaller scale (vertical if equal); here the
/// vertical pass always comes first, which changes results by float rounding only and lets every output row be made on
/// its own.
///
/// Immutable and shareable between threads; each thread brings its own [Scratch]. Bands of output rows are independent:
/// rows made one at a time equal rows made at once, bit for bit.
public final class Resampler {
    private final Axis horizontal;
    private final Axis vertical;
    private final WeightTable columns;
    private final WeightTable rows;
    /// Mirrored samples needed to the left and to the right of a row.
    private final int padLeft;
    private final int padRight;

    private Resampler(Axis horizontal, Axis vertical, ResampleKernel kernel, boolean antialias) {
        this.horizontal = Objects.requireNonNull(horizontal, "horizontal");
        this.vertical = Objects.requireNonNull(vertical, "vertical");
        Objects.requireNonNull(kernel, "kernel");
        columns = new WeightTable(horizontal, kernel, antialias);
        rows = new WeightTable(vertical, kernel, antialias);
        int left = 0;
        int right = 0;
        for (int first : columns.first) {
            left = Math.max(left, -first);
            right = Math.max(right, first + columns.taps - horizontal.source());
        }
        padLeft = left;
        padRight = right;
    }

    /// {@return a resampler that fits one size into another}
    ///
    /// @param srcWidth  samples in a source row, 1 to [Plane#MAX_EXTENT]
    /// @param srcHeight source rows, 1 to [Plane#MAX_EXTENT]
    /// @param dstWidth  samples in an output row, 1 to [Plane#MAX_EXTENT]
    /// @param dstHeight output rows, 1 to [Plane#MAX_EXTENT]
    /// @param kernel    how samples are weighed
    /// @param antialias whether the kernel is stretched along axes that shrink
    public static Resampler of(int srcWidth, int srcHeight, int dstWidth, int dstHeight, ResampleKernel kernel,
            boolean antialias) {
        return new Resampler(Axis.fit(srcWidth, dstWidth), Axis.fit(srcHeight, dstHeight), kernel, antialias);
    }

    /// {@return a resampler along two axes, each with its own scale and shift}
    ///
    /// @param horizontal along the rows
    /// @param vertical   along the columns
    /// @param kernel     how samples are weighed
    /// @param antialias  whether the kernel is stretched along axes that shrink
    public static Resampler of(Axis horizontal, Axis vertical, ResampleKernel kernel, boolean antialias) {
        return new Resampler(horizontal, vertical, kernel, antialias);
    }

    /// {@return a resampler for the chroma planes of a frame whose luma is enlarged or shrunk, keeping layout and
    /// siting}
    ///
    /// @param srcWidth  luma width before
    /// @param srcHeight luma height before
    /// @param dstWidth  luma width after
    /// @param dstHeight luma height after
    /// @param layout    a YCbCr layout, the same before and after
    /// @param siting    where chroma lies, the same before and after; unspecified means left
    /// @param kernel    how samples are weighed
    /// @param antialias whether the kernel is stretched along axes that shrink
    public static Resampler chroma(int srcWidth, int srcHeight, int dstWidth, int dstHeight, PixelLayout layout,
            Siting siting, ResampleKernel kernel, boolean antialias) {
        if (!layout.isYCbCr()) {
            throw new IllegalArgumentException("layout " + layout + " has no chroma planes, wanted a YCbCr layout");
        }
        boolean cositedX = switch (siting) {
            case LEFT, TOP_LEFT, UNSPECIFIED -> true;
            case CENTER -> false;
        };
        boolean cositedY = switch (siting) {
            case TOP_LEFT -> true;
            case LEFT, CENTER, UNSPECIFIED -> false;
        };
        int everyX = 1 << layout.chromaShiftX();
        int everyY = 1 << layout.chromaShiftY();
        return new Resampler(
                Axis.chroma(layout.planeWidth(1, srcWidth), layout.planeWidth(1, dstWidth),
                (double) dstWidth / srcWidth,
                        everyX, cositedX, everyX, cositedX),
                Axis.chroma(layout.planeHeight(1, srcHeight), layout.planeHeight(1, dstHeight),
                (double) dstHeight / srcHeight,
                        everyY, cositedY, everyY, cositedY),
                kernel, antialias);
    }

    /// {@return working memory for one thread at a time}
    public Scratch scratch() {
        return new Scratch(this);
    }

    /// Resizes a whole plane of floats; no rounding, no clipping. Allocates its working memory.
    ///
    /// @param src       samples of the source
    /// @param srcOffset index of the source's first sample
    /// @param srcStride distance from a source row to the next
    /// @param dst       receives the output
    /// @param dstOffset index of the output's first sample
    /// @param dstStride distance from an output row to the next
    public void resize(float[] src, int srcOffset, int srcStride, float[] dst, int dstOffset, int dstStride) {
        resize(src, srcOffset, srcStride, dst, dstOffset, dstStride, 0, vertical.target(), scratch());
    }

    /// Resizes output rows `[rowBegin, rowEnd)` of a plane of floats; no rounding, no clipping. Allocates nothing.
    ///
    /// Only source rows `[sourceRowBegin(rowBegin), sourceRowEnd(rowEnd))` are read; a caller that holds just these in
    /// an array passes `srcOffset = -sourceRowBegin * srcStride`.
    ///
    /// @param src       samples of the source
    /// @param srcOffset index at which source row 0 begins, or would begin; may be negative
    /// @param srcStride distance from a source row to the next
    /// @param dst       receives the output, must not be `src`
    /// @param dstOffset index at which output row `rowBegin` (not 0) begins
    /// @param dstStride distance from an output row to the next
    /// @param rowBegin  first output row
    /// @param rowEnd    output row after the last
    /// @param scratch   working memory from [#scratch()]
    public void resize(float[] src, int srcOffset, int srcStride, float[] dst, int dstOffset, int dstStride,
            int rowBegin, int rowEnd, Scratch scratch) {
        checkBand(rowBegin, rowEnd, scratch);
        for (int y = rowBegin; y < rowEnd; y++) {
            float[] row = scratch.row;
            int width = horizontal.source();
            Arrays.fill(row, padLeft, padLeft + width, 0f);
            for (int t = 0; t < rows.taps; t++) {
                float weight = rows.weights[y * rows.taps + t];
                if (weight != 0) {
                    int from = srcOffset + Interpolation.mirror(rows.first[y] + t, vertical.source()) * srcStride;
                    System.arraycopy(src, from, scratch.lines[0], padLeft, width);
                    accumulate(row, padLeft, padLeft + width, weight, scratch.lines[0]);
                }
            }
            alongRow(scratch, dst, dstOffset + (y - rowBegin) * dstStride);
        }
    }

    /// Resizes a whole plane of samples, rounding to nearest and clipping to the output's range.
    ///
    /// @param src the source, of the size this resampler was made for
    /// @param dst receives the output, of the size wanted and the source's bit depth
    public void resize(Plane src, Plane dst) {
        resize(src, dst, 0, vertical.target(), scratch());
    }

    /// Resizes output rows `[rowBegin, rowEnd)` of a plane of samples, rounding and clipping. Allocates nothing.
    ///
    /// @param src      the source, of the size this resampler was made for
    /// @param dst      the whole output plane, of which these rows are written
    /// @param rowBegin first output row
    /// @param rowEnd   output row after the last
    /// @param scratch  working memory from [#scratch()]
    public void resize(Plane src, Plane dst, int rowBegin, int rowEnd, Scratch scratch) {
        checkBand(rowBegin, rowEnd, scratch);
        if (src.width() != horizontal.source() || src.height() != vertical.source()
                || dst.width() != horizontal.target() || dst.height() != vertical.target()
                || src.bitDepth() != dst.bitDepth()) {
            throw new IllegalArgumentException("resize from " + src.width() + "x" + src.height() + " at "
                    + src.bitDepth()
                    + " bit to " + dst.width() + "x" + dst.height() + " at " + dst.bitDepth() + " bit, wanted " + this
                    + " at one bit depth");
        }
        short[] in = src.samples();
        short[] out = dst.samples();
        float maximum = dst.maximum();
        int width = horizontal.source();
        float[] row = scratch.row;
        float[] made = scratch.made;
        Arrays.fill(scratch.lineRows, -1);
        for (int y = rowBegin; y < rowEnd; y++) {
            Arrays.fill(row, padLeft, padLeft + width, 0f);
            for (int t = 0; t < rows.taps; t++) {
                float weight = rows.weights[y * rows.taps + t];
                if (weight != 0) {
                    int from = Interpolation.mirror(rows.first[y] + t, vertical.source());
                    accumulate(row, padLeft, padLeft + width, weight, line(in, from, scratch));
                }
            }
            alongRow(scratch, made, 0);
            round(made, out, y * horizontal.target(), maximum);
        }
    }

    // Loops along a row are methods of their own: the first picture is resized in the interpreter, and C2 has a short loop ready in a
    // fraction of the time.

    private static void round(float[] made, short[] out, int to, float maximum) {
        for (int x = 0; x < made.length; x++) {
            out[to + x] = (short) (int) (Math.min(maximum, Math.max(0f, made[x])) + 0.5f);
        }
    }

    /// {@return the resized plane, rounded and clipped, at the source's bit depth}
    ///
    /// @param src the source, of the size this resampler was made for
    public Plane resize(Plane src) {
        Plane dst = new Plane(horizontal.target(), vertical.target(), src.bitDepth());
        resize(src, dst);
        return dst;
    }

    /// {@return the first source row that output rows from `rowBegin` on read}
    ///
    /// @param rowBegin first output row
    /// @param rowEnd   output row after the last, larger than `rowBegin`
    public int sourceRowBegin(int rowBegin, int rowEnd) {
        int lowest = vertical.source();
        for (int y = rowBegin; y < rowEnd; y++) {
            for (int t = 0; t < rows.taps; t++) {
                lowest = Math.min(lowest, Interpolation.mirror(rows.first[y] + t, vertical.source()));
            }
        }
        return lowest;
    }

    /// {@return the source row after the last one that output rows `[rowBegin, rowEnd)` read}
    ///
    /// @param rowBegin first output row
    /// @param rowEnd   output row after the last, larger than `rowBegin`
    public int sourceRowEnd(int rowBegin, int rowEnd) {
        int highest = -1;
        for (int y = rowBegin; y < rowEnd; y++) {
            for (int t = 0; t < rows.taps; t++) {
                highest = Math.max(highest, Interpolation.mirror(rows.first[y] + t, vertical.source()));
            }
        }
        return highest + 1;
    }

    /// A source row as floats, at index `padLeft`. Neighbouring output rows share most of their source rows.
    private float[] line(short[] in, int sourceRow, Scratch scratch) {
        int slot = sourceRow % scratch.lines.length;
        float[] line = scratch.lines[slot];
        if (scratch.lineRows[slot] != sourceRow) {
            scratch.lineRows[slot] = sourceRow;
            toFloats(in, sourceRow * horizontal.source(), line, padLeft, horizontal.source());
        }
        return line;
    }

    private static void toFloats(short[] in, int from, float[] line, int to, int count) {
        for (int x = 0; x < count; x++) {
            line[to + x] = in[from + x] & 0xFFFF;
        }
    }

    private void checkBand(int rowBegin, int rowEnd, Scratch scratch) {
        if (rowBegin < 0 || rowEnd < rowBegin || rowEnd > vertical.target()) {
            throw new IllegalArgumentException("rows " + rowBegin + " to " + rowEnd + " of " + vertical.target());
        }
        if (scratch.owner != this) {
            throw new IllegalArgumentException("scratch memory of another resampler; take it from this one's"
                    + " scratch()");
        }
    }

    private void alongRow(Scratch scratch, float[] out, int to) {
        float[] row = scratch.row;
        int width = horizontal.source();
        for (int x = 1; x <= padLeft; x++) {
            row[padLeft - x] = row[padLeft + Interpolation.mirror(-x, width)];
        }
        for (int x = 0; x < padRight; x++) {
            row[padLeft + width + x] = row[padLeft + Interpolation.mirror(width + x, width)];
        }
        if (columns.period > 0) {
            byPhases(scratch, out, to);
        } else {
            oneByOne(row, out, to);
        }
    }

    private void oneByOne(float[] row, float[] out, int to) {
        int taps = columns.taps;
        int[] first = columns.first;
        float[] weights = columns.weights;
        for (int x = 0; x < first.length; x++) {
            float sum = 0;
            int from = padLeft + first[x];
            for (int t = 0; t < taps; t++) {
                sum += weights[x * taps + t] * row[from + t];
            }
            out[to + x] = sum;
        }
    }

    /// Output samples of one phase have the same weights and sources that lie `advance` apart. With the row dealt out
    /// to `advance` streams each tap is a plain loop over two arrays. The just-in-time compiler makes vector code of it
    /// only if both have the same index, so the stream is first shifted into place.
    private void byPhases(Scratch scratch, float[] out, int to) {
        int period = columns.period;
        int advance = columns.advance;
        int target = horizontal.target();
        float[][] streams = scratch.streams;
        if (advance > 1) {
            deal(scratch.row, streams);
        }
        float[] phase = scratch.phase;
        for (int p = 0; p < Math.min(period, target); p++) {
            int count = (target - p + period - 1) / period;
            Arrays.fill(phase, 0, count, 0f);
            for (int t = 0; t < columns.taps; t++) {
                float weight = columns.weights[p * columns.taps + t];
                if (weight != 0) {
                    int from = padLeft + columns.first[p] + t;
                    System.arraycopy(streams[from % advance], from / advance, scratch.shifted, 0, count);
                    accumulate(phase, 0, count, weight, scratch.shifted);
                }
            }
            spread(phase, count, out, to + p, period);
        }
    }

    private static void spread(float[] phase, int count, float[] out, int to, int apart) {
        for (int k = 0; k < count; k++) {
            out[to + k * apart] = phase[k];
        }
    }

    private static void deal(float[] row, float[][] streams) {
        for (int s = 0; s < streams.length; s++) {
            float[] stream = streams[s];
            for (int k = 0, from = s; from < row.length; k++, from += streams.length) {
                stream[k] = row[from];
            }
        }
    }

    private static void accumulate(float[] sum, int begin, int end, float weight, float[] source) {
        for (int k = begin; k < end; k++) {
            sum[k] += weight * source[k];
        }
    }

    /// {@return the horizontal axis}
    public Axis horizontal() {
        return horizontal;
    }

    /// {@return the vertical axis}
    public Axis vertical() {
        return vertical;
    }

    @Override
    public String toString() {
        return horizontal.source() + "x" + vertical.source() + " to " + horizontal.target() + "x" + vertical.target();
    }

    /// Working memory of one thread for one resampler.
    public static final class Scratch {
        /// Most source rows that are kept. A plane that shrinks by more than sixteen takes more for a row of its
        /// output; it converts them again for the next one, which costs less than to keep them.
        private static final int MOST_LINES = 64;

        private final Resampler owner;
        /// A source row after the vertical pass, with its mirrored ends.
        private final float[] row;
        /// An output row.
        private final float[] made;
        /// Every so many-th sample of `row`; `row` itself where the weights advance by one sample.
        private final float[][] streams;
        /// Output samples of one phase.
        private final float[] phase;
        /// A part of a stream.
        private final float[] shifted;
        /// Source rows as floats, and which ones they are.
        private final float[][] lines;
        private final int[] lineRows;

        private Scratch(Resampler owner) {
            this.owner = owner;
            row = new float[owner.padLeft + owner.horizontal.source() + owner.padRight];
            made = new float[owner.horizontal.target()];
            int period = owner.columns.period;
            int advance = owner.columns.advance;
            phase = new float[period == 0 ? 0 : (made.length + period - 1) / period];
            shifted = new float[phase.length];
            lines = new float[Math.min(owner.rows.taps, MOST_LINES)][row.length];
            lineRows = new int[lines.length];
            streams = new float[advance][];
            for (int s = 0; s < advance; s++) {
                streams[s] = advance == 1 ? row : new float[(row.length + advance - 1) / advance];
            }
        }
    }
}
