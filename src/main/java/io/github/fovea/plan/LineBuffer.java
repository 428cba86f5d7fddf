package io.github.fovea.plan;

import io.github.fovea.tensor.Layout;
import io.github.fovea.tensor.TensorView;

/// A tensor of which only a few rows lie in memory: those that readers still need, and behind them room for a few windows.
///
/// Before window `k` the tensor has its rows below `k * windowRows - lag`, and the window adds [#windowRows] more (rows
/// outside the picture are zero or skipped).
///
/// @param channels   channels
/// @param layout     order of the numbers
/// @param scale      factor between the network's input and this tensor
/// @param border     zero pixels around it, the largest radius of the convolutions that read it
/// @param windowRows rows that a window adds
/// @param lag        rows by which this tensor is behind the network's input, in rows of its own, at least 0
/// @param kept       rows behind the newest window that readers still need, at least 0
/// @param windows    windows that the buffer takes before its last rows are moved to its beginning, at least 1
public record LineBuffer(
        int channels, Layout layout, int scale, int border, int windowRows, int lag, int kept, int windows) {
    /// {@return the rows in memory}
    public int rows() {
        return Math.addExact(kept, Math.multiplyExact(windows, windowRows));
    }

    /// {@return the floats that the buffer takes for an input picture, a multiple of 16}
    ///
    /// @param width pixels in a row of the input picture
    public long elements(int width) {
        return TensorView.rowsElements(layout, channels, rows(), Math.multiplyExact(width, scale), border);
    }
}
