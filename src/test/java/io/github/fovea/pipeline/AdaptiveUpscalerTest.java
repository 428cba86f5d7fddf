package io.github.fovea.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.adapt.ControllerOptions;
import io.github.fovea.adapt.FrameWatch;
import io.github.fovea.adapt.LoadTrace;
import io.github.fovea.adapt.OperatingPoint;
import io.github.fovea.adapt.PointLadder;
import io.github.fovea.adapt.Reason;
import io.github.fovea.adapt.Sensing;
import io.github.fovea.backend.Backends;
import io.github.fovea.backend.WorkingMemory;
import io.github.fovea.error.MalformedFileException;
import io.github.fovea.frame.ColorDescription;
import io.github.fovea.frame.Frame;
import io.github.fovea.frame.FrameFormat;
import io.github.fovea.frame.PixelLayout;
import io.github.fovea.model.Models;
import io.github.fovea.model.StoredModel;
import io.github.fovea.resample.ResampleKernel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdaptiveUpscalerTest {
    private static final long PLENTY = 1L << 30;
    private static final FrameFormat SMALL =
            new FrameFormat(60, 44, PixelLayout.YCBCR_420, 8, ColorDescription.UNKNOWN);
    /// Large enough that scarce memory cuts it.
    private static final FrameFormat LARGER =
            new FrameFormat(160, 120, PixelLayout.YCBCR_420, 8, ColorDescription.UNKNOWN);
    private static final Sensing CALM = new Sensing(2, 2, 0, 1, 1, 0, 0, 0.5, 0.5, 0);

    private final Workers workers = Workers.ofThreads(2);
    private final List<WorkingMemory> memory = Stream.generate(WorkingMemory::new).limit(2).toList();

    private List<NetworkRunner> networks() throws IOException {
        List<NetworkRunner> all = new ArrayList<>();
        for (String name : List.of("general-x2", "general-x2-fast")) {
            all.add(NetworkRunner.compile(Models.open(name), Backends.automatic(), memory, PLENTY));
        }
        return all;
    }

    private AdaptiveUpscaler session(FrameTurns turns, double fps) throws IOException {
        return session(SMALL, turns, fps);
    }

    private AdaptiveUpscaler session(FrameFormat input, FrameTurns turns, double fps) throws IOException {
        ControllerOptions options = ControllerOptions.ofFrameRate(fps);
        return new AdaptiveUpscaler(input, 2 * input.width(), 2 * input.height(), LadderPoints.of(networks()), memory, options, options.deadlineNanos(),
                workers, turns);
    }

    private static Frame picture(int seed) {
        return picture(SMALL, seed);
    }

    private static Frame picture(FrameFormat format, int seed) {
        Frame frame = Frame.allocate(format);
        SplittableRandom random = new SplittableRandom(seed);
        for (int plane = 0; plane < 3; plane++) {
            short[] samples = frame.plane(plane).samples();
            for (int i = 0; i < samples.length; i++) {
                samples[i] = (short) random.nextInt(16, 236);
            }
        }
        return frame;
    }

    /// However points follow each other in the shared memory, each gives what it gives alone.
    @Test
    void everySwitchGivesWhatAFreshUpscalerGives() throws IOException {
        try (AdaptiveUpscaler session = session(new FrameTurns(() -> CALM), 1)) {
            SplittableRandom random = new SplittableRandom(11);
            List<Frame> wanted = new ArrayList<>();
            Frame small = picture(5);
            for (int i = 0; i < session.ladder().size(); i++) {
                String name = session.ladder().get(i).name();
                NetworkRunner alone = name.equals("bicubic") ? null
                        : NetworkRunner.compile(Models.open(name), Backends.automatic(), 2, PLENTY);
                FrameUpscaler fresh = new FrameUpscaler(SMALL, 120, 88, alone, ResampleKernel.BICUBIC, workers);
                wanted.add(Frame.allocate(fresh.output()));
                fresh.upscale(small, wanted.getLast());
            }
            Frame got = Frame.allocate(session.output());
            for (int k = 0; k < 60; k++) {
                int point = random.nextInt(session.ladder().size());
                session.upscaleAt(small, got, point);
                for (int plane = 0; plane < 3; plane++) {
                    assertArrayEquals(wanted.get(point).plane(plane).samples(), got.plane(plane).samples(), "point " + point);
                }
            }
        }
    }

    @Test
    void pointsAreInOrderAndBicubicIsTheFallback() throws IOException {
        try (AdaptiveUpscaler session = session(new FrameTurns(() -> CALM), 1)) {
            PointLadder ladder = session.ladder();
            assertEquals("general-x2", ladder.get(ladder.top()).name());
            StoredModel best = Models.open("general-x2");
            assertEquals(Double.parseDouble(best.figures().get("Set5 Y-PSNR x2")), ladder.get(ladder.top()).psnr());
            assertEquals(best.graph().macsPerPixel(), ladder.get(ladder.top()).macsPerPixel());
            assertTrue(ladder.get(0).psnr() < 36.92);
            assertThrows(IllegalArgumentException.class, () -> session.upscaleAt(picture(1), picture(1), ladder.size()));
        }
    }

    /// On a busy machine any point may be measured as the slowest.
    @Test
    void noMeasurementLosesAPointThatOthersDoNotDominate() {
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 200; i++) {
            List<OperatingPoint> measured = new ArrayList<>();
            for (int point = 0; point < 6; point++) {
                measured.add(new OperatingPoint("p" + point, point == 3 ? 10 : point, 0, 30 + point,
                        random.nextLong(1_000, 1_000_000)));
            }
            AdaptiveUpscaler.withoutNoise(measured);
            List<String> names = PointLadder.of(measured).points().stream().map(OperatingPoint::name).toList();
            // p3 takes more multiply-adds than p4 and p5, which are better: it may go.
            assertEquals(List.of("p0", "p1", "p2", "p4", "p5"), names.stream().filter(name -> !name.equals("p3")).toList());
        }
    }

    @Test
    void scarceMemoryMeansSmallerTilesAndTheSamePicture() throws IOException {
        Sensing scarce = new Sensing(2, 2, 0, 1, 1, 0, 0, 0.02, 0.5, 0);
        Frame small = picture(LARGER, 9);
        Frame before;
        try (AdaptiveUpscaler calm = session(LARGER, new FrameTurns(() -> CALM), 0.5)) {
            before = Frame.allocate(calm.output());
            calm.upscale(small, before);
        }
        long usual = memory.stream().mapToLong(WorkingMemory::bytes).sum();
        try (AdaptiveUpscaler session = session(LARGER, new FrameTurns(() -> scarce), 0.5)) {
            Frame after = Frame.allocate(session.output());
            long deadline = System.nanoTime() + 20_000_000_000L;
            long held = usual;
            while (held >= usual && System.nanoTime() < deadline) {
                session.upscale(small, after);
                held = memory.stream().mapToLong(WorkingMemory::bytes).sum();
                LockSupport.parkNanos(1_000_000);
            }
            assertTrue(held < usual, held + " bytes held, " + usual + " before memory was scarce");
            if (session.log().counts().point().equals("general-x2")) {
                assertArrayEquals(before.plane(0).samples(), after.plane(0).samples());
            }
        }
    }

    /// A stage of two points that does what a test says at the dearer one.
    private static AdaptiveUpscaler session(double fps, Consumer<FrameWatch> dear, List<Integer> ran) {
        PointLadder ladder = new PointLadder(List.of(new OperatingPoint("bicubic", 0, 0, 33, 1_000),
                new OperatingPoint("network", 100, 1_000, 36, 2_000)));
        PointStage stage = new PointStage() {
            @Override
            public FrameFormat output() {
                return SMALL;
            }

            @Override
            public void upscale(Frame from, Frame to, int point, FrameWatch watch) {
                ran.add(point);
                if (point > 0) {
                    dear.accept(watch);
                }
            }

            @Override
            public void limitMemory(double share) {}
        };
        ControllerOptions options = ControllerOptions.ofFrameRate(fps);
        return new AdaptiveUpscaler(new AdaptiveUpscaler.Prepared(stage, ladder), List.of(), options, options.deadlineNanos(),
                new FrameTurns(() -> CALM));
    }

    @Test
    void aFrameThatDoesNotFitIntoMemoryIsBicubicAndCounted() {
        List<Integer> ran = new ArrayList<>();
        try (AdaptiveUpscaler session = session(0.05, _ -> {
            throw new OutOfMemoryError("a test's");
        }, ran)) {
            Frame frame = Frame.allocate(SMALL);
            session.upscale(frame, frame);
            assertEquals(List.of(1, 0), ran);
            assertEquals(0, session.ran());
            assertEquals(Reason.MEMORY, session.reason());
            session.upscale(frame, frame);
            assertEquals(List.of(1, 0, 0), ran, "it stays there");
            SessionLog.Counts counts = session.log().counts();
            assertEquals(2, counts.frames());
            assertEquals(2, counts.starved());
        }
    }

    @Test
    void aSwitchBeforeTheRecordingIsNoSwitchOfTheFirstEvent(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("decisions.jfr");
        try (Recording recording = new Recording(); AdaptiveUpscaler session = session(0.05, _ -> {
            throw new OutOfMemoryError("a test's");
        }, new ArrayList<>())) {
            Frame frame = Frame.allocate(SMALL);
            session.upscale(frame, frame);
            recording.enable("io.github.fovea.Decision");
            recording.enable("io.github.fovea.Refusal");
            recording.start();
            session.upscale(frame, frame);
            recording.stop();
            recording.dump(file);
        }
        List<RecordedEvent> events = RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getLong("frame") == 1 && event.getString("reason").equals("MEMORY")).toList();
        assertEquals(1, events.size());
        assertEquals(false, events.getFirst().getBoolean("switched"));
        assertTrue(events.getFirst().getLong("expectedNanos") > 0);
    }

    @Test
    void aFrameThatWouldBeLateIsGivenUpForBicubicAndCounted() {
        List<Integer> ran = new ArrayList<>();
        try (AdaptiveUpscaler session = session(5, watch -> {
            // Works for half an hour, it says; threads that look at the clock find out, in vain at first.
            FrameProgress progress = new FrameProgress();
            progress.begin(watch, 1_000_000_000);
            while (true) {
                progress.add(1);
                LockSupport.parkNanos(100_000);
            }
        }, ran)) {
            Frame frame = Frame.allocate(SMALL);
            session.upscale(frame, frame);
            assertEquals(List.of(1, 0), ran);
            assertEquals(Reason.RESCUE, session.reason());
            assertEquals(1, session.log().counts().rescued());
        }
    }

    /// What a frame that was given up leaves in the memory does not reach the next one.
    @Test
    void theFrameAfterOneGivenUpIsWhatItIsAlone() throws IOException {
        Frame small = picture(LARGER, 3);
        for (NetworkRunner network : networks()) {
            FrameUpscaler upscaler = new FrameUpscaler(LARGER, 320, 240, network, ResampleKernel.BICUBIC, workers);
            Frame wanted = Frame.allocate(upscaler.output());
            upscaler.upscale(small, wanted);
            FrameWatch watch = new FrameWatch();
            for (int done = 0; done < 4; done++) {
                // Hopeless from the beginning, or as soon as a part is done and the rest is more than the time left.
                long now = System.nanoTime();
                watch.begin(now - done * 1_000_000L, now, 1e12, 0);
                Frame large = Frame.allocate(upscaler.output());
                assertThrows(FrameProgress.GivenUp.class, () -> upscaler.upscale(picture(LARGER, 4), large, watch));
                assertTrue(watch.wouldTake() > 0);
                upscaler.upscale(small, large);
                assertArrayEquals(wanted.plane(0).samples(), large.plane(0).samples());
            }
        }
    }

    @Test
    void scarceMemoryIsNotSpentOnListsOfTinyTiles() throws IOException {
        for (NetworkRunner network : networks()) {
            int usual = network.tiles(480, 270, 1).size();
            int small = network.tiles(480, 270, 1.0 / 8).size();
            assertTrue(small > usual && small <= 600, small + " tiles instead of " + usual);
        }
    }

    /// A sensor that fails is told of once, and looked through again.
    @Test
    void sessionsGoOnWhileTheSensorFails() throws IOException, InterruptedException {
        AtomicInteger looks = new AtomicInteger();
        CountDownLatch works = new CountDownLatch(1);
        FrameTurns turns = new FrameTurns(() -> {
            if (looks.incrementAndGet() <= 2) {
                throw new IllegalStateException("no such file");
            }
            works.countDown();
            return CALM;
        });
        List<LogRecord> told = Collections.synchronizedList(new ArrayList<>());
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord line) {
                told.add(line);
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger(FrameTurns.class.getName());
        logger.setUseParentHandlers(false);
        logger.addHandler(handler);
        try (AdaptiveUpscaler session = session(turns, 1)) {
            Frame large = Frame.allocate(session.output());
            session.upscale(picture(1), large);
            assertTrue(works.await(1, TimeUnit.MINUTES), "looks went on");
            session.upscale(picture(2), large);
            assertEquals(2, session.log().counts().frames());
        } finally {
            logger.removeHandler(handler);
        }
        assertEquals(1, told.size(), told.toString());
        assertEquals("no such file", told.getFirst().getThrown().getMessage());
    }

    @Test
    void everyDecisionIsAnEvent(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("decisions.jfr");
        try (Recording recording = new Recording(); AdaptiveUpscaler session = session(new FrameTurns(() -> CALM), 1)) {
            recording.enable("io.github.fovea.Decision");
            recording.enable("io.github.fovea.Refusal");
            recording.start();
            Frame large = Frame.allocate(session.output());
            for (int i = 0; i < 5; i++) {
                session.upscale(picture(i), large);
            }
            session.refused(41, "in a test");
            recording.stop();
            recording.dump(file);
        }
        List<RecordedEvent> all = RecordingFile.readAllEvents(file);
        List<RecordedEvent> events = all.stream()
                .filter(event -> event.getEventType().getName().equals("io.github.fovea.Decision")).toList();
        assertTrue(all.stream().anyMatch(event -> event.getEventType().getName().equals("io.github.fovea.Refusal")
                && event.getInt("frame") == 41 && event.getString("reason").equals("in a test")));
        // Other tests of this JVM may run sessions meanwhile.
        assertTrue(events.size() >= 5, events.size() + " events");
        assertTrue(events.stream().allMatch(event -> event.getLong("runNanos") > 0 && event.getString("point") != null));
    }

    @Test
    void theLogCountsEveryFrameOnce() throws IOException {
        try (AdaptiveUpscaler session = session(new FrameTurns(() -> CALM), 2)) {
            Frame large = Frame.allocate(session.output());
            Frame small = picture(1);
            for (int i = 0; i < 40; i++) {
                // Waited for two seconds: late whatever is done.
                session.upscale(small, large, System.nanoTime() - (i % 4 == 0 ? 2_000_000_000L : 0));
            }
            SessionLog.Counts counts = session.log().counts();
            assertEquals(40, counts.frames());
            assertTrue(counts.late() >= 10, counts.late() + " late");
            long fallback = counts.framesByPoint().values().iterator().next();
            assertTrue(fallback >= 9, fallback + " frames by bicubic");
            assertTrue(counts.rescued() <= fallback, counts.rescued() + " rescued");
            assertEquals(40, session.log().timeline().stream().mapToInt(SessionLog.Second::frames).sum());
        }
    }

    /// A session says the number of every frame, and would otherwise stand in line for its turn twice.
    @Test
    void sayingAFramesNumberTakesNoTurn() throws IOException, InterruptedException {
        FrameTurns turns = new FrameTurns(() -> CALM);
        try (AdaptiveUpscaler session = session(turns, 1)) {
            Thread other = Thread.ofPlatform().daemon().unstarted(() -> session.seek(3));
            turns.turn().lock();
            try {
                other.start();
                other.join(60_000);
                assertEquals(Thread.State.TERMINATED, other.getState());
            } finally {
                turns.turn().unlock();
            }
        }
    }

    @Test
    void loadTracesAreRead() throws MalformedFileException {
        LoadTrace trace = LoadTrace.parse(List.of("# demo", "0 0", "", "2.5 2", "4 1"), "trace");
        assertEquals(0, trace.threads(2.4));
        assertEquals(2, trace.threads(2.5));
        assertEquals(1, trace.threads(100));
        assertEquals(2.5, trace.nextChange(0));
        assertEquals(Double.POSITIVE_INFINITY, trace.nextChange(4));
        assertEquals(2, trace.mostThreads());
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "a b", "0 1.5", "0 -1", "0 1000", "NaN 1", "5 1\n5 2", "-1 2", "", "1 2 3", "max 1"})
    void falseLoadTracesAreRefused(String text) {
        assertThrows(MalformedFileException.class, () -> LoadTrace.parse(List.of(text.split("\n")), "trace"));
    }

    @Test
    void injectedLoadEnds() throws MalformedFileException {
        LoadInjector injector = new LoadInjector(LoadTrace.parse(List.of("0 1"), "trace"));
        injector.close();
        injector.close();
        assertEquals(0, Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("fovea-load-")).count());
    }
}
