package io.github.fovea.pipeline;

import io.github.fovea.frame.Plane;
import io.github.fovea.patch.Region;
import io.github.fovea.route.Grid;
import io.github.fovea.tensor.TensorView;

/// Takes away the step where two paths meet: within [#PIXELS] large pixels of the boundary, on both sides, one path's result
/// fades into the other's.
///
/// Each path therefore also gives the pixels just beyond its cells (computed with their whole halo, so that they do not depend
/// on how cells were merged); they lie here, those beyond left and right sides in one plane, those beyond upper and lower sides
/// in another, since near a corner both are wanted. A blended pixel lies between the results of the paths that meet there.
final class Seams {
    /// Large pixels on each side of a boundary that are blended.
    static final int PIXELS = 4;

    private final Grid grid;
    private final int scale;
    private final Plane beside;
    private final Plane above;

    /// @param grid     the cells, in LR pixels
    /// @param scale    large pixels per LR pixel
    /// @param bitDepth bits of a sample
    Seams(Grid grid, int scale, int bitDepth) {
        this.grid = grid;
        this.scale = scale;
        beside = new Plane(grid.width() * scale, grid.height() * scale, bitDepth);
        above = new Plane(grid.width() * scale, grid.height() * scale, bitDepth);
    }

    /// {@return LR pixels beyond a rectangle that must be computed too}
    static int rim(int scale) {
        return (PIXELS + scale - 1) / scale;
    }

    /// Keeps what a rectangle of one path gives beyond its sides, where cells of other paths lie.
    ///
    /// @param paths  the path of every cell
    /// @param column first column of cells
    /// @param row    first row of cells
    /// @param across columns of cells
    /// @param down   rows of cells
    /// @param from   the path's result
    /// @param x      large column of the frame at which the result's column 0 lies
    /// @param y      large row of the frame at which the result's row 0 lies
    /// @param codes  converts to samples
    void keep(byte[] paths, int column, int row, int across, int down, TensorView from, int x, int y, LumaCodes codes) {
        int width = grid.columns();
        byte own = paths[row * width + column];
        for (int r = row; r < row + down; r++) {
            int top = grid.y(r) * scale;
            int height = grid.y(r + 1) * scale - top;
            if (column > 0 && paths[r * width + column - 1] != own) {
                int left = grid.x(column) * scale - PIXELS;
                codes.write(from, left - x, top - y, beside, left, top, PIXELS, height);
            }
            if (column + across < width && paths[r * width + column + across] != own) {
                int right = grid.x(column + across) * scale;
                codes.write(from, right - x, top - y, beside, right, top, PIXELS, height);
            }
        }
        for (int c = column; c < column + across; c++) {
            int left = grid.x(c) * scale;
            int wide = grid.x(c + 1) * scale - left;
            if (row > 0 && paths[(row - 1) * width + c] != own) {
                int top = grid.y(row) * scale - PIXELS;
                codes.write(from, left - x, top - y, above, left, top, wide, PIXELS);
            }
            if (row + down < grid.rows() && paths[(row + down) * width + c] != own) {
                int bottom = grid.y(row + down) * scale;
                codes.write(from, left - x, bottom - y, above, left, bottom, wide, PIXELS);
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
        if (column > 0 && paths[cell - 1] != own) {
            for (int d = 0; d < PIXELS; d++) {
                mix(luma, beside, left + d, top, 1, bottom - top, d);
            }
        }
        if (column + 1 < width && paths[cell + 1] != own) {
            for (int d = 0; d < PIXELS; d++) {
                mix(luma, beside, right - 1 - d, top, 1, bottom - top, d);
            }
        }
        if (row > 0 && paths[cell - width] != own) {
            for (int d = 0; d < PIXELS; d++) {
                mix(luma, above, left, top + d, right - left, 1, d);
            }
        }
        if (row + 1 < grid.rows() && paths[cell + width] != own) {
            for (int d = 0; d < PIXELS; d++) {
                mix(luma, above, left, bottom - 1 - d, right - left, 1, d);
            }
        }
    }

    /// Pixels at distance `d` from the boundary: a linear ramp over the pixels of both sides, a half at the boundary itself.
    private static void mix(Plane luma, Plane other, int x, int y, int width, int height, int d) {
        int theirs = 2 * PIXELS - 1 - 2 * d;
        int ours = 4 * PIXELS - theirs;
        for (int row = y; row < y + height; row++) {
            for (int i = row * luma.width() + x; i < row * luma.width() + x + width; i++) {
                luma.samples()[i] = (short) (((luma.samples()[i] & 0xFFFF) * ours + (other.samples()[i] & 0xFFFF) * theirs
                        + 2 * PIXELS) / (4 * PIXELS));
            }
        }
    }
}
