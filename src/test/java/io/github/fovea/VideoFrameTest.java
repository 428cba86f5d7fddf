package io.github.fovea;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ReadOnlyBufferException;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Frames in a caller's own memory.
class VideoFrameTest {
    private static VideoFormat format(VideoFormat.Chroma chroma, int bits) {
        return new VideoFormat(7, 5, chroma, bits, VideoFormat.Range.LIMITED, VideoFormat.Siting.LEFT);
    }

    static Stream<Arguments> buffers() {
        return Stream.of(VideoFormat.Chroma.values()).flatMap(chroma -> IntStream.of(8, 10, 16).boxed()
                .flatMap(bits -> Stream.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)
                        .map(order -> Arguments.of(chroma, bits, order))));
    }

    /// Planes with gaps between their rows, behind a buffer's position, come and go sample by sample; what lies in the
    /// gaps stays.
    @ParameterizedTest
    @MethodSource("buffers")
    void planesComeFromStridedBuffers(VideoFormat.Chroma chroma, int bits, ByteOrder order) {
        SplittableRandom random = new SplittableRandom(bits);
        VideoFrame frame = new VideoFrame(format(chroma, bits));
        VideoFrame back = new VideoFrame(frame.format());
        int sampleBytes = bits == 8 ? 1 : 2;
        for (int plane = 0; plane < frame.format().planes(); plane++) {
            int width = frame.format().planeWidth(plane);
            int height = frame.format().planeHeight(plane);
            int stride = width * sampleBytes + 3;
            short[] wanted = new short[width * height];
            ByteBuffer buffer = ByteBuffer.allocateDirect(6 + stride * (height - 1) + width * sampleBytes).order(order).position(6);
            for (int i = 0; i < wanted.length; i++) {
                wanted[i] = (short) random.nextInt(1 << bits);
                int at = 6 + i / width * stride + i % width * sampleBytes;
                if (bits == 8) {
                    buffer.put(at, (byte) wanted[i]);
                } else {
                    buffer.putShort(at, wanted[i]);
                }
            }
            frame.read(plane, buffer.asReadOnlyBuffer().order(order), stride);
            assertArrayEquals(wanted, frame.samples(plane));
            assertEquals(6, buffer.position());

            ByteBuffer copy = ByteBuffer.allocate(buffer.limit()).order(order).position(6);
            frame.write(plane, copy, stride);
            assertEquals(buffer.rewind(), copy.rewind());
            back.read(plane, copy.position(6), stride);
            assertArrayEquals(wanted, back.samples(plane));
        }
    }

    @Test
    void buffersThatHoldNoSuchPlaneAreRefused() {
        VideoFrame ten = new VideoFrame(format(VideoFormat.Chroma.YUV422, 10));
        ten.read(0, ByteBuffer.allocate(4 * 16 + 14), 16);
        String shorter = assertThrows(IllegalArgumentException.class,
                () -> ten.read(0, ByteBuffer.allocate(4 * 16 + 13), 16)).getMessage();
        assertEquals("plane of 7x5 at 0, rows 16 bytes apart, in 77 bytes; wanted an offset of at least 0, rows at least "
                + "14 bytes apart, and 78 bytes", shorter);
        assertThrows(IllegalArgumentException.class, () -> ten.read(0, ByteBuffer.allocate(100).position(23), 16));
        assertThrows(IllegalArgumentException.class, () -> ten.write(0, ByteBuffer.allocate(100).limit(77), 16));
        assertThrows(IllegalArgumentException.class, () -> ten.read(0, ByteBuffer.allocate(100), 13));
        assertThrows(ReadOnlyBufferException.class, () -> ten.write(0, ByteBuffer.allocate(100).asReadOnlyBuffer(), 16));
        String bytes = assertThrows(IllegalStateException.class, () -> ten.read(0, new byte[100], 0, 16)).getMessage();
        assertTrue(bytes.contains("ByteBuffer"), bytes);
    }

    /// Some would else have answered for a plane that is not there, or failed inside.
    @Test
    void planesThatAreNotThereAreRefused() {
        VideoFormat grey = format(VideoFormat.Chroma.GREY, 8);
        VideoFormat colour = format(VideoFormat.Chroma.YUV420, 8);
        assertEquals("plane 1 of a frame of GREY, wanted 0 (luma)",
                assertThrows(IllegalArgumentException.class, () -> grey.planeWidth(1)).getMessage());
        assertThrows(IllegalArgumentException.class, () -> colour.planeHeight(-1));
        assertThrows(IllegalArgumentException.class, () -> new VideoFrame(grey).samples(1));
        assertEquals("plane 3 of a frame of YUV420, wanted 0 (luma), 1 (Cb) or 2 (Cr)", assertThrows(IllegalArgumentException.class,
                () -> new VideoFrame(colour).read(3, new byte[100], 0, 35)).getMessage());
    }
}
