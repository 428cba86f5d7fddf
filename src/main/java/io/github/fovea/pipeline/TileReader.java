package io.github.fovea.pipeline;

import io.github.fovea.tensor.TensorView;

/// Fills a network's input with a part of a picture.
@FunctionalInterface
interface TileReader {
    /// Fills rows of every channel of a tensor, in the network's units (0..1 minus 0.5, see docs/model-format.md). Rows
    /// of a tile come in order, each once.
    ///
    /// @param x        column of the picture that becomes column 0
    /// @param y        row of the picture that becomes row 0
    /// @param into     planar; its width says how many columns are wanted
    /// @param rowBegin first row of `into` that is wanted
    /// @param rowEnd   row after the last
    void read(int x, int y, TensorView into, int rowBegin, int rowEnd);
}
