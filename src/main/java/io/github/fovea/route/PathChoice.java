package io.github.fovea.route;

import java.util.Arrays;

/// Spends a budget of multiply-adds on the cells where it takes off most squared error.
///
/// Per cell, the paths on the upper hull of (cost, gain) are steps of falling gain per MAC; the steps of all cells are
/// taken in that order until the next one is too dear (X1: argmax of `eta * gain - cost`, with eta found by the
/// budget). What a smaller budget chooses is a part of what a larger one does, so both cost and gain rise with the
/// budget. Allocates nothing after construction for up to a thousand cells; for one thread at a time.
public final class PathChoice {
    private final int cells;
    private final long[] macs;
    private final long[] order;
    private final int[] hull;

    /// Prepares for a number of cells.
    ///
    /// @param cells        cells that share a budget
    /// @param macsPerPixel multiply-adds per LR pixel of each path, path 0 first, not falling
    public PathChoice(int cells, long[] macsPerPixel) {
        this.cells = cells;
        macs = macsPerPixel.clone();
        order = new long[Math.multiplyExact(cells, macs.length)];
        hull = new int[macs.length];
    }

    /// Checks a share of the multiply-adds of the deepest path.
    ///
    /// @param quality the share
    /// @throws IllegalArgumentException if it is out of range
    public static void checkQuality(double quality) {
        if (!(quality >= 0 && quality <= 1)) {
            throw new IllegalArgumentException("quality " + quality
                    + ", wanted 0 (bicubic) to 1 (the deepest path everywhere)");
        }
    }

    /// Chooses a path for every cell.
    ///
    /// @param gains  squared error that path p takes off cell i compared with path 0, at `i * paths + p`; that of path
    ///               0 is 0
    /// @param pixels LR pixels of each cell
    /// @param budget multiply-adds for all cells together
    /// @param floors the lowest path of each cell, whatever the budget, or `null` for path 0
    /// @param caps   the highest path of each cell, or `null`
    /// @param into   receives the paths; may be `floors` or `caps`
    /// @return the multiply-adds chosen, at most the budget or what the floors take
    public long choose(double[] gains, long[] pixels, long budget, byte[] floors, byte[] caps, byte[] into) {
        int paths = macs.length;
        int steps = 0;
        for (int i = 0; i < cells; i++) {
            int highest = caps == null ? paths - 1 : Math.min(paths - 1, caps[i]);
            int corners = hull(gains, i * paths, floors == null ? 0 : floors[i], highest);
            for (int k = 1; k < corners; k++) {
                double gain = gains[i * paths + hull[k]] - gains[i * paths + hull[k - 1]];
                float worth = (float) (gain / ((macs[hull[k]] - macs[hull[k - 1]]) * (double) pixels[i]));
                // Positive floats sort as their bits do. Equal ones: lower paths first, then earlier cells.
                order[steps++] = (long) Float.floatToIntBits(worth) << 32 | Integer.MAX_VALUE - (hull[k] * cells + i);
            }
        }
        Arrays.sort(order, 0, steps);
        long spent = 0;
        for (int i = 0; i < cells; i++) {
            into[i] = floors == null ? 0 : floors[i];
            spent += macs[into[i]] * pixels[i];
        }
        for (int k = steps - 1; k >= 0; k--) {
            int code = Integer.MAX_VALUE - (int) order[k];
            int path = code / cells;
            int cell = code % cells;
            long cost = (macs[path] - macs[into[cell]]) * pixels[cell];
            if (spent + cost > budget) {
                break;
            }
            spent += cost;
            into[cell] = (byte) path;
        }
        return spent;
    }

    /// Leaves the paths of one cell that no mixture of others beats, by cost, in `hull`.
    private int hull(double[] gains, int at, int lowest, int highest) {
        int corners = 1;
        hull[0] = lowest;
        for (int p = lowest + 1; p <= highest; p++) {
            // A path without gain over the last corner is never taken; flat cells go on with gains of zero.
            if (macs[p] == macs[hull[corners - 1]] || gains[at + p] < gains[at + hull[corners - 1]]) {
                continue;
            }
            while (corners > 1 && slope(gains, at, hull[corners - 1], p) > slope(gains, at, hull[corners - 2],
                    hull[corners - 1])) {
                corners--;
            }
            hull[corners++] = p;
        }
        return corners;
    }

    private double slope(double[] gains, int at, int from, int to) {
        return (gains[at + to] - gains[at + from]) / (macs[to] - macs[from]);
    }
}
