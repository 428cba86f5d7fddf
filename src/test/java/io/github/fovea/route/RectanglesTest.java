package io.github.fovea.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.patch.Region;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RectanglesTest {
    private static final long[] WEIGHTS = {1, 5, 14};
    private static final double[] COLUMNS = {2, 7, 12};
    private static final double[] ROWS = {2, 4, 6.5};

    private static double read(Grid grid, Region region, int path) {
        double width = Math.min(grid.width(), region.x() + region.width() + COLUMNS[path]) - Math.max(0, region.x() - COLUMNS[path]);
        double height = Math.min(grid.height(), region.y() + region.height() + ROWS[path]) - Math.max(0, region.y() - ROWS[path]);
        return width * height;
    }

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
            long cost = WEIGHTS[rectangles.path(i)] * (long) read(grid, region, rectangles.path(i));
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
            Rectangles rectangles = new Rectangles(grid, WEIGHTS, COLUMNS, ROWS);
            boolean[] skip = random.nextBoolean() ? skipped : null;
            rectangles.merge(paths, skip);
            assertSound(grid, rectangles, paths, skip);
            Rectangles again = new Rectangles(grid, WEIGHTS, COLUMNS, ROWS);
            again.merge(paths, skip);
            assertEquals(blocks(rectangles), blocks(again), "the same cells give the same rectangles");
            rectangles.balance(random.nextInt(1, 9), random.nextInt(64, 100000), random.nextBoolean());
            assertSound(grid, rectangles, paths, skip);
            rectangles.patches(paths, skip, new int[] {1, 1, 1});
            assertSound(grid, rectangles, paths, skip);
            rectangles.patches(paths, null, new int[] {1, 4, 2});
            assertSound(grid, rectangles, paths, null);
        }
    }

    private static List<List<Integer>> blocks(Rectangles rectangles) {
        List<List<Integer>> blocks = new ArrayList<>();
        for (int i = 0; i < rectangles.count(); i++) {
            blocks.add(List.of(rectangles.column(i), rectangles.row(i), rectangles.across(i), rectangles.down(i),
                    rectangles.path(i)));
        }
        return blocks;
    }

    /// The first rectangle taken is the best of all there are, found here by looking at every one.
    @Test
    void theCheapestPerPixelIsTakenFirst() {
        SplittableRandom random = new SplittableRandom(4);
        for (int round = 0; round < 60; round++) {
            Grid grid = Grid.of(random.nextInt(60, 200), random.nextInt(50, 120), random.nextInt(2, 9), random.nextInt(2, 7));
            byte[] paths = new byte[grid.cells().size()];
            for (int i = 0; i < paths.length; i++) {
                paths[i] = i > 0 && random.nextInt(3) > 0 ? paths[i - 1] : (byte) random.nextInt(3);
            }
            Rectangles rectangles = new Rectangles(grid, WEIGHTS, COLUMNS, ROWS);
            rectangles.merge(paths, null);
            double best = Double.POSITIVE_INFINITY;
            for (int row = 0; row < grid.rows(); row++) {
                for (int column = 0; column < grid.columns(); column++) {
                    for (int down = 1; row + down <= grid.rows(); down++) {
                        for (int across = 1; column + across <= grid.columns(); across++) {
                            if (ofOnePath(grid, paths, column, row, across, down)) {
                                Region region = grid.block(column, row, across, down);
                                best = Math.min(best, read(grid, region, paths[row * grid.columns() + column])
                                        / (region.width() * region.height()));
                            }
                        }
                    }
                }
            }
            double taken = Double.POSITIVE_INFINITY;
            for (int i = 0; i < rectangles.count(); i++) {
                Region region = grid.block(rectangles.column(i), rectangles.row(i), rectangles.across(i), rectangles.down(i));
                taken = Math.min(taken, read(grid, region, rectangles.path(i)) / (region.width() * region.height()));
            }
            assertEquals(best, taken, 1e-12);
        }
    }

    private static boolean ofOnePath(Grid grid, byte[] paths, int column, int row, int across, int down) {
        for (int y = row; y < row + down; y++) {
            for (int x = column; x < column + across; x++) {
                if (paths[y * grid.columns() + x] != paths[row * grid.columns() + column]) {
                    return false;
                }
            }
        }
        return true;
    }

    @Test
    void onePathIsOneRectangleAndBalancingSharesIt() {
        Grid grid = Grid.of(960, 540, 20, 10);
        Rectangles rectangles = new Rectangles(grid, WEIGHTS);
        byte[] paths = new byte[200];
        rectangles.merge(paths, null);
        assertEquals(1, rectangles.count());
        rectangles.balance(4, Long.MAX_VALUE, false);
        assertTrue(rectangles.count() >= 4 && rectangles.count() <= 8, rectangles.count() + " rectangles");
        rectangles.merge(paths, null);
        rectangles.balance(3, Long.MAX_VALUE, true);
        for (int i = 0; i < rectangles.count(); i++) {
            assertEquals(20, rectangles.across(i), "bands go from edge to edge");
        }
        rectangles.merge(paths, null);
        rectangles.balance(1, 960 * 540 / 10, false);
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
