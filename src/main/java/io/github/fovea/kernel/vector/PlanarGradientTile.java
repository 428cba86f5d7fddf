package io.github.fovea.kernel.vector;

/// Sums of the weight gradients of one row of taps of one input channel, held in registers while they walk over a
/// plane; [ConvGradientVector] covers a planar input with them.
interface PlanarGradientTile {
    /// Computes the sums of one input channel, every tap of the row and [Lanes#COUNT] output channels.
    ///
    /// @param x        input of the convolution, planar, with borders of zeros
    /// @param xFrom    index of the first pixel's left tap
    /// @param xRow     floats from an input row to the next
    /// @param g        gradient of the output, blocked
    /// @param gFrom    index of the first output channel of the first pixel
    /// @param gRow     floats from a gradient row to the next
    /// @param rows     rows of the picture
    /// @param width    pixels of a row
    /// @param sums     receives sums `[kx][16]`
    /// @param sumsFrom index of the first output's sum
    void run(
            float[] x, int xFrom, int xRow, float[] g, int gFrom, int gRow, int rows, int width,
            float[] sums, int sumsFrom);
}
