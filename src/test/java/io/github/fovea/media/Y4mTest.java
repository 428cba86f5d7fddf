package io.github.fovea.media;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.error.MalformedFileException;
import io.github.fovea.error.OutputException;
import io.github.fovea.frame.ColorDescription;
import io.github.fovea.frame.ColorDescription.Range;
import io.github.fovea.frame.ColorDescription.Siting;
import io.github.fovea.frame.Frame;
import io.github.fovea.frame.FrameFormat;
import io.github.fovea.frame.PixelLayout;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Y4mTest {
    @TempDir
    Path folder;

    private static Y4mReader reader(byte[] bytes) throws IOException {
        return Y4mReader.open(new ByteArrayInputStream(bytes), "stream", Y4mReader.DEFAULT_MAX_PIXELS);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static VideoFormat video(int width, int height, PixelLayout layout, int bitDepth, Siting siting, Range range) {
        ColorDescription unknown = ColorDescription.UNKNOWN;
        return new VideoFormat(new FrameFormat(width, height, layout, bitDepth, new ColorDescription(unknown.matrix(), range,
                unknown.transfer(), unknown.primaries(), siting)), new Ratio(30000, 1001), new Ratio(16, 11),
                FieldOrder.TOP_FIRST, List.of("XYSCSS=WHATEVER", "XNOTE"));
    }

    @ParameterizedTest
    @CsvSource({"YCBCR_420,8,CENTER,FULL,C420jpeg", "YCBCR_420,8,LEFT,LIMITED,C420mpeg2", "YCBCR_420,8,TOP_LEFT,UNSPECIFIED,C420paldv",
        "YCBCR_420,10,UNSPECIFIED,LIMITED,C420p10", "YCBCR_422,8,UNSPECIFIED,FULL,C422", "YCBCR_422,10,UNSPECIFIED,FULL,C422p10",
        "YCBCR_444,8,UNSPECIFIED,FULL,C444", "YCBCR_444,12,UNSPECIFIED,FULL,C444p12", "GREY,8,UNSPECIFIED,FULL,Cmono",
        "GREY,10,UNSPECIFIED,FULL,Cmono10", "YCBCR_420,16,UNSPECIFIED,FULL,C420p16"})
    void whatIsWrittenIsRead(PixelLayout layout, int bitDepth, Siting siting, Range range, String chroma) throws IOException {
        for (int[] size : new int[][] {{1, 1}, {3, 2}, {35, 21}}) {
            VideoFormat format = video(size[0], size[1], layout, bitDepth, siting, range);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            Frame[] frames = new Frame[3];
            try (Y4mWriter writer = Y4mWriter.open(out, format)) {
                for (int i = 0; i < 3; i++) {
                    Frame random = TestPictures.random(size[0], size[1], layout, bitDepth, i);
                    frames[i] = new Frame(format.frame(), random.planes());
                    writer.write(frames[i]);
                }
                writer.commit();
            }
            String header = out.toString(StandardCharsets.ISO_8859_1).lines().findFirst().orElseThrow();
            assertTrue(List.of(header.split(" ")).contains(chroma), header);
            try (Y4mReader reader = reader(out.toByteArray())) {
                assertEquals(format, reader.format());
                Frame reuse = Frame.allocate(format.frame());
                for (Frame frame : frames) {
                    assertSame(reuse, reader.next(reuse));
                    for (int k = 0; k < frame.planes().size(); k++) {
                        assertArrayEquals(frame.plane(k).samples(), reuse.plane(k).samples());
                    }
                }
                assertNull(reader.next(reuse));
                assertNull(reader.next(null));
            }
        }
    }

    @Test
    void minimalHeaderAndFrameParameters() throws IOException {
        byte[] bytes = TestPictures.join(ascii("YUV4MPEG2 W2 H2 F25:1\nFRAME Ip XWHAT\n"), new byte[] {1, 2, 3, 4, 5, 6},
                ascii("FRAME\n"), new byte[] {7, 8, 9, 10, 11, (byte) 200});
        try (Y4mReader reader = reader(bytes)) {
            assertEquals(Siting.CENTER, reader.format().frame().color().siting());
            assertEquals(Ratio.UNKNOWN, reader.format().sampleAspect());
            assertEquals(FieldOrder.UNSPECIFIED, reader.format().fieldOrder());
            assertArrayEquals(new short[] {1, 2, 3, 4}, reader.next(null).plane(0).samples());
            assertEquals(200, reader.next(null).plane(2).get(0, 0));
            assertNull(reader.next(null));
        }
    }

    @Test
    void samplesBeyondTheDepthAreClipped() throws IOException {
        byte[] bytes = TestPictures.join(ascii("YUV4MPEG2 W1 H1 F25:1 Cmono10\nFRAME\n"), new byte[] {(byte) 0xFF, (byte) 0xFF});
        assertEquals(1023, reader(bytes).next(null).plane(0).get(0, 0));
    }

    @ParameterizedTest
    @CsvSource({"'YUV4MPEG2 W2 H2\n', no frame rate", "'YUV4MPEG2 H2 F1:1\n', no width", "'YUV4MPEG2 W0 H2 F1:1\n', wanted 1 to",
        "'YUV4MPEG2 W-3 H2 F1:1\n', wanted 1 to", "'YUV4MPEG2 W99999999999 H2 F1:1\n', wanted 1 to",
        "'YUV4MPEG2 W100000 H100000 F1:1\n', limit", "'YUV4MPEG2 W2 H2 F0:1\n', frame rate", "'YUV4MPEG2 W2 H2 Fx\n', frame rate",
        "'YUV4MPEG2 W2 H2 F1:1 C411\n', not read", "'YUV4MPEG2 W2 H2 F1:1 C444alpha\n', alpha", "'YUV4MPEG2 W2 H2 F1:1 Iq\n', interlacing",
        "'YUV4MPEG2 W2 H2 F1:1 A1\n', aspect", "'YUV4MPEG2 W2 H2 F1:1 Q\n', unknown header tag", "'YUV4MPEG2 W2', within the line",
        "'Hello, this is text\n', not Y4M", "'Hi', not Y4M", "'', empty"})
    void badHeadersAreExplained(String header, String words) {
        MalformedFileException e = assertThrows(MalformedFileException.class, () -> reader(ascii(header)));
        assertTrue(e.getMessage().startsWith("stream: at byte ") && e.getMessage().contains(words), e.getMessage());
    }

    @Test
    void endlessHeaderIsRefused() {
        byte[] bytes = new byte[1 << 20];
        Arrays.fill(bytes, (byte) 'X');
        System.arraycopy(ascii("YUV4MPEG2 "), 0, bytes, 0, 10);
        assertTrue(assertThrows(MalformedFileException.class, () -> reader(bytes)).getMessage().contains("longer than 4096"));
    }

    @Test
    void aHeaderThatLiesAboutTheSizeIsRefusedBeforeAnythingIsAllocated() throws IOException {
        Path file = folder.resolve("lie.y4m");
        Files.write(file, TestPictures.join(ascii("YUV4MPEG2 W16000 H8000 F25:1\nFRAME\n"), new byte[1000]));
        MalformedFileException e = assertThrows(MalformedFileException.class,
                () -> Y4mReader.open(file, Y4mReader.DEFAULT_MAX_PIXELS));
        assertTrue(e.getMessage().contains("16,000x8,000") && e.getMessage().contains("192,000,000"), e.getMessage());
        assertEquals(Files.size(file), e.offset());
    }

    @Test
    void cutOffFramesAreErrorsWithTheirPlace() throws IOException {
        byte[] whole = TestPictures.join(ascii("YUV4MPEG2 W4 H4 F25:1\nFRAME\n"), new byte[24], ascii("FRAME\n"), new byte[24]);
        for (int length = whole.length - 1; length > whole.length - 30; length--) {
            Y4mReader reader = reader(Arrays.copyOf(whole, length));
            reader.next(null);
            MalformedFileException e = assertThrows(MalformedFileException.class, () -> reader.next(null));
            assertEquals(length, e.offset());
            assertThrows(IOException.class, () -> reader.next(null));
        }
        byte[] broken = whole.clone();
        broken[22 + 6 + 24] = 'f';
        Y4mReader reader = reader(broken);
        reader.next(null);
        assertTrue(assertThrows(MalformedFileException.class, () -> reader.next(null)).getMessage().contains("wanted FRAME"));
    }

    @Test
    void filesTellTheirFrameCountAndAppearOnlyWhole() throws IOException {
        VideoFormat format = video(16, 16, PixelLayout.YCBCR_420, 8, Siting.LEFT, Range.LIMITED);
        Path file = folder.resolve("v.y4m");
        Frame frame = new Frame(format.frame(), TestPictures.random(16, 16, PixelLayout.YCBCR_420, 8, 1).planes());
        try (Y4mWriter writer = Y4mWriter.open(file, format, false)) {
            writer.write(frame);
            assertTrue(Files.notExists(file));
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(0, files.count());
        }
        try (Y4mWriter writer = Y4mWriter.open(file, format, false)) {
            for (int i = 0; i < 7; i++) {
                writer.write(frame);
            }
            writer.commit();
        }
        try (Y4mReader reader = Y4mReader.open(file, 256)) {
            assertEquals(7, reader.frameCountEstimate());
        }
        assertThrows(IOException.class, () -> Y4mWriter.open(file, format, false));
        assertThrows(MalformedFileException.class, () -> Y4mReader.open(file, 255));
        assertThrows(IllegalArgumentException.class, () -> Y4mWriter.open(new ByteArrayOutputStream(),
                new VideoFormat(TestPictures.random(2, 2, PixelLayout.RGB, 8, 1).format(), new Ratio(1, 1))));
    }

    @Test
    void madeInPartsItIsTheSame() throws IOException {
        VideoFormat format = video(35, 21, PixelLayout.YCBCR_420, 8, Siting.LEFT, Range.LIMITED);
        Path whole = folder.resolve("whole.y4m");
        Path parted = folder.resolve("parted.y4m");
        List<String> job = List.of("video: a");
        Frame[] frames = new Frame[7];
        for (int i = 0; i < frames.length; i++) {
            frames[i] = Frame.allocate(format.frame());
            frames[i].plane(0).set(i, i, 17 * i);
        }
        try (Y4mWriter writer = Y4mWriter.open(whole, format, false)) {
            for (int i = 0; i < 600; i++) {
                writer.write(frames[i % 7]);
            }
            writer.commit();
        }
        try (PartedSink sink = VideoFiles.createInParts(parted, format, null, EncodeOptions.DEFAULT, job)) {
            for (int i = 0; i < 520; i++) {
                sink.write(frames[i % 7]);
            }
        }
        try (Y4mReader source = Y4mReader.open(whole, Y4mReader.DEFAULT_MAX_PIXELS);
                PartedSink sink = VideoFiles.createInParts(parted, format, source, EncodeOptions.DEFAULT, job)) {
            assertEquals(504, sink.found());
            sink.skipFound(source);
            for (Frame frame = source.next(null); frame != null; frame = source.next(frame)) {
                sink.write(frame);
            }
            sink.commit();
        }
        assertEquals(-1, Files.mismatch(whole, parted));
        // The parts of a longer video are not those of this one.
        try (PartedSink sink = VideoFiles.createInParts(folder.resolve("b.y4m"), format, null, EncodeOptions.DEFAULT, job)) {
            for (int i = 0; i < 260; i++) {
                sink.write(frames[i % 7]);
            }
        }
        try (Y4mWriter writer = Y4mWriter.open(folder.resolve("short.y4m"), format, false)) {
            writer.write(frames[0]);
            writer.commit();
        }
        try (Y4mReader source = Y4mReader.open(folder.resolve("short.y4m"), Y4mReader.DEFAULT_MAX_PIXELS);
                PartedSink sink = VideoFiles.createInParts(folder.resolve("b.y4m"), format, source, EncodeOptions.DEFAULT, job)) {
            OutputException problem = assertThrows(OutputException.class, () -> sink.skipFound(source));
            assertTrue(problem.getMessage().contains("holds 252 frames, the video ends after 1"), problem.getMessage());
        }
    }
}
