package io.github.fovea.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.adapt.ControllerOptions;
import io.github.fovea.adapt.FrameWatch;
import io.github.fovea.adapt.OperatingPoint;
import io.github.fovea.adapt.PointLadder;
import io.github.fovea.adapt.Sensing;
import io.github.fovea.backend.Backend;
import io.github.fovea.backend.Backends;
import io.github.fovea.backend.WorkingMemory;
import io.github.fovea.frame.Frame;
import io.github.fovea.frame.FrameFormat;
import io.github.fovea.frame.PixelLayout;
import io.github.fovea.frame.Plane;
import io.github.fovea.graph.RandomParameters;
import io.github.fovea.model.MetaModel;
import io.github.fovea.model.MetaPoint;
import io.github.fovea.model.Origin;
import io.github.fovea.model.TexturePoint;
import io.github.fovea.model.TexturePoints;
import io.github.fovea.network.MetaGraph;
import io.github.fovea.resample.ResampleKernel;
import io.github.fovea.route.Grid;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Sessions whose points take a path for each texture class of a frame.
class TexturedSessionTest {
    private static final MetaGraph META = MetaGraph.named("meta-f16-n3", 2, 1);
    private static final FrameFormat FORMAT = RoutedClips.format(PixelLayout.YCBCR_420, 64, 48, 8);
    private static final Sensing CALM = new Sensing(2, 2, 0, 1, 1, 0, 0, 0.5, 0.5, 0);
    private static final ControllerOptions EASY = ControllerOptions.ofFrameRate(0.1);

    private final List<WorkingMemory> memory = Stream.generate(WorkingMemory::new).limit(2).toList();

    private static MetaModel model() {
        Map<String, float[]> all = RandomParameters.of(META.parameters(), new SplittableRandom(6), 0.05);
        TexturePoints texture = new TexturePoints(4, 3, "laplacian", List.of(8.0, 20.0), List.of(0.4, 0.4, 0.2),
                List.of(new TexturePoint("t1", List.of(0, 0, 1), 35), new TexturePoint("t2", List.of(0, 1, 2), 36.2),
                        new TexturePoint("t3", List.of(1, 2, 2), 36.7)));
        return new MetaModel("adaptive", META, all, List.of(new MetaPoint("one", List.of(0, 3, 0, 0), 36),
                new MetaPoint("two", List.of(0, 4, 0, 3), 36.9)), "measure", 33.7,
                new Origin("", "", List.of(), Map.of(), "test", "", ""), Optional.of(texture));
    }

    private TextureLadder ladder(Backend backend) {
        return TextureLadder.of(model(), backend, memory, RoutedClips.PLENTY);
    }

    private AdaptiveUpscaler session(TextureLadder points, Workers workers, FrameTurns turns) {
        return new AdaptiveUpscaler(FORMAT, 128, 96, points, memory, EASY, EASY.deadlineNanos(), workers, turns);
    }

    private static List<Frame> clip() {
        return IntStream.range(0, 4).mapToObj(f -> RoutedClips.picture(FORMAT, 5 * f, 20 + f)).toList();
    }

    /// A point alone: a network compiled for it, which has never run another.
    private static Frame fresh(Frame small, TexturePoint point, Backend backend, Workers workers) {
        RoutedNetwork network = RoutedNetwork.compile(model(), model().texture().orElseThrow().routing(), backend,
                Stream.generate(WorkingMemory::new).limit(2).toList(), RoutedClips.PLENTY);
        RoutedFrameUpscaler upscaler = new RoutedFrameUpscaler(FORMAT, 128, 96, network, RouteOptions.DEFAULT,
                ResampleKernel.BICUBIC, workers);
        byte[] map = new byte[3];
        for (int c = 0; c < 3; c++) {
            map[c] = point.paths().get(c).byteValue();
        }
        upscaler.take(map);
        Frame large = Frame.allocate(upscaler.output());
        upscaler.upscale(small, large);
        return large;
    }

    private void everySwitchGivesWhatAFreshBuildGives(Backend backend, int switches) {
        try (Workers workers = Workers.ofThreads(2)) {
            TextureLadder points = ladder(backend);
            try (AdaptiveUpscaler session = session(points, workers, new FrameTurns(() -> CALM))) {
                List<Frame> clip = clip();
                PointLadder ladder = session.ladder();
                assertTrue(ladder.size() >= 3, ladder.toString());
                Frame[][] wanted = new Frame[ladder.size()][clip.size()];
                for (int p = 0; p < ladder.size(); p++) {
                    String name = ladder.get(p).name();
                    TexturePoint point = points.points().stream().filter(t -> t.name().equals(name)).findFirst().orElseThrow();
                    for (int f = 0; f < clip.size(); f++) {
                        wanted[p][f] = fresh(clip.get(f), point, backend, workers);
                    }
                }
                SplittableRandom random = new SplittableRandom(3);
                Frame got = Frame.allocate(session.output());
                for (int k = 0; k < switches; k++) {
                    int p = random.nextInt(ladder.size());
                    session.upscaleAt(clip.get(k % clip.size()), got, p);
                    RoutedClips.assertSame(wanted[p][k % clip.size()], got, "point " + ladder.get(p).name());
                }
            }
        }
    }

