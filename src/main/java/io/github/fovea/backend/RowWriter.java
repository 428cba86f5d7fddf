package io.github.fovea.backend;

import io.github.fovea.tensor.TensorView;

/// Takes the result of a run, row by row from the top.
@FunctionalInterface
public interface RowWriter {
    /// Takes rows of the network's result.
    ///
    /// @param from     planar, of the whole result's height; only the given rows may be read
    /// @param rowBegin first row given
    /// @param rowEnd   row after the last
    void write(TensorView from, int rowBegin, int rowEnd);
}
