package io.github.fovea.kernel;

import io.github.fovea.graph.Interpolation;
import io.github.fovea.tensor.TensorView;

/// Enlarges planes by an integer factor; pixel centres at half-integers, edges mirrored including the edge pixel
/// (MATLAB `imresize`). Input and output have the same layout.
public interface Resize {
    /// Computes the output rows that belong to input rows `[rowBegin, rowEnd)`, that is
    /// `[scale * rowBegin, scale * rowEnd)`. Allocates nothing.
    ///
    /// @param in            `[c][h][w]`
    /// @param interpolation how values between pixels are found
    /// @param scale         the factor, at least 1
    /// @param out           `[c][scale*h][scale*w]`
    /// @param rowBegin      first input row
    /// @param rowEnd        input row after the last
    void run(TensorView in, Interpolation interpolation, int scale, TensorView out, int rowBegin, int rowEnd);
}