    @Test
    void everySwitchGivesWhatAFreshBuildGives() {
        everySwitchGivesWhatAFreshBuildGives(RoutedClips.BACKEND, 20);
    }

    @Test
    void everySwitchGivesWhatAFreshBuildGivesOnFastKernels() {
        everySwitchGivesWhatAFreshBuildGives(Backends.automatic(), 40);
    }

    @Test
    void switchingAllocatesNothingAndTakesNoMoreMemory() {
        try (Workers workers = Workers.ofThreads(1)) {
            TextureLadder points = ladder(RoutedClips.BACKEND);
            try (AdaptiveUpscaler session = session(points, workers, new FrameTurns(() -> CALM))) {
                List<Frame> clip = clip();
                Frame large = Frame.allocate(session.output());
                int size = session.ladder().size();
                for (int k = 0; k < 2 * size; k++) {
                    session.upscaleAt(clip.get(k % clip.size()), large, k % size);
                }
                long held = points.network().workspaceBytes();
                var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
                long before = threads.getCurrentThreadAllocatedBytes();
                for (int k = 0; k < 24; k++) {
                    session.upscaleAt(clip.get(k % clip.size()), large, k % size);
                }
                long bytes = threads.getCurrentThreadAllocatedBytes() - before;
                // Iterators of a few bytes may escape the JIT; a frame's memory would be tens of thousands.
                assertTrue(bytes < 24 * 2048, bytes + " bytes in 24 frames");
                assertEquals(held, points.network().workspaceBytes(), "no arena grew");
            }
        }
    }

    @Test
    void texturedFramesAreKnownToCostMoreBeforeTheyRun() {
        try (Workers workers = Workers.ofThreads(1)) {
            TexturedFrames frames = new TexturedFrames(FORMAT, 128, 96, ladder(RoutedClips.BACKEND), workers);
            frames.number(List.of(new TexturePoint("bicubic", List.of(0, 0, 0), 1), new TexturePoint("t2", List.of(0, 1, 2), 2),
                    new TexturePoint("all", List.of(2, 2, 2), 3)));
            frames.look(noise(0));
            double smooth = frames.content(1);
            assertEquals(1, frames.content(0), 1e-9, "bicubic costs the same for any content");
            assertEquals(1, frames.content(2), 1e-9, "one path for all too");
            frames.look(noise(60));
            double textured = frames.content(1);
            // By how much depends on measured times; that networks take longer than bicubic does not.
            assertTrue(smooth < 1 && textured > smooth, smooth + " and " + textured);
        }
    }

    /// A frame of noise, all in one class.
    private static Frame noise(int size) {
        Frame frame = Frame.allocate(FORMAT);
        SplittableRandom random = new SplittableRandom(9);
        for (Plane plane : frame.planes()) {
            for (int i = 0; i < plane.samples().length; i++) {
                plane.samples()[i] = (short) (100 + (size == 0 ? 0 : random.nextInt(size)));
            }
        }
        return frame;
    }

    @Test
    void framesThatDoNotChangeCostNothing() {
        try (Workers workers = Workers.ofThreads(1)) {
            TexturedFrames frames = new TexturedFrames(FORMAT, 128, 96, ladder(RoutedClips.BACKEND), workers);
            frames.number(List.of(new TexturePoint("bicubic", List.of(0, 0, 0), 1),
                    new TexturePoint("all", List.of(2, 2, 2), 3)));
            Frame small = noise(30);
            Frame large = Frame.allocate(frames.output());
            frames.look(small);
            frames.upscale(small, large, 1, null);
            frames.look(small);
            assertEquals(0, frames.content(1), "known from before");
            assertEquals(1, frames.content(0), 1e-9, "not known at another point");
        }
    }

    @Test
    void sharesBecomeCells() {
        Grid grid = Grid.of(480, 270, 20, 10);
        byte[] classes = TexturedFrames.landscape(grid, List.of(0.5, 0.3, 0.2));
        int[] count = new int[3];
        for (byte c : classes) {
            count[c]++;
        }
        assertEquals(List.of(100, 60, 40), IntStream.of(count).boxed().toList());
        int borders = 0;
        for (int cell = 0; cell < classes.length; cell++) {
            borders += cell % 20 < 19 && classes[cell] != classes[cell + 1] ? 1 : 0;
        }
        assertTrue(borders > 15 && borders < 90, borders + " borders: neither one block each nor scattered");
    }

