package io.github.fovea.kernel;

import io.github.fovea.tensor.TensorView;

/// `out = a + b` for tensors of one shape and layout. `out` may be `a` or `b`.
public interface Add {
    /// Computes rows `[rowBegin, rowEnd)` of the output. Allocates nothing.
    ///
    /// @param a        one tensor
    /// @param b        the other
    /// @param out      their sum
    /// @param rowBegin first row
    /// @param rowEnd   row after the last
    void run(TensorView a, TensorView b, TensorView out, int rowBegin, int rowEnd);
}
