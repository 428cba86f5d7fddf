package io.github.fovea.kernel;

import io.github.fovea.tensor.TensorView;

/// Sub-pixel shuffle in PyTorch's order (CRD): `out[c][s*y+i][s*x+j] = in[c*s*s + i*s + j][y][x]`.
/// Input and output may be planar or blocked. Scale 1 changes only the layout.
public interface PixelShuffle {
    /// Moves rows `[rowBegin, rowEnd)` of the input. Allocates nothing.
    ///
    /// @param in       `[c*s*s][h][w]`
    /// @param scale    the factor s, at least 1
    /// @param out      `[c][s*h][s*w]`
    /// @param rowBegin first input row
    /// @param rowEnd   input row after the last
    void run(TensorView in, int scale, TensorView out, int rowBegin, int rowEnd);
}
