package io.github.fovea.route;

import io.github.fovea.model.Routing;
import io.github.fovea.patch.Region;
import java.util.ArrayList;
import java.util.List;

/// A frame cut into base cells, in LR pixels, row of cells after row of cells. The cells cover the whole frame and
/// never overlap; those at the right and lower end take the remainder.
///
/// Dy-DCA asks for 20 x 10 cells and cuts cells of `floor(width / 20)` x `floor(height / 10)` pixels; so does this
/// class, where that is at least [#LEAST] pixels. A remainder of less than half a cell widens the last cell, a larger
/// one is a cell of its own, so that no cell is wider than one and a half.
public final class Grid {
    /// A cell has at least this many pixels along each axis, the last one half as many, where the frame has them.
    public static final int LEAST = 8;

    private final int width;
    private final int height;
    private final int[] xs;
    private final int[] ys;
    private final List<Region> cells;

    private Grid(int width, int height, int[] xs, int[] ys) {
        this.width = width;
        this.height = height;
        this.xs = xs;
        this.ys = ys;
        List<Region> regions = new ArrayList<>();
        for (int row = 0; row < ys.length - 1; row++) {
            for (int column = 0; column < xs.length - 1; column++) {
                regions.add(new Region(xs[column], ys[row], xs[column + 1] - xs[column], ys[row + 1] - ys[row]));
            }
        }
        cells = List.copyOf(regions);
    }

    /// {@return the grid of a frame}
    ///
    /// @param width   LR pixels in a row, at least 1
    /// @param height  LR rows, at least 1
    /// @param columns cells wanted along the width, 1 to 64
    /// @param rows    cells wanted along the height, 1 to 64
    public static Grid of(int width, int height, int columns, int rows) {
        if (width < 1 || height < 1) {
            throw new IllegalArgumentException("frame of " + width + "x" + height + ", wanted at least 1x1");
        }
        if (columns < 1 || rows < 1 || columns > Routing.MAX_CELLS || rows > Routing.MAX_CELLS) {
            throw new IllegalArgumentException("grid of " + columns + "x" + rows + " cells, wanted 1 to "
                    + Routing.MAX_CELLS + " along each axis");
        }
        return new Grid(width, height, cuts(width, columns), cuts(height, rows));
    }

    /// {@return the grid of a frame as a routing wants it}
    ///
    /// @param width   LR pixels in a row, at least 1
    /// @param height  LR rows, at least 1
    /// @param routing says how many cells
    public static Grid of(int width, int height, Routing routing) {
        return of(width, height, routing.columns(), routing.rows());
    }

    private static int[] cuts(int length, int wanted) {
        int cell = Math.max(LEAST, length / wanted);
        int count = Math.max(1, (length + cell / 2) / cell);
        int[] cuts = new int[count + 1];
        for (int i = 0; i < count; i++) {
            cuts[i] = i * cell;
        }
        cuts[count] = length;
        return cuts;
    }

    /// {@return LR pixels in a row of the frame}
    public int width() {
        return width;
    }

    /// {@return LR rows of the frame}
    public int height() {
        return height;
    }

    /// {@return cells along the width}
    public int columns() {
        return xs.length - 1;
    }

    /// {@return cells along the height}
    public int rows() {
        return ys.length - 1;
    }

    /// {@return where a column of cells begins}
    ///
    /// @param column 0 to `columns()`; the last is the frame's width
    public int x(int column) {
        return xs[column];
    }

    /// {@return where a row of cells begins}
    ///
    /// @param row 0 to `rows()`; the last is the frame's height
    public int y(int row) {
        return ys[row];
    }

    /// {@return height of a cell that takes no remainder, in LR pixels}
    public int cellHeight() {
        return ys[1];
    }

    /// {@return the cells, row after row; cell `row * columns() + column` stands in that column}
    public List<Region> cells() {
        return cells;
    }

    /// {@return the LR pixels of a block of cells}
    ///
    /// @param column first column
    /// @param row    first row
    /// @param across columns of cells
    /// @param down   rows of cells
    public Region block(int column, int row, int across, int down) {
        return new Region(xs[column], ys[row], xs[column + across] - xs[column], ys[row + down] - ys[row]);
    }

    /// {@return the LR pixels of a cell}
    ///
    /// @param cell its number
    public long pixels(int cell) {
        Region region = cells.get(cell);
        return (long) region.width() * region.height();
    }

    @Override
    public String toString() {
        return columns() + "x" + rows() + " cells of a frame of " + width + "x" + height;
    }
}
