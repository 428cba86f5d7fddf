package io.github.fovea.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
}
