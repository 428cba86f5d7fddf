package io.github.fovea.pipeline;

import static io.github.fovea.pipeline.RoutedClips.PLENTY;
import static io.github.fovea.pipeline.RoutedClips.TWO;
import static io.github.fovea.pipeline.RoutedClips.everything;
import static io.github.fovea.pipeline.RoutedClips.format;
import static io.github.fovea.pipeline.RoutedClips.model;
import static io.github.fovea.pipeline.RoutedClips.picture;
import static io.github.fovea.pipeline.RoutedClips.routed;
import static io.github.fovea.pipeline.RoutedClips.upscaler;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.github.fovea.adapt.ControllerOptions;
import io.github.fovea.backend.WorkingMemory;
import io.github.fovea.frame.Frame;
import io.github.fovea.frame.FrameFormat;
import io.github.fovea.frame.PixelLayout;
import io.github.fovea.model.DynamicModel;
import io.github.fovea.model.Segments;
import io.github.fovea.model.TexturePoint;
import io.github.fovea.route.Grid;
import io.github.fovea.route.RouteMap;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Frames of a video whose model changes along it.
class RoutedSegmentsTest {
    private static final FrameFormat FORMAT = format(PixelLayout.GREY, 60, 44, 8);

    private static DynamicModel changing() {
        DynamicModel base = model(TWO, 2, everything(2));
        int elements = base.parameters().values().stream().mapToInt(values -> values.length).sum();
        int[][] places = {{3, 30, elements - 2}, {4, elements - 3, elements - 1}};
        return base.with(new Segments(List.of(0, 2), places, new float[][] {{0.5f, 0.4f, 0.2f}, {-0.5f, -0.3f, 0.1f}}));
    }

    private static short[] samples(Frame frame) {
        return frame.plane(0).samples();
    }

    /// The same picture over and over: what one segment has made must not be kept for the next.
    @Test
    void everyFrameIsMadeByTheWeightsOfItsSegment() {
        DynamicModel model = changing();
        List<Frame> clip = Collections.nCopies(5, picture(FORMAT, 0, 7));
        List<Frame> made = routed(clip, model, RouteOptions.DEFAULT, 2, PLENTY);
        for (int f = 0; f < 5; f++) {
            DynamicModel alone = model.segment(f < 2 ? 0 : 1);
            Frame wanted = routed(clip.subList(0, 1), alone, RouteOptions.DEFAULT, 1, PLENTY).getFirst();
            assertArrayEquals(samples(wanted), samples(made.get(f)), "frame " + f);
        }
        assertFalse(Arrays.equals(samples(made.get(1)), samples(made.get(2))));
    }

    @Test
    void seekingTakesTheWeightsOfTheFrameSoughtAndBackTheSameBits() {
        List<Frame> clip = List.of(picture(FORMAT, 0, 7), picture(FORMAT, 1, 7), picture(FORMAT, 2, 7), picture(FORMAT, 3, 7));
        List<Frame> inOrder = routed(clip, changing(), RouteOptions.DEFAULT, 1, PLENTY);
        try (Workers workers = Workers.ofThreads(1)) {
            RoutedFrameUpscaler upscaler = upscaler(FORMAT, changing(), RouteOptions.DEFAULT, workers, PLENTY);
            for (int f : new int[] {3, 0, 2, 1, 1, 3}) {
                upscaler.seek(f);
                Frame made = Frame.allocate(upscaler.output());
                upscaler.upscale(clip.get(f), made);
                assertArrayEquals(samples(inOrder.get(f)), samples(made), "frame " + f);
            }
        }
    }

    /// Two videos on one network take turns, each in a segment of its own.
    @Test
    void upscalersThatShareANetworkDoNotDisturbEachOther() {
        List<Frame> clip = Collections.nCopies(4, picture(FORMAT, 0, 9));
        List<Frame> wanted = routed(clip, changing(), RouteOptions.DEFAULT, 1, PLENTY);
        try (Workers workers = Workers.ofThreads(1)) {
            RoutedNetwork network = RoutedNetwork.compile(changing(), RoutedClips.BACKEND, 1, PLENTY);
            RoutedFrameUpscaler[] two = new RoutedFrameUpscaler[2];
            for (int i = 0; i < 2; i++) {
                two[i] = new RoutedFrameUpscaler(FORMAT, 120, 88, network, RouteOptions.DEFAULT,
                        io.github.fovea.resample.ResampleKernel.BICUBIC, workers);
            }
            two[1].seek(2);
            for (int f = 0; f < 2; f++) {
                for (int i = 0; i < 2; i++) {
                    Frame made = Frame.allocate(two[i].output());
                    two[i].upscale(clip.get(f), made);
                    assertArrayEquals(samples(wanted.get(2 * i + f)), samples(made));
                }
            }
            assertEquals(2, two[0].statistics().frames());
        }
    }

    /// Measuring the points runs frames, which are none of the video.
    @Test
    void sessionsThatKeepAFrameRateTakeTheWeightsAndRoutesOfTheirFrames() {
        List<Frame> clip = Collections.nCopies(4, picture(FORMAT, 0, 7));
        DynamicModel model = changing();
        Grid grid = Grid.of(FORMAT.width(), FORMAT.height(), model.routing());
        List<byte[]> routes = IntStream.range(0, 4).mapToObj(f -> {
            byte[] paths = new byte[grid.cells().size()];
            Arrays.fill(paths, (byte) (f % 3));
            return paths;
        }).toList();
        RouteOptions options = RouteOptions.DEFAULT.withMap(
                RouteMap.of(FORMAT.width(), FORMAT.height(), model.routing(), 2, "0".repeat(64), routes));
        List<Frame> wanted = routed(clip, model, options, 1, PLENTY);
        List<WorkingMemory> memory = List.of(new WorkingMemory());
        TextureLadder ladder = TextureLadder.of(RoutedNetwork.compile(model, RoutedClips.BACKEND, memory, PLENTY), options);
        int asRouted = ladder.points().stream().map(TexturePoint::name).toList().indexOf("as routed");
        TextureLadder one = new TextureLadder(ladder.network(), ladder.routes(), ladder.shares(), List.of(ladder.points().getFirst(),
                ladder.points().get(asRouted)));
        try (Workers workers = Workers.ofThreads(1); AdaptiveUpscaler session = new AdaptiveUpscaler(FORMAT, 120, 88, one, memory,
                ControllerOptions.ofFrameRate(0.01), 1, workers, new FrameTurns(() -> null))) {
            for (int f : new int[] {0, 1, 2, 3, 1, 2}) {
                if (f == 1) {
                    session.seek(1);
                }
                Frame made = Frame.allocate(session.output());
                session.upscale(clip.get(f), made);
                assertEquals("as routed", session.ladder().get(session.ran()).name());
                assertArrayEquals(samples(wanted.get(f)), samples(made), "frame " + f);
            }
        }
    }
}
