package io.github.fovea.kernel;

import io.github.fovea.tensor.TensorView;

/// Depthwise 3x3 convolution, stride 1, zero padding 1, plus bias and activation:
///
/// `out[c][y][x] = act(bias[c] + sum over ky, kx of weights[c][ky][kx] * in[c][y + ky - 1][x + kx - 1])`.
///
/// Input and output have the same layout; the input's border is at least 1 wide and zero.
public interface DepthwiseConv {
    /// {@return the number of floats that [#pack] writes}
    ///
    /// @param channels channels in and out
    int packedElements(int channels);

    /// Brings weights into the kernel's order. Unused lanes become zero.
    ///
    /// @param weights  `[c][3][3]` from index `from`
    /// @param from     index of the first weight
    /// @param channels channels in and out
    /// @param packed   receives [#packedElements] floats from index 0
    void pack(float[] weights, int from, int channels, float[] packed);

    /// Computes rows `[rowBegin, rowEnd)` of the output. Writes whole pixel blocks; allocates nothing.
    ///
    /// @param in       input, border at least 1, zero outside
    /// @param packed   weights as [#pack] left them
    /// @param bias     one float per channel, padded with zeros to a multiple of 16
    /// @param slopes   slope of the negative side per channel, padded likewise; `null` for none
    /// @param out      output
    /// @param rowBegin first row
    /// @param rowEnd   row after the last
    void run(TensorView in, float[] packed, float[] bias, float[] slopes, TensorView out, int rowBegin, int rowEnd);
}
