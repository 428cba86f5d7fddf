package io.github.fovea.media;

import io.github.fovea.frame.Frame;
import io.github.fovea.frame.FrameFormat;
import io.github.fovea.frame.Plane;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/// Planes as raw bytes: one byte a sample for 8 bit, two, low byte first, for deeper ones. The buffer is reused.
///
/// Loops over samples are methods of their own: the first frame is read and written in the interpreter, and C2 has a short loop ready in a
/// fraction of the time.
final class PlaneBytes {
    private static final int BUFFER_BYTES = 1 << 16;

    private final byte[] buffer = new byte[BUFFER_BYTES];

    /// {@return bytes of a frame's planes}
    static long frameBytes(FrameFormat format) {
        long bytes = 0;
        for (int i = 0; i < format.layout().planes(); i++) {
            bytes += (long) format.layout().planeWidth(i, format.width()) * format.layout().planeHeight(i,
                    format.height());
        }
        return format.bitDepth() > 8 ? 2 * bytes : bytes;
    }

    /// Fills a frame.
    ///
    /// @return bytes read: all of them, or fewer where the stream ended
    long read(InputStream in, Frame frame) throws IOException {
        long total = 0;
        for (int i = 0; i < frame.planes().size(); i++) {
            Plane plane = frame.plane(i);
            int sampleBytes = plane.bitDepth() > 8 ? 2 : 1;
            short[] samples = plane.samples();
            int maximum = plane.maximum();
            int done = 0;
            while (done < samples.length) {
                int wanted = Math.min(samples.length - done, BUFFER_BYTES / sampleBytes);
                int got = in.readNBytes(buffer, 0, wanted * sampleBytes);
                total += got;
                if (got < wanted * sampleBytes) {
                    return total;
                }
                if (sampleBytes == 1) {
                    fromBytes(buffer, samples, done, wanted);
                } else {
                    fromWords(buffer, samples, done, wanted, maximum);
                }
                done += wanted;
            }
        }
        return total;
    }

    void write(Frame frame, OutputStream out) throws IOException {
        for (int i = 0; i < frame.planes().size(); i++) {
            Plane plane = frame.plane(i);
            int sampleBytes = plane.bitDepth() > 8 ? 2 : 1;
            short[] samples = plane.samples();
            int done = 0;
            while (done < samples.length) {
                int count = Math.min(samples.length - done, BUFFER_BYTES / sampleBytes);
                if (sampleBytes == 1) {
                    toBytes(samples, done, buffer, count);
                } else {
                    toWords(samples, done, buffer, count);
                }
                out.write(buffer, 0, count * sampleBytes);
                done += count;
            }
        }
    }

    private static void fromBytes(byte[] bytes, short[] samples, int from, int count) {
        for (int k = 0; k < count; k++) {
            samples[from + k] = (short) (bytes[k] & 0xFF);
        }
    }

    private static void fromWords(byte[] bytes, short[] samples, int from, int count, int maximum) {
        for (int k = 0; k < count; k++) {
            int value = bytes[2 * k] & 0xFF | (bytes[2 * k + 1] & 0xFF) << 8;
            samples[from + k] = (short) Math.min(value, maximum);
        }
    }

    private static void toBytes(short[] samples, int from, byte[] bytes, int count) {
        for (int k = 0; k < count; k++) {
            bytes[k] = (byte) samples[from + k];
        }
    }

    private static void toWords(short[] samples, int from, byte[] bytes, int count) {
        for (int k = 0; k < count; k++) {
            bytes[2 * k] = (byte) samples[from + k];
            bytes[2 * k + 1] = (byte) (samples[from + k] >> 8);
        }
    }
}
