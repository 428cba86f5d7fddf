package io.github.fovea;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.model.DynamicModel;
import io.github.fovea.model.ModelFile;
import io.github.fovea.model.Models;
import io.github.fovea.model.Segments;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Models of several paths through the public interface.
class RoutedUpscalerTest {
    private static final UpscalerOptions SCALAR = UpscalerOptions.defaults().withBackend(BackendChoice.SCALAR).withThreads(2);

    @TempDir
    private Path folder;

    private Upscaler open(boolean byMap) throws IOException {
        return Upscaler.open(Model.load(SampleClips.model(folder.resolve("clip.fovea"), byMap)), SCALAR);
    }

    private Path video() throws IOException {
        return SampleClips.video(folder.resolve("lr.y4m"));
    }

    private static VideoFormat format() {
        return new VideoFormat(SampleClips.WIDTH, SampleClips.HEIGHT, VideoFormat.Chroma.YUV420, 8, VideoFormat.Range.LIMITED,
                VideoFormat.Siting.CENTER);
    }

    private static VideoFrame frame() {
        VideoFrame frame = new VideoFrame(format());
        byte[] bytes = SampleClips.frame();
        int luma = SampleClips.WIDTH * SampleClips.HEIGHT;
        frame.read(0, bytes, 0, SampleClips.WIDTH);
        frame.read(1, bytes, luma, SampleClips.WIDTH / 2);
        frame.read(2, bytes, luma + luma / 4, SampleClips.WIDTH / 2);
        return frame;
    }

    /// The bytes of a large frame in a Y4M file.
    private static byte[] written(Path file, int number) throws IOException {
        byte[] all = Files.readAllBytes(file);
        int bytes = 4 * SampleClips.frame().length;
        int begin = all.length - (SampleClips.FRAMES - number) * (6 + bytes) + 6;
        assertEquals("FRAME\n", new String(all, begin - 6, 6, StandardCharsets.US_ASCII));
        return Arrays.copyOfRange(all, begin, begin + bytes);
    }

    private static byte[] luma(VideoFrame frame) {
        byte[] bytes = new byte[4 * SampleClips.WIDTH * SampleClips.HEIGHT];
        frame.write(0, bytes, 0, 2 * SampleClips.WIDTH);
        return bytes;
    }

    @Test
    void aModelTellsItsPaths() throws IOException {
        Model model = Model.load(SampleClips.model(folder.resolve("clip.fovea"), false));
        DynamicModel inside = SampleClips.model(false);
        assertEquals(2, model.paths());
        assertEquals(0, model.macsPerPixel(0));
        assertEquals(inside.macsPerPixel(1), model.macsPerPixel(1));
        assertEquals(model.macsPerPixel(), model.macsPerPixel(2));
        assertTrue(model.macsPerPixel(1) < model.macsPerPixel(2));
        assertEquals(inside.parameters().values().stream().mapToLong(values -> values.length).sum(), model.parameters());
        assertEquals(1, Model.bundled("general-x2").paths());
        assertThrows(IllegalArgumentException.class, () -> model.macsPerPixel(3));
        assertThrows(IllegalArgumentException.class, () -> Model.ladder(model, Model.bundled("general-x2")));
    }

    @Test
    void aVideoFileAndASessionGiveTheSameFrames() throws IOException {
        try (Upscaler upscaler = open(false)) {
            Path large = folder.resolve("hr.y4m");
            List<Double> heard = new ArrayList<>();
            RoutingStatistics file = upscaler.upscaleVideo(video(), large, RoutingOptions.defaults(), heard::add);
            assertEquals(1.0, heard.getLast());
            assertEquals(heard.stream().sorted().toList(), heard);
            UpscaleSession session = upscaler.session(format());
            VideoFrame frame = session.upscale(frame());
            assertArrayEquals(luma(frame), Arrays.copyOf(written(large, 0), luma(frame).length));
            assertArrayEquals(written(large, 0), written(large, 2), "the frames are equal");
            RoutingStatistics first = session.routing().orElseThrow();
            assertEquals(1, first.frames());
            assertEquals(3, file.frames());
            assertEquals(16, first.cells());
            assertEquals(0, first.keptCells());
            assertEquals(32, file.keptCells());
            assertEquals(first.computedMacs(), file.computedMacs());
            double shares = 0;
            for (int path = 0; path <= 2; path++) {
                assertTrue(first.pixelShare(path) > 0, "path " + path);
                assertEquals(first.pixelShare(path), file.pixelShare(path), 1e-12);
                shares += first.pixelShare(path);
            }
            assertEquals(1, shares, 1e-12);
            assertTrue(first.haloFactor() > 1 && first.shortest().equals(first.longest()));
            assertTrue(first.routingTime().compareTo(first.time()) < 0);
        }
    }

