package io.github.fovea.kernel.vector;

/// One register tile of the products of [WinogradConv]: some tiles of a strip by some vectors of output channels, at
/// some of the six points along the rows that belong to one point down the columns.
interface WinogradTile {
    /// Tiles of a strip.
    int STRIP = 24;
    /// Points along a row or a column, and input pixels of a tile.
    int POINTS = 6;
    /// Floats from a tile's products to the next one's, which are `[point][lanes]`.
    int OUT_TILE = POINTS * Lanes.COUNT;
    /// Floats from a vector of products to the next.
    int OUT_VECTOR = STRIP * OUT_TILE;

    /// {@return neighbouring tiles that are computed together; divides [#STRIP]}
    int tiles();

    /// {@return vectors of output channels that are computed together}
    int vectors();

    /// {@return input channels}
    int channels();

    /// {@return points along the rows that are computed together, at most; divides [#POINTS]}
    int points();

    /// Sums `v[tile][point][channel] * u[point][channel][output]` over the input channels.
    ///
    /// @param v     transformed inputs `[tile][6 points][channel]`
    /// @param vFrom index of the first
    /// @param u     transformed weights `[point][channel][vectors][lanes]`
    /// @param uFrom index of the first
    /// @param points how many points, at most as many as the tile computes together
    /// @param m     receives `[vector][tile][6 points][lanes]`, [#OUT_VECTOR] and [#OUT_TILE] apart
    /// @param mFrom index of the first
    void run(float[] v, int vFrom, float[] u, int uFrom, int points, float[] m, int mFrom);

    /// Adds the same sums to what `m` holds.
    ///
    /// @param v     transformed inputs `[tile][6 points][channel]`
    /// @param vFrom index of the first
    /// @param u     transformed weights `[point][channel][vectors][lanes]`
    /// @param uFrom index of the first
    /// @param points how many points, at most as many as the tile computes together
    /// @param m     receives `[vector][tile][6 points][lanes]`, [#OUT_VECTOR] and [#OUT_TILE] apart
    /// @param mFrom index of the first
    void add(float[] v, int vFrom, float[] u, int uFrom, int points, float[] m, int mFrom);
}
