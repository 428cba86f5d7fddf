package io.github.fovea.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.backend.Backends;
import io.github.fovea.frame.ColorDescription;
import io.github.fovea.frame.Frame;
import io.github.fovea.frame.FrameFormat;
import io.github.fovea.frame.PixelLayout;
import io.github.fovea.frame.Plane;
import io.github.fovea.model.StoredModel;
import io.github.fovea.resample.ResampleKernel;
import io.github.fovea.resample.Resampler;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PictureUpscalerTest {
    private static final long PLENTY = 1L << 30;

    static Frame picture(PixelLayout layout, int width, int height, int bitDepth, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Frame frame = Frame.allocate(new FrameFormat(width, height, layout, bitDepth, ColorDescription.SRGB));
        for (Plane plane : frame.planes()) {
            double phase = random.nextDouble(6);
            for (int y = 0; y < height; y++) {
                for (int x = 0; x < width; x++) {
                    double wave = 0.5 + 0.35 * Math.sin(0.3 * x + phase) * Math.cos(0.2 * y - phase);
                    plane.set(x, y, (int) Math.clamp((wave + random.nextDouble(0.1)) * plane.maximum(), 0, plane.maximum()));
                }
            }
        }
        return frame;
    }

    private static Frame upscale(Frame small, int width, int height, StoredModel model, int threads, long memory) {
        try (Workers workers = Workers.ofThreads(threads)) {
            NetworkRunner network = model == null ? null
                    : NetworkRunner.compile(model, Backends.automatic(), threads, memory);
            return new PictureUpscaler(small, width, height, network, ResampleKernel.BICUBIC, workers)
                    .upscale(Progress.NONE, new Cancellation());
        }
    }

    @Test
    void tilesThatWaitForTheWarmUpGiveTheSamePicture() {
        Frame small = picture(PixelLayout.RGB, 61, 47, 8, 7);
        StoredModel model = SmallNetworks.of(1, 2, 1);
        Frame expected = upscale(small, 122, 94, model, 2, PLENTY);
        try (Workers workers = Workers.ofThreads(2)) {
            NetworkRunner network = NetworkRunner.compile(model, Backends.automatic(), 2, PLENTY);
            network.warmUpInBackground();
            assertSame(expected, new PictureUpscaler(small, 122, 94, network, ResampleKernel.BICUBIC, workers)
                    .upscale(Progress.NONE, new Cancellation()));
        }
    }

    private static void assertSame(Frame expected, Frame actual) {
        assertEquals(expected.format(), actual.format());
        for (int p = 0; p < expected.planes().size(); p++) {
            assertArrayEquals(expected.plane(p).samples(), actual.plane(p).samples(), "plane " + p);
        }
    }

    private static int largestDifference(Plane a, Plane b) {
        int largest = 0;
        for (int i = 0; i < a.samples().length; i++) {
            largest = Math.max(largest, Math.abs((a.samples()[i] & 0xFFFF) - (b.samples()[i] & 0xFFFF)));
        }
        return largest;
    }

    @ParameterizedTest
    @CsvSource({"37, 53", "200, 9", "5, 140", "64, 64"})
    void threadsAndMemoryDoNotChangeABit(int width, int height) {
        StoredModel model = SmallNetworks.of(1, 2, 0.05);
        Frame small = picture(PixelLayout.RGBA, width, height, 8, 3);
        Frame whole = upscale(small, 2 * width, 2 * height, model, 1, PLENTY);
        long atOnce = NetworkRunner.compile(model, Backends.automatic(), 1, PLENTY).peakBytes(width, height);
        assertSame(whole, upscale(small, 2 * width, 2 * height, model, 3, PLENTY));
        assertSame(whole, upscale(small, 2 * width, 2 * height, model, 2, atOnce));
    }

    @ParameterizedTest
    @EnumSource(value = PixelLayout.class, names = {"GREY", "GREY_ALPHA", "RGB", "RGBA"})
    void aNetworkThatAddsNothingIsBicubic(PixelLayout layout) {
        for (int bitDepth : new int[] {8, 16}) {
            Frame bicubic = upscale(picture(layout, 31, 22, bitDepth, 5), 62, 44, null, 2, PLENTY);
            Frame network = upscale(picture(layout, 31, 22, bitDepth, 5), 62, 44, SmallNetworks.of(1, 2, 0), 2, PLENTY);
            for (int p = 0; p < layout.planes(); p++) {
                int difference = largestDifference(bicubic.plane(p), network.plane(p));
                assertTrue(difference <= 1, layout + " " + bitDepth + " bit, plane " + p + " differs by " + difference);
            }
        }
    }

    @Test
    void plainResamplingOfGreyEqualsTheResampler() {
        Frame small = picture(PixelLayout.GREY, 40, 30, 8, 8);
        Frame large = upscale(small, 90, 75, null, 2, PLENTY);
        Plane expected = Resampler.of(40, 30, 90, 75, ResampleKernel.BICUBIC, true).resize(small.plane(0));
        assertTrue(largestDifference(expected, large.plane(0)) <= 1);
    }

    @Test
    void otherFactorsResampleBehindTheNetwork() {
        Frame small = picture(PixelLayout.RGB, 33, 21, 8, 9);
        for (double factor : new double[] {1.5, 2.6, 4}) {
            int width = (int) Math.round(33 * factor);
            int height = (int) Math.round(21 * factor);
            Frame bicubic = upscale(small, width, height, null, 2, PLENTY);
            Frame network = upscale(small, width, height, SmallNetworks.of(1, 2, 0), 2, 3_000_000);
            assertEquals(bicubic.format(), network.format());
            // Two cubic steps are not one, but on a smooth picture they are near each other.
            double sum = 0;
            for (int i = 0; i < width * height; i++) {
                sum += Math.abs(bicubic.plane(1).samples()[i] - network.plane(1).samples()[i]);
            }
            assertTrue(sum / (width * height) < 2, factor + ": mean difference " + sum / (width * height));
        }
    }

    @ParameterizedTest
    @EnumSource(value = PixelLayout.class, names = {"GREY", "RGB", "RGBA"})
    void rgbNetworksWork(PixelLayout layout) {
        Frame bicubic = upscale(picture(layout, 20, 17, 8, 11), 60, 51, null, 1, PLENTY);
        Frame network = upscale(picture(layout, 20, 17, 8, 11), 60, 51, SmallNetworks.of(3, 3, 0), 2, PLENTY);
        for (int p = 0; p < layout.planes(); p++) {
            assertTrue(largestDifference(bicubic.plane(p), network.plane(p)) <= 1, "plane " + p);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "3, 2", "1, 9", "16, 1"})
    void tinyPicturesWork(int width, int height) {
        Frame large = upscale(picture(PixelLayout.RGB, width, height, 8, 2), 2 * width, 2 * height,
                SmallNetworks.of(1, 2, 0.05), 2, PLENTY);
        assertEquals(2 * width, large.format().width());
        assertEquals(2 * height, large.format().height());
    }

    @Test
    void flatColourStaysFlat() {
        Frame small = Frame.allocate(new FrameFormat(25, 25, PixelLayout.RGB, 8, ColorDescription.SRGB));
        int[] colour = {200, 30, 90};
        for (int p = 0; p < 3; p++) {
            java.util.Arrays.fill(small.plane(p).samples(), (short) colour[p]);
        }
        Frame large = upscale(small, 50, 50, SmallNetworks.of(1, 2, 0), 2, PLENTY);
        for (int p = 0; p < 3; p++) {
            for (short sample : large.plane(p).samples()) {
                assertTrue(Math.abs(sample - colour[p]) <= 1, "plane " + p + ": " + sample);
            }
        }
    }

    @Test
    void progressRisesToTheLastRowAndCancellationStops() {
        Frame small = picture(PixelLayout.RGB, 40, 300, 8, 4);
        List<Long> heard = new ArrayList<>();
        Cancellation cancellation = new Cancellation();
        try (Workers workers = Workers.ofThreads(2)) {
            PictureUpscaler upscaler = new PictureUpscaler(small, 80, 600, null, ResampleKernel.BICUBIC, workers);
            upscaler.upscale((done, total) -> {
                assertEquals(600, total);
                heard.add(done);
            }, cancellation);
            assertEquals(600, heard.getLast());
            assertEquals(heard.stream().sorted().toList(), heard);
            assertThrows(CancellationException.class,
                    () -> upscaler.upscale((_, _) -> cancellation.cancel(), cancellation));
        }
    }

    @Test
    void aBudgetBelowTheLeastIsRefusedWithTheLeast() {
        try (Workers workers = Workers.ofThreads(1)) {
            NetworkRunner network = NetworkRunner.compile(SmallNetworks.of(1, 2, 0), Backends.automatic(), 1, 100);
            IllegalArgumentException thrown = assertThrows(IllegalArgumentException.class,
                    () -> new PictureUpscaler(picture(PixelLayout.RGB, 40, 30, 8, 4), 80, 60, network, ResampleKernel.BICUBIC,
                            workers));
            assertTrue(thrown.getMessage().contains("at least"), thrown.getMessage());
        }
    }
}
