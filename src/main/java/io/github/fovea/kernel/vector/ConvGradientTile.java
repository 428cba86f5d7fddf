package io.github.fovea.kernel.vector;

/// Sums of the weight gradients of one row of taps, held in registers while they walk over a plane;
/// [ConvGradientVector] covers the blocks of channels of a blocked input with them.
interface ConvGradientTile {
    /// {@return input channels of a tile}
    int inputs();

    /// Adds to the sums of [#inputs] input channels, every tap of the row and [Lanes#COUNT] output channels.
    ///
    /// @param x        input of the convolution, blocked
    /// @param xFrom    index of the first input channel of the first pixel
    /// @param g        gradient of the output, blocked, with borders of zeros
    /// @param gFrom    index of the first output channel of the first pixel
    /// @param pixels   neighbouring pixels to add
    /// @param sums     sums `[input][kx][16]`
    /// @param sumsFrom index of the first input's and first output's sum
    void run(float[] x, int xFrom, float[] g, int gFrom, int pixels, float[] sums, int sumsFrom);
}
