package io.github.fovea.pipeline;

import io.github.fovea.frame.Plane;
import io.github.fovea.patch.Region;
import io.github.fovea.route.Grid;
import java.util.Arrays;

/// The LR samples that every cell was last computed from, with the surroundings that its result depends on. A cell whose
/// samples are those again has its result already. Cells may be asked about by several threads at once, each cell by one.
final class KeptCells {
    private final Region[] seen;
    private final short[][] samples;
    private final int tolerance;

    /// Knows nothing yet.
    ///
    /// @param grid      the cells
    /// @param radius    LR pixels around a cell that its result depends on
    /// @param tolerance codes by which each sample may differ
    KeptCells(Grid grid, int radius, int tolerance) {
        this.tolerance = tolerance;
        int cells = grid.cells().size();
        seen = new Region[cells];
        samples = new short[cells][];
        for (int i = 0; i < cells; i++) {
            seen[i] = grid.cells().get(i).grow(radius, radius, 1, 1, grid.width(), grid.height());
            samples[i] = new short[seen[i].width() * seen[i].height()];
        }
    }

    /// {@return whether a cell's surroundings are those it was last computed from}
    boolean unchanged(int cell, Plane luma) {
        Region region = seen[cell];
        int width = region.width();
        for (int row = 0; row < region.height(); row++) {
            int from = (region.y() + row) * luma.width() + region.x();
            int at = row * width;
            if (!(tolerance == 0 ? Arrays.equals(luma.samples(), from, from + width, samples[cell], at, at + width)
                    : close(luma.samples(), from, samples[cell], at, width))) {
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

    /// Remembers what a cell is computed from.
    void remember(int cell, Plane luma) {
        Region region = seen[cell];
        for (int row = 0; row < region.height(); row++) {
            System.arraycopy(luma.samples(), (region.y() + row) * luma.width() + region.x(), samples[cell],
                    row * region.width(), region.width());
        }
    }
}
