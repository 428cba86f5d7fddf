package io.github.fovea.kernel.vector;

/// One register tile of the products of [WinogradConv] at one of its points.
interface WinogradTile {
    /// Tiles of a strip.
    int STRIP = 16;
    /// Points along a row or a column, and input pixels of a tile.
    int POINTS = 6;
    /// Floats from a point's inputs or products to the next one's, which are `[tile][16]`.
    int POINT = STRIP * 16;
    /// Floats from a block of input channels to the next.
    int IN_BLOCK = POINTS * POINT;
    /// Floats from a vector of products to the next.
    int OUT_VECTOR = POINTS * POINT;

    /// {@return neighbouring tiles that are computed together; divides [#STRIP]}
    int tiles();

    /// {@return vectors of output channels that are computed together}
    int vectors();

    /// Sums `v[tile][channel] * u[channel][output]` over all input channels.
    ///
    /// @param v      transformed inputs, blocks of `[tile][16]`, [#IN_BLOCK] apart
    /// @param vFrom  index of the first
    /// @param blocks blocks of 16 input channels
    /// @param u      transformed weights `[channel][vectors][lanes]`
    /// @param uFrom  index of the first
    /// @param m      receives a vector per tile, 16 floats apart, and [#OUT_VECTOR] further for the next vector
    /// @param mFrom  index of the first
    void run(float[] v, int vFrom, int blocks, float[] u, int uFrom, float[] m, int mFrom);
}
