package io.github.fovea.pipeline;

import io.github.fovea.backend.RowReader;
import io.github.fovea.backend.RowWriter;
import io.github.fovea.backend.Workspace;
import io.github.fovea.frame.Plane;
import io.github.fovea.route.Grid;
import io.github.fovea.tensor.TensorView;

/// A rectangle of cells on its way through a path: read from the small frame as the network goes, and written into the
/// large one row by row while its result is in the cache. One object for each worker, used again and again.
final class RectangleRun {
    private final Grid grid;
    private final int scale;
    private final LumaCodes codes;
    private final Seams seams;
    private final Reach reach;
    private final FrameProgress progress;
    private final RowReader reader = this::read;
    private final RowWriter writer = this::write;
    private Plane source;
    private Plane target;
    /// `null` where nothing beyond the rectangle is wanted.
    private byte[] paths;
    private int column;
    private int row;
    private int across;
    private int down;
    private long weight;
    private long macs;
    private long codesNanos;
    private long seamNanos;

    /// @param grid  the cells
    /// @param scale large pixels per LR pixel
    /// @param rim   LR pixels beyond a rectangle's side that are wanted where another path begins
    /// @param codes converts samples to the network's units and back
    /// @param seams keeps what rectangles give beyond their sides, or `null`
    /// @param progress hears of the work done
    RectangleRun(Grid grid, int scale, int rim, LumaCodes codes, Seams seams, FrameProgress progress) {
        this.grid = grid;
        this.scale = scale;
        this.codes = codes;
        this.seams = seams;
        this.progress = progress;
        reach = new Reach(grid, rim);
    }

    /// {@return what will be read, to be set before [#run]}
    Reach reach() {
        return reach;
    }

    /// Enlarges the rectangle.
    ///
    /// @param from      the small luma
    /// @param to        receives the rectangle
    /// @param newPaths  the path of every cell, where what lies beyond the rectangle is wanted for blending, else
    ///                  `null`
    /// @param newColumn first column of cells
    /// @param newRow    first row of cells
    /// @param newAcross columns of cells
    /// @param newDown   rows of cells
    /// @param workspace where the path runs
    /// @param newWeight work of a large pixel, of the unit in which [FrameProgress] counts
    void run(Plane from, Plane to, byte[] newPaths, int newColumn, int newRow, int newAcross, int newDown,
            Workspace workspace, long newWeight) {
        source = from;
        target = to;
        paths = newPaths;
        column = newColumn;
        row = newRow;
        across = newAcross;
        down = newDown;
        weight = newWeight;
        codesNanos = 0;
        seamNanos = 0;
        workspace.prepare(reach.height(), reach.width());
        macs = workspace.want(reach.wantedBegin(), reach.wantedEnd());
        workspace.run(reader, writer);
        source = null;
        target = null;
    }

    private void read(TensorView into, int rowBegin, int rowEnd) {
        progress.check();
        long start = System.nanoTime();
        codes.read(source, reach.x(), reach.y(), into, rowBegin, rowEnd);
        codesNanos += System.nanoTime() - start;
    }

    private void write(TensorView from, int rowBegin, int rowEnd) {
        long start = System.nanoTime();
        int x = reach.x() * scale;
        int y = reach.y() * scale;
        int left = grid.x(column) * scale;
        int top = Math.max(y + rowBegin, grid.y(row) * scale);
        int bottom = Math.min(y + rowEnd, grid.y(row + down) * scale);
        codes.write(from, left - x, top - y, target, left, top, grid.x(column + across) * scale - left, bottom - top);
        long written = System.nanoTime();
        codesNanos += written - start;
        if (paths != null) {
            seams.keep(paths, column, row, across, down, from, x, y, y + rowBegin, y + rowEnd, codes);
            seamNanos += System.nanoTime() - written;
        }
        progress.add(weight * (grid.x(column + across) * scale - left) * Math.max(0, bottom - top));
    }

    /// {@return multiply-adds that the last rectangle took}
    long macs() {
        return macs;
    }

    /// {@return time that turning samples into the network's units and back took}
    long codesNanos() {
        return codesNanos;
    }

    /// {@return time that keeping what lies beyond the rectangle took}
    long seamNanos() {
        return seamNanos;
    }
}
