package io.github.fovea;

import io.github.fovea.frame.Frame;
import java.nio.ByteBuffer;
import java.util.Objects;

/// One frame of a video, its planes in memory. Make one per format and fill it again for each frame. Not for several
/// threads at a time.
public final class VideoFrame {
    private final VideoFormat format;
    private final Frame frame;

    /// Makes a frame of zeros.
    ///
    /// @param format size, planes and depth
    public VideoFrame(VideoFormat format) {
        this.format = Objects.requireNonNull(format, "format");
        this.frame = Frame.allocate(format.internal());
    }

    /// {@return size, planes and depth}
    public VideoFormat format() {
        return format;
    }

    /// {@return the samples of a plane: unsigned 16-bit numbers, 0 to 2^depth - 1, row after row without gaps; written
    /// through}
    ///
    /// @param plane 0 luma, 1 Cb, 2 Cr
    /// @throws IllegalArgumentException if there is no such plane
    public short[] samples(int plane) {
        format.checkPlane(plane);
        return frame.plane(plane).samples();
    }

    /// Fills a plane from 8-bit samples.
    ///
    /// @param plane  0 luma, 1 Cb, 2 Cr
    /// @param bytes  holds the samples
    /// @param offset index of the first sample
    /// @param stride distance from a row to the next, at least the plane's width
    /// @throws IllegalStateException    if samples have more than 8 bits
    /// @throws IllegalArgumentException if there is no such plane, or the array does not hold it
    public void read(int plane, byte[] bytes, int offset, int stride) {
        checkEightBits();
        checkRows(plane, offset, stride, bytes.length);
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
    /// @throws IllegalArgumentException if there is no such plane, or the array does not hold it
    public void write(int plane, byte[] bytes, int offset, int stride) {
        checkEightBits();
        checkRows(plane, offset, stride, bytes.length);
        short[] from = samples(plane);
        int width = format.planeWidth(plane);
        for (int y = 0; y < format.planeHeight(plane); y++) {
            for (int x = 0; x < width; x++) {
                bytes[offset + y * stride + x] = (byte) from[y * width + x];
            }
        }
    }

    /// Fills a plane of any depth from memory as decoders have it: samples of 8 bits a byte each, deeper ones two, in
    /// the buffer's byte order and in the low bits (as in `yuv420p10`, not as in `p010`).
    ///
    /// @param plane  0 luma, 1 Cb, 2 Cr
    /// @param buffer holds the samples from its position on, which stays; direct or not
    /// @param stride bytes from a row to the next, at least those of a row
    /// @throws IllegalArgumentException if there is no such plane, or the buffer does not hold it before its limit
    public void read(int plane, ByteBuffer buffer, int stride) {
        int start = buffer.position();
        checkRows(plane, start, stride, buffer.limit());
        short[] to = samples(plane);
        int width = format.planeWidth(plane);
        for (int y = 0; y < format.planeHeight(plane); y++) {
            int row = start + y * stride;
            for (int x = 0; x < width; x++) {
                to[y * width + x] = deep() ? buffer.getShort(row + 2 * x) : (short) (buffer.get(row + x) & 0xFF);
            }
        }
    }

    /// Copies a plane of any depth to memory, as [#read(int, ByteBuffer, int)] takes it.
    ///
    /// @param plane  0 luma, 1 Cb, 2 Cr
    /// @param buffer receives the samples from its position on, which stays; direct or not
    /// @param stride bytes from a row to the next, at least those of a row
    /// @throws IllegalArgumentException        if there is no such plane, or the buffer does not hold it before its
    ///                                         limit
    /// @throws java.nio.ReadOnlyBufferException if the buffer is read-only
    public void write(int plane, ByteBuffer buffer, int stride) {
        int start = buffer.position();
        checkRows(plane, start, stride, buffer.limit());
        short[] from = samples(plane);
        int width = format.planeWidth(plane);
        for (int y = 0; y < format.planeHeight(plane); y++) {
            int row = start + y * stride;
            for (int x = 0; x < width; x++) {
                if (deep()) {
                    buffer.putShort(row + 2 * x, from[y * width + x]);
                } else {
                    buffer.put(row + x, (byte) from[y * width + x]);
                }
            }
        }
    }

    /// Whether a sample takes two bytes.
    private boolean deep() {
        return format.bitDepth() > 8;
    }

    private void checkEightBits() {
        if (deep()) {
            throw new IllegalStateException("samples have " + format.bitDepth()
                    + " bits and do not fit bytes; use a ByteBuffer or samples()");
        }
    }

    private void checkRows(int plane, int offset, int stride, int length) {
        int row = format.planeWidth(plane) * (deep() ? Short.BYTES : 1);
        int rows = format.planeHeight(plane);
        long end = offset + (long) stride * (rows - 1) + row;
        if (offset < 0 || stride < row || end > length) {
            throw new IllegalArgumentException("plane of " + format.planeWidth(plane) + "x" + rows + " at " + offset
                    + ", rows " + stride + " bytes apart, in " + length + " bytes; wanted an offset of at least 0, rows at "
                    + "least " + row + " bytes apart, and " + end + " bytes");
        }
    }

    Frame internal() {
        return frame;
    }
}
