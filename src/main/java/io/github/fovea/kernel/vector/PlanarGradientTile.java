package io.github.fovea.kernel.vector;

/// Sums over all pixels of products of a planar tensor, shifted by taps, and a blocked one, held in registers while they
/// walk over the plane. [ConvGradientVector] makes the weight gradients of a planar input with them, and those of a planar
/// gradient of the output.
interface PlanarGradientTile {
    /// {@return planar channels that are taken together}
    int channels();

    /// {@return rows of taps that are taken together; divides the kernel's size}
    int rowsOfTaps();

    /// Computes the sums of [#channels] planar channels, [#rowsOfTaps] rows of taps and [Lanes#COUNT] blocked channels.
    ///
    /// @param x        planar, with borders of zeros
    /// @param xFrom    index of the first channel's number at the first pixel's top left tap
    /// @param xRow     floats from a planar row to the next
    /// @param xPlane   floats from a planar channel to the next
    /// @param g        blocked
    /// @param gFrom    index of the first blocked channel of the first pixel
    /// @param gRow     floats from a blocked row to the next
    /// @param rows     rows of the picture
    /// @param width    pixels of a row
    /// @param sums     receives sums `[planar channel][ky][kx][16]`, channels `size * size` taps apart
    /// @param sumsFrom index of the first blocked channel's sum
    void run(
            float[] x, int xFrom, int xRow, int xPlane, float[] g, int gFrom, int gRow, int rows, int width,
            float[] sums, int sumsFrom);
}
