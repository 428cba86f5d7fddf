package io.github.fovea.pipeline;

import io.github.fovea.route.Grid;

/// Adds up what routed frames take; workers each in a row of their own. Allocates nothing per frame.
final class RouteRecorder {
    private final long[] macs;
    private final long[] pixels;
    private final long[] computed;
    private final long[] cores;
    private final long[] cutNanos;
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
        cutNanos = new long[threads];
    }

    /// A rectangle was computed.
    ///
    /// @param worker     who did it
    /// @param path       on which path
    /// @param corePixels LR pixels without halo
    /// @param done       multiply-adds done for it
    /// @param cutting    time for reading and writing
    void rectangle(int worker, int path, long corePixels, long done, long cutting) {
        computed[worker] += done;
        cores[worker] += macs[path] * corePixels;
        cutNanos[worker] += cutting;
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
        long cutting = 0;
        for (int i = 0; i < computed.length; i++) {
            done += computed[i];
            core += cores[i];
            cutting += cutNanos[i];
        }
        return new RouteStatistics(frames, pixels.clone(), byPath, done, keptCells, cells, rectangles, core, nanos,
                routingNanos + cutting / computed.length, frames == 0 ? 0 : shortest, longest);
    }
}
