package io.github.fovea.pipeline;

import io.github.fovea.plan.Plan;
import io.github.fovea.route.Grid;

/// What is read of a frame to enlarge a rectangle of cells, and which rows of that are wanted. One object for each
/// worker, used again and again.
final class Reach {
    private final Grid grid;
    private final int rim;
    private int left;
    private int top;
    private int right;
    private int bottom;
    private int wantedTop;
    private int wantedBottom;

    /// @param grid the cells
    /// @param rim  LR pixels beyond a rectangle's side that are wanted where another path begins, to blend
    Reach(Grid grid, int rim) {
        this.grid = grid;
        this.rim = rim;
    }

    /// A picture of its own, without surroundings: the paper's patch.
    void patch(int column, int row, int across, int down) {
        left = grid.x(column);
        top = grid.y(row);
        right = grid.x(column + across);
        bottom = grid.y(row + down);
        wantedTop = top;
        wantedBottom = bottom;
    }

    /// A part of a frame that one path enlarges all over. Kernels that compute several pixels together may round
    /// otherwise where a picture is cut; here the halo is wide enough to rule that out.
    void alone(int column, int row, int across, int down, Plan plan) {
        patch(column, row, across, down);
        left = Math.max(0, left - plan.columnRadius()) / plan.columnAlignment() * plan.columnAlignment();
        top = Math.max(0, top - plan.rowRadius()) / plan.rowAlignment() * plan.rowAlignment();
        right = Math.min(grid.width(), right + plan.columnRadius());
        bottom = Math.min(grid.height(), bottom + plan.rowRadius());
    }

    /// A part of a frame that several paths share: with the receptive radius around it, and a rim along those sides
    /// where another path begins. Many small rectangles do not pay for a wider halo.
    void amongPaths(byte[] paths, int column, int row, int across, int down, int radius) {
        patch(column, row, across, down);
        int cells = grid.columns();
        int first = row * cells + column;
        left -= column > 0 && meets(paths, first, down, cells, -1) ? rim : 0;
        right += column + across < cells && meets(paths, first + across - 1, down, cells, 1) ? rim : 0;
        wantedTop -= row > 0 && meets(paths, first, across, 1, -cells) ? rim : 0;
        wantedBottom += row + down < grid.rows() && meets(paths, first + (down - 1) * cells, across, 1, cells) ? rim
                : 0;
        left = Math.max(0, left - radius);
        right = Math.min(grid.width(), right + radius);
        wantedTop = Math.max(0, wantedTop);
        wantedBottom = Math.min(grid.height(), wantedBottom);
        top = Math.max(0, wantedTop - radius);
        bottom = Math.min(grid.height(), wantedBottom + radius);
    }

    /// Whether any of some cells has one of another path at its side.
    private static boolean meets(byte[] paths, int first, int count, int step, int side) {
        for (int i = 0; i < count; i++) {
            int cell = first + i * step;
            if (paths[cell + side] != paths[cell]) {
                return true;
            }
        }
        return false;
    }

    /// {@return first LR column that is read}
    int x() {
        return left;
    }

    /// {@return first LR row that is read}
    int y() {
        return top;
    }

    /// {@return LR columns that are read}
    int width() {
        return right - left;
    }

    /// {@return LR rows that are read}
    int height() {
        return bottom - top;
    }

    /// {@return first of the read rows whose result is wanted}
    int wantedBegin() {
        return wantedTop - top;
    }

    /// {@return row after the last that is wanted}
    int wantedEnd() {
        return wantedBottom - top;
    }
}
