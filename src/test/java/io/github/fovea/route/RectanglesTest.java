package io.github.fovea.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RectanglesTest {
    private static final long[] WEIGHTS = {1, 5, 14};

    private static void assertSound(Grid grid, Rectangles rectangles, byte[] paths, boolean[] skipped) {
        int[] hits = new int[paths.length];
        long last = Long.MAX_VALUE;
        for (int i = 0; i < rectangles.count(); i++) {
            for (int y = 0; y < rectangles.down(i); y++) {
                for (int x = 0; x < rectangles.across(i); x++) {
                    int cell = (rectangles.row(i) + y) * grid.columns() + rectangles.column(i) + x;
                    hits[cell]++;
                    assertEquals(rectangles.path(i), paths[cell]);
                }
            }
            var region = grid.block(rectangles.column(i), rectangles.row(i), rectangles.across(i), rectangles.down(i));
            long cost = WEIGHTS[rectangles.path(i)] * region.width() * region.height();
            assertTrue(cost <= last, "the dearest first");
            last = cost;
        }
        for (int cell = 0; cell < hits.length; cell++) {
            assertEquals(skipped != null && skipped[cell] ? 0 : 1, hits[cell], "cell " + cell);
        }
    }

    @Test
    void everyCellIsInOneRectangleOfItsPath() {
        SplittableRandom random = new SplittableRandom(1);
        for (int round = 0; round < 300; round++) {
            Grid grid = Grid.of(random.nextInt(8, 500), random.nextInt(8, 300), 20, 10);
            byte[] paths = new byte[grid.cells().size()];
            boolean[] skipped = new boolean[paths.length];
            for (int i = 0; i < paths.length; i++) {
                // Runs, as real routes have them.
                paths[i] = i > 0 && random.nextInt(3) > 0 ? paths[i - 1] : (byte) random.nextInt(3);
                skipped[i] = random.nextInt(4) == 0;
            }
            Rectangles rectangles = new Rectangles(grid, WEIGHTS);
            boolean[] skip = random.nextBoolean() ? skipped : null;
            rectangles.merge(paths, skip);
            assertSound(grid, rectangles, paths, skip);
            rectangles.balance(random.nextInt(1, 9), random.nextInt(64, 100000));
            assertSound(grid, rectangles, paths, skip);
            rectangles.patches(paths, skip, new int[] {1, 1, 1});
            assertSound(grid, rectangles, paths, skip);
            rectangles.patches(paths, null, new int[] {1, 4, 2});
            assertSound(grid, rectangles, paths, null);
        }
    }

    @Test
    void onePathIsOneRectangleAndBalancingSharesIt() {
        Grid grid = Grid.of(960, 540, 20, 10);
        Rectangles rectangles = new Rectangles(grid, WEIGHTS);
        byte[] paths = new byte[200];
        rectangles.merge(paths, null);
        assertEquals(1, rectangles.count());
        rectangles.balance(4, Long.MAX_VALUE);
        assertTrue(rectangles.count() >= 4 && rectangles.count() <= 8, rectangles.count() + " rectangles");
        rectangles.merge(paths, null);
        rectangles.balance(1, 960 * 540 / 10);
        for (int i = 0; i < rectangles.count(); i++) {
            var region = grid.block(rectangles.column(i), rectangles.row(i), rectangles.across(i), rectangles.down(i));
            assertTrue(region.width() * region.height() <= 960 * 540 / 10);
        }
    }

    @Test
    void patchesHaveTheSizeOfTheirPath() {
        Grid grid = Grid.of(960, 540, 20, 10);
        Rectangles rectangles = new Rectangles(grid, WEIGHTS);
        byte[] paths = new byte[200];
        java.util.Arrays.fill(paths, (byte) 1);
        rectangles.patches(paths, null, new int[] {1, 2, 1});
        assertEquals(50, rectangles.count());
        paths[0] = paths[1] = paths[20] = paths[21] = 2;
        rectangles.patches(paths, null, new int[] {1, 2, 1});
        assertEquals(53, rectangles.count());
        boolean[] kept = new boolean[200];
        kept[2] = true;
        kept[0] = true;
        // A patch is computed whole unless all of it is kept.
        rectangles.patches(paths, kept, new int[] {1, 2, 1});
        assertEquals(52, rectangles.count());
    }

    @Test
    void theLargestRectangleIsTakenFirst() {
        Grid grid = Grid.of(80, 32, 10, 4);
        byte[] paths = new byte[40];
        for (int y = 1; y < 4; y++) {
            for (int x = 2; x < 9; x++) {
                paths[y * 10 + x] = 2;
            }
        }
        Rectangles rectangles = new Rectangles(grid, WEIGHTS);
        rectangles.merge(paths, null);
        assertEquals(2, rectangles.path(0));
        assertEquals(7, rectangles.across(0));
        assertEquals(3, rectangles.down(0));
        assertEquals(4, rectangles.count());
    }
}
