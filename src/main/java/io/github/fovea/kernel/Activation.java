package io.github.fovea.kernel;

import io.github.fovea.tensor.TensorView;

/// `out = in < 0 ? slopes[c] * in : in`, where an activation could not be fused into the convolution before it.
/// `out` may be `in`.
public interface Activation {
    /// Computes rows `[rowBegin, rowEnd)` of the output. Allocates nothing.
    ///
    /// @param in       input
    /// @param slopes   slope of the negative side per channel, padded with zeros to a multiple of 16
    /// @param out      output of the same shape and layout
    /// @param rowBegin first row
    /// @param rowEnd   row after the last
    void run(TensorView in, float[] slopes, TensorView out, int rowBegin, int rowEnd);
}
