package io.github.fovea.pipeline;

import io.github.fovea.frame.Plane;
import io.github.fovea.patch.Region;
import io.github.fovea.route.Grid;
import io.github.fovea.tensor.TensorView;

/// Takes away the step where two paths meet: within [#PIXELS] large pixels of the boundary, on both sides, one path's
/// result fades into the other's.
///
/// Each path therefore also gives the pixels just beyond its cells (computed with their whole halo, so that they do not
/// depend on how cells were merged); they lie here, those beyond left and right sides in one plane, those beyond upper
/// and lower sides in another, since near a corner both are wanted. A blended pixel lies between the results of the
/// paths that meet there.
final class Seams {
    /// Large pixels on each side of a boundary that are blended.
    static final int PIXELS = 4;
    private static final int BOTH = 2 * PIXELS;

    private final Grid grid;
    private final int scale;
    /// Side by side for every boundary between two columns of cells, the [#PIXELS] columns before it and those behind
    /// it.
    private final Plane beside;
    /// One below the other for every boundary between two rows of cells, the rows above it and those below it.
    private final Plane above;

    /// @param grid     the cells, in LR pixels
    /// @param scale    large pixels per LR pixel
    /// @param bitDepth bits of a sample
    Seams(Grid grid, int scale, int bitDepth) {
        this.grid = grid;
        this.scale = scale;
        beside = new Plane(Math.max(1, (grid.columns() - 1) * BOTH), grid.height() * scale, bitDepth);
        above = new Plane(grid.width() * scale, Math.max(1, (grid.rows() - 1) * BOTH), bitDepth);
    }

    /// {@return LR pixels beyond a rectangle that must be computed too}
    static int rim(int scale) {
        return (PIXELS + scale - 1) / scale;
    }

    /// Keeps what some rows of a rectangle of one path give beyond its sides, where cells of other paths lie.
    ///
    /// @param paths  the path of every cell
    /// @param column first column of cells
    /// @param row    first row of cells
    /// @param across columns of cells
    /// @param down   rows of cells
    /// @param from   the path's result
    /// @param x      large column of the frame at which the result's column 0 lies
    /// @param y      large row of the frame at which the result's row 0 lies
    /// @param begin  first large row of the frame that is there
    /// @param end    row after the last
    /// @param codes  converts to samples
    void keep(byte[] paths, int column, int row, int across, int down, TensorView from, int x, int y, int begin,
            int end, LumaCodes codes) {
        int width = grid.columns();
        byte own = paths[row * width + column];
        for (int r = row; r < row + down; r++) {
            int top = Math.max(begin, grid.y(r) * scale);
            int height = Math.min(end, grid.y(r + 1) * scale) - top;
            if (column > 0 && paths[r * width + column - 1] != own) {
                int left = grid.x(column) * scale - PIXELS;
                codes.write(from, left - x, top - y, beside, (column - 1) * BOTH, top, PIXELS, height);
            }
            if (column + across < width && paths[r * width + column + across] != own) {
                int right = grid.x(column + across) * scale;
                codes.write(from, right - x, top - y, beside, (column + across - 1) * BOTH + PIXELS, top, PIXELS,
                        height);
            }
        }
        for (int c = column; c < column + across; c++) {
            int left = grid.x(c) * scale;
            int wide = grid.x(c + 1) * scale - left;
            if (row > 0 && paths[(row - 1) * width + c] != own) {
                int first = grid.y(row) * scale - PIXELS;
                int top = Math.max(begin, first);
                codes.write(from, left - x, top - y, above, left, (row - 1) * BOTH + top - first, wide,
                        Math.min(end, first + PIXELS) - top);
            }
            if (row + down < grid.rows() && paths[(row + down) * width + c] != own) {
                int first = grid.y(row + down) * scale;
                int top = Math.max(begin, first);
                codes.write(from, left - x, top - y, above, left, (row + down - 1) * BOTH + PIXELS + top - first, wide,
                        Math.min(end, first + PIXELS) - top);
            }
        }
    }

    /// Blends the pixels of one cell with what its neighbours gave beyond their sides.
    ///
    /// @param paths the path of every cell
    /// @param cell  its number
    /// @param luma  holds the cell's result
    void blend(byte[] paths, int cell, Plane luma) {
        int width = grid.columns();
        int column = cell % width;
        int row = cell / width;
        byte own = paths[cell];
        Region region = grid.cells().get(cell);
        int left = region.x() * scale;
        int top = region.y() * scale;
        int right = left + region.width() * scale;
        int bottom = top + region.height() * scale;
        boolean toLeft = column > 0 && paths[cell - 1] != own;
        boolean toRight = column + 1 < width && paths[cell + 1] != own;
        // Row after row, so that both sides of a row are in the cache together.
        for (int y = top; y < bottom && (toLeft || toRight); y++) {
            int at = y * luma.width();
            int other = y * beside.width() + column * BOTH;
            if (toLeft) {
                for (int d = 0; d < PIXELS; d++) {
                    mix(luma.samples(), at + left + d, beside.samples(), other - PIXELS + d, d);
                }
            }
            if (toRight) {
                for (int d = 0; d < PIXELS; d++) {
                    mix(luma.samples(), at + right - 1 - d, beside.samples(), other + PIXELS - 1 - d, d);
                }
            }
        }
        for (int d = 0; d < PIXELS; d++) {
            if (row > 0 && paths[cell - width] != own) {
                mixRow(luma, left, top + d, right, row * BOTH - PIXELS + d, d);
            }
        }
        for (int d = 0; d < PIXELS; d++) {
            if (row + 1 < grid.rows() && paths[cell + width] != own) {
                mixRow(luma, left, bottom - 1 - d, right, row * BOTH + PIXELS - 1 - d, d);
            }
        }
    }

    private void mixRow(Plane luma, int left, int y, int right, int row, int d) {
        int shift = row * above.width() - y * luma.width();
        for (int i = y * luma.width() + left; i < y * luma.width() + right; i++) {
            mix(luma.samples(), i, above.samples(), i + shift, d);
        }
    }

    /// A pixel at distance `d` from the boundary: a linear ramp over the pixels of both sides, a half at the boundary
    /// itself.
    private static void mix(short[] ours, int at, short[] theirs, int from, int d) {
        int weight = 2 * PIXELS - 1 - 2 * d;
        ours[at] = (short) (((ours[at] & 0xFFFF) * (4 * PIXELS - weight) + (theirs[from] & 0xFFFF) * weight
                + 2 * PIXELS)
                / (4 * PIXELS));
    }
}
