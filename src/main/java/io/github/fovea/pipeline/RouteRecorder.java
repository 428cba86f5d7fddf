package io.github.fovea.pipeline;

import io.github.fovea.route.Grid;

/// Adds up what routed frames take; workers each in a row of their own. Allocates nothing per frame.
final class RouteRecorder {
    private final long[] macs;
    private final long[] pixels;
    private final long[] computed;
    private final long[] cores;
    private final long[] seamNanos;
    private final long[] codesNanos;
    private long frames;
    private long keptCells;
    private long cells;
    private long rectangles;
    private long nanos;
    private long routingNanos;
    private long shortest = Long.MAX_VALUE;
    private long longest;

    /// @param macs    multiply-adds per LR pixel of each path, path 0 first
    /// @param threads worker threads
    RouteRecorder(long[] macs, int threads) {
        this.macs = macs.clone();
        pixels = new long[macs.length];
        computed = new long[threads];
        cores = new long[threads];
        seamNanos = new long[threads];
        codesNanos = new long[threads];
    }

    /// A rectangle was computed.
    ///
    /// @param worker     who did it
    /// @param path       on which path
    /// @param corePixels LR pixels without halo
    /// @param run        what it took
    void rectangle(int worker, int path, long corePixels, RectangleRun run) {
        computed[worker] += run.macs();
        cores[worker] += macs[path] * corePixels;
        seamNanos[worker] += run.seamNanos();
        codesNanos[worker] += run.codesNanos();
    }

    /// A frame is done.
    ///
    /// @param grid    the cells
    /// @param paths   their paths
    /// @param kept    which were kept
    /// @param count   rectangles computed
    /// @param routing time for routing and assembling
    /// @param time    time of the frame
    void frame(Grid grid, byte[] paths, boolean[] kept, int count, long routing, long time) {
        for (int cell = 0; cell < paths.length; cell++) {
            pixels[paths[cell]] += grid.pixels(cell);
            keptCells += kept[cell] ? 1 : 0;
        }
        cells += paths.length;
        rectangles += count;
        frames++;
        nanos += time;
        routingNanos += routing;
        shortest = Math.min(shortest, time);
        longest = Math.max(longest, time);
    }

    RouteStatistics statistics() {
        long[] byPath = new long[macs.length];
        for (int p = 0; p < macs.length; p++) {
            byPath[p] = macs[p] * pixels[p];
        }
        long done = 0;
        long core = 0;
        long seams = 0;
        long codes = 0;
        for (int i = 0; i < computed.length; i++) {
            done += computed[i];
            core += cores[i];
            seams += seamNanos[i];
            codes += codesNanos[i];
        }
        return new RouteStatistics(frames, pixels.clone(), byPath, done, keptCells, cells, rectangles, core, nanos,
                routingNanos + seams / computed.length, codes / computed.length, frames == 0 ? 0 : shortest, longest);
    }
}