    @Test
    void qualityBoundsTheWorkAndOneNetworkHasItToo() throws IOException {
        try (Upscaler upscaler = open(false)) {
            long before = -1;
            for (double quality : new double[] {0, 0.25, 0.5, 0.75, 1}) {
                UpscaleSession session = upscaler.session(format(), RoutingOptions.defaults().withQuality(quality));
                session.upscale(frame());
                long macs = session.routing().orElseThrow().macs().stream().mapToLong(Long::longValue).sum();
                assertTrue(macs >= before, "quality " + quality);
                assertTrue(macs <= quality * upscaler.model().macsPerPixel() * SampleClips.WIDTH * SampleClips.HEIGHT);
                before = macs;
            }
            assertEquals(upscaler.model().macsPerPixel() * SampleClips.WIDTH * SampleClips.HEIGHT, before);
        }
        try (Upscaler upscaler = Upscaler.open(Model.bundled("general-x2-fast"), SCALAR)) {
            UpscaleSession plain = upscaler.session(format());
            assertTrue(plain.routing().isEmpty());
            UpscaleSession deep = upscaler.session(format(), RoutingOptions.defaults().withQuality(1));
            assertArrayEquals(luma(plain.upscale(frame())), luma(deep.upscale(frame())));
            UpscaleSession half = upscaler.session(format(), RoutingOptions.defaults().withQuality(0.5));
            half.upscale(frame());
            RoutingStatistics statistics = half.routing().orElseThrow();
            assertEquals(0.5, statistics.pixelShare(1), 0.1);
            assertEquals(1, statistics.pixelShare(0) + statistics.pixelShare(1), 1e-12);
        }
    }

    /// One path whose weights change at the second frame.
    @Test
    void sessionsThatKeepAFrameRatePlayTheSegmentsOfOnePath() throws IOException {
        DynamicModel one = DynamicModel.of(Models.open("general-x2-fast"));
        int elements = one.parameters().values().stream().mapToInt(values -> values.length).sum();
        Path file = folder.resolve("segments.fovea");
        ModelFile.write(one.with(new Segments(List.of(0, 1), new int[][] {{elements - 1}, {elements - 1}},
                new float[][] {{0}, {0.5f}})), file);
        try (Upscaler upscaler = Upscaler.open(Model.load(file), SCALAR)) {
            UpscaleSession session = upscaler.session(format(), SessionOptions.ofFrameRate(0.01));
            byte[] first = luma(session.upscale(frame()));
            byte[] second = luma(session.upscale(frame()));
            assertFalse(Arrays.equals(first, second), "the same picture by the weights of two segments");
            session.seek(0);
            assertArrayEquals(first, luma(session.upscale(frame())));
        }
    }

    @Test
    void routeMapsLieBesideTheModelOrAreGiven() throws IOException {
        Path video = video();
        Path map = SampleClips.routes(folder.resolve("clip.routes"), video, 0, 1, 2);
        try (Upscaler upscaler = open(true)) {
            Path large = folder.resolve("hr.y4m");
            RoutingStatistics file = upscaler.upscaleVideo(video, large).orElseThrow();
            for (int path = 0; path <= 2; path++) {
                assertEquals(1 / 3.0, file.pixelShare(path), 1e-12);
            }
            UpscaleSession session = upscaler.session(format(), RoutingOptions.defaults().withRoutes(map));
            List<byte[]> frames = new ArrayList<>();
            for (int f = 0; f < 3; f++) {
                frames.add(luma(session.upscale(frame())));
                assertArrayEquals(frames.get(f), Arrays.copyOf(written(large, f), frames.get(f).length), "frame " + f);
            }
            assertThrows(IllegalArgumentException.class, () -> session.upscale(frame()), "the map has ended");
            session.seek(1);
            assertArrayEquals(frames.get(1), luma(session.upscale(frame())));
            session.seek(2);
            VideoFrame large1 = new VideoFrame(session.output());
            CompletableFuture<VideoFrame> third = session.submit(frame(), large1);
            session.seek(0);
            assertArrayEquals(frames.get(2), luma(third.join()), "a frame handed in before the jump");
            assertArrayEquals(frames.get(0), luma(session.submit(frame(), large1).join()));
            assertThrows(IllegalArgumentException.class, () -> session.seek(4));
            assertThrows(IllegalArgumentException.class, () -> session.seek(-1));

            Path other = Files.write(folder.resolve("other.y4m"), Files.readAllBytes(video));
            Files.write(other, "FRAME\n".getBytes(StandardCharsets.US_ASCII), java.nio.file.StandardOpenOption.APPEND);
            Files.write(other, SampleClips.frame(), java.nio.file.StandardOpenOption.APPEND);
            Path none = folder.resolve("none.y4m");
            String refused = assertThrows(IllegalArgumentException.class, () -> upscaler.upscaleVideo(other, none,
                    RoutingOptions.defaults().withRoutes(map), _ -> true)).getMessage();
            assertTrue(refused.contains("belongs to another video"), refused);
            assertFalse(Files.exists(none));
            // Beside the model it is only a guess: another video is routed by its own frames.
            assertEquals(4, upscaler.upscaleVideo(other, none).orElseThrow().frames());
            refused = assertThrows(IllegalArgumentException.class, () -> upscaler.session(VideoFormat.yuv420(66, 48),
                    RoutingOptions.defaults().withRoutes(map))).getMessage();
            assertTrue(refused.contains("another video"), refused);
        }
    }

