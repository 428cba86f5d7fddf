package io.github.fovea.pipeline;

import io.github.fovea.frame.Plane;
import io.github.fovea.patch.Region;
import io.github.fovea.route.Grid;
import java.util.Arrays;

/// The LR samples that every cell was last computed from, with the surroundings that its result depends on. A cell
/// whose samples are those again has its result already. Several threads may ask and remember at once, each its cells.
///
/// Where equality is exact, a kept cell has the samples of the frame before anyway, so that one plane, that frame,
/// serves all. Where samples may differ, differences must not add up from frame to frame, and each cell has its own.
final class KeptCells {
    private final Grid grid;
    private final Region[] seen;
    private final short[] frame;
    private final short[][] samples;
    private final int tolerance;

    /// Knows nothing yet.
    ///
    /// @param grid      the cells
    /// @param radius    LR pixels around a cell that its result depends on
    /// @param tolerance codes by which each sample may differ
    KeptCells(Grid grid, int radius, int tolerance) {
        this.grid = grid;
        this.tolerance = tolerance;
        int cells = grid.cells().size();
        seen = new Region[cells];
        frame = new short[tolerance == 0 ? grid.width() * grid.height() : 0];
        samples = new short[tolerance == 0 ? 0 : cells][];
        for (int i = 0; i < cells; i++) {
            seen[i] = grid.cells().get(i).grow(radius, radius, 1, 1, grid.width(), grid.height());
            if (tolerance > 0) {
                samples[i] = new short[seen[i].width() * seen[i].height()];
            }
        }
    }

    /// {@return whether a cell's surroundings are those it was last computed from}
    boolean unchanged(int cell, Plane luma) {
        Region region = seen[cell];
        int width = region.width();
        for (int row = 0; row < region.height(); row++) {
            int from = (region.y() + row) * luma.width() + region.x();
            if (!(tolerance == 0 ? Arrays.equals(luma.samples(), from, from + width, frame, from, from + width)
                    : close(luma.samples(), from, samples[cell], row * width, width))) {
                return false;
            }
        }
        return true;
    }

    private boolean close(short[] a, int from, short[] b, int at, int width) {
        for (int i = 0; i < width; i++) {
            if (Math.abs((a[from + i] & 0xFFFF) - (b[at + i] & 0xFFFF)) > tolerance) {
                return false;
            }
        }
        return true;
    }

    /// Remembers what the cells of a row were computed from.
    ///
    /// @param row  number of the row of cells
    /// @param kept for every cell of the frame, whether it was not computed
    /// @param luma the frame
    void remember(int row, boolean[] kept, Plane luma) {
        if (tolerance == 0) {
            int begin = grid.y(row) * luma.width();
            System.arraycopy(luma.samples(), begin, frame, begin, grid.y(row + 1) * luma.width() - begin);
            return;
        }
        for (int cell = row * grid.columns(); cell < (row + 1) * grid.columns(); cell++) {
            Region region = seen[cell];
            for (int y = 0; y < region.height() && !kept[cell]; y++) {
                System.arraycopy(luma.samples(), (region.y() + y) * luma.width() + region.x(), samples[cell],
                        y * region.width(), region.width());
            }
        }
    }
}
