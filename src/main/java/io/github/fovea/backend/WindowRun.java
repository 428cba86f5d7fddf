package io.github.fovea.backend;

import io.github.fovea.plan.LineBuffer;
import io.github.fovea.plan.WantedRows;
import io.github.fovea.plan.WindowPlacement;
import io.github.fovea.plan.WindowPlan;
import io.github.fovea.tensor.TensorView;
import java.util.stream.IntStream;

/// Runs a plan depth first: window after window of rows goes through all steps, see [WindowPlan].
///
/// Kernels see line buffers as tensors of the whole height and are called for the rows of the picture that a window adds, so
/// they compute what they would compute on whole tensors, bit for bit.
final class WindowRun {
    private final WindowPlan plan;
    private final CpuExecutable.Call[] calls;
    private final LineBuffer[] buffers;
    private final TensorView[] lines;
    /// The rows that shared buffers put aside, numbered from 0.
    private final TensorView[] aside;
    /// What the calls get: line buffers, and whole tensors in the place of input and output where they exist.
    private final TensorView[] views;
    /// For each buffer, the number of the row that lies first in its memory.
    private final int[] first;
    /// For each step, the buffer that it writes, its lag, and whether it is the first to write there.
    private final int[] out;
    private final int[] lag;
    private final boolean[] opens;
    private final int outputLag;
    /// For each step, the shared buffers that it is the last to read; behind them those that only the writer reads.
    private final int[][] closes;
    private final WindowPlacement placement;
    private float[] arena;
    private int scratchFrom;
    private int height;
    private WantedRows wanted;

    WindowRun(WindowPlan plan, CpuExecutable.Call[] calls) {
        this.plan = plan;
        this.calls = calls;
        buffers = plan.buffers().toArray(LineBuffer[]::new);
        lines = new TensorView[buffers.length];
        aside = new TensorView[buffers.length];
        for (int i = 0; i < lines.length; i++) {
            lines[i] = new TensorView();
            aside[i] = new TensorView();
        }
        views = lines.clone();
        first = new int[buffers.length];
        out = new int[calls.length];
        lag = new int[calls.length];
        opens = new boolean[calls.length];
        outputLag = plan.outputLag();
        placement = new WindowPlacement(plan.buffers());
        closes = new int[calls.length + 1][];
        for (int i = 0; i <= calls.length; i++) {
            int step = i;
            closes[i] = IntStream.range(0, buffers.length).filter(b -> buffers[b].shared() && buffers[b].kept() > 0
                    && buffers[b].lastStep() == step).toArray();
        }
        boolean[] written = new boolean[buffers.length];
        for (int i = 0; i < calls.length; i++) {
            out[i] = plan.steps().get(i).out();
            lag[i] = plan.lags().get(i);
            opens[i] = !written[out[i]];
            written[out[i]] = true;
        }
    }

    /// {@return the floats that the buffers take}
    ///
    /// @param width pixels in a row of the input picture
    /// @throws ArithmeticException if an extent overflows
    long elements(int width) {
        return placement.place(width);
    }

    /// Lays the buffers out as [#elements] has found it for the same width.
    ///
    /// @param newArena  holds those elements, and behind them the kernels' scratch memory
    /// @param newHeight rows of the input picture
    /// @param width     pixels in its rows
    void place(float[] newArena, int newHeight, int width) {
        for (int i = 0; i < buffers.length; i++) {
            LineBuffer buffer = buffers[i];
            lines[i].placeRows(newArena, (int) placement.offset(i), buffer.layout(), buffer.channels(),
                    newHeight * buffer.scale(), width * buffer.scale(), buffer.border(), 0, buffer.rows());
            if (buffer.shared() && buffer.kept() > 0) {
                aside[i].placeRows(newArena, (int) placement.asideOffset(i), buffer.layout(), buffer.channels(),
                        newHeight * buffer.scale(), width * buffer.scale(), buffer.border(), 0, buffer.kept());
            }
        }
        arena = newArena;
        scratchFrom = (int) placement.elements();
        height = newHeight;
    }

    /// Runs, reading the picture and writing the result window by window.
    ///
    /// @param rows   rows that every step computes; the others hold anything
    /// @param reader gives the picture
    /// @param writer takes the result
    void run(WantedRows rows, RowReader reader, RowWriter writer) {
        wanted = rows;
        views[plan.input()] = lines[plan.input()];
        views[plan.output()] = lines[plan.output()];
        run(plan.input(), plan.output(), reader, writer);
    }

    /// Runs on whole tensors that lie elsewhere.
    ///
    /// @param rows   rows that every step computes; the others hold anything
    /// @param input  the picture, with a border of zeros as wide as that of the plan's buffer
    /// @param output receives the result
    void run(WantedRows rows, TensorView input, TensorView output) {
        wanted = rows;
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
            putAside(calls.length);
        }
    }

    private void step(int i, int window) {
        TensorView written = views[out[i]];
        if (opens[i] && written == lines[out[i]]) {
            advance(out[i], window);
        }
        int begin = Math.max(wanted.begin(i), row(out[i], window, lag[i]));
        int end = Math.min(wanted.end(i), row(out[i], window + 1, lag[i]));
        if (begin < end) {
            calls[i].run(views, begin, end, arena, scratchFrom);
            if (written.border() > 0) {
                written.clearSides(begin, end);
            }
        }
        putAside(i);
    }

    /// Keeps the rows of shared buffers whose last reader has run.
    private void putAside(int step) {
        for (int buffer : closes[step]) {
            if (views[buffer] == lines[buffer]) {
                lines[buffer].copyRows(first[buffer] + buffers[buffer].windowRows(), buffers[buffer].kept(), aside[buffer], 0);
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
        int begin = window * buffer.windowRows() - buffer.lag();
        if (!buffer.shared() && begin >= line.height() + buffer.border()) {
            // Nothing comes any more; what readers still want stays where it is.
            return;
        }
        if (window > 0 && window % buffer.windows() == 0) {
            int newFirst = begin - buffer.kept();
            if (buffer.shared()) {
                line.firstRow(newFirst);
                if (buffer.kept() > 0) {
                    aside[index].copyRows(0, buffer.kept(), line, newFirst);
                }
            } else {
                line.copyRows(newFirst, buffer.kept(), line, first[index]);
                line.firstRow(newFirst);
            }
            first[index] = newFirst;
        }
        int end = begin + buffer.windowRows();
        line.clearRows(Math.max(-buffer.border(), window == 0 ? first[index] : begin), Math.min(0, end));
        line.clearRows(Math.max(line.height(), begin), Math.min(line.height() + buffer.border(), end));
    }
}
