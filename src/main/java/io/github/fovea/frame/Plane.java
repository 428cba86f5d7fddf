package io.github.fovea.frame;

import java.util.Objects;

/// One plane of unsigned integer samples, 8 to 16 bit, row after row without gaps.
///
/// Samples of every bit depth are stored in a `short[]`, so that code which reads them exists once; [#get] widens.
public final class Plane {
    /// Wider or higher planes than this are refused.
    public static final int MAX_EXTENT = 1 << 20;

    private final int width;
    private final int height;
    private final int bitDepth;
    private final short[] samples;

    /// Makes a plane of zeros.
    ///
    /// @param width    samples in a row, 1 to [#MAX_EXTENT]
    /// @param height   rows, 1 to [#MAX_EXTENT]
    /// @param bitDepth bits of a sample, 8 to 16
    public Plane(int width, int height, int bitDepth) {
        this(width, height, bitDepth, new short[checkedElements(width, height)]);
    }

    /// Wraps an array without copying it.
    ///
    /// @param width    samples in a row, 1 to [#MAX_EXTENT]
    /// @param height   rows, 1 to [#MAX_EXTENT]
    /// @param bitDepth bits of a sample, 8 to 16
    /// @param samples  `width * height` samples
    public Plane(int width, int height, int bitDepth, short[] samples) {
        int elements = checkedElements(width, height);
        if (bitDepth < 8 || bitDepth > 16) {
            throw new IllegalArgumentException("bit depth " + bitDepth + ", wanted 8 to 16");
        }
        if (Objects.requireNonNull(samples, "samples").length != elements) {
            throw new IllegalArgumentException("plane of " + width + "x" + height + " wants " + elements
                    + " samples, got " + samples.length);
        }
        this.width = width;
        this.height = height;
        this.bitDepth = bitDepth;
        this.samples = samples;
    }

    /// {@return how many samples a plane has}
    ///
    /// @param width  samples in a row
    /// @param height rows
    /// @throws IllegalArgumentException if one is outside 1 to [#MAX_EXTENT], or there are too many samples for an array
    public static int checkedElements(int width, int height) {
        if (width < 1 || height < 1 || width > MAX_EXTENT || height > MAX_EXTENT
                || (long) width * height > Integer.MAX_VALUE - 64) {
            throw new IllegalArgumentException("plane of " + width + "x" + height + ", wanted extents of 1 to "
                    + MAX_EXTENT + " and fewer than 2^31 samples");
        }
        return width * height;
    }

    /// {@return the sample at column `x` of row `y`, 0 to `maximum()`}
    ///
    /// @param x column, from 0
    /// @param y row, from 0
    public int get(int x, int y) {
        return samples[y * width + x] & 0xFFFF;
    }

    /// Sets the sample at column `x` of row `y`.
    ///
    /// @param x     column, from 0
    /// @param y     row, from 0
    /// @param value new value, 0 to `maximum()`; not checked
    public void set(int x, int y, int value) {
        samples[y * width + x] = (short) value;
    }

    /// {@return samples in a row}
    public int width() {
        return width;
    }

    /// {@return the number of rows}
    public int height() {
        return height;
    }

    /// {@return bits of a sample}
    public int bitDepth() {
        return bitDepth;
    }

    /// {@return the largest sample value}
    public int maximum() {
        return (1 << bitDepth) - 1;
    }

    /// {@return the samples themselves, row after row, each an unsigned 16-bit number}
    public short[] samples() {
        return samples;
    }
}
