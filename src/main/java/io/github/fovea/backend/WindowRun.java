package io.github.fovea.backend;

import io.github.fovea.plan.LineBuffer;
import io.github.fovea.plan.Placement;
import io.github.fovea.plan.WindowPlan;
import io.github.fovea.tensor.TensorView;

/// Runs a plan depth first: window after window of rows goes through all steps, see [WindowPlan].
///
/// Kernels see line buffers as tensors of the whole height and are called for the rows of the picture that a window adds, so
/// they compute what they would compute on whole tensors, bit for bit.
final class WindowRun {
    private final WindowPlan plan;
    private final CpuExecutable.Call[] calls;
    private final LineBuffer[] buffers;
    private final TensorView[] lines;
    /// What the calls get: line buffers, and whole tensors in the place of input and output where they exist.
    private final TensorView[] views;
    /// For each buffer, the number of the row that lies first in its memory.
    private final int[] first;
    /// For each step, the buffer that it writes, its lag, and whether it is the first to write there.
    private final int[] out;
    private final int[] lag;
    private final boolean[] opens;
    private final int outputLag;
    private float[] arena;
    private int scratchFrom;
    private int height;

    WindowRun(WindowPlan plan, CpuExecutable.Call[] calls) {
        this.plan = plan;
        this.calls = calls;
        buffers = plan.buffers().toArray(LineBuffer[]::new);
        lines = new TensorView[buffers.length];
        for (int i = 0; i < lines.length; i++) {
            lines[i] = new TensorView();
        }
        views = lines.clone();
        first = new int[buffers.length];
        out = new int[calls.length];
        lag = new int[calls.length];
        opens = new boolean[calls.length];
        outputLag = plan.outputLag();
        boolean[] written = new boolean[buffers.length];
        for (int i = 0; i < calls.length; i++) {
            out[i] = plan.steps().get(i).out();
            lag[i] = plan.lags().get(i);
            opens[i] = !written[out[i]];
            written[out[i]] = true;
        }
    }

    /// Lays the buffers out in an arena.
    ///
    /// @param newArena  holds the plan's elements, and behind them the kernels' scratch memory
    /// @param newHeight rows of the input picture
    /// @param width     pixels in its rows
    void place(float[] newArena, int newHeight, int width) {
        long offset = Placement.FIRST_ELEMENT;
        for (int i = 0; i < buffers.length; i++) {
            LineBuffer buffer = buffers[i];
            first[i] = -buffer.lag() - buffer.kept();
            lines[i].placeRows(newArena, (int) offset, buffer.layout(), buffer.channels(), newHeight * buffer.scale(),
                    width * buffer.scale(), buffer.border(), first[i], buffer.rows());
            offset += buffer.elements(width);
        }
        arena = newArena;
        scratchFrom = (int) offset;
        height = newHeight;
    }

    /// Runs, reading the picture and writing the result window by window.
    ///
    /// @param reader gives the picture
    /// @param writer takes the result
    void run(RowReader reader, RowWriter writer) {
        views[plan.input()] = lines[plan.input()];
        views[plan.output()] = lines[plan.output()];
        run(plan.input(), plan.output(), reader, writer);
    }

    /// Runs on whole tensors that lie elsewhere.
    ///
    /// @param input  the picture, with a border of zeros as wide as that of the plan's buffer
    /// @param output receives the result
    void run(TensorView input, TensorView output) {
        views[plan.input()] = input;
        views[plan.output()] = output;
        run(-1, -1, null, null);
    }

    /// The windows, with the buffer that must be read into and the one that must be written from, if any.
    private void run(int readInto, int writtenFrom, RowReader reader, RowWriter writer) {
        for (int i = 0; i < buffers.length; i++) {
            first[i] = -buffers[i].lag() - buffers[i].kept();
            lines[i].firstRow(first[i]);
        }
        int windows = plan.windows(height);
        for (int window = 0; window < windows; window++) {
            if (readInto >= 0) {
                advance(readInto, window);
                int begin = row(readInto, window, 0);
                int end = row(readInto, window + 1, 0);
                if (begin < end) {
                    reader.read(lines[readInto], begin, end);
                    lines[readInto].clearSides(begin, end);
                }
            }
            for (int i = 0; i < calls.length; i++) {
                step(i, window);
            }
            if (writtenFrom >= 0) {
                int begin = row(writtenFrom, window, outputLag);
                int end = row(writtenFrom, window + 1, outputLag);
                if (begin < end) {
                    writer.write(lines[writtenFrom], begin, end);
                }
            }
        }
    }

    private void step(int i, int window) {
        TensorView written = views[out[i]];
        if (opens[i] && written == lines[out[i]]) {
            advance(out[i], window);
        }
        int begin = row(out[i], window, lag[i]);
        int end = row(out[i], window + 1, lag[i]);
        if (begin < end) {
            calls[i].run(views, begin, end, arena, scratchFrom);
            if (written.border() > 0) {
                written.clearSides(begin, end);
            }
        }
    }

    /// How many rows of the picture a tensor has before a window.
    private int row(int buffer, int window, int rowsBehind) {
        long row = (long) window * buffers[buffer].windowRows() - rowsBehind;
        return Math.clamp(row, 0, lines[buffer].height());
    }

    /// Makes room for the rows of a window, and zeroes those of them that are border.
    private void advance(int index, int window) {
        LineBuffer buffer = buffers[index];
        TensorView line = lines[index];
        int begin = (int) Math.min((long) window * buffer.windowRows() - buffer.lag(), line.height() + buffer.border());
        if (begin == line.height() + buffer.border()) {
            return;
        }
        if (window > 0 && window % buffer.windows() == 0) {
            line.moveRows(begin - buffer.kept(), first[index], buffer.kept());
            first[index] += buffer.windows() * buffer.windowRows();
            line.firstRow(first[index]);
        }
        int end = begin + buffer.windowRows();
        line.clearRows(Math.max(-buffer.border(), window == 0 ? first[index] : begin), Math.min(0, end));
        line.clearRows(Math.max(line.height(), begin), Math.min(line.height() + buffer.border(), end));
    }
}
