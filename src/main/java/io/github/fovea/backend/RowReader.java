package io.github.fovea.backend;

import io.github.fovea.tensor.TensorView;

/// Gives a run its input, row by row from the top.
@FunctionalInterface
public interface RowReader {
    /// Fills rows of every channel of the network's input.
    ///
    /// @param into     planar, of the whole picture's height; only the wanted rows may be touched, and of them only
    ///                 pixels
    /// @param rowBegin first row wanted
    /// @param rowEnd   row after the last
    void read(TensorView into, int rowBegin, int rowEnd);
}
