package io.github.fovea.route;

import java.util.Arrays;

/// Neighbouring cells of one path merged into rectangles, so that a halo is paid for once per rectangle and not per
/// cell.
///
/// Of all rectangles of cells of one path the one that costs least per pixel, its halo counted, is taken first, then
/// the best of what is left, and so on: the greedy rule of weighted set cover, here with rectangles that do not
/// overlap. A rectangle that can be extended never is the best one, so only those that cannot are looked at. Then
/// rectangles that would keep one thread busy longer than the others are halved, and all are ordered by cost, the
/// dearest first. One object serves any number of frames without allocation; it is for one thread at a time.
public final class Rectangles {
    private final Grid grid;
    private final long[] weights;
    private final double[] haloColumns;
    private final double[] haloRows;
    private final boolean[] taken;
    private final int[] heights;
    private final int[] stack;
    private final int[] columns;
    private final int[] rows;
    private final int[] acrosses;
    private final int[] downs;
    private final byte[] paths;
    private final long[] order;
    private int count;
    private double bestRatio;
    private long bestPixels;
    private int bestColumn;
    private int bestRow;
    private int bestAcross;
    private int bestDown;

    /// Prepares for a grid and rectangles without halo.
    ///
    /// @param grid    the cells
    /// @param weights cost of an LR pixel of each path, path 0 first, at least 1; any unit
    public Rectangles(Grid grid, long[] weights) {
        this(grid, weights, new double[weights.length], new double[weights.length]);
    }

    /// Prepares for a grid.
    ///
    /// @param grid        the cells
    /// @param weights     cost of an LR pixel of each path, path 0 first, at least 1; any unit
    /// @param haloColumns LR columns on either side that a rectangle of each path costs more than its own; halos end at
    ///                    the frame
    /// @param haloRows    LR rows on either side, likewise; a fraction where layers compute fewer and fewer of the halo
    public Rectangles(Grid grid, long[] weights, double[] haloColumns, double[] haloRows) {
        this.grid = grid;
        this.weights = weights.clone();
        this.haloColumns = haloColumns.clone();
        this.haloRows = haloRows.clone();
        int cells = grid.cells().size();
        taken = new boolean[cells];
        heights = new int[grid.columns() + 1];
        stack = new int[grid.columns() + 1];
        columns = new int[cells];
        rows = new int[cells];
        acrosses = new int[cells];
        downs = new int[cells];
        paths = new byte[cells];
        order = new long[cells];
    }

    /// Merges the cells of a frame.
    ///
    /// @param path    the path of every cell
    /// @param skipped cells that belong to no rectangle, or `null`
    public void merge(byte[] path, boolean[] skipped) {
        count = 0;
        if (skipped == null) {
            Arrays.fill(taken, false);
        } else {
            System.arraycopy(skipped, 0, taken, 0, taken.length);
        }
        while (findBest(path)) {
            for (int y = bestRow; y < bestRow + bestDown; y++) {
                Arrays.fill(taken, y * grid.columns() + bestColumn, y * grid.columns() + bestColumn + bestAcross, true);
            }
            add(bestColumn, bestRow, bestAcross, bestDown, path[bestRow * grid.columns() + bestColumn]);
        }
        sort();
    }

    /// Makes patches of the paper: squares of as many cells as the path says where they all take it, single cells
    /// elsewhere.
    ///
    /// @param path    the path of every cell
    /// @param skipped cells that belong to no rectangle, or `null`
    /// @param sizes   cells along a patch's side for each path, path 0 first
    public void patches(byte[] path, boolean[] skipped, int[] sizes) {
        count = 0;
        Arrays.fill(taken, false);
        for (int cell = 0; cell < taken.length; cell++) {
            int size = sizes[path[cell]];
            int column = cell % grid.columns();
            int row = cell / grid.columns();
            if (taken[cell]) {
                continue;
            }
            int across = Math.min(size, grid.columns() - column);
            int down = Math.min(size, grid.rows() - row);
            boolean whole = column % size == 0 && row % size == 0;
            boolean wanted = false;
            for (int y = row; whole && y < row + down; y++) {
                for (int x = column; x < column + across; x++) {
                    int other = y * grid.columns() + x;
                    whole &= path[other] == path[cell];
                    wanted |= skipped == null || !skipped[other];
                }
            }
            if (!whole) {
                across = 1;
                down = 1;
                wanted = skipped == null || !skipped[cell];
            }
            for (int y = row; y < row + down; y++) {
                Arrays.fill(taken, y * grid.columns() + column, y * grid.columns() + column + across, true);
            }
            if (wanted) {
                add(column, row, across, down, path[cell]);
            }
        }
        sort();
    }

    private void add(int column, int row, int across, int down, byte path) {
        columns[count] = column;
        rows[count] = row;
        acrosses[count] = across;
        downs[count] = down;
        paths[count] = path;
        count++;
    }

