package io.github.fovea.kernel.vector;

/// Transform of the products of [WinogradConv] to outputs, `A m A'` with
/// `A = (1 1 1 1 1 0; 0 1 -1 2 -2 0; 0 1 1 4 4 0; 0 1 -1 8 -8 1)`, one vector of channels at a time.
interface WinogradOutput {
    /// Makes `act(A m A' + bias)`. Rows of a tile are written from the last to the first, so that a caller leaves out the last ones by
    /// giving them the index of the last one that it wants.
    ///
    /// @param m      products `[tile][6 points down][6 points along][channel]`
    /// @param mFrom  index of the first
    /// @param tiles  how many tiles
    /// @param bias   bias per output channel
    /// @param slopes slope of the negative side per output channel, or `null`
    /// @param lane   the first output channel
    /// @param out    receives blocked pixels
    /// @param o0     index of the first tile's first pixel; `o1` to `o3` are those of the rows below
    void output(
            float[] m, int mFrom, int tiles, float[] bias, float[] slopes, int lane, float[] out, int o0, int o1, int o2, int o3);
}
