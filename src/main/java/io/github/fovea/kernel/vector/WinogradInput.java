package io.github.fovea.kernel.vector;

import java.util.Arrays;

/// Transform of the inputs of [WinogradConv] to points, `B d B'`, one row of `B d` after the other:
/// `B = (4 0 -5 0 1 0; 0 -4 -4 1 1 0; 0 4 -4 -1 1 0; 0 -2 -1 2 1 0; 0 2 -1 -2 1 0; 0 4 0 -5 0 1)`.
///
/// Rows of pixels are given by the index of their first pixel, whose floats are one vector of channels; the next pixel
/// is 16 floats on, the next tile four pixels. Results are `[tile][6 points][channel]`.
interface WinogradInput {
    /// 16 times each the factors `a`, `b` and `-b` of the two pairs of inner rows of B, for [#inner].
    float[] FACTORS = factors(-4, 1, -1, -1, 2, -2);

    private static float[] factors(float... values) {
        float[] factors = new float[values.length * 16];
        for (int i = 0; i < values.length; i++) {
            Arrays.fill(factors, i * 16, i * 16 + 16, values[i]);
        }
        return factors;
    }

    /// Makes B's first row, or its last one from the rows of pixels below.
    ///
    /// @param in    blocked pixels
    /// @param e0    row of pixels with the factor 4
    /// @param e2    row of pixels with the factor -5
    /// @param e4    row of pixels with the factor 1
    /// @param tiles how many tiles
    /// @param v     receives the points
    /// @param vFrom index of the first
    void outer(float[] in, int e0, int e2, int e4, int tiles, float[] v, int vFrom);

    /// Makes two of B's inner rows, `(d4 + a d2) + b (d3 + a d1)` and the same with `-b`.
    ///
    /// @param in      blocked pixels
    /// @param d1      second row of pixels
    /// @param d2      third
    /// @param d3      fourth
    /// @param d4      fifth
    /// @param factors holds 16 times `a`, 16 times `b`, 16 times `-b`
    /// @param factor  index of the first
    /// @param tiles   how many tiles
    /// @param v       receives the points
    /// @param vFrom   index of the first
    /// @param next    floats from the first row's points to the second one's
    void inner(
            float[] in, int d1, int d2, int d3, int d4, float[] factors, int factor, int tiles, float[] v, int vFrom,
            int next);
}
