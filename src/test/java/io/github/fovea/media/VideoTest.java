package io.github.fovea.media;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.error.MalformedFileException;
import io.github.fovea.frame.ColorDescription;
import io.github.fovea.frame.ColorDescription.Matrix;
import io.github.fovea.frame.ColorDescription.Range;
import io.github.fovea.frame.ColorDescription.Siting;
import io.github.fovea.frame.Frame;
import io.github.fovea.frame.FrameFormat;
import io.github.fovea.frame.PixelLayout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VideoTest extends VideoClips {
    private Path rich(String name) throws IOException {
        Path subtitles = Files.writeString(folder.resolve("s.srt"), "1\n00:00:00,200 --> 00:00:00,900\nHello\n");
        Path chapters = Files.writeString(folder.resolve("c.txt"), ";FFMETADATA1\ntitle=A title\n[CHAPTER]\nTIMEBASE=1/1000\n"
                + "START=0\nEND=500\ntitle=One\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=500\nEND=1000\ntitle=Two\n");
        boolean mp4 = name.endsWith("mp4");
        ffmpeg("-f", "lavfi", "-i", "testsrc2=size=64x48:rate=30000/1001:duration=1.1", "-f", "lavfi", "-i",
                "sine=frequency=440:duration=1.1", "-i", subtitles.toString(), "-i", chapters.toString(), "-map", "0:v",
                "-map", "1:a", "-map", "2:s", "-map_metadata", "3", "-map_chapters", "3", "-c:v", "libx264", "-c:a", "aac",
                "-c:s", mp4 ? "mov_text" : "subrip", "-vf", "setsar=4/3", "-color_range", "tv", "-colorspace", "bt470bg",
                "-color_primaries", "bt470bg", "-color_trc", "smpte170m", "-pix_fmt", "yuv420p", "-metadata:s:v:0",
                "language=deu", file(name));
        return folder.resolve(name);
    }

    @ParameterizedTest
    @CsvSource({"a.mp4,b.mp4", "a.mp4,b.mkv", "a.mkv,b.mp4", "a.mkv,b.mkv", "a.mp4,b.mov"})
    void everythingButThePictureIsCopied(String from, String to) throws IOException {
        Path small = rich(from);
        Path big = folder.resolve(to);
        upscale(small, big, new EncodeOptions("", -1, "ultrafast", false));
        VideoProbe a = VideoProbe.read(tools, small);
        VideoProbe b = VideoProbe.read(tools, big);
        assertEquals(128, b.video().width());
        assertEquals(96, b.video().height());
        assertEquals(a.frameRate().value(), b.frameRate().value());
        assertFalse(b.variableRate());
        assertEquals(4 / 3.0, b.video().sampleAspect().value());
        assertEquals(a.durationSeconds(), b.durationSeconds(), 0.05);
        assertEquals(2, b.chapters());
        for (MediaStream stream : List.of(b.video())) {
            assertEquals("tv", stream.colorRange());
            assertEquals("bt470bg", stream.colorSpace());
            assertEquals("bt470bg", stream.colorPrimaries());
            assertEquals("smpte170m", stream.colorTransfer());
            assertEquals("left", stream.chromaLocation());
            assertEquals("yuv420p", stream.pixelFormat());
            // QuickTime's own list of languages has no such code.
            assertTrue(to.endsWith("mov") || List.of("deu", "ger").contains(stream.language()), stream.language());
        }
        // MP4 keeps chapter titles in a data stream.
        assertEquals(List.of("video", "audio", "subtitle"),
                b.streams().stream().map(MediaStream::type).filter(type -> !type.equals("data")).toList());
        assertEquals(ffmpeg("-i", small.toString(), "-map", "0:a", "-c", "copy", "-f", "md5", "-"),
                ffmpeg("-i", big.toString(), "-map", "0:a", "-c", "copy", "-f", "md5", "-"), "audio packets");
        assertTrue(ffmpeg("-i", big.toString(), "-map", "0:s", "-f", "srt", "-").contains("Hello"));
        assertTrue(ffmpeg("-i", big.toString(), "-f", "ffmetadata", "-").contains("title=A title"));
    }

    @Test
    void webmGetsItsOwnCodecs() throws IOException {
        Path big = folder.resolve("b.webm");
        upscale(rich("a.mkv"), big, EncodeOptions.DEFAULT);
        VideoProbe b = VideoProbe.read(tools, big);
        assertEquals(List.of("vp9", "opus", "webvtt"), b.streams().stream().map(MediaStream::codec).toList());
        assertEquals(30000 / 1001.0, b.frameRate().value());
    }

    @ParameterizedTest
    @CsvSource({"yuv420p,YCBCR_420,8", "yuv422p,YCBCR_422,8", "yuv444p,YCBCR_444,8", "yuv420p10le,YCBCR_420,10",
        "yuv422p10le,YCBCR_422,10", "yuv444p10le,YCBCR_444,10", "gray,GREY,8"})
    void losslessEncodingGivesTheSameSamples(String pixels, PixelLayout layout, int bitDepth) throws IOException {
        Path a = clip("a.mkv", "38x26", "25", 0.4, "-c:v", layout == PixelLayout.GREY ? "ffv1" : "libx264", "-pix_fmt", pixels);
        List<Frame> wanted;
        VideoFormat format;
        Path b = folder.resolve("b.mkv");
        EncodeOptions lossless = bitDepth > 8 || layout == PixelLayout.GREY ? new EncodeOptions("ffv1", -1, "", false)
                : new EncodeOptions("libx264", 0, "", false);
        try (VideoSource source = source(a)) {
            format = source.format();
            assertEquals(layout, format.frame().layout());
            assertEquals(bitDepth, format.frame().bitDepth());
            assertEquals(10, source.frameCountEstimate());
            wanted = frames(source);
            try (VideoSink sink = VideoSink.open(tools, b, format, source.probe(),
                    lossless)) {
                for (Frame frame : wanted) {
                    sink.write(frame);
                }
                sink.commit();
            }
        }
        assertEquals(10, wanted.size());
        try (VideoSource source = source(b)) {
            List<Frame> got = frames(source);
            assertEquals(wanted.size(), got.size());
            for (int i = 0; i < got.size(); i++) {
                for (int k = 0; k < got.get(i).planes().size(); k++) {
                    assertArrayEquals(wanted.get(i).plane(k).samples(), got.get(i).plane(k).samples(), "frame " + i);
                }
            }
        }
        // ffmpeg's own decoder agrees with the samples that Fovea saw.
        Path raw = folder.resolve("raw");
        ffmpeg("-i", a.toString(), "-f", "rawvideo", "-pix_fmt", pixels, raw.toString());
        byte[] bytes = Files.readAllBytes(raw);
        assertEquals(wanted.getFirst().plane(0).get(20, 10), bitDepth == 8 ? bytes[10 * 38 + 20] & 0xFF
                : bytes[2 * (10 * 38 + 20)] & 0xFF | (bytes[2 * (10 * 38 + 20) + 1] & 0xFF) << 8);
    }

    /// ffmpeg makes 77:65 of it where it is not told otherwise.
    @Test
    void theShapeOfPixelsIsKeptExactly() throws IOException {
        Path big = folder.resolve("b.mp4");
        upscale(clip("a.mp4", "64x48", "25", 0.2, "-vf", "setsar=r=853/720:max=1000", "-pix_fmt", "yuv420p"), big,
                new EncodeOptions("", -1, "ultrafast", false));
        assertEquals(new Ratio(853, 720), VideoProbe.read(tools, big).video().sampleAspect());
    }

    @Test
    void tagsBecomeTheColourDescription() throws IOException {
        Path path = clip("c.mp4", "64x48", "25", 0.2, "-c:v", "libx264", "-pix_fmt", "yuv420p10le", "-color_range", "pc",
                "-colorspace", "bt2020nc", "-color_primaries", "bt2020", "-color_trc", "smpte2084",
                "-x264-params", "chromaloc=2");
        try (VideoSource source = source(path)) {
            ColorDescription color = source.format().frame().color();
            assertEquals(new ColorDescription(Matrix.BT2020, Range.FULL, ColorDescription.Transfer.PQ,
                    ColorDescription.Primaries.BT2020, Siting.TOP_LEFT), color);
        }
        Path big = folder.resolve("d.mp4");
        upscale(path, big, EncodeOptions.DEFAULT);
        MediaStream b = VideoProbe.read(tools, big).video();
        assertEquals(List.of("pc", "bt2020nc", "bt2020", "smpte2084", "topleft"),
                List.of(b.colorRange(), b.colorSpace(), b.colorPrimaries(), b.colorTransfer(), b.chromaLocation()));
    }

    @Test
    void fullRangeSamplesStayAsTheyAre() throws IOException {
        Path path = clip("j.avi", "48x32", "25", 0.2, "-c:v", "mjpeg", "-q:v", "2", "-pix_fmt", "yuvj420p");
        try (VideoSource source = source(path)) {
            assertEquals(Range.FULL, source.format().frame().color().range());
            Path raw = folder.resolve("raw");
            ffmpeg("-i", path.toString(), "-f", "rawvideo", "-pix_fmt", "yuvj420p", raw.toString());
            byte[] bytes = Files.readAllBytes(raw);
            Frame frame = source.next(null);
            int darkest = 255;
            for (int i = 0; i < 48 * 32; i++) {
                assertEquals(bytes[i] & 0xFF, frame.plane(0).samples()[i], "sample " + i);
                darkest = Math.min(darkest, bytes[i] & 0xFF);
            }
            assertTrue(darkest < 12, "the clip has black at 0, not at 16: " + darkest);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {90, 180, 270})
    void rotatedClipsComeUprightAndLoseTheTag(int degrees) throws IOException {
        Path plain = clip("plain.mp4", "64x32", "25", 0.3, "-c:v", "libx264", "-crf", "10", "-pix_fmt", "yuv420p", "-vf",
                "setsar=2/1");
        Path turned = folder.resolve("turned.mp4");
        // The metadata key is how ffmpeg before 6 writes a display matrix, the input option how later ones do.
        if (tools.version().matches("n?[1-5]\\..*")) {
            ffmpeg("-i", plain.toString(), "-c", "copy", "-metadata:s:v:0", "rotate=" + degrees, turned.toString());
        } else {
            ffmpeg("-display_rotation:v:0", "" + -degrees, "-i", plain.toString(), "-c", "copy", turned.toString());
        }
        VideoProbe probe = VideoProbe.read(tools, turned);
        // Versions disagree on the direction of a quarter turn in these options, so what counts is that the probe's word
        // and the turned pixels agree below.
        int turn = probe.video().rotation();
        assertEquals(degrees % 180, turn % 180);
        assertTrue(turn != 0);
        Frame stored;
        try (VideoSource source = source(plain)) {
            stored = source.next(null);
        }
        try (VideoSource source = source(turned)) {
            FrameFormat format = source.format().frame();
            assertEquals(degrees == 180 ? 64 : 32, format.width());
            assertEquals(degrees == 180 ? 2 : 0.5, source.format().sampleAspect().value());
            Frame frame = source.next(null);
            for (int y = 0; y < 32; y++) {
                for (int x = 0; x < 64; x++) {
                    int got = switch (turn) {
                        case 90 -> frame.plane(0).get(31 - y, x);
                        case 180 -> frame.plane(0).get(63 - x, 31 - y);
                        default -> frame.plane(0).get(y, 63 - x);
                    };
                    assertEquals(stored.plane(0).get(x, y), got, x + ", " + y);
                }
            }
        }
        Path big = folder.resolve("big.mp4");
        upscale(turned, big, EncodeOptions.DEFAULT);
        VideoProbe b = VideoProbe.read(tools, big);
        assertEquals(0, b.video().rotation());
        assertEquals(degrees == 180 ? 128 : 64, b.video().width());
    }

    /// ffmpeg turns them, with black corners, within their width and height.
    @Test
    void clipsTurnedByOddAnglesKeepTheirSize() throws IOException {
        Path plain = clip("plain.mp4", "64x32", "25", 0.3, "-c:v", "libx264", "-pix_fmt", "yuv420p");
        byte[] bytes = Files.readAllBytes(plain);
        ByteBuffer header = ByteBuffer.wrap(bytes);
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        // Behind the name of the track's header: version, times, track, duration, layer, volume; then the matrix, of 16.16.
        int matrix = text.indexOf("tkhd") + 4 + 40;
        int eighth = (int) Math.round(Math.sqrt(0.5) * 65536);
        header.putInt(matrix, eighth).putInt(matrix + 4, eighth).putInt(matrix + 12, -eighth).putInt(matrix + 16, eighth);
        Path turned = Files.write(folder.resolve("eighth.mp4"), bytes);
        assertEquals(0, VideoProbe.read(tools, turned).video().rotation());
        try (VideoSource source = source(turned)) {
            assertEquals(64, source.next(null).format().width());
        }
    }

    @Test
    void variableRateIsRefusedUnlessAConstantOneIsAskedFor() throws IOException {
        // Frames 10 to 19 come at half the pace.
        Path path = clip("v.mkv", "32x32", "25", 1.2, "-vf", "setpts='if(lt(N,10),N,if(lt(N,20),2*N-10,N+10))/25/TB'",
                tools.passthroughOption(), "passthrough", "-c:v", "libx264", "-pix_fmt", "yuv420p");
        VideoProbe probe = VideoProbe.read(tools, path);
        assertTrue(probe.variableRate());
        assertEquals(30, probe.frameCount());
        MalformedFileException e = assertThrows(MalformedFileException.class, () -> VideoSource.open(tools, probe, null, LIMIT));
        assertTrue(e.getMessage().contains("frame rate is variable"), e.getMessage());
        try (VideoSource source = VideoSource.open(tools, probe, new Ratio(25, 1), LIMIT)) {
            assertEquals(new Ratio(25, 1), source.format().frameRate());
            assertEquals(40, frames(source).size(), 1);
        }
    }

    /// Matroska's header states the rate of one frame's length, and sound may go on behind the pictures.
    @ParameterizedTest
    @ValueSource(strings = {"mkv", "mp4"})
    void theAverageOfAVariableRateIsMeasured(String ending) throws IOException {
        Path path = folder.resolve("v." + ending);
        ffmpeg("-f", "lavfi", "-i", "testsrc2=size=32x32:rate=25:duration=3.9", "-f", "lavfi", "-i", "sine=duration=9", "-vf",
                "select='if(lt(t,1),1,not(mod(n,3)))'", tools.passthroughOption(), "passthrough", "-c:v", "libx264", "-g", "10",
                "-pix_fmt", "yuv420p", "-c:a", "aac", path.toString());
        VideoProbe probe = VideoProbe.read(tools, path);
        assertTrue(probe.variableRate());
        assertEquals(13, probe.frameRate().value(), 0.5);
        String message = assertThrows(MalformedFileException.class, () -> VideoSource.open(tools, probe, null, LIMIT)).getMessage();
        assertTrue(message.contains("--frame-rate 13") && !message.contains("cut off"), message);
        byte[] whole = Files.readAllBytes(path);
        if (ending.equals("mkv")) {
            Path cut = Files.write(folder.resolve("cut.mkv"), Arrays.copyOf(whole, whole.length / 2));
            VideoProbe half = VideoProbe.read(tools, cut);
            assertTrue(half.variableRate());
            assertTrue(assertThrows(MalformedFileException.class, () -> VideoSource.open(tools, half, null, LIMIT)).getMessage()
                    .contains("or the file is cut off"));
        }
    }

    @ParameterizedTest
    @CsvSource({"24000/1001,mkv", "30000/1001,mkv", "25,mkv", "60000/1001,mp4", "23,mkv", "30000/1001,avi", "50,ts", "25,flv"})
    void constantRatesAreNeverTakenForVariableOnes(String rate, String ending) throws IOException {
        Path path = clip("r." + ending, "32x32", rate, 2, "-c:v", "libx264", "-pix_fmt", "yuv420p");
        VideoProbe probe = VideoProbe.read(tools, path);
        Ratio wanted = Ratio.parse(rate.contains("/") ? rate : rate + "/1").orElseThrow();
        assertFalse(probe.variableRate());
        assertEquals(wanted.value(), probe.frameRate().value());
    }

    @Test
    void soundKeepsItsOffset() throws IOException {
        // The picture starts half a second after the sound.
        Path path = folder.resolve("o.mkv");
        ffmpeg("-itsoffset", "0.5", "-f", "lavfi", "-i", "testsrc2=size=32x32:rate=25:duration=1", "-f", "lavfi", "-i",
                "sine=duration=1.5", "-c:v", "libx264", "-bf", "0", "-pix_fmt", "yuv420p", "-c:a", "aac", path.toString());
        Path big = folder.resolve("b.mkv");
        upscale(path, big, new EncodeOptions("", -1, "ultrafast", false));
        double[] lag = new double[2];
        for (int i = 0; i < 2; i++) {
            VideoProbe probe = VideoProbe.read(tools, i == 0 ? path : big);
            lag[i] = probe.video().startSeconds() - probe.streams().get(1).startSeconds();
            assertEquals(25, probe.frameCount());
        }
        assertTrue(lag[0] > 0.45, "the clip has the lag: " + lag[0]);
        assertEquals(lag[0], lag[1], 0.005);
    }

    @Test
    void interlacingIsCarried() throws IOException {
        Path path = clip("i.mkv", "64x64", "25", 0.4, "-vf", "setfield=tff", "-c:v", "libx264", "-flags", "+ildct+ilme",
                "-pix_fmt", "yuv420p");
        try (VideoSource source = source(path)) {
            assertEquals(FieldOrder.TOP_FIRST, source.format().fieldOrder());
        }
        Path big = folder.resolve("b.mkv");
        upscale(path, big, EncodeOptions.DEFAULT);
        try (VideoSource source = source(big)) {
            assertEquals(FieldOrder.TOP_FIRST, source.format().fieldOrder());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mp4", "mkv", "avi"})
    void cutOffVideosAreErrors(String ending) throws IOException {
        String[] fast = ending.equals("mp4") ? new String[] {"-movflags", "+faststart"} : new String[0];
        List<String> more = new ArrayList<>(List.of("-c:v", "libx264", "-g", "10", "-pix_fmt", "yuv420p"));
        more.addAll(List.of(fast));
        Path path = clip("whole." + ending, "160x120", "25", 3, more.toArray(String[]::new));
        byte[] whole = Files.readAllBytes(path);
        for (double part : new double[] {0.001, 0.3, 0.6}) {
            Path cut = Files.write(folder.resolve("cut." + ending), Arrays.copyOf(whole, (int) (whole.length * part)));
            Path big = folder.resolve("big.mp4");
            IOException e = assertThrows(IOException.class, () -> upscale(cut, big, EncodeOptions.DEFAULT),
                    ending + " cut to " + part);
            assertTrue(e.getMessage().startsWith(cut.toString()), e.getMessage());
            assertTrue(Files.notExists(big));
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(2, files.count(), "the clip and its cut");
        }
    }

    /// ffmpeg would resample the second part to the size of the first.
    @ParameterizedTest
    @CsvSource({"160x96, 96x64", "96x64, 160x96", "96x64, 96x80", "96x64, 160x48"})
    void aClipThatChangesItsSizeIsAnErrorAtTheChange(String first, String second) throws IOException {
        Path a = clip("a.ts", first, "25", 1, "-c:v", "libx264", "-pix_fmt", "yuv420p");
        Path b = clip("b.ts", second, "25", 1, "-c:v", "libx264", "-pix_fmt", "yuv420p");
        Path both = folder.resolve("both.ts");
        Files.write(both, Files.readAllBytes(a));
        Files.write(both, Files.readAllBytes(b), java.nio.file.StandardOpenOption.APPEND);
        Path big = folder.resolve("big.mp4");
        // Where such clips are joined times jump, so a constant rate must be asked for.
        try (VideoSource source = VideoSource.open(tools, VideoProbe.read(tools, both), new Ratio(25, 1), LIMIT);
                VideoSink sink = VideoSink.open(tools, big, source.format(), source.probe(), EncodeOptions.DEFAULT)) {
            int[] count = new int[1];
            String message = assertThrows(MalformedFileException.class, () -> {
                for (Frame frame = source.next(null); frame != null; frame = source.next(frame)) {
                    sink.write(frame);
                    count[0]++;
                }
            }).getMessage();
            assertTrue(message.contains("from " + first + " to " + second + " soon after frame " + count[0]), message);
            assertTrue(count[0] > 15 && count[0] <= 26, count[0] + " frames");
        }
        assertTrue(Files.notExists(big));
    }

    @Test
    void whatIsNoVideoIsRefused() throws IOException {
        for (String ending : List.of("mp4", "avi", "mkv", "webm", "mov", "ts")) {
            Path text = Files.writeString(folder.resolve("text." + ending), "This is not a film.\n".repeat(100));
            String message = assertThrows(MalformedFileException.class, () -> VideoProbe.read(tools, text)).getMessage();
            assertTrue(message.startsWith(text + ": not a video that ffmpeg can read, or cut off: ")
                    && message.endsWith("; the file begins with bytes 54 68 69 73 20 69 73 20 (\"This is \")")
                    && !message.contains("Truncating"), message);
        }
        Path empty = Files.createFile(folder.resolve("empty.mp4"));
        assertTrue(assertThrows(MalformedFileException.class, () -> VideoProbe.read(tools, empty)).getMessage()
                .contains("empty"));
        assertTrue(assertThrows(IOException.class, () -> VideoProbe.read(tools, folder.resolve("none.mp4"))).getMessage()
                .contains("no such file"));
        ffmpeg("-f", "lavfi", "-i", "sine=duration=0.2", file("sound.mp4"));
        assertTrue(assertThrows(MalformedFileException.class, () -> VideoProbe.read(tools, folder.resolve("sound.mp4")))
                .getMessage().contains("no video stream"));
        Path fine = clip("fine.mp4", "64x48", "25", 0.2, "-pix_fmt", "yuv420p");
        VideoProbe probe = VideoProbe.read(tools, fine);
        assertTrue(assertThrows(MalformedFileException.class, () -> VideoSource.open(tools, probe, null, 64 * 48 - 1))
                .getMessage().contains("64x48"));
    }

    @Test
    void anEncoderThatFailsLeavesNoFile() throws IOException {
        VideoFormat format = new VideoFormat(new FrameFormat(64, 64, PixelLayout.YCBCR_420, 8, ColorDescription.UNKNOWN),
                new Ratio(25, 1));
        Frame frame = Frame.allocate(format.frame());
        IOException e = assertThrows(IOException.class, () -> {
            try (VideoSink sink = VideoSink.open(tools, folder.resolve("x.mp4"), format, null,
                    new EncodeOptions("libx264", -1, "nonsense", false))) {
                for (int i = 0; i < 500; i++) {
                    sink.write(frame);
                }
                sink.commit();
            }
        });
        assertTrue(e.getMessage().contains("encoding failed") && e.getMessage().contains("nonsense"), e.getMessage());
        try (VideoSink sink = VideoSink.open(tools, folder.resolve("y.mp4"), format, null, EncodeOptions.DEFAULT)) {
            sink.write(frame);
        }
        assertThrows(IllegalArgumentException.class, () -> VideoSink.open(tools, folder.resolve("z.txt"), format, null,
                EncodeOptions.DEFAULT));
        VideoFormat odd = format.withFrame(format.frame().withSize(63, 64));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> VideoSink.open(tools, folder.resolve("z.mp4"), odd, null,
                EncodeOptions.DEFAULT)).getMessage().contains("even"));
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(0, files.count());
        }
    }

    @Test
    void aClosedSourceStopsItsReader() throws Exception {
        Path path = clip("l.mp4", "320x240", "25", 20, "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p");
        VideoSource source = source(path);
        source.next(null);
        source.close();
        assertThrows(IOException.class, () -> frames(source));
    }

    @Test
    void y4mAgreesWithFfmpegBothWays() throws IOException {
        for (String pixels : new String[] {"yuv420p", "yuv422p", "yuv444p", "yuv420p10le", "gray"}) {
            Path theirs = clip("t.y4m", "35x21", "25", 0.2, "-pix_fmt", pixels, "-strict", "-1");
            Path ours = folder.resolve("o.y4m");
            try (FrameSource in = VideoFiles.open(theirs, null);
                 FrameSink out = VideoFiles.create(ours, in.format(), in, new EncodeOptions("", -1, "", true))) {
                assertEquals(5, in.frameCountEstimate());
                for (Frame frame : frames(in)) {
                    out.write(frame);
                }
                out.commit();
            }
            assertEquals(ffmpeg("-i", theirs.toString(), "-f", "framemd5", "-"), ffmpeg("-i", ours.toString(), "-f", "framemd5", "-"),
                    pixels);
        }
    }

    @Test
    void coverPicturesAreNotTheVideo() throws IOException {
        ffmpeg("-f", "lavfi", "-i", "testsrc2=size=64x64:rate=1:duration=1", "-frames:v", "1", file("cover.png"));
        Path path = folder.resolve("k.mp4");
        ffmpeg("-f", "lavfi", "-i", "testsrc2=size=32x32:rate=25:duration=0.4", "-i", file("cover.png"), "-map", "1", "-map",
                "0", "-c:v:1", "libx264", "-pix_fmt:v:1", "yuv420p", "-c:v:0", "png", "-disposition:v:0", "attached_pic",
                path.toString());
        VideoProbe probe = VideoProbe.read(tools, path);
        assertEquals(32, probe.video().width());
        Path big = folder.resolve("b.mp4");
        upscale(path, big, EncodeOptions.DEFAULT);
        VideoProbe b = VideoProbe.read(tools, big);
        assertEquals(64, b.video().width());
        assertEquals(1, b.streams().stream().filter(MediaStream::attachedPicture).count());
    }
}
