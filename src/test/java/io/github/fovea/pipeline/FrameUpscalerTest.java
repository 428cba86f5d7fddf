package io.github.fovea.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.adapt.FrameWatch;
import io.github.fovea.backend.Backends;
import io.github.fovea.frame.ColorDescription;
import io.github.fovea.frame.ColorDescription.Range;
import io.github.fovea.frame.Frame;
import io.github.fovea.frame.FrameFormat;
import io.github.fovea.frame.PixelLayout;
import io.github.fovea.graph.Graph;
import io.github.fovea.model.Domain;
import io.github.fovea.model.StoredModel;
import io.github.fovea.network.Networks;
import io.github.fovea.graph.RandomParameters;
import io.github.fovea.resample.ResampleKernel;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameUpscalerTest {
    private static final long PLENTY = 1L << 30;

    private static FrameFormat format(PixelLayout layout, int width, int height, int bitDepth, Range range) {
        ColorDescription unknown = ColorDescription.UNKNOWN;
        return new FrameFormat(width, height, layout, bitDepth, new ColorDescription(unknown.matrix(), range,
                unknown.transfer(), unknown.primaries(), unknown.siting()));
    }

    private static Frame noise(FrameFormat format, long seed) {
        Frame noise = PictureUpscalerTest.picture(PixelLayout.RGB, format.width(), format.height(), format.bitDepth(), seed);
        Frame frame = Frame.allocate(format);
        for (int p = 0; p < frame.planes().size(); p++) {
            for (int y = 0; y < frame.plane(p).height(); y++) {
                for (int x = 0; x < frame.plane(p).width(); x++) {
                    frame.plane(p).set(x, y, noise.plane(p).get(x, y));
                }
            }
        }
        return frame;
    }

    private static Frame upscale(Frame small, int width, int height, StoredModel model, int threads) {
        try (Workers workers = Workers.ofThreads(threads)) {
            NetworkRunner network = model == null ? null : NetworkRunner.compile(model, Backends.automatic(), threads, PLENTY);
            FrameUpscaler upscaler = new FrameUpscaler(small.format(), width, height, network, ResampleKernel.BICUBIC, workers);
            Frame large = Frame.allocate(upscaler.output());
            upscaler.upscale(small, large);
            return large;
        }
    }

    @ParameterizedTest
    @EnumSource(value = PixelLayout.class, names = {"GREY", "YCBCR_420", "YCBCR_422", "YCBCR_444"})
    void aNetworkThatAddsNothingIsBicubic(PixelLayout layout) {
        for (int bitDepth : new int[] {8, 10, 16}) {
            for (Range range : new Range[] {Range.LIMITED, Range.FULL}) {
                Frame small = noise(format(layout, 45, 31, bitDepth, range), 1);
                Frame bicubic = upscale(small, 90, 62, null, 2);
                Frame network = upscale(small, 90, 62, SmallNetworks.of(1, 2, 0), 2);
                // Float has 24 bits: at 16-bit samples a code is the last of them that can be told apart.
                int allowed = bitDepth == 16 ? 2 : 1;
                for (int i = 0; i < bicubic.plane(0).samples().length; i++) {
                    int a = bicubic.plane(0).samples()[i] & 0xFFFF;
                    int b = network.plane(0).samples()[i] & 0xFFFF;
                    assertTrue(Math.abs(a - b) <= allowed, layout + " " + bitDepth + " bit " + range + ": " + a + " and " + b);
                }
                for (int p = 1; p < layout.planes(); p++) {
                    assertArrayEquals(bicubic.plane(p).samples(), network.plane(p).samples(), "chroma does not meet the network");
                }
            }
        }
    }

    @Test
    void threadsDoNotChangeABit() {
        Frame small = noise(format(PixelLayout.YCBCR_420, 101, 77, 8, Range.LIMITED), 2);
        StoredModel model = SmallNetworks.of(1, 2, 0.05);
        for (int[] size : new int[][] {{202, 154}, {150, 120}, {300, 240}}) {
            Frame one = upscale(small, size[0], size[1], model, 1);
            Frame four = upscale(small, size[0], size[1], model, 4);
            for (int p = 0; p < 3; p++) {
                assertArrayEquals(one.plane(p).samples(), four.plane(p).samples());
            }
        }
    }

    @Test
    void aTileThatThreadsShareHasTheSameBits() {
        Graph graph = Networks.named("collapsed-f16-n6", 2, 1);
        StoredModel model = new StoredModel("deep", "deep", Domain.LUMA, graph, RandomParameters.of(graph.parameters(),
                new SplittableRandom(4), (_, _) -> 0.1), "", "", List.of(), Map.of(), "test");
        Frame small = noise(format(PixelLayout.YCBCR_420, 64, 64, 8, Range.LIMITED), 5);
        assertNotNull(NetworkRunner.compile(model, Backends.automatic(), 8, PLENTY).sharedTile(64, 64));
        Frame one = upscale(small, 128, 128, model, 1);
        Frame eight = upscale(small, 128, 128, model, 8);
        for (int p = 0; p < 3; p++) {
            assertArrayEquals(one.plane(p).samples(), eight.plane(p).samples());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aFrameAllocatesNothingOnceItsSizeIsKnown(int count) {
        Frame small = noise(format(PixelLayout.YCBCR_420, 64, 48, 8, Range.LIMITED), 3);
        try (Workers workers = Workers.ofThreads(count)) {
            NetworkRunner network = NetworkRunner.compile(
                    SmallNetworks.of(1, 2, 0.05), Backends.require("scalar"), count, PLENTY);
            FrameUpscaler upscaler = new FrameUpscaler(small.format(), 128, 96, network, ResampleKernel.BICUBIC, workers);
            Frame large = Frame.allocate(upscaler.output());
            long[] ids = new long[count];
            CountDownLatch all = new CountDownLatch(count);
            workers.run(count, (_, worker) -> {
                ids[worker] = Thread.currentThread().threadId();
                all.countDown();
                awaitQuietly(all);
            });
            for (int i = 0; i < 20; i++) {
                upscaler.upscale(small, large);
            }
            var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
            long before = Arrays.stream(threads.getThreadAllocatedBytes(ids)).sum();
            for (int i = 0; i < 100; i++) {
                upscaler.upscale(small, large);
            }
            long bytes = Arrays.stream(threads.getThreadAllocatedBytes(ids)).sum() - before;
            // Asking for the figure allocates a little itself; a frame that allocated anything would show a hundredfold.
            assertTrue(bytes < 100 * 16, bytes + " bytes in 100 frames");
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertTrue(latch.await(20, TimeUnit.SECONDS), "not all workers came");
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void framesOfAnotherFormatAndLayoutsOfPicturesAreRefused() {
        try (Workers workers = Workers.ofThreads(1)) {
            FrameFormat format = format(PixelLayout.YCBCR_420, 20, 20, 8, Range.LIMITED);
            FrameUpscaler upscaler = new FrameUpscaler(format, 40, 40, null, ResampleKernel.BICUBIC, workers);
            assertThrows(IllegalArgumentException.class,
                    () -> upscaler.upscale(Frame.allocate(format.withSize(22, 20)), Frame.allocate(upscaler.output())));
            assertThrows(IllegalArgumentException.class, () -> new FrameUpscaler(
                    format(PixelLayout.RGB, 20, 20, 8, Range.FULL), 40, 40, null, ResampleKernel.BICUBIC, workers));
            NetworkRunner rgb = NetworkRunner.compile(SmallNetworks.of(3, 2, 0), Backends.automatic(), 1, PLENTY);
            assertThrows(IllegalArgumentException.class,
                    () -> new FrameUpscaler(format, 40, 40, rgb, ResampleKernel.BICUBIC, workers));
        }
    }

    @Test
    void theOutputFormatIsTheInputsAtAnotherSize() {
        try (Workers workers = Workers.ofThreads(1)) {
            FrameFormat format = format(PixelLayout.YCBCR_422, 20, 10, 10, Range.FULL);
            assertEquals(format.withSize(50, 25),
                    new FrameUpscaler(format, 50, 25, null, ResampleKernel.BICUBIC, workers).output());
        }
    }

    /// Frames of which parts change at random, some not at all, some everywhere, some after one that was given up.
    @ParameterizedTest
    @CsvSource({"150, 110, 300, 220, 8, 2, vector", "100, 80, 200, 160, 8, 1, scalar", "203, 97, 333, 155, 8, 3, vector",
        "97, 203, 194, 406, 10, 2, vector", "90, 70, 180, 140, 8, 2, vector"})
    void whatIsNotComputedAgainHasTheSameBits(int width, int height, int largeWidth, int largeHeight, int bitDepth, int threads,
            String backend) {
        FrameFormat format = format(PixelLayout.YCBCR_420, width, height, bitDepth, Range.LIMITED);
        SplittableRandom random = new SplittableRandom(31 * width + threads);
        Graph graph = Networks.named(backend.equals("scalar") ? "collapsed-f16-n1" : "collapsed-f16-n3", 2, 1);
        StoredModel model = new StoredModel("deep", "deep", Domain.LUMA, graph, RandomParameters.of(graph.parameters(),
                random, (_, _) -> 0.1), "", "", List.of(), Map.of(), "test");
        try (Workers workers = Workers.ofThreads(threads)) {
            FrameUpscaler whole = new FrameUpscaler(format, largeWidth, largeHeight,
                    NetworkRunner.compile(model, Backends.require(backend), threads, PLENTY), ResampleKernel.BICUBIC, workers);
            FrameUpscaler keeping = new FrameUpscaler(format, largeWidth, largeHeight, NetworkRunner.compile(model,
                    Backends.require(backend), threads, PLENTY), ResampleKernel.BICUBIC, workers).keepUnchanged();
            Frame small = noise(format, 7);
            Frame expected = Frame.allocate(whole.output());
            for (int frame = 0; frame < 16; frame++) {
                change(small, frame % 8 == 5 ? 40 : random.nextInt(3), random);
                if (frame % 7 == 6) {
                    change(small, 3, random);
                    FrameWatch hopeless = new FrameWatch();
                    long now = System.nanoTime();
                    hopeless.begin(now - 1_000_000, now, 1e12, 0);
                    assertThrows(FrameProgress.GivenUp.class,
                            () -> keeping.upscale(small, Frame.allocate(keeping.output()), hopeless));
                    change(small, random.nextInt(2), random);
                }
                whole.upscale(small, expected);
                // Each frame goes into another's memory, as in a video.
                Frame got = noise(keeping.output(), frame);
                keeping.upscale(small, got);
                for (int p = 0; p < 3; p++) {
                    assertArrayEquals(expected.plane(p).samples(), got.plane(p).samples(), "frame " + frame + ", plane " + p);
                }
            }
            assertEquals(0, whole.keptShare());
            assertTrue(keeping.keptShare() > (width > 90 ? 0.2 : 0.05), keeping.keptShare() + " kept");
        }
    }

    /// Changes a sample, or a few beside each other, in so many places.
    private static void change(Frame frame, int places, SplittableRandom random) {
        for (int i = 0; i < places; i++) {
            int size = 1 + random.nextInt(6);
            int x = random.nextInt(frame.plane(0).width() - size);
            int y = random.nextInt(frame.plane(0).height() - size);
            for (int k = 0; k < size * size; k++) {
                frame.plane(0).set(x + k % size, y + k / size, random.nextInt(16, 236));
            }
        }
    }

    @Test
    void aFrameThatStandsStillIsNotComputed() {
        FrameFormat format = format(PixelLayout.YCBCR_420, 64, 64, 8, Range.LIMITED);
        Frame small = noise(format, 3);
        try (Workers workers = Workers.ofThreads(2)) {
            FrameUpscaler upscaler = new FrameUpscaler(format, 128, 128, NetworkRunner.compile(SmallNetworks.of(1, 2, 0.05),
                    Backends.automatic(), 2, PLENTY), ResampleKernel.BICUBIC, workers).keepUnchanged();
            Frame large = Frame.allocate(upscaler.output());
            for (int i = 0; i < 4; i++) {
                upscaler.upscale(small, large);
            }
            // The second frame shows that the picture stands still, the third gains by it.
            assertEquals(0.5, upscaler.keptShare());
        }
    }
}
