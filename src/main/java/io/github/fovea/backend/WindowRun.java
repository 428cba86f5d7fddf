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
final class WindowRun implements Stages {
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
    /// Blocks begin at multiples of so many rows of the picture behind a window's first.
    private final int unit;
    /// Stages of a window: reading, the steps, writing.
    private final int stages;
    private int scratchFrom;
    private int height;
    private WantedRows wanted;
    /// The buffers that the picture is read into and the result written from; -1 where they are whole tensors.
    private int readInto;
    private int writtenFrom;
    private RowReader reader;
    private RowWriter writer;

    WindowRun(WindowPlan plan, CpuExecutable.Call[] calls, int unit) {
        this.unit = unit;
        stages = calls.length + 2;
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
        scratchFrom = (int) placement.elements();
        height = newHeight;
    }

    /// {@return index of the kernels' scratch memory in the arena}
    int scratchFrom() {
        return scratchFrom;
    }

    /// Makes ready for a run that reads the picture and writes the result window by window.
    ///
    /// @param rows      rows that every step computes; the others hold anything
    /// @param newReader gives the picture
    /// @param newWriter takes the result
    void begin(WantedRows rows, RowReader newReader, RowWriter newWriter) {
        begin(rows, lines[plan.input()], lines[plan.output()], plan.input(), plan.output());
        reader = newReader;
        writer = newWriter;
    }

    /// Makes ready for a run on whole tensors that lie elsewhere.
    ///
    /// @param rows   rows that every step computes; the others hold anything
    /// @param input  the picture, with a border of zeros as wide as that of the plan's buffer
    /// @param output receives the result
    void begin(WantedRows rows, TensorView input, TensorView output) {
        begin(rows, input, output, -1, -1);
    }

    private void begin(WantedRows rows, TensorView input, TensorView output, int newReadInto, int newWrittenFrom) {
        wanted = rows;
        views[plan.input()] = input;
        views[plan.output()] = output;
        readInto = newReadInto;
        writtenFrom = newWrittenFrom;
        for (int i = 0; i < buffers.length; i++) {
            first[i] = -buffers[i].lag() - buffers[i].kept();
            lines[i].firstRow(first[i]);
        }
    }

    @Override
    public int count() {
        return Math.multiplyExact(plan.windows(height), stages);
    }

    /// Puts aside what the stage before has read last, and makes room for what this one writes.
    @Override
    public void open(int stage) {
        int window = stage / stages;
        int step = stage % stages - 1;
        if (step > 0) {
            putAside(step - 1);
        }
        if (step < 0) {
            if (window > 0) {
                putAside(calls.length);
            }
            if (readInto >= 0) {
                advance(readInto, window);
            }
        } else if (step < calls.length && opens[step] && views[out[step]] == lines[out[step]]) {
            advance(out[step], window);
        }
    }

    @Override
    public void run(int stage, int block, int blocks, float[] scratch, int from) {
        int window = stage / stages;
        int step = stage % stages - 1;
        boolean reads = step < 0;
        boolean writes = step == calls.length;
        int buffer = reads ? readInto : writes ? writtenFrom : out[step];
        if (buffer < 0) {
            return;
        }
        int behind = reads ? 0 : writes ? outputLag : lag[step];
        int firstRow = row(buffer, window, behind);
        int lastRow = row(buffer, window + 1, behind);
        if (!reads && !writes) {
            firstRow = Math.max(wanted.begin(step), firstRow);
            lastRow = Math.min(wanted.end(step), lastRow);
        }
        int rows = unit * buffers[buffer].scale();
        int begin = Stages.cut(firstRow, lastRow, rows, block, blocks);
        int end = Stages.cut(firstRow, lastRow, rows, block + 1, blocks);
        if (begin >= end) {
            return;
        }
        TensorView view = views[buffer];
        if (writes) {
            writer.write(view, begin, end);
            return;
        }
        if (reads) {
            reader.read(view, begin, end);
        } else {
            calls[step].run(views, begin, end, scratch, from);
        }
        if (view.border() > 0) {
            view.clearSides(begin, end);
        }
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
