package io.github.fovea.pipeline;

import java.util.Locale;

/// What routed frames took so far.
///
/// @param frames        frames enlarged
/// @param pixels        LR pixels by the path that was chosen for them, path 0 first; those kept from an earlier frame
///                      too
/// @param macs          multiply-adds by path that would give those pixels without halo and reuse
/// @param computedMacs  multiply-adds done: with halo, without what was kept
/// @param keptCells     cells whose result was kept
/// @param cells         all cells
/// @param rectangles    rectangles computed
/// @param coreMacs      multiply-adds of the rectangles without their halos: `computedMacs / coreMacs` is what halos
///                      cost
/// @param nanos         time of all frames
/// @param routingNanos  of that, for what a frame of one path does without: scores, choosing paths, cutting, looking
///                      for cells to keep, blending, assembling
/// @param codesNanos    of that, for turning samples into the network's units and back, which a frame of one path does
///                      too
/// @param shortestNanos time of the fastest frame
/// @param longestNanos  time of the slowest frame
public record RouteStatistics(long frames, long[] pixels, long[] macs, long computedMacs, long keptCells, long cells,
        long rectangles, long coreMacs, long nanos, long routingNanos, long codesNanos, long shortestNanos,
        long longestNanos) {
    /// {@return how many times the multiply-adds of the cores were done because of halos; 1 for none}
    public double haloFactor() {
        return coreMacs == 0 ? 1 : (double) computedMacs / coreMacs;
    }

    /// {@return the share of the time for choosing paths, cutting, assembling and blending}
    public double routingShare() {
        return nanos == 0 ? 0 : (double) routingNanos / nanos;
    }

    /// {@return the share of the time for turning samples into the network's units and back}
    public double codesShare() {
        return nanos == 0 ? 0 : (double) codesNanos / nanos;
    }

    /// {@return the share of cells that were kept from earlier frames}
    public double keptShare() {
        return cells == 0 ? 0 : (double) keptCells / cells;
    }

    /// {@return one line: share of pixels and multiply-adds per path, kept share, cost of halos}
    public String line() {
        long allPixels = 0;
        long allMacs = 0;
        for (int p = 0; p < pixels.length; p++) {
            allPixels += pixels[p];
            allMacs += macs[p];
        }
        StringBuilder line = new StringBuilder();
        for (int p = 0; p < pixels.length; p++) {
            line.append(String.format(Locale.ROOT, "%s %.1f %% of pixels, %.1f %% of MACs; ", p == 0 ? "bicubic"
                    : "path " + p, 100.0 * pixels[p] / Math.max(1, allPixels), 100.0 * macs[p] / Math.max(1, allMacs)));
        }
        line.append(String.format(Locale.ROOT,
                "%.2f GMAC per frame done, halo x%.2f; %.1f %% of cells kept; routing %.1f %% of the time",
                computedMacs / 1e9 / Math.max(1, frames), haloFactor(), 100 * keptShare(), 100 * routingShare()));
        return line.toString();
    }
}
