package io.github.fovea.kernel.vector;

/// One register tile of the products of [WinogradRowConv]. Its inputs and products are `[tile][row][6 points][16]`.
interface WinogradRowTile {
    /// Rows that are computed together.
    int ROWS = 8;
    /// Points, and input pixels of a tile.
    int POINTS = 6;
    /// Floats from a row's inputs or products to the next one's.
    int ROW = POINTS * 16;
    /// Floats from a tile's inputs or products to the next one's.
    int TILE = (ROWS + 2) * ROW;

    /// {@return neighbouring tiles that are computed together; divides a strip's}
    int tiles();

    /// Sums `v[tile][row + ky][point][channel] * u[ky][point][channel][output]` over 16 channels and three rows.
    ///
    /// @param v     transformed inputs of [#ROWS] + 2 rows
    /// @param vFrom index of the first
    /// @param u     transformed weights `[ky][POINTS][16][lanes]`
    /// @param uFrom index of the first
    /// @param points how many points, at most as many as the tile computes together
    /// @param m     receives the sums of [#ROWS] rows; may be where the inputs are
    /// @param mFrom index of the first
    void run(float[] v, int vFrom, float[] u, int uFrom, int points, float[] m, int mFrom);

    /// Adds the same sums to what `m` holds.
    ///
    /// @param v     transformed inputs of [#ROWS] + 2 rows
    /// @param vFrom index of the first
    /// @param u     transformed weights `[ky][POINTS][16][lanes]`
    /// @param uFrom index of the first
    /// @param points how many points, at most as many as the tile computes together
    /// @param m     receives the sums of [#ROWS] rows
    /// @param mFrom index of the first
    void add(float[] v, int vFrom, float[] u, int uFrom, int points, float[] m, int mFrom);
}
