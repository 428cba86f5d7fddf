package io.github.fovea.route;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.frame.Plane;
import io.github.fovea.model.Routing;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RouterTest {
    private static final long[] MACS = {0, 5000, 14544};

    static Plane texture(int width, int height, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Plane luma = new Plane(width, height, 8);
        for (int i = 0; i < luma.samples().length; i++) {
            luma.samples()[i] = (short) random.nextInt(1 + i % width * 200 / width + i / width * 50 / height);
        }
        return luma;
    }

    private static Router scored(Routing routing, long[] macs, Plane luma) {
        Router router = new Router(routing, macs, luma.width(), luma.height());
        for (int row = 0; row < router.grid().rows(); row++) {
            router.score(luma, row);
        }
        return router;
    }

    private static Routing.ByScore byScore(Double... thresholds) {
        return new Routing.ByScore(20, 10, "laplacian", List.of(thresholds), List.of(1.0, 1.3));
    }

    @Test
    void thresholdsCutTheScores() {
        Plane luma = texture(320, 180, 1);
        Router router = scored(byScore(50.0, 150.0), MACS, luma);
        byte[] paths = new byte[router.grid().cells().size()];
        router.decide(paths);
        int[] counts = new int[3];
        for (int i = 0; i < paths.length; i++) {
            double score = DifficultyScore.named("laplacian").score(luma, router.grid().cells().get(i));
            assertEquals(score < 50 ? 0 : score < 150 ? 1 : 2, paths[i]);
            counts[paths[i]]++;
        }
        assertTrue(counts[0] > 0 && counts[1] > 0 && counts[2] > 0);
        Router map = scored(new Routing.ByMap(byScore(50.0, 150.0)), MACS, luma);
        byte[] same = new byte[paths.length];
        map.decide(same);
        assertArrayEquals(paths, same, "without a map, as by score");
    }

    @Test
    void qualityIsAMonotoneShareOfTheDeepestPath() {
        Plane luma = texture(417, 233, 2);
        Router router = scored(byScore(0.0, 0.0), MACS, luma);
        int cells = router.grid().cells().size();
        byte[] before = new byte[cells];
        long deepest = 14544L * 417 * 233;
        long last = -1;
        for (int step = 0; step <= 100; step++) {
            double quality = step / 100.0;
            byte[] paths = new byte[cells];
            router.decide(quality, null, paths);
            long macs = router.macs(paths);
            assertTrue(macs <= quality * deepest + 1, quality + " costs " + (double) macs / deepest);
            // One cell of the costliest step does not fit: 1/200 of the frame, half as large again at its ends.
            assertTrue(macs >= (quality - 0.012) * deepest, quality + " costs only " + (double) macs / deepest);
            assertTrue(macs >= last);
            for (int i = 0; i < cells; i++) {
                assertTrue(paths[i] >= before[i], "a cell never loses by a larger budget");
            }
            before = paths;
            last = macs;
        }
        byte[] none = new byte[cells];
        router.decide(0, null, none);
        assertEquals(0, router.macs(none));
        assertEquals(deepest, last);
    }

    @Test
    void aBlackFrameStillSpendsItsBudget() {
        Router router = scored(byScore(0.0, 0.0), MACS, new Plane(320, 180, 8));
        byte[] paths = new byte[router.grid().cells().size()];
        router.decide(1, null, paths);
        for (byte path : paths) {
            assertEquals(2, path);
        }
    }

    @Test
    void aSmallerShareThanTheMapsIsAPartOfItAndALargerOneGoesOnTopOfIt() {
        Router router = scored(byScore(0.0, 0.0), MACS, texture(320, 180, 3));
        byte[] map = new byte[router.grid().cells().size()];
        for (int i = 0; i < map.length; i++) {
            map[i] = (byte) (i % 3);
        }
        double frame = 14544.0 * 320 * 180;
        double ofTheMap = router.macs(map) / frame;
        long before = -1;
        byte[] paths = new byte[map.length];
        for (double quality : new double[] {0, 0.1, 0.2, ofTheMap, 0.6, 0.8, 0.95, 1}) {
            router.decide(quality, map, paths);
            long macs = router.macs(paths);
            assertTrue(macs > before && macs <= quality * frame && macs > (quality - 0.03) * frame, quality + ": " + macs / frame);
            before = macs;
            for (int i = 0; i < map.length; i++) {
                assertTrue(quality < ofTheMap ? paths[i] <= map[i] : paths[i] >= map[i], quality + ", cell " + i);
            }
        }
        router.decide(1, map, map);
        for (byte path : map) {
            assertEquals(2, path);
        }
    }

    /// A path that costs more per gain than a mixture of its neighbours is never taken.
    @Test
    void aPathBelowTheHullIsSkipped() {
        Routing.ByScore poor = new Routing.ByScore(20, 10, "laplacian", List.of(0.0, 0.0), List.of(0.01, 1.0));
        Router router = scored(poor, MACS, texture(320, 180, 4));
        byte[] paths = new byte[router.grid().cells().size()];
        router.decide(0.4, null, paths);
        int deep = 0;
        for (byte path : paths) {
            assertTrue(path != 1);
            deep += path == 2 ? 1 : 0;
        }
        assertTrue(deep > 0);
    }

    /// Against every assignment of three cells: no cheaper one takes off more.
    @Test
    void aChoiceIsBestAmongThoseOfItsCost() {
        SplittableRandom random = new SplittableRandom(5);
        long[] macs = {0, 3, 7};
        for (int round = 0; round < 200; round++) {
            double[] gains = new double[9];
            long[] pixels = new long[3];
            for (int i = 0; i < 3; i++) {
                gains[i * 3 + 1] = random.nextDouble(10);
                gains[i * 3 + 2] = gains[i * 3 + 1] + random.nextDouble(10);
                pixels[i] = random.nextInt(1, 5);
            }
            byte[] paths = new byte[3];
            long spent = new PathChoice(3, macs).choose(gains, pixels, random.nextInt(80), null, null, paths);
            double gained = gain(gains, paths);
            for (int code = 0; code < 27; code++) {
                byte[] other = {(byte) (code % 3), (byte) (code / 3 % 3), (byte) (code / 9)};
                long cost = 0;
                for (int i = 0; i < 3; i++) {
                    cost += macs[other[i]] * pixels[i];
                }
                assertTrue(cost > spent || gain(gains, other) <= gained + 1e-6);
            }
        }
    }

    private static double gain(double[] gains, byte[] paths) {
        return gains[paths[0]] + gains[3 + paths[1]] + gains[6 + paths[2]];
    }

    @Test
    void decidingAllocatesNothing() {
        Plane luma = texture(320, 180, 6);
        Router router = new Router(byScore(50.0, 150.0), MACS, 320, 180);
        byte[] paths = new byte[router.grid().cells().size()];
        Rectangles rectangles = new Rectangles(router.grid(), new long[] {1, 5, 14});
        Runnable frame = () -> {
            for (int row = 0; row < router.grid().rows(); row++) {
                router.score(luma, row);
            }
            router.decide(0.5, null, paths);
            router.decide(paths);
            rectangles.merge(paths, null);
            rectangles.balance(4, Long.MAX_VALUE, false);
        };
        for (int i = 0; i < 30; i++) {
            frame.run();
        }
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 100; i++) {
            frame.run();
        }
        long bytes = threads.getCurrentThreadAllocatedBytes() - before;
        // List iterators may or may not be optimised away; a frame's arrays would be thousands of bytes each.
        assertTrue(bytes < 100 * 4096, bytes + " bytes in 100 frames");
    }

    @Test
    void aPlayerWithoutThePublishersScoreSaysWhatItNeeds() {
        Router router = new Router(new Routing.ByScore(2, 2, "psnr", List.of(-40.0), List.of(1.0)), new long[] {0, 5}, 32, 32);
        assertTrue(assertThrows(IllegalArgumentException.class, () -> router.score(new Plane(32, 32, 8), 0)).getMessage()
                .contains("route map"));
        assertThrows(IllegalArgumentException.class, () -> router.decide(1.5, null, new byte[16]));
        assertThrows(IllegalArgumentException.class, () -> router.decide(Double.NaN, null, new byte[16]));
    }

    @Test
    void aFitSpendsWhatItIsAllowedAndRanksByScore() {
        SplittableRandom random = new SplittableRandom(8);
        RoutingFit fit = new RoutingFit(20, 10, "laplacian", MACS);
        double[] scores = new double[500];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = random.nextDouble(30);
            double error = 100 * scores[i] * scores[i];
            fit.add(scores[i], 100, new double[] {error, 0.7 * error, 0.5 * error});
        }
        Routing.ByScore routing = fit.fit(0.5);
        assertEquals(0.3, routing.gains().get(0), 1e-9);
        assertEquals(0.5, routing.gains().get(1), 1e-9);
        assertTrue(routing.thresholds().get(0) < routing.thresholds().get(1));
        long macs = 0;
        for (double score : scores) {
            int path = score < routing.thresholds().get(0) ? 0 : score < routing.thresholds().get(1) ? 1 : 2;
            macs += MACS[path] * 100;
        }
        assertEquals(0.5 * MACS[2] * 100 * 500, macs, 2.0 * MACS[2] * 100);
        assertEquals(List.of(Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY), fit.fit(1).thresholds());
        assertEquals(List.of(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY), fit.fit(0).thresholds());
        assertThrows(IllegalStateException.class, () -> new RoutingFit(2, 2, "dct", MACS).fit(1));
    }

    @Test
    void thePublishersChoiceGoesByTrueErrors() {
        byte[] best = RoutingFit.best(MACS, new long[] {10, 10, 10}, new double[][] {{5, 100, 5}, {6, 90, 4}, {7, 10, 4}}, 1);
        // The last cell gains as much on the cheaper path.
        assertArrayEquals(new byte[] {0, 2, 1}, best);
    }

    @Test
    void sharesAndErrorsOutOfPlaceAreRefused() {
        double[][] errors = {{5, 100, 5}, {6, 90, 4}, {7, 10, 4}};
        long[] pixels = {10, 10, 10};
        for (double share : new double[] {-0.1, 1.1, Double.NaN}) {
            RoutingFit fit = new RoutingFit(2, 2, "laplacian", MACS);
            fit.add(1, 10, new double[MACS.length]);
            assertThrows(IllegalArgumentException.class, () -> fit.fit(share));
            assertThrows(IllegalArgumentException.class, () -> RoutingFit.best(MACS, pixels, errors, share));
        }
        assertThrows(IllegalArgumentException.class, () -> RoutingFit.best(MACS, pixels, new double[2][3], 1));
        assertThrows(IllegalArgumentException.class, () -> RoutingFit.best(MACS, pixels, new double[3][2], 1));
        assertThrows(IllegalArgumentException.class, () -> RoutingFit.best(MACS, pixels, new double[0][], 1));
    }

    @Test
    void nothingIsSpentWhereNothingIsGained() {
        byte[] best = RoutingFit.best(MACS, new long[] {10, 10, 10}, new double[][] {{0, 8, 7}, {0, 5, 7}, {0, 5, 6}}, 1);
        assertArrayEquals(new byte[] {0, 1, 2}, best);
    }

    @Test
    void aPathWorseThanBicubicIsTakenByNoScore() {
        RoutingFit fit = new RoutingFit(20, 10, "laplacian", MACS);
        RoutingFit bad = new RoutingFit(20, 10, "laplacian", MACS);
        for (int i = 1; i < 50; i++) {
            fit.add(i, 100, new double[] {i * i, 2 * i * i, 0.5 * i * i});
            bad.add(i, 100, new double[] {i * i, 2 * i * i, 3 * i * i});
        }
        for (double quality : new double[] {0.4, 1}) {
            List<Double> thresholds = fit.fit(quality).thresholds();
            assertEquals(thresholds.get(1), thresholds.get(0));
            assertTrue(thresholds.get(1) < 50);
            assertEquals(List.of(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY), bad.fit(quality).thresholds());
        }
    }
}
