package io.github.fovea.route;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.frame.Plane;
import io.github.fovea.model.Routing;
import io.github.fovea.patch.Region;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PatchTest {
    private static List<Patch> split(Grid grid, List<SplitRule> rules, long[] macs) {
        return Patch.split(grid, rules, macs, region -> region.x() + 7.0 * region.y());
    }

    @Test
    void nothingAndEverythingIsSplit() {
        for (int[] size : new int[][] {{960, 540}, {417, 233}, {20, 9}, {3, 3}}) {
            Grid grid = Grid.of(size[0], size[1], 20, 10);
            for (int levels = 0; levels < Patch.MAX_LEVELS; levels++) {
                long[] macs = new long[levels + 1];
                List<SplitRule> none = java.util.Collections.nCopies(levels, new SplitRule.Fixed(Double.POSITIVE_INFINITY));
                List<SplitRule> all = java.util.Collections.nCopies(levels, new SplitRule.Fixed(Double.NEGATIVE_INFINITY));
                List<SplitRule> some = java.util.Collections.nCopies(levels, new SplitRule.Quantile(0.4));
                int whole = 1 << levels;
                for (Patch patch : split(grid, none, macs)) {
                    assertEquals(whole, patch.size());
                }
                assertEquals(grid.cells().size(), split(grid, all, macs).size());
                for (List<SplitRule> rules : List.of(none, all, some)) {
                    GridTest.assertCovers(split(grid, rules, macs).stream().map(Patch::region).toList(), size[0], size[1],
                            rules.toString());
                }
            }
        }
    }

    @Test
    void thePapersPatches() {
        Grid grid = Grid.of(960, 540, 20, 10);
        List<Patch> coarse = split(grid, List.of(new SplitRule.Fixed(Double.POSITIVE_INFINITY)), new long[2]);
        assertEquals(50, coarse.size());
        assertEquals(new Region(0, 0, 96, 108), coarse.getFirst().region());
    }

    @Test
    void aQuantileSplitsTheShareAskedFor() {
        SplittableRandom random = new SplittableRandom(1);
        double[] scores = random.doubles(50).toArray();
        for (double share : new double[] {0, 0.01, 0.29, 0.5, 1}) {
            boolean[] split = new SplitRule.Quantile(share).split(scores, new long[50]);
            int count = 0;
            double leastSplit = Double.POSITIVE_INFINITY;
            double mostKept = Double.NEGATIVE_INFINITY;
            for (int i = 0; i < 50; i++) {
                count += split[i] ? 1 : 0;
                leastSplit = Math.min(leastSplit, split[i] ? scores[i] : Double.POSITIVE_INFINITY);
                mostKept = Math.max(mostKept, split[i] ? Double.NEGATIVE_INFINITY : scores[i]);
            }
            assertEquals(Math.round(share * 50), count);
            assertTrue(leastSplit > mostKept);
        }
        // All equal, as on a black frame: the share still holds.
        boolean[] black = new SplitRule.Quantile(0.5).split(new double[4], new long[4]);
        assertArrayEquals(new boolean[] {true, true, false, false}, black);
        assertThrows(IllegalArgumentException.class, () -> new SplitRule.Quantile(1.1));
        assertThrows(IllegalArgumentException.class, () -> new SplitRule.Budget(-1));
    }

    @Test
    void aBudgetIsKept() {
        double[] scores = {3, 1, 2, 4};
        long[] costs = {10, 10, 10, 10};
        assertArrayEquals(new boolean[] {true, false, false, true}, new SplitRule.Budget(29).split(scores, costs));
        assertArrayEquals(new boolean[] {false, false, false, false}, new SplitRule.Budget(9).split(scores, costs));
    }

    /// The router by patch size takes for every patch the path that its height says.
    @Test
    void pathsFollowTheHeightOfPatches() {
        SplittableRandom random = new SplittableRandom(3);
        Plane luma = new Plane(960, 540, 8);
        for (int i = 0; i < luma.samples().length; i++) {
            // Noise that grows to the right.
            luma.samples()[i] = (short) random.nextInt(1 + i % 960 / 4);
        }
        DifficultyScore score = DifficultyScore.named("laplacian");
        Routing.ByPatchSize routing = new Routing.ByPatchSize(20, 10, "laplacian", List.of(200.0), List.of(70));
        Router router = new Router(routing, new long[] {0, 78948, 152676}, 960, 540);
        for (int row = 0; row < router.grid().rows(); row++) {
            router.score(luma, row);
        }
        byte[] paths = new byte[router.grid().cells().size()];
        router.decide(paths);
        List<Patch> patches = Patch.split(router.grid(), List.of(new SplitRule.Fixed(200)), new long[2],
                region -> score.score(luma, region));
        int small = 0;
        int large = 0;
        for (Patch patch : patches) {
            int wanted = patch.region().height() < 70 ? 2 : 1;
            small += wanted == 2 ? 1 : 0;
            large += wanted == 1 ? 1 : 0;
            for (int y = patch.row(); y < patch.row() + patch.down(); y++) {
                for (int x = patch.column(); x < patch.column() + patch.across(); x++) {
                    assertEquals(wanted, paths[y * router.grid().columns() + x], patch.toString());
                }
            }
        }
        assertTrue(small > 0 && large > 0, small + " small, " + large + " large");
    }

    @Test
    void fourSizesAndTheirPaths() {
        Routing.ByPatchSize routing = new Routing.ByPatchSize(20, 10, "laplacian", List.of(1.0, 2.0, 3.0),
                List.of(300, 150, 70));
        assertEquals(1, Router.path(routing, 54 * 8));
        assertEquals(2, Router.path(routing, 54 * 4));
        assertEquals(3, Router.path(routing, 54 * 2));
        assertEquals(4, Router.path(routing, 54));
        Router router = new Router(routing, new long[] {0, 1, 2, 3, 4}, 961, 533);
        byte[] paths = new byte[router.grid().cells().size()];
        router.decide(paths);
        for (byte path : paths) {
            assertEquals(1, path, "a frame without scores is smooth");
        }
    }
}