    @Test
    void aStoppedVideoLeavesNothing() throws IOException {
        Path video = video();
        try (Upscaler upscaler = open(false)) {
            Path large = folder.resolve("hr.y4m");
            List<Double> heard = new ArrayList<>();
            assertThrows(CancellationException.class, () -> upscaler.upscaleVideo(video, large, RoutingOptions.defaults(),
                    share -> {
                        heard.add(share);
                        return heard.size() < 2;
                    }));
            assertEquals(2, heard.size());
            try (Stream<Path> files = Files.list(folder)) {
                assertEquals(List.of("clip.fovea", "lr.y4m"), files.map(file -> file.getFileName().toString()).sorted().toList());
            }
            Files.write(large, new byte[1]);
            assertThrows(IOException.class, () -> upscaler.upscaleVideo(video, large));
            assertEquals(1, Files.size(large), "an old file is not touched");
        }
    }

    @Test
    void oneNetworkEnlargesVideoFilesToo() throws IOException {
        try (Upscaler upscaler = Upscaler.open(Model.bundled("general-x2-fast"), SCALAR)) {
            Path large = folder.resolve("hr.y4m");
            assertTrue(upscaler.upscaleVideo(video(), large).isEmpty());
            VideoFrame frame = upscaler.session(format()).upscale(frame());
            assertArrayEquals(luma(frame), Arrays.copyOf(written(large, 2), luma(frame).length));
        }
    }

    @Test
    void picturesTakeTheDeepestPath() throws IOException {
        BufferedImage picture = new BufferedImage(40, 30, BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < 1200; i++) {
            picture.getRaster().setSample(i % 40, i / 40, 0, i * 37 % 251);
        }
        Path deepest = folder.resolve("deepest.fovea");
        ModelFile.write(SampleClips.model(false).path(2), deepest);
        try (Upscaler upscaler = open(false); Upscaler alone = Upscaler.open(Model.load(deepest), SCALAR)) {
            BufferedImage wanted = alone.upscale(picture);
            BufferedImage got = upscaler.upscale(picture);
            assertArrayEquals(wanted.getRaster().getSamples(0, 0, 80, 60, 0, (int[]) null),
                    got.getRaster().getSamples(0, 0, 80, 60, 0, (int[]) null));
            assertTrue(upscaler.peakBytes(64, 48) >= alone.peakBytes(64, 48));
        }
    }

    @Test
    void pathsAreThePointsBetweenWhichAFrameRateIsKept() throws IOException {
        try (Upscaler upscaler = open(false);
                UpscaleSession session = upscaler.session(format(), SessionOptions.ofFrameRate(5))) {
            // Points that are dominated on this machine are left out.
            assertEquals("bicubic", session.points().getFirst());
            assertEquals("path 2 everywhere", session.points().getLast());
            session.upscale(frame());
            assertEquals(1, session.statistics().frames());
            assertTrue(session.routing().isEmpty());
        }
    }

    @Test
    void optionsOutOfRangeAreRefused() {
        RoutingOptions options = RoutingOptions.defaults();
        assertThrows(IllegalArgumentException.class, () -> options.withQuality(1.01));
        assertThrows(IllegalArgumentException.class, () -> options.withQuality(Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> options.withReuse(256));
    }
}
