package io.github.fovea.pipeline;

import static io.github.fovea.pipeline.RoutedClips.BACKEND;
import static io.github.fovea.pipeline.RoutedClips.HASH;
import static io.github.fovea.pipeline.RoutedClips.PLENTY;
import static io.github.fovea.pipeline.RoutedClips.TWO;
import static io.github.fovea.pipeline.RoutedClips.assertSame;
import static io.github.fovea.pipeline.RoutedClips.everything;
import static io.github.fovea.pipeline.RoutedClips.format;
import static io.github.fovea.pipeline.RoutedClips.model;
import static io.github.fovea.pipeline.RoutedClips.picture;
import static io.github.fovea.pipeline.RoutedClips.routed;
import static io.github.fovea.pipeline.RoutedClips.upscaler;
import static io.github.fovea.pipeline.RoutedClips.whole;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.backend.Backends;
import io.github.fovea.frame.Frame;
import io.github.fovea.frame.FrameFormat;
import io.github.fovea.frame.PixelLayout;
import io.github.fovea.frame.Plane;
import io.github.fovea.model.Domain;
import io.github.fovea.model.DynamicModel;
import io.github.fovea.model.Routing;
import io.github.fovea.patch.Region;
import io.github.fovea.resample.ResampleKernel;
import io.github.fovea.route.Grid;
import io.github.fovea.route.RouteMap;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RoutedFrameUpscalerTest {
    @ParameterizedTest
    @CsvSource({"YCBCR_420, 2, 8", "YCBCR_444, 3, 10", "GREY, 4, 8", "YCBCR_422, 2, 16"})
    void onePathEverywhereIsThatNetworkBitForBit(PixelLayout layout, int scale, int bitDepth) {
        Frame small = picture(format(layout, 101, 67, bitDepth), 0, 1);
        for (int path = 1; path <= 2; path++) {
            DynamicModel model = model(TWO, scale, everything(path));
            Frame wanted = whole(small, model.path(path), scale);
            assertSame(wanted, routed(small, model, RouteOptions.DEFAULT, 3), "path " + path);
            assertSame(wanted, routed(small, model(TWO, scale, everything(0)),
                    new RouteOptions(uniform(101, 67, path), Double.NaN, true, 0), 2), "by a map to path " + path);
        }
    }

    /// The kernels of this machine may round otherwise where a rectangle begins, in the last bits of a float.
    @Test
    void fastKernelsGiveTheSameCodesInRectangles() {
        FrameFormat format = format(PixelLayout.GREY, 75, 50, 8);
        Frame small = picture(format, 0, 15);
        DynamicModel model = model("collapsed-f16-n1+collapsed-f16-n2", 2, everything(1));
        Grid grid = Grid.of(75, 50, 6, 4);
        byte[] paths = randomPaths(grid.cells().size(), 1, new SplittableRandom(16));
        for (int i = 0; i < paths.length; i++) {
            paths[i] += 1;
        }
        Plane[] results = new Plane[3];
        try (Workers workers = Workers.ofThreads(2)) {
            for (int path = 1; path <= 2; path++) {
                Frame large = Frame.allocate(format.withSize(150, 100));
                new FrameUpscaler(format, 150, 100, NetworkRunner.compile(model.path(path), Backends.automatic(), 2, PLENTY),
                        ResampleKernel.BICUBIC, workers).upscale(small, large);
                results[path] = large.plane(0);
            }
            results[0] = results[1];
            Frame large = Frame.allocate(format.withSize(150, 100));
            new RoutedFrameUpscaler(format, 150, 100, RoutedNetwork.compile(model, Backends.automatic(), 2, PLENTY),
                    RouteOptions.DEFAULT.withMap(new RouteMap(75, 50, 6, 4, 2, HASH, List.of(paths))), ResampleKernel.BICUBIC,
                    workers).upscale(small, large);
            short[] wanted = composed(grid, paths, results, 2).samples();
            int others = 0;
            for (int i = 0; i < wanted.length; i++) {
                assertEquals(wanted[i], large.plane(0).samples()[i], 1);
                others += wanted[i] == large.plane(0).samples()[i] ? 0 : 1;
            }
            assertTrue(others <= wanted.length / 1000, others + " of " + wanted.length + " samples");
        }
    }

    private static RouteMap uniform(int width, int height, int path) {
        byte[] cells = new byte[Grid.of(width, height, 6, 4).cells().size()];
        Arrays.fill(cells, (byte) path);
        return new RouteMap(width, height, 6, 4, 2, HASH, List.of(cells));
    }

    @Test
    void path0IsBicubic() {
        Frame small = picture(format(PixelLayout.YCBCR_420, 101, 67, 8), 0, 2);
        Frame bicubic = whole(small, null, 2);
        Frame got = routed(small, model(TWO, 2, everything(0)), RouteOptions.DEFAULT, 2);
        for (int i = 0; i < bicubic.plane(0).samples().length; i++) {
            // Both are exact up to the last bits of float, which decide halves.
            assertEquals(bicubic.plane(0).samples()[i], got.plane(0).samples()[i], 1);
        }
        assertArrayEquals(bicubic.plane(1).samples(), got.plane(1).samples());
    }

    private static byte[] randomPaths(int cells, int paths, SplittableRandom random) {
        byte[] routes = new byte[cells];
        for (int i = 0; i < cells; i++) {
            routes[i] = (byte) random.nextInt(paths + 1);
        }
        return routes;
    }

    /// The definition: each cell from its path's result for the whole frame, then blended beside, then above and below.
    private static Plane composed(Grid grid, byte[] paths, Plane[] results, int scale) {
        Plane plane = new Plane(grid.width() * scale, grid.height() * scale, results[0].bitDepth());
        int blend = 4;
        for (int cell = 0; cell < paths.length; cell++) {
            Region region = grid.cells().get(cell);
            int column = cell % grid.columns();
            int row = cell / grid.columns();
            for (int y = region.y() * scale; y < (region.y() + region.height()) * scale; y++) {
                for (int x = region.x() * scale; x < (region.x() + region.width()) * scale; x++) {
                    int value = results[paths[cell]].get(x, y);
                    int[] distance = {x - region.x() * scale, (region.x() + region.width()) * scale - 1 - x,
                        y - region.y() * scale, (region.y() + region.height()) * scale - 1 - y};
                    boolean[] inside = {column > 0, column + 1 < grid.columns(), row > 0, row + 1 < grid.rows()};
                    int[] other = {cell - 1, cell + 1, cell - grid.columns(), cell + grid.columns()};
                    for (int side = 0; side < 4; side++) {
                        if (inside[side] && distance[side] < blend && paths[other[side]] != paths[cell]) {
                            double weight = (blend - distance[side] - 0.5) / (2 * blend);
                            value = (int) Math.floor(value * (1 - weight) + results[paths[other[side]]].get(x, y) * weight + 0.5);
                        }
                    }
                    plane.set(x, y, value);
                }
            }
        }
        return plane;
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4})
    void mixedRoutesAreComposedOfWholeFramesAndBlended(int scale) {
        SplittableRandom random = new SplittableRandom(scale);
        Frame small = picture(format(PixelLayout.YCBCR_420, 133, 90, 8), 0, 3);
        DynamicModel model = model(TWO, scale, new Routing.ByMap((Routing.ByScore) everything(1)));
        Grid grid = Grid.of(133, 90, 6, 4);
        Plane[] results = new Plane[3];
        for (int path = 0; path < 3; path++) {
            results[path] = routed(small, model(TWO, scale, everything(path)), RouteOptions.DEFAULT, 1).plane(0);
        }
        for (int round = 0; round < 4; round++) {
            byte[] paths = randomPaths(grid.cells().size(), 2, random);
            RouteMap map = new RouteMap(133, 90, 6, 4, 2, HASH, List.of(paths));
            Plane wanted = composed(grid, paths, results, scale);
            for (int threads = 1; threads <= 3; threads += 2) {
                Frame got = routed(small, model, RouteOptions.DEFAULT.withMap(map), threads);
                assertArrayEquals(wanted.samples(), got.plane(0).samples(), "x" + scale + " on " + threads + " threads");
            }
        }
    }

    /// Two paths that differ by a constant make a step of that constant; blending leaves an eighth of it per pixel.
    @Test
    void theStepAtASeamIsSpreadOut() {
        DynamicModel base = model(TWO, 2, everything(1));
        Map<String, float[]> parameters = new LinkedHashMap<>(base.parameters());
        parameters.replaceAll((name, values) -> new float[values.length]);
        float[] bias = new float[4];
        Arrays.fill(bias, 40 / 255f);
        parameters.put("path2.tail.bias", bias);
        byte[] paths = new byte[Grid.of(96, 64, 6, 4).cells().size()];
        for (int i = 0; i < paths.length; i++) {
            paths[i] = (byte) (i % 6 < 3 ? 1 : 2);
        }
        RouteMap map = new RouteMap(96, 64, 6, 4, 2, HASH, List.of(paths));
        DynamicModel model = new DynamicModel("a", "b", Domain.LUMA, base.paths(), parameters, base.routing(), base.origin());
        Frame grey = Frame.allocate(format(PixelLayout.GREY, 96, 64, 8));
        Arrays.fill(grey.plane(0).samples(), (short) 100);
        Plane blended = routed(grey, model, RouteOptions.DEFAULT.withMap(map), 1).plane(0);
        Plane hard = routed(grey, model, new RouteOptions(map, Double.NaN, false, 0), 1).plane(0);
        int most = 0;
        int mostHard = 0;
        for (int x = 1; x < 192; x++) {
            most = Math.max(most, Math.abs(blended.get(x, 60) - blended.get(x - 1, 60)));
            mostHard = Math.max(mostHard, Math.abs(hard.get(x, 60) - hard.get(x - 1, 60)));
            assertTrue(blended.get(x, 60) >= 100 && blended.get(x, 60) <= 140);
        }
        assertEquals(40, mostHard);
        assertEquals(5, most);
        assertEquals(100, blended.get(91, 60));
        assertEquals(140, blended.get(100, 60));
    }

    private static List<Frame> clip(int frames, boolean moving, FrameFormat format) {
        List<Frame> clip = new ArrayList<>();
        for (int f = 0; f < frames; f++) {
            Frame frame = picture(format, 0, 4);
            if (moving) {
                // A square of 20 pixels walks over a still picture.
                for (int y = 30; y < 50; y++) {
                    for (int x = 0; x < 20; x++) {
                        frame.plane(0).set(x + 7 * f, y, 20 * (x % 8));
                    }
                }
            }
            clip.add(frame);
        }
        return clip;
    }

    @Test
    void aStaticClipIsComputedOnce() {
        FrameFormat format = format(PixelLayout.YCBCR_420, 133, 90, 8);
        DynamicModel model = model(TWO, 2, new Routing.ByScore(6, 4, "laplacian", List.of(8.0, 20.0), List.of(1.0, 1.5)));
        try (Workers workers = Workers.ofThreads(2)) {
            RoutedFrameUpscaler upscaler = upscaler(format, model, RouteOptions.DEFAULT, workers, PLENTY);
            List<Frame> clip = clip(12, false, format);
            Frame first = Frame.allocate(upscaler.output());
            upscaler.upscale(clip.getFirst(), first);
            RouteStatistics once = upscaler.statistics();
            for (Frame frame : clip.subList(1, 12)) {
                Frame again = Frame.allocate(upscaler.output());
                upscaler.upscale(frame, again);
                assertSame(first, again, "a still picture");
            }
            RouteStatistics all = upscaler.statistics();
            assertEquals(0, once.keptCells());
            assertEquals(once.cells() * 11, all.keptCells());
            assertTrue(all.keptShare() > 0.9);
            assertEquals(once.computedMacs(), all.computedMacs());
            assertEquals(once.rectangles(), all.rectangles());
            assertEquals(12 * 133 * 90, Arrays.stream(all.pixels()).sum());
            assertTrue(once.pixels()[0] > 0 && once.pixels()[1] > 0 && once.pixels()[2] > 0, all.line());
        }
    }

    /// Keeping cells changes no bit, whatever moves and whichever routes change.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void keepingCellsChangesNothing(boolean halo) {
        FrameFormat format = format(PixelLayout.YCBCR_420, 180, 96, 8);
        List<Frame> clip = clip(8, true, format);
        DynamicModel model = model(TWO, 2, new Routing.ByScore(6, 4, "laplacian", List.of(8.0, 20.0), List.of(1.0, 1.5)));
        RouteOptions options = new RouteOptions(null, Double.NaN, halo, 0);
        List<Frame> together = routed(clip, model, options, 2, PLENTY);
        for (int f = 0; f < clip.size(); f++) {
            assertSame(routed(List.of(clip.get(f)), model, options, 1, PLENTY).getFirst(), together.get(f), "frame " + f);
        }
        SplittableRandom random = new SplittableRandom(5);
        List<byte[]> routes = new ArrayList<>();
        byte[] paths = randomPaths(Grid.of(180, 96, 6, 4).cells().size(), 2, random);
        for (int f = 0; f < clip.size(); f++) {
            routes.add(paths.clone());
            paths[random.nextInt(paths.length)] = (byte) random.nextInt(3);
        }
        RouteMap map = new RouteMap(180, 96, 6, 4, 2, HASH, routes);
        List<Frame> mapped = routed(clip, model, options.withMap(map), 2, PLENTY);
        for (int f = 0; f < clip.size(); f++) {
            RouteMap one = new RouteMap(180, 96, 6, 4, 2, HASH, List.of(routes.get(f)));
            assertSame(routed(List.of(clip.get(f)), model, options.withMap(one), 1, PLENTY).getFirst(), mapped.get(f),
                    "frame " + f);
        }
    }

    @Test
    void aThresholdKeepsWhatDiffersLittleAndDoesNotDrift() {
        FrameFormat format = format(PixelLayout.GREY, 96, 64, 8);
        List<Frame> clip = new ArrayList<>();
        for (int f = 0; f < 10; f++) {
            Frame frame = picture(format, 0, 6);
            for (int i = 0; i < frame.plane(0).samples().length; i++) {
                frame.plane(0).samples()[i] += (short) f;
            }
            clip.add(frame);
        }
        DynamicModel model = model(TWO, 2, everything(1));
        try (Workers workers = Workers.ofThreads(1)) {
            RoutedFrameUpscaler exact = upscaler(format, model, RouteOptions.DEFAULT, workers, PLENTY);
            RoutedFrameUpscaler loose = upscaler(format, model, new RouteOptions(null, Double.NaN, true, 2), workers, PLENTY);
            Frame a = Frame.allocate(exact.output());
            Frame b = Frame.allocate(exact.output());
            for (Frame frame : clip) {
                exact.upscale(frame, a);
                loose.upscale(frame, b);
            }
            assertEquals(0, exact.statistics().keptCells());
            // Each code further, the third differs by more than 2 from what was computed: frames 0, 3, 6, 9 are.
            assertEquals(0.6, loose.statistics().keptShare(), 1e-9);
            assertArrayEquals(a.plane(0).samples(), b.plane(0).samples());
        }
    }

    @Test
    void patchesWithoutHaloAreEnlargedAlone() {
        FrameFormat format = format(PixelLayout.GREY, 96, 64, 8);
        Frame small = picture(format, 0, 7);
        DynamicModel model = model(TWO, 2,
                new Routing.ByPatchSize(6, 4, "laplacian", List.of(Double.POSITIVE_INFINITY), List.of(20)));
        Frame got = routed(small, model, new RouteOptions(null, Double.NaN, false, 0), 2);
        for (int top = 0; top < 64; top += 32) {
            for (int left = 0; left < 96; left += 32) {
                Frame patch = Frame.allocate(format.withSize(32, 32));
                for (int y = 0; y < 32; y++) {
                    for (int x = 0; x < 32; x++) {
                        patch.plane(0).set(x, y, small.plane(0).get(left + x, top + y));
                    }
                }
                Frame alone = whole(patch, model.path(1), 2);
                for (int y = 0; y < 64; y++) {
                    for (int x = 0; x < 64; x++) {
                        assertEquals(alone.plane(0).get(x, y), got.plane(0).get(2 * left + x, 2 * top + y));
                    }
                }
            }
        }
    }

    @Test
    void qualityIsAMonotoneShareOfTheWork() {
        FrameFormat format = format(PixelLayout.YCBCR_420, 160, 96, 8);
        DynamicModel model = model(TWO, 2, everything(2));
        Frame small = picture(format, 0, 8);
        long last = -1;
        try (Workers workers = Workers.ofThreads(1)) {
            for (double quality : new double[] {0, 0.1, 0.25, 0.5, 0.75, 0.9, 1}) {
                RoutedFrameUpscaler upscaler = upscaler(format, model, new RouteOptions(null, quality, true, 0), workers, PLENTY);
                upscaler.upscale(small, Frame.allocate(upscaler.output()));
                long macs = Arrays.stream(upscaler.statistics().macs()).sum();
                assertTrue(macs > last, "quality " + quality);
                assertTrue(macs <= quality * model.macsPerPixel(2) * 160 * 96);
                last = macs;
            }
            assertEquals(model.macsPerPixel(2) * 160 * 96, last);
        }
        assertThrows(IllegalArgumentException.class, () -> new RouteOptions(null, 1.2, true, 0));
        assertThrows(IllegalArgumentException.class, () -> new RouteOptions(null, 0.5, true, 256));
    }

    @Test
    void framesWithChangingRoutesAllocateNothingAndStayWithinTheBoundForeseen() {
        FrameFormat format = format(PixelLayout.YCBCR_420, 80, 48, 8);
        SplittableRandom random = new SplittableRandom(9);
        int cells = Grid.of(80, 48, 6, 4).cells().size();
        List<byte[]> routes = new ArrayList<>(Collections.nCopies(500, null));
        routes.replaceAll(_ -> randomPaths(cells, 2, random));
        for (int path = 0; path < 3; path++) {
            byte[] uniform = new byte[cells];
            Arrays.fill(uniform, (byte) path);
            routes.set(path, uniform);
        }
        RouteMap map = new RouteMap(80, 48, 6, 4, 2, HASH, routes);
        List<Frame> clip = List.of(picture(format, 0, 10), picture(format, 3, 11));
        try (Workers workers = Workers.ofThreads(1)) {
            RoutedNetwork network = RoutedNetwork.compile(model(TWO, 2, everything(1)), BACKEND, 1, PLENTY);
            RoutedFrameUpscaler upscaler = new RoutedFrameUpscaler(format, 160, 96, network, RouteOptions.DEFAULT.withMap(map),
                    ResampleKernel.BICUBIC, workers);
            Frame large = Frame.allocate(upscaler.output());
            for (int f = 0; f < 20; f++) {
                upscaler.upscale(clip.get(f % 2), large);
            }
            long held = network.workspaceBytes();
            var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int f = 20; f < 500; f++) {
                upscaler.upscale(clip.get(f % 2), large);
            }
            long bytes = threads.getCurrentThreadAllocatedBytes() - before;
            // Iterators of a few bytes may escape the JIT; a frame's memory would be tens of thousands.
            assertTrue(bytes < 480 * 512, bytes + " bytes in 480 frames");
            assertEquals(held, network.workspaceBytes(), "no arena grew");
            assertEquals(upscaler.peakBytes(), held);
            assertTrue(upscaler.statistics().haloFactor() > 1);
        }
    }

    @Test
    void littleMemoryChangesNoBit() {
        FrameFormat format = format(PixelLayout.YCBCR_420, 160, 96, 8);
        Frame small = picture(format, 0, 12);
        DynamicModel model = model(TWO, 2, everything(2));
        String message = assertThrows(IllegalArgumentException.class,
                () -> routed(List.of(small), model, RouteOptions.DEFAULT, 2, 100_000)).getMessage();
        long least = Long.parseLong(message.replaceAll(".*at least (\\d+) bytes.*", "$1"));
        assertTrue(least > 100_000, message);
        Frame tight = routed(List.of(small), model, RouteOptions.DEFAULT, 2, least).getFirst();
        assertSame(routed(small, model, RouteOptions.DEFAULT, 2), tight, "in " + least + " bytes");
    }

    @Test
    void otherSizesAreResampledBehindTheModel() {
        FrameFormat format = format(PixelLayout.YCBCR_420, 60, 40, 8);
        Frame small = picture(format, 0, 13);
        DynamicModel model = model(TWO, 2, everything(1));
        Frame large = Frame.allocate(format.withSize(150, 100));
        Frame wanted = Frame.allocate(format.withSize(150, 100));
        try (Workers workers = Workers.ofThreads(1)) {
            new RoutedFrameUpscaler(format, 150, 100, RoutedNetwork.compile(model, BACKEND, 1, PLENTY),
                    RouteOptions.DEFAULT, ResampleKernel.BICUBIC, workers).upscale(small, large);
            new FrameUpscaler(format, 150, 100, NetworkRunner.compile(model.path(1), BACKEND, 1, PLENTY),
                    ResampleKernel.BICUBIC, workers).upscale(small, wanted);
        }
        for (int i = 0; i < wanted.plane(0).samples().length; i++) {
            // The model's result is rounded once more before it is resampled.
            assertEquals(wanted.plane(0).samples()[i], large.plane(0).samples()[i], 1);
        }
    }

    @Test
    void tinyAndBlackFrames() {
        for (int[] size : new int[][] {{1, 1}, {7, 5}, {9, 33}}) {
            FrameFormat format = format(PixelLayout.YCBCR_420, size[0], size[1], 8);
            DynamicModel model = model(TWO, 2, everything(2));
            Frame black = Frame.allocate(format);
            assertSame(whole(black, model.path(2), 2), routed(black, model, RouteOptions.DEFAULT, 2), "black");
            routed(black, model, new RouteOptions(null, 0.5, false, 0), 2);
        }
    }

    @Test
    void mapsOfOtherVideosAreRefused() {
        FrameFormat format = format(PixelLayout.YCBCR_420, 96, 64, 8);
        Frame small = picture(format, 0, 14);
        DynamicModel model = model(TWO, 2, everything(1));
        assertRefused(small, model, uniform(98, 64, 1), "belongs to another video");
        byte[] cells = new byte[Grid.of(96, 64, 3, 2).cells().size()];
        assertRefused(small, model, new RouteMap(96, 64, 3, 2, 2, HASH, List.of(cells)), "belongs to another model");
        assertRefused(small, model, new RouteMap(96, 64, 6, 4, 3, HASH, List.of()), "names 3 paths");
        assertRefused(small, model, new RouteMap(96, 64, 6, 4, 2, HASH, List.of()), "ends after 0 frames");
    }

    private static void assertRefused(Frame small, DynamicModel model, RouteMap map, String because) {
        String message = assertThrows(IllegalArgumentException.class,
                () -> routed(small, model, RouteOptions.DEFAULT.withMap(map), 1)).getMessage();
        assertTrue(message.contains(because), message);
    }
}