    /// For each row, how far cells of one path reach up from it; under that histogram the rectangles that cannot be
    /// extended are found with a stack of rising columns.
    private boolean findBest(byte[] path) {
        int width = grid.columns();
        bestRatio = Double.POSITIVE_INFINITY;
        bestPixels = 0;
        Arrays.fill(heights, 0);
        for (int row = 0; row < grid.rows(); row++) {
            for (int x = 0; x < width; x++) {
                int cell = row * width + x;
                heights[x] = taken[cell] ? 0
                        : row > 0 && heights[x] > 0 && path[cell - width] == path[cell] ? heights[x] + 1 : 1;
            }
            int begin = 0;
            while (begin < width) {
                int end = begin + 1;
                while (end < width && path[row * width + end] == path[row * width + begin]) {
                    end++;
                }
                bestInRun(row, begin, end, path[row * width + begin]);
                begin = end;
            }
        }
        return bestPixels > 0;
    }

    private void bestInRun(int row, int begin, int end, byte path) {
        int depth = 0;
        for (int x = begin; x <= end; x++) {
            int height = x == end ? 0 : heights[x];
            while (depth > 0 && heights[stack[depth - 1]] >= height) {
                int down = heights[stack[--depth]];
                int left = depth == 0 ? begin : stack[depth - 1] + 1;
                if (down > 0) {
                    offer(left, row + 1 - down, x - left, down, path);
                }
            }
            stack[depth++] = x;
        }
    }

    /// Keeps the rectangle if it is the best so far: of the least cost per pixel, of equal ones the largest, of these
    /// the first.
    private void offer(int column, int row, int across, int down, byte path) {
        long pixels = (long) (grid.x(column + across) - grid.x(column)) * (grid.y(row + down) - grid.y(row));
        double ratio = read(column, row, across, down, path) / pixels;
        if (ratio < bestRatio || ratio == bestRatio && pixels > bestPixels) {
            bestRatio = ratio;
            bestPixels = pixels;
            bestColumn = column;
            bestRow = row;
            bestAcross = across;
            bestDown = down;
        }
    }

    /// The LR pixels that a rectangle costs, its halo among them.
    private double read(int column, int row, int across, int down, byte path) {
        double halo = haloColumns[path];
        double width = Math.min(grid.width(), grid.x(column + across) + halo) - Math.max(0, grid.x(column) - halo);
        halo = haloRows[path];
        return width * (Math.min(grid.height(), grid.y(row + down) + halo) - Math.max(0, grid.y(row) - halo));
    }

    /// Halves rectangles until none costs more than a share of the whole, or has more than so many pixels, or is a
    /// cell.
    ///
    /// @param parts     what all cost is at least this many times the largest, where cells allow
    /// @param maxPixels most LR pixels of a rectangle of more than one cell
    /// @param bands     whether to cut rows of cells from each other where there are several; else each cut is the one
    ///                  that costs less halo
    public void balance(int parts, long maxPixels, boolean bands) {
        long total = 0;
        for (int i = 0; i < count; i++) {
            total += cost(i);
        }
        for (int i = 0; i < count; i++) {
            while (acrosses[i] * downs[i] > 1 && (cost(i) * parts > total || pixels(i) > maxPixels)) {
                boolean wide = downs[i] == 1 || !bands && acrosses[i] > 1
                        && haloColumns[paths[i]] * height(i) < haloRows[paths[i]] * width(i);
                if (wide) {
                    int half = acrosses[i] / 2;
                    add(columns[i] + half, rows[i], acrosses[i] - half, downs[i], paths[i]);
                    acrosses[i] = half;
                } else {
                    int half = downs[i] / 2;
                    add(columns[i], rows[i] + half, acrosses[i], downs[i] - half, paths[i]);
                    downs[i] = half;
                }
            }
        }
        sort();
    }

    private void sort() {
        for (int i = 0; i < count; i++) {
            order[i] = -cost(i) << 18 | i;
        }
        Arrays.sort(order, 0, count);
        for (int i = 0; i < count; i++) {
            order[i] &= 0x3FFFF;
        }
    }

    private long cost(int i) {
        return weights[paths[i]] * (long) read(columns[i], rows[i], acrosses[i], downs[i], paths[i]);
    }

    private long pixels(int i) {
        return (long) width(i) * height(i);
    }

    private int width(int i) {
        return grid.x(columns[i] + acrosses[i]) - grid.x(columns[i]);
    }

    private int height(int i) {
        return grid.y(rows[i] + downs[i]) - grid.y(rows[i]);
    }

    /// {@return the LR pixels that all rectangles cost, their halos among them}
    public double read() {
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += read(columns[i], rows[i], acrosses[i], downs[i], paths[i]);
        }
        return sum;
    }

    /// {@return how many rectangles there are}
    public int count() {
        return count;
    }

    /// {@return the first column of cells of a rectangle}
    ///
    /// @param index 0 to `count() - 1`, the dearest first
    public int column(int index) {
        return columns[(int) order[index]];
    }

    /// {@return the first row of cells of a rectangle}
    ///
    /// @param index 0 to `count() - 1`, the dearest first
    public int row(int index) {
        return rows[(int) order[index]];
    }

    /// {@return columns of cells of a rectangle}
    ///
    /// @param index 0 to `count() - 1`, the dearest first
    public int across(int index) {
        return acrosses[(int) order[index]];
    }

    /// {@return rows of cells of a rectangle}
    ///
    /// @param index 0 to `count() - 1`, the dearest first
    public int down(int index) {
        return downs[(int) order[index]];
    }

    /// {@return the path of a rectangle's cells}
    ///
    /// @param index 0 to `count() - 1`, the dearest first
    public int path(int index) {
        return paths[(int) order[index]];
    }
}
