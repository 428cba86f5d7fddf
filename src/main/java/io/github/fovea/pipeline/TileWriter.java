package io.github.fovea.pipeline;

import io.github.fovea.tensor.TensorView;

/// Takes a part of a network's result.
@FunctionalInterface
interface TileWriter {
    /// Copies a rectangle of a tensor to its place in the large picture. Rectangles do not overlap, those of one tile
    /// come from top to bottom; several threads call at once.
    ///
    /// @param from   the network's result, planar
    /// @param fromX  first column to copy
    /// @param fromY  first row to copy
    /// @param x      column of the large picture at which it belongs
    /// @param y      row of the large picture at which it belongs
    /// @param width  columns to copy
    /// @param height rows to copy
    void write(TensorView from, int fromX, int fromY, int x, int y, int width, int height);
}
