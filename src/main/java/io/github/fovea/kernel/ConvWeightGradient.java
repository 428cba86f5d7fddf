package io.github.fovea.kernel;

import io.github.fovea.tensor.TensorView;

/// Gradient of a convolution's weights and bias: given the convolution's input and the gradient of its output (before
/// the activation), adds
///
/// `dw[o][i][ky][kx] += sum over y, x of dout[o][y][x] * in[i][y + ky - r][x + kx - r]` and
/// `db[o] += sum over y, x of dout[o][y][x]`.
///
/// Both tensors have zero borders of at least `r = size / 2` and zeros in the padding of their rows. `dout` is blocked and
/// the input planar or blocked; or `dout` is planar, with at most 4 channels, and the input blocked.
public interface ConvWeightGradient {
    /// {@return the kernel size: 1, 3 or 5}
    int size();

    /// {@return the number of floats of scratch memory that [#run] needs}
    ///
    /// @param inChannels  channels in
    /// @param outChannels channels out
    int scratchElements(int inChannels, int outChannels);

    /// {@return how many neighbouring columns of the output one transform takes together: 1, or 4 for Winograd's F(4,
    /// 3)}
    ///
    /// @param inChannels  channels in
    /// @param outChannels channels out
    default int columnTile(int inChannels, int outChannels) {
        return 1;
    }

    /// Adds the gradients of one picture. Allocates nothing.
    ///
    /// @param in          input of the convolution
    /// @param dout        gradient of its output
    /// @param scratch     scratch memory of any content
    /// @param scratchFrom index of its first float; [#scratchElements] floats from there on belong to this call
    /// @param dw          receives `[out][in][size][size]` from index `dwFrom`
    /// @param dwFrom      index of the first weight's gradient
    /// @param db          receives `[out]` from index `dbFrom`
    /// @param dbFrom      index of the first bias's gradient
    void run(
            TensorView in, TensorView dout, float[] scratch, int scratchFrom, float[] dw, int dwFrom, float[] db,
            int dbFrom);
}
