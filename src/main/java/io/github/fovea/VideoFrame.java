package io.github.fovea;

import io.github.fovea.frame.Frame;

/// One frame of a video, its planes in memory. Make one per format and fill it again for each frame.
public final class VideoFrame {
    private final VideoFormat format;
    private final Frame frame;

    /// Makes a frame of zeros.
    ///
    /// @param format size, planes and depth
    public VideoFrame(VideoFormat format) {
        this.format = format;
        this.frame = Frame.allocate(format.internal());
    }

    /// {@return size, planes and depth}
    public VideoFormat format() {
        return format;
    }

    /// {@return the samples of a plane: unsigned 16-bit numbers, row after row without gaps; written through}
    ///
    /// @param plane 0 luma, 1 Cb, 2 Cr
    public short[] samples(int plane) {
        return frame.plane(plane).samples();
    }

    /// Fills a plane from 8-bit samples.
    ///
    /// @param plane  0 luma, 1 Cb, 2 Cr
    /// @param bytes  holds the samples
    /// @param offset index of the first sample
    /// @param stride distance from a row to the next, at least the plane's width
    /// @throws IllegalStateException    if samples have more than 8 bits
    /// @throws IllegalArgumentException if the array does not hold such a plane
    public void read(int plane, byte[] bytes, int offset, int stride) {
        checkBytes(plane, bytes.length, offset, stride);
        short[] to = samples(plane);
        int width = format.planeWidth(plane);
        for (int y = 0; y < format.planeHeight(plane); y++) {
            for (int x = 0; x < width; x++) {
                to[y * width + x] = (short) (bytes[offset + y * stride + x] & 0xFF);
            }
        }
    }

    /// Copies a plane to 8-bit samples.
    ///
    /// @param plane  0 luma, 1 Cb, 2 Cr
    /// @param bytes  receives the samples
    /// @param offset index of the first sample
    /// @param stride distance from a row to the next, at least the plane's width
    /// @throws IllegalStateException    if samples have more than 8 bits
    /// @throws IllegalArgumentException if the array does not hold such a plane
    public void write(int plane, byte[] bytes, int offset, int stride) {
        checkBytes(plane, bytes.length, offset, stride);
        short[] from = samples(plane);
        int width = format.planeWidth(plane);
        for (int y = 0; y < format.planeHeight(plane); y++) {
            for (int x = 0; x < width; x++) {
                bytes[offset + y * stride + x] = (byte) from[y * width + x];
            }
        }
    }

    private void checkBytes(int plane, int length, int offset, int stride) {
        if (format.bitDepth() != 8) {
            throw new IllegalStateException("samples have " + format.bitDepth()
                    + " bits and do not fit bytes; use samples()");
        }
        int width = format.planeWidth(plane);
        long end = offset + (long) stride * (format.planeHeight(plane) - 1) + width;
        if (offset < 0 || stride < width || end > length) {
            throw new IllegalArgumentException("plane of " + width + "x" + format.planeHeight(plane) + " at " + offset
                    + ", rows "
                    + stride + " apart, in " + length + " bytes; wanted an offset of at least 0, rows at least " + width
                    + " apart, and " + end + " bytes");
        }
    }

    Frame internal() {
        return frame;
    }
}
