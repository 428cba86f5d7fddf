package io.github.fovea;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.model.Models;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UpscaleSessionTest {
    private static final VideoFormat FORMAT = VideoFormat.yuv420(48, 32);
    /// A deadline of 100 s, beyond any load: what these tests find is decided by counts, not by time.
    private static final SessionOptions EASY = SessionOptions.ofFrameRate(0.01);

    private static Model ladder() {
        return Model.ladder(Model.bundled("general-x2"), Model.bundled("general-x2-fast"));
    }

    private static VideoFrame frame(int seed) {
        VideoFrame frame = new VideoFrame(FORMAT);
        SplittableRandom random = new SplittableRandom(seed);
        for (int plane = 0; plane < 3; plane++) {
            short[] samples = frame.samples(plane);
            for (int i = 0; i < samples.length; i++) {
                samples[i] = (short) (60 + i % 48 * 3 + random.nextInt(20));
            }
        }
        return frame;
    }

    private static void assertEqualFrames(VideoFrame wanted, VideoFrame got) {
        for (int plane = 0; plane < 3; plane++) {
            assertArrayEquals(wanted.samples(plane), got.samples(plane));
        }
    }

    @Test
    void withTimeToSpareTheBestModelRuns() throws IOException {
        try (Upscaler upscaler = Upscaler.open(ladder());
                UpscaleSession session = upscaler.session(FORMAT, EASY);
                UpscaleSession plain = upscaler.session(FORMAT)) {
            assertEquals("general-x2", session.points().getLast());
            VideoFrame small = frame(1);
            assertEqualFrames(plain.upscale(small), session.upscale(small));
            SessionStatistics statistics = session.statistics();
            assertEquals(1, statistics.frames());
            assertEquals(1, statistics.framesByPoint().get("general-x2"));
            assertEquals(0, statistics.late() + statistics.rescued() + statistics.dropped());
            double stated = Double.parseDouble(Models.open("general-x2").figures().get("Set5 Y-PSNR x2"));
            assertEquals(stated, statistics.meanPsnr(), 1e-9);
        }
    }

    @Test
    void everyFrameIsCountedEvenAtARateThatNothingReaches() {
        try (Upscaler upscaler = Upscaler.open(ladder())) {
            VideoFormat large = VideoFormat.yuv420(320, 240);
            try (UpscaleSession session = upscaler.session(large,
                    new SessionOptions(1000, Duration.ofMillis(1), 0))) {
                VideoFrame small = new VideoFrame(large);
                VideoFrame big = new VideoFrame(session.output());
                for (int i = 0; i < 30; i++) {
                    session.upscale(small, big);
                }
                SessionStatistics statistics = session.statistics();
                assertEquals(30, statistics.frames());
                assertEquals(30, statistics.framesByPoint().values().stream().mapToLong(Long::longValue).sum());
            }
        }
    }

    @Test
    void modelsWithPointsOfTheirOwnAreNoRungs() {
        Model plain = Model.bundled("general-x2");
        Model adaptive = Model.bundled("adaptive-x2");
        assertThrows(IllegalArgumentException.class, () -> Model.ladder(adaptive, plain));
        assertThrows(IllegalArgumentException.class, () -> Model.ladder(plain, adaptive));
    }

    @Test
    void planesThatTheBytesDoNotHoldAreRefused() {
        VideoFrame frame = new VideoFrame(VideoFormat.yuv420(8, 6));
        frame.read(0, new byte[10 * 5 + 8 + 3], 3, 10);
        frame.write(1, new byte[4 * 3], 0, 4);
        assertThrows(IllegalArgumentException.class, () -> frame.read(0, new byte[10 * 5 + 8 + 2], 3, 10));
        assertThrows(IllegalArgumentException.class, () -> frame.write(1, new byte[4 * 3], 0, 3));
        assertThrows(IllegalArgumentException.class, () -> frame.write(1, new byte[4 * 3], -1, 4));
    }

    @Test
    void theModelFileIsNotNeededAfterLoading(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("m.fovea");
        try (var in = Model.class.getResourceAsStream("/io/github/fovea/models/general-x2-fast.fovea")) {
            Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
        }
        Model model = Model.ladder(Model.bundled("general-x2"), Model.load(file));
        try (Upscaler upscaler = Upscaler.open(model)) {
            Files.delete(file);
            try (UpscaleSession session = upscaler.session(FORMAT, EASY)) {
                assertTrue(session.points().contains("general-x2"));
                session.upscale(frame(2));
            }
        }
    }

    /// Waits until a thread waits for the turn that the caller holds.
    private static void awaitQueued(Upscaler upscaler) {
        while (!upscaler.turn().hasQueuedThreads()) {
            Thread.onSpinWait();
        }
    }

    @Test
    void aSecondThreadInASessionIsRefused() throws Exception {
        try (Upscaler upscaler = Upscaler.open(ladder()); UpscaleSession session = upscaler.session(FORMAT, EASY)) {
            VideoFrame large = new VideoFrame(session.output());
            CompletableFuture<VideoFrame> inside;
            upscaler.turn().lock();
            try {
                inside = session.submit(frame(1), large);
                awaitQueued(upscaler);
                String refusal = assertThrows(IllegalStateException.class,
                        () -> session.upscale(frame(2), new VideoFrame(session.output()))).getMessage();
                assertTrue(refusal.contains("one thread at a time") && refusal.contains("give each thread its own"), refusal);
            } finally {
                upscaler.turn().unlock();
            }
            assertSame(large, inside.get());
            session.upscale(frame(2), large);
            assertEquals(2, session.statistics().frames(), "whoever was let in was counted");
        }
    }

    @Test
    void closingWaitsForTheFrameInFlightAndDropsThoseThatWait() throws Exception {
        try (Upscaler upscaler = Upscaler.open(ladder())) {
            UpscaleSession session = upscaler.session(FORMAT, EASY.withQueueFrames(8));
            List<CompletableFuture<VideoFrame>> frames = new ArrayList<>();
            Thread closing;
            upscaler.turn().lock();
            try {
                for (int i = 0; i < 3; i++) {
                    frames.add(session.submit(frame(i), new VideoFrame(session.output())));
                }
                awaitQueued(upscaler);
                closing = Thread.ofPlatform().start(session::close);
                while (closing.isAlive() && closing.getState() != Thread.State.WAITING) {
                    Thread.onSpinWait();
                }
                assertFalse(frames.getFirst().isDone());
            } finally {
                upscaler.turn().unlock();
            }
            closing.join();
            assertEquals(96, frames.getFirst().get().format().width(), "the frame in flight is finished");
            for (CompletableFuture<VideoFrame> waiting : frames.subList(1, 3)) {
                assertTrue(assertThrows(ExecutionException.class, waiting::get).getMessage().contains("the session is closed"));
            }
            assertEquals(1, session.statistics().frames());
            assertEquals(2, session.statistics().dropped());
            session.close();
        }
    }

    @Test
    void aFrameThatIsDroppedIsAnEvent(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("refusals.jfr");
        try (Upscaler upscaler = Upscaler.open(ladder()); Recording recording = new Recording()) {
            recording.enable("io.github.fovea.Refusal");
            recording.start();
            UpscaleSession session = upscaler.session(FORMAT, EASY);
            session.seek(77_123);
            session.close();
            session.submit(frame(1), new VideoFrame(session.output()));
            recording.stop();
            recording.dump(file);
        }
        // Other tests of this JVM may drop frames meanwhile.
        assertTrue(RecordingFile.readAllEvents(file).stream().anyMatch(event -> event.getInt("frame") == 77_123
                && event.getString("reason").equals("the session is closed")));
    }

    @Test
    void closingTwiceAndWhileFramesAreInFlightIsSafe() throws Exception {
        try (Upscaler upscaler = Upscaler.open(ladder())) {
            UpscaleSession session = upscaler.session(FORMAT, EASY.withQueueFrames(8));
            List<CompletableFuture<VideoFrame>> frames = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                frames.add(session.submit(frame(i), new VideoFrame(session.output())));
            }
            session.close();
            session.close();
            int dropped = 0;
            for (CompletableFuture<VideoFrame> frame : frames) {
                assertTrue(frame.isDone(), "close waits for the frame in flight");
                dropped += frame.isCompletedExceptionally() ? 1 : 0;
            }
            SessionStatistics statistics = session.statistics();
            assertEquals(dropped, statistics.dropped());
            assertEquals(6, statistics.frames() + statistics.dropped());
            assertThrows(IllegalStateException.class, () -> session.upscale(frame(1)));
            assertTrue(session.submit(frame(1), new VideoFrame(session.output())).isCompletedExceptionally());
            try (UpscaleSession next = upscaler.session(FORMAT)) {
                next.upscale(frame(1));
            }
        }
    }

    /// The session is closed just when its thread has taken a frame, here earlier and there later.
    @Test
    void aFrameTakenWhileTheSessionCloses() {
        try (Upscaler upscaler = Upscaler.open(Model.bundled("general-x2-fast"))) {
            SplittableRandom random = new SplittableRandom(1);
            for (int i = 0; i < 4000; i++) {
                UpscaleSession session = upscaler.session(VideoFormat.yuv420(8, 8));
                VideoFrame small = new VideoFrame(session.input());
                VideoFrame large = new VideoFrame(session.output());
                session.submit(small, large).join();
                CompletableFuture<VideoFrame> taken = session.submit(small, large);
                long end = System.nanoTime() + random.nextInt(60_000);
                while (System.nanoTime() < end) {
                    Thread.onSpinWait();
                }
                session.close();
                SessionStatistics statistics = session.statistics();
                assertEquals(2, statistics.frames() + statistics.dropped(), "a frame is done or counted as dropped");
                assertTrue(!taken.isCompletedExceptionally() || taken.exceptionNow() instanceof RejectedExecutionException);
            }
        }
    }

    @Test
    void inLatencyModeAFrameThatComesTooEarlyIsDroppedAndCounted() throws Exception {
        try (Upscaler upscaler = Upscaler.open(ladder());
                UpscaleSession session = upscaler.session(FORMAT, EASY.withQueueFrames(0))) {
            VideoFrame small = frame(1);
            CompletableFuture<VideoFrame> first;
            upscaler.turn().lock();
            try {
                first = session.submit(small, new VideoFrame(session.output()));
                CompletableFuture<VideoFrame> second = session.submit(small, new VideoFrame(session.output()));
                assertInstanceOf(RejectedExecutionException.class,
                        assertThrows(ExecutionException.class, second::get).getCause());
            } finally {
                upscaler.turn().unlock();
            }
            assertEquals(96, first.get().format().width());
            session.submit(small, new VideoFrame(session.output())).get();
            assertEquals(1, session.statistics().dropped());
            assertEquals(2, session.statistics().frames());
        }
    }

    @Test
    void sessionsOfOneUpscalerRunBesideEachOther() throws Exception {
        try (Upscaler upscaler = Upscaler.open(ladder()); ExecutorService pool = Executors.newFixedThreadPool(8)) {
            VideoFrame small = frame(3);
            VideoFrame wanted;
            try (UpscaleSession alone = upscaler.session(FORMAT)) {
                wanted = alone.upscale(small);
            }
            List<Future<SessionStatistics>> sessions = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                sessions.add(pool.submit(() -> {
                    try (UpscaleSession session = upscaler.session(FORMAT, EASY)) {
                        VideoFrame large = new VideoFrame(session.output());
                        for (int k = 0; k < 20; k++) {
                            session.upscale(small, large);
                        }
                        assertEqualFrames(wanted, large);
                        return session.statistics();
                    }
                }));
            }
            for (Future<SessionStatistics> session : sessions) {
                assertEquals(20, session.get().frames());
                assertEquals(20, session.get().framesByPoint().get("general-x2"), "none had to give way to the others");
            }
        }
    }

    @Test
    void badOptionsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> SessionOptions.ofFrameRate(0));
        assertThrows(IllegalArgumentException.class, () -> SessionOptions.ofFrameRate(10_000));
        assertThrows(IllegalArgumentException.class, () -> EASY.withQueueFrames(-1));
        assertThrows(IllegalArgumentException.class, () -> EASY.withQueueFrames(1000));
        assertThrows(IllegalArgumentException.class, () -> EASY.withDeadline(Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> EASY.withDeadline(Duration.ofDays(1_000_000)));
        assertThrows(IllegalArgumentException.class, () -> EASY.withDeadline(Duration.ofSeconds(Long.MIN_VALUE)));
        assertThrows(IllegalArgumentException.class, () -> SessionOptions.ofFrameRate(Double.NaN));
        assertThrows(IllegalArgumentException.class,
                () -> Model.ladder(Model.bundled("general-x2"), Model.bundled("general-x3")));
        try (Upscaler upscaler = Upscaler.open(ladder()); UpscaleSession session = upscaler.session(FORMAT, EASY)) {
            assertThrows(IllegalArgumentException.class,
                    () -> session.upscale(new VideoFrame(VideoFormat.yuv420(50, 32)), new VideoFrame(session.output())));
            assertFalse(session.upscale(frame(1)).samples(0).length == 0, "the session goes on after a refused frame");
        }
    }
}
