package io.github.fovea.patch;

import io.github.fovea.plan.Plan;
import io.github.fovea.plan.WantedRows;
import io.github.fovea.plan.WindowPlan;

/// Whether several threads compute a picture together, layer by layer in blocks of rows, or each a tile of its own.
/// Together they compute no halo twice, but wait for each other after every layer of every window.
public final class Sharing {
    /// What it costs a thread that all meet, in multiply-adds that it could do meanwhile: about 4 microseconds.
    private static final long MEETING_MACS = 400_000;

    private Sharing() {}

    /// {@return whether the threads are done sooner together}
    ///
    /// @param tiling  the tiles that they would compute, of one width
    /// @param wanted  tells the rows that every step computes of a tile
    /// @param plan    what runs
    /// @param threads how many there are
    public static boolean pays(Tiling tiling, WantedRows wanted, Plan plan, int threads) {
        if (threads == 1 || plan.steps().isEmpty()) {
            return false;
        }
        long apart = 0;
        long most = 0;
        for (Tile tile : tiling.tiles()) {
            int above = tile.core().y() - tile.read().y();
            wanted.want(tile.read().height(), above, above + tile.core().height());
            long macs = wanted.macs(tile.read().width(), plan.rowUnit());
            apart += macs;
            most = Math.max(most, macs);
        }
        Region last = tiling.tiles().getLast().core();
        int width = last.x() + last.width();
        int height = last.y() + last.height();
        wanted.want(height, 0, height);
        long meetings = plan.steps().size() + 2L;
        int rows = height;
        if (plan.depthFirst(height, width)) {
            WindowPlan windows = plan.windows().orElseThrow();
            meetings *= 3L * windows.windows(height);
            rows = windows.windowRows();
        }
        int units = Math.ceilDiv(rows, plan.rowUnit());
        long together = wanted.macs(width) / units * Math.ceilDiv(units, threads) + meetings * MEETING_MACS;
        return together < Math.max(most, apart / threads);
    }
}
