package io.github.fovea.backend;

import io.github.fovea.plan.LineBuffer;
import io.github.fovea.plan.WantedRows;
import io.github.fovea.plan.WindowPlacement;
import io.github.fovea.plan.WindowPlan;
import io.github.fovea.tensor.TensorView;
import java.util.stream.IntStream;

/// Runs a plan depth first: window after window of rows goes through all steps, see [WindowPlan].
///
/// Kernels see line buffers as tensors of the whole height and are called for the rows of the picture that a window
/// adds, so they compute what they would compute on whole tensors, bit for bit.
final class WindowRun implements Stages {
    private final WindowPlan plan;
    private final CpuExecutable.Call[] calls;
    private final LineBuffer[] buffers;
    private final TensorView[] lines;
    /// The rows that shared buffers put aside, numbered from 0.
    private final TensorView[] aside;
    /// For each buffer in pieces, the first float of those that are not in its own memory.
    private final int[] pieces;
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
    /// Stages of a window. Reading, each step, and writing are three stages: rows that the one before has read last are
    /// put aside, kept rows are brought back, and the rows of the window are computed.
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
        stages = 3 * (calls.length + 2);
        this.plan = plan;
        this.calls = calls;
        buffers = plan.buffers().toArray(LineBuffer[]::new);
        lines = new TensorView[buffers.length];
        aside = new TensorView[buffers.length];
        pieces = new int[buffers.length];
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
            closes[i] = IntStream.range(0, buffers.length).filter(b -> putsAside(buffers[b])
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

    private static boolean putsAside(LineBuffer buffer) {
        return buffer.shared() && buffer.kept() > 0 && !buffer.pieces();
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
            pieces[i] = (int) placement.asideOffset(i);
            if (putsAside(buffer)) {
                aside[i].placeRows(newArena, (int) placement.asideOffset(i), buffer.layout(), buffer.channels(),
                        newHeight * buffer.scale(), width * buffer.scale(), buffer.border(), 0, buffer.kept());
            }
        }
        scratchFrom = (int) placement.elements();
        height = newHeight;
    }

    /// Lets go of the arena.
    void forget() {
        for (int i = 0; i < lines.length; i++) {
            lines[i].forget();
            aside[i].forget();
        }
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

    /// Moves the buffer on that is written next: by numbers alone, but for buffers that are not shared.
    @Override
    public void open(int stage) {
        int window = stage / stages;
        int written = opened(stage % stages);
        if (stage % 3 != 1 || written < 0) {
            return;
        }
        LineBuffer buffer = buffers[written];
        TensorView line = lines[written];
        int newRows = window * buffer.windowRows() - buffer.lag();
        if (buffer.pieces()) {
            line.pieces(newRows, buffer.rows(), buffer.kept(), piece(written, window - 1), piece(written, window));
        } else if (window > 0 && moves(written, window)) {
            int newFirst = newRows - buffer.kept();
            if (!buffer.shared()) {
                line.copyRows(newFirst, buffer.kept(), line, first[written]);
            }
            line.firstRow(newFirst);
            first[written] = newFirst;
        }
    }

    /// Where the rows of a window lie that the next one's readers need too: two places in turn.
    private int piece(int buffer, int window) {
        return pieces[buffer] + (window & 1) * buffers[buffer].kept() * lines[buffer].rowStride();
    }

    /// The buffer that a stage of a window makes room in, or -1.
    private int opened(int stage) {
        int step = stage / 3 - 1;
        if (step < 0) {
            return readInto;
        }
        return step < calls.length && opens[step] && views[out[step]] == lines[out[step]] ? out[step] : -1;
    }

    /// Whether a buffer begins anew with a window: not while it has room, nor when nothing comes any more and what
    /// readers still want stays where it is.
    private boolean moves(int index, int window) {
        return window % buffers[index].windows() == 0 && !past(index, window);
    }

    private boolean past(int index, int window) {
        LineBuffer buffer = buffers[index];
        return !buffer.shared()
                && window * buffer.windowRows() - buffer.lag() >= lines[index].height() + buffer.border();
    }

    @Override
    public void run(int stage, int part, int end, int parts, float[] scratch, int scratchBegin) {
        int window = stage / stages;
        int ofWindow = stage % stages;
        switch (ofWindow % 3) {
            case 0 -> {
                if (ofWindow > 0) {
                    putAside(ofWindow / 3 - 2, part, end, parts);
                } else if (window > 0) {
                    putAside(calls.length, part, end, parts);
                }
            }
            case 1 -> {
                int written = opened(ofWindow);
                if (written >= 0) {
                    makeRoom(written, window, part, end, parts);
                }
            }
            default -> compute(window, ofWindow / 3 - 1, part, end, parts, scratch, scratchBegin);
        }
    }

    /// Reads, computes a step, or writes.
    private void compute(int window, int step, int part, int end, int parts, float[] scratch, int scratchBegin) {
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
        int rowBegin = Stages.cut(firstRow, lastRow, rows, -behind, part, parts);
        int rowEnd = Stages.cut(firstRow, lastRow, rows, -behind, end, parts);
        if (rowBegin >= rowEnd) {
            return;
        }
        TensorView view = views[buffer];
        if (writes) {
            writer.write(view, rowBegin, rowEnd);
            return;
        }
        if (reads) {
            reader.read(view, rowBegin, rowEnd);
        } else {
            calls[step].run(views, rowBegin, rowEnd, scratch, scratchBegin);
        }
        if (view.border() > 0) {
            view.clearSides(rowBegin, rowEnd);
        }
    }

    /// Keeps the rows of shared buffers whose last reader has run.
    private void putAside(int step, int part, int end, int parts) {
        if (step < 0) {
            return;
        }
        for (int buffer : closes[step]) {
            if (views[buffer] == lines[buffer]) {
                int kept = buffers[buffer].kept();
                int rowBegin = Stages.cut(0, kept, 1, 0, part, parts);
                int rowEnd = Stages.cut(0, kept, 1, 0, end, parts);
                lines[buffer].copyRows(first[buffer] + buffers[buffer].windowRows() + rowBegin, rowEnd - rowBegin,
                        aside[buffer], rowBegin);
            }
        }
    }

    /// Brings back what a shared buffer has put aside, and zeroes those rows of the window that are border.
    private void makeRoom(int index, int window, int part, int end, int parts) {
        LineBuffer buffer = buffers[index];
        TensorView line = lines[index];
        if (past(index, window)) {
            return;
        }
        if (window > 0 && putsAside(buffer)) {
            int rowBegin = Stages.cut(0, buffer.kept(), 1, 0, part, parts);
            int rowEnd = Stages.cut(0, buffer.kept(), 1, 0, end, parts);
            aside[index].copyRows(rowBegin, rowEnd - rowBegin, line, first[index] + rowBegin);
        }
        if (part == 0) {
            int newRow = window * buffer.windowRows() - buffer.lag();
            int lastRow = newRow + buffer.windowRows();
            line.clearRows(Math.max(-buffer.border(), window == 0 ? first[index] : newRow), Math.min(0, lastRow));
            line.clearRows(Math.max(line.height(), newRow), Math.min(line.height() + buffer.border(), lastRow));
        }
    }

    /// How many rows of the picture a tensor has before a window.
    private int row(int buffer, int window, int rowsBehind) {
        long row = (long) window * buffers[buffer].windowRows() - rowsBehind;
        return Math.clamp(row, 0, lines[buffer].height());
    }
}
