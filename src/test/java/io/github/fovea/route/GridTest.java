package io.github.fovea.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.github.fovea.patch.Region;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GridTest {
    static void assertCovers(List<Region> regions, int width, int height, String what) {
        int[] hits = new int[width * height];
        for (Region region : regions) {
            for (int y = region.y(); y < region.y() + region.height(); y++) {
                for (int x = region.x(); x < region.x() + region.width(); x++) {
                    hits[y * width + x]++;
                }
            }
        }
        for (int i = 0; i < hits.length; i++) {
            if (hits[i] != 1) {
                fail(what + ": " + hits[i] + " regions at " + i % width + ", " + i / width);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"960, 540, 20, 10", "480, 270, 10, 5", "1, 1, 20, 10", "7, 5, 20, 10", "417, 233, 20, 10", "640, 361, 20, 10",
        "199, 201, 64, 64", "53, 999, 3, 7"})
    void cellsCoverFramesOfAnySizeOnce(int width, int height, int columns, int rows) {
        Grid grid = Grid.of(width, height, columns, rows);
        assertCovers(grid.cells(), width, height, grid.toString());
        assertEquals(grid.columns() * grid.rows(), grid.cells().size());
        for (Region cell : grid.cells()) {
            assertTrue(cell.width() >= Math.min(width, Grid.LEAST / 2) && cell.height() >= Math.min(height, Grid.LEAST / 2),
                    cell.toString());
        }
        assertEquals((long) width * height,
                java.util.stream.IntStream.range(0, grid.cells().size()).mapToLong(grid::pixels).sum());
    }

    /// The released code's grids, whose x4 one drops a row of coarse cells.
    @Test
    void thePapersCells() {
        Grid x2 = Grid.of(960, 540, 20, 10);
        assertEquals(new Region(0, 0, 48, 54), x2.cells().getFirst());
        assertEquals(200, x2.cells().size());
        Grid x4 = Grid.of(480, 270, 10, 5);
        assertEquals(new Region(0, 0, 48, 54), x4.cells().getFirst());
        assertEquals(50, x4.cells().size());
        assertEquals(new Region(48, 54, 96, 108), x2.block(1, 1, 2, 2));
    }

    @Test
    void otherNumbersAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> Grid.of(0, 5, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> Grid.of(5, 5, 0, 1));
        assertThrows(IllegalArgumentException.class, () -> Grid.of(5, 5, 1, 65));
    }
}
