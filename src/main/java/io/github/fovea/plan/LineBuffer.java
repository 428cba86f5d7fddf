package io.github.fovea.plan;

import io.github.fovea.tensor.Layout;
import io.github.fovea.tensor.TensorView;

/// A tensor of which only a few rows lie in memory: those that readers still need, and behind them room for a few
/// windows.
///
/// Where fewer rows are kept than a window adds, other buffers use the same memory from the window's last reader on until
/// the next window: the steps of a network then work in the memory of about two buffers, which stays in the cache, and
/// not in that of all of them. The rows to keep are written where they stay, in one of two places in turn, because
/// readers need those of two windows; where a reader does not find rows in pieces, they are put aside behind the last
/// reader and copied back. Where more are kept, as for a skip connection over many layers, the buffer is its own, and
/// long enough that rows need moving rarely.
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
/// @param windows    windows that the buffer takes before its last rows are moved to its beginning, at least 1; 1 if
///                   shared
/// @param firstStep  first step of a window that writes it; -1 for the network's input
/// @param lastStep   last step of a window that reads it; the number of steps for the result
/// @param shared     whether other buffers use the memory between windows
/// @param pieces     whether the rows to keep never lie in the shared memory; only if it is shared and rows are kept
public record LineBuffer(
        int channels, Layout layout, int scale, int border, int windowRows, int lag, int kept, int windows,
        int firstStep, int lastStep, boolean shared, boolean pieces) {
    /// {@return the rows in memory, without those that are put aside or lie in a piece of their own}
    public int rows() {
        return pieces ? windowRows - kept : Math.addExact(kept, Math.multiplyExact(windows, windowRows));
    }

    /// {@return whether this buffer and another must not use the same memory}
    ///
    /// @param other the other
    public boolean livesWith(LineBuffer other) {
        return !shared || !other.shared || firstStep <= other.lastStep && other.firstStep <= lastStep;
    }

    /// {@return the floats that the rows take which are put aside or written aside, a multiple of 16; 0 if the buffer
    /// is not shared}
    ///
    /// @param width pixels in a row of the input picture
    public long asideElements(int width) {
        return !shared || kept == 0 ? 0 : TensorView.rowsElements(
                layout, channels, pieces ? 2 * kept : kept, Math.multiplyExact(width, scale), border);
    }

    /// {@return the floats that the buffer takes for an input picture, a multiple of 16}
    ///
    /// @param width pixels in a row of the input picture
    /// @throws ArithmeticException if an extent or the number overflows
    public long elements(int width) {
        return TensorView.rowsElements(layout, channels, rows(), Math.multiplyExact(width, scale), border);
    }
}
