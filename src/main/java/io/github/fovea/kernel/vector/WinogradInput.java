package io.github.fovea.kernel.vector;

/// Transform of the inputs of [WinogradConv] to points, `B d B'`, three rows of `B d` at a time:
/// `B = (4 0 -5 0 1 0; 0 -4 -4 1 1 0; 0 4 -4 -1 1 0; 0 -2 -1 2 1 0; 0 2 -1 -2 1 0; 0 4 0 -5 0 1)`.
///
/// Rows of pixels are given by the index of the pixel left of the first tile, whose floats are one vector of channels; the next
/// pixel is 16 floats on, the next tile four pixels. Results are `[tile][6 points down][6 points along][channel]`.
interface WinogradInput {
    /// Makes the points 0, 1 and -1 down the columns.
    ///
    /// @param in    blocked pixels
    /// @param d0    row of pixels above the tile
    /// @param d1    the tile's first row of pixels; `d2` to `d4` are those below
    /// @param tiles how many tiles
    /// @param v     receives the points
    /// @param vFrom index of the first of all points
    void upper(float[] in, int d0, int d1, int d2, int d3, int d4, int tiles, float[] v, int vFrom);

    /// Makes the points 2, -2 and infinity down the columns.
    ///
    /// @param in    blocked pixels
    /// @param d1    the tile's first row of pixels; `d2` to `d5` are those below
    /// @param tiles how many tiles
    /// @param v     receives the points
    /// @param vFrom index of the first of all points
    void lower(float[] in, int d1, int d2, int d3, int d4, int d5, int tiles, float[] v, int vFrom);
}
