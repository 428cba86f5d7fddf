package io.github.fovea.pipeline;

import io.github.fovea.frame.Plane;
import io.github.fovea.patch.Region;
import io.github.fovea.patch.Tile;
import io.github.fovea.plan.Plan;
import io.github.fovea.plan.WantedRows;
import io.github.fovea.route.Grid;
import io.github.fovea.route.Rectangles;
import java.util.function.LongSupplier;

/// The parts of a frame that differ from the frame before, as tiles of a network. Screen recordings, drawn films and
/// games stand still in most places, and a decoder repeats such places bit for bit; what lies around a part as far as its
/// result depends on it counts as its own, so that a part that is not computed has the bits that computing would give.
///
/// Looking may be done by several threads, each its rows of cells; everything else is for one thread. A frame allocates
/// nothing once its rectangles are known.
final class ChangedParts {
    /// Side of a cell, in LR pixels, unless there are too many of them.
    private static final int CELL = 32;
    private static final int MOST_COLUMNS = 24;
    private static final int MOST_ROWS = 16;
    /// Parts, their halos among them, that have more than this share of the frame's pixels are no gain: the whole frame
    /// is cut into fewer and better tiles.
    private static final double PAYS = 0.8;

    private final Plan plan;
    private final int threads;
    private final LongSupplier bound;
    private final Grid grid;
    private final KeptCells kept;
    private final Rectangles rectangles;
    private final boolean[] same;
    /// One path for all cells, for [Rectangles].
    private final byte[] path;
    /// Tiles by the columns and by the rows of cells that they take, made when they are first wanted.
    private final Tile[][] tiles;
    /// What a tile may take: the most that some tile within the bound takes. Found when the first tile is wanted, which film
    /// never does; no start waits for it.
    private long mostBytes = -1;
    private boolean known;

    /// Knows no frame yet.
    ///
    /// @param plan      the network's plan
    /// @param width     LR pixels in a row of the frames
    /// @param height    LR rows
    /// @param threads   threads that will run tiles
    /// @param bound     says what a tile may take of its thread's working memory, in bytes; asked once, when the first
    ///                  tile is wanted
    ChangedParts(Plan plan, int width, int height, int threads, LongSupplier bound) {
        this.plan = plan;
        this.threads = threads;
        this.bound = bound;
        grid = grid(width, height);
        kept = new KeptCells(grid, plan.exactRadius(), 0);
        rectangles = new Rectangles(grid, new long[] {1}, new double[] {plan.columnRadius()},
                new double[] {new WantedRows(plan).haloRows(0)});
        same = new boolean[grid.cells().size()];
        path = new byte[same.length];
        tiles = new Tile[spans(grid.columns())][spans(grid.rows())];
    }

    private static Grid grid(int width, int height) {
        return Grid.of(width, height, Math.clamp(width / CELL, 1, MOST_COLUMNS), Math.clamp(height / CELL, 1, MOST_ROWS));
    }

    /// The most that a tile takes of those that stay within the bound. A wide tile may take less than a narrow one, whose
    /// layers run one after the other.
    private static long mostBytes(Plan plan, Grid grid, long bound) {
        long most = 0;
        for (int across = 1; across <= grid.columns(); across++) {
            for (int down = 1; down <= grid.rows(); down++) {
                Region core = grid.block((grid.columns() - across) / 2, (grid.rows() - down) / 2, across, down);
                Region read = Tile.of(plan, core, grid.width(), grid.height()).read();
                long bytes = plan.peakBytes(read.height(), read.width());
                most = bytes <= bound ? Math.max(most, bytes) : most;
            }
        }
        return most;
    }

    /// {@return bytes of working memory that any frame's parts take at most of a thread; 0 where none is within the
    /// bound}
    ///
    /// @param plan   the network's plan
    /// @param width  LR pixels in a row of the frames
    /// @param height LR rows
    /// @param bound  what a part may take, in bytes
    static long mostBytes(Plan plan, int width, int height, long bound) {
        return mostBytes(plan, grid(width, height), bound);
    }

    /// {@return bytes that a tile takes of its thread's working memory at most}
    long tileBytes() {
        mostBytes = mostBytes < 0 ? mostBytes(plan, grid, bound.getAsLong()) : mostBytes;
        return mostBytes;
    }

    private static int spans(int cells) {
        return cells * (cells + 1) / 2;
    }

    private static int span(int first, int count) {
        return spans(first + count - 1) + first;
    }

    /// {@return rows of cells to be looked at}
    int rows() {
        return grid.rows();
    }

    /// Finds the cells of a row that are as they were.
    ///
    /// @param row  row of cells
    /// @param luma the frame
    void look(int row, Plane luma) {
        for (int cell = row * grid.columns(); cell < (row + 1) * grid.columns(); cell++) {
            same[cell] = known && kept.unchanged(cell, luma);
        }
    }

    /// Cuts what differs into tiles, once all rows have been looked at.
    ///
    /// @return whether computing these alone is less work than the whole frame
    boolean cut() {
        rectangles.merge(path, same);
        if (rectangles.read() > PAYS * grid.width() * grid.height()) {
            return false;
        }
        rectangles.balance(threads, Long.MAX_VALUE, false);
        for (int i = 0; i < rectangles.count(); i++) {
            if (tile(i) == null) {
                return false;
            }
        }
        return true;
    }

    /// {@return the number of tiles}
    int count() {
        return rectangles.count();
    }

    /// {@return a tile, the dearest first; `null` where it takes more memory than it may}
    ///
    /// @param index 0 to `count() - 1`
    Tile tile(int index) {
        int column = rectangles.column(index);
        int row = rectangles.row(index);
        int across = rectangles.across(index);
        int down = rectangles.down(index);
        Tile[] ofColumns = tiles[span(column, across)];
        int rows = span(row, down);
        if (ofColumns[rows] == null) {
            Tile made = Tile.of(plan, grid.block(column, row, across, down), grid.width(), grid.height());
            if (plan.peakBytes(made.read().height(), made.read().width()) > tileBytes()) {
                return null;
            }
            ofColumns[rows] = made;
        }
        return ofColumns[rows];
    }

    /// {@return LR pixels of the cells that are as they were}
    long samePixels() {
        long pixels = 0;
        for (int cell = 0; cell < same.length; cell++) {
            pixels += same[cell] ? grid.pixels(cell) : 0;
        }
        return pixels;
    }

    /// Takes a frame for the one before.
    ///
    /// @param luma the frame
    void remember(Plane luma) {
        for (int row = 0; row < grid.rows(); row++) {
            kept.remember(row, same, luma);
        }
        known = true;
    }
}