    @Test
    void scarceMemoryMeansSmallerRectanglesAndTheSamePicture() {
        try (Workers workers = Workers.ofThreads(2)) {
            TextureLadder points = ladder(RoutedClips.BACKEND);
            TexturedFrames frames = new TexturedFrames(FORMAT, 128, 96, points, workers);
            frames.number(List.of(points.points().get(0), points.points().get(4), points.points().get(2)));
            Frame small = clip().getFirst();
            List<Frame> before = new ArrayList<>();
            for (int p = 0; p < 3; p++) {
                before.add(Frame.allocate(frames.output()));
                frames.look(small);
                frames.upscale(small, before.getLast(), p, null);
            }
            frames.limitMemory(1.0 / 8);
            memory.forEach(WorkingMemory::release);
            Frame got = Frame.allocate(frames.output());
            for (int p = 2; p >= 0; p--) {
                frames.look(small);
                frames.upscale(small, got, p, null);
                RoutedClips.assertSame(before.get(p), got, "point " + p);
            }
        }
    }

    @Test
    void aFrameGivenUpLeavesNothingToTheNextOnes() {
        try (Workers workers = Workers.ofThreads(2)) {
            TextureLadder points = ladder(RoutedClips.BACKEND);
            TexturedFrames frames = new TexturedFrames(FORMAT, 128, 96, points, workers);
            frames.number(List.of(points.points().get(0), points.points().get(4), points.points().get(2)));
            Frame first = clip().getFirst();
            Frame second = noise(60);
            List<Frame> wanted = new ArrayList<>();
            for (int p = 0; p < 3; p++) {
                wanted.add(Frame.allocate(frames.output()));
                frames.look(second);
                frames.upscale(second, wanted.getLast(), p, null);
            }
            Frame got = Frame.allocate(frames.output());
            for (int point = 1; point < 3; point++) {
                int p = point;
                frames.look(first);
                frames.upscale(first, got, p, null);
                frames.look(second);
                FrameWatch watch = new FrameWatch();
                long now = System.nanoTime();
                watch.begin(now - 1, now, 1e12, 0);
                assertThrows(FrameProgress.GivenUp.class, () -> frames.upscale(second, got, p, watch));
                frames.upscale(second, got, 0, null);
                RoutedClips.assertSame(wanted.getFirst(), got, "bicubic instead of point " + p);
                frames.look(second);
                frames.upscale(second, got, p, null);
                RoutedClips.assertSame(wanted.get(p), got, "point " + p);
            }
        }
    }

    @Test
    void aDynamicModelBecomesPointsInOrder() {
        RoutedNetwork network = RoutedNetwork.compile(RoutedClips.model(RoutedClips.TWO, 2, RoutedClips.everything(1)),
                RoutedClips.BACKEND, memory, RoutedClips.PLENTY);
        TextureLadder ladder = TextureLadder.of(network, RouteOptions.DEFAULT);
        assertEquals(List.of(List.of(0, 0, 0), List.of(0, 1, 1), List.of(0, 1, 2), List.of(1, 1, 2), List.of(2, 2, 2)),
                ladder.points().stream().map(TexturePoint::paths).toList());
        try (Workers workers = Workers.ofThreads(2);
                AdaptiveUpscaler session = session(ladder, workers, new FrameTurns(() -> CALM))) {
            List<String> names = session.ladder().points().stream().map(OperatingPoint::name).toList();
            assertEquals("bicubic", names.getFirst());
            assertEquals("path 2 everywhere", names.getLast());
            if (names.contains("as routed")) {
                Frame small = clip().getFirst();
                Frame got = Frame.allocate(session.output());
                session.upscaleAt(small, got, names.indexOf("as routed"));
                RoutedClips.assertSame(RoutedClips.routed(small, network.model(), RouteOptions.DEFAULT, 2), got, "as routed");
            }
            Frame large = Frame.allocate(session.output());
            for (Frame small : clip()) {
                session.upscale(small, large);
            }
            assertEquals(4, session.log().counts().frames());
        }
    }

    @Test
    void pointsThatDoNotFitAreRefused() {
        TextureLadder good = ladder(RoutedClips.BACKEND);
        assertThrows(IllegalArgumentException.class, () -> new TextureLadder(good.network(), good.routes(), List.of(0.5, 0.5),
                good.points()));
        assertThrows(IllegalArgumentException.class, () -> new TextureLadder(good.network(), good.routes(), good.shares(),
                List.of(new TexturePoint("p", List.of(0, 1, 3), 1))));
        assertThrows(IllegalArgumentException.class, () -> new TextureLadder(good.network(), good.routes(), good.shares(),
                List.of(new TexturePoint("p", List.of(0, 1), 1))));
        MetaModel model = model();
        MetaModel plain = new MetaModel(model.name(), model.meta(), model.parameters(), model.points(), model.measure(),
                model.bicubic(), model.origin());
        assertThrows(IllegalArgumentException.class, () -> TextureLadder.of(plain, RoutedClips.BACKEND, memory, RoutedClips.PLENTY));
        assertThrows(IllegalStateException.class, () -> good.network().model());
    }
}
