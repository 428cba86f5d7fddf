package io.github.fovea.backend;

import io.github.fovea.plan.Placement;
import io.github.fovea.plan.Plan;
import io.github.fovea.plan.Slot;
import io.github.fovea.plan.WantedRows;
import io.github.fovea.tensor.TensorView;
import java.util.stream.IntStream;

/// Runs a plan layer by layer on whole tensors.
final class LayerRun implements Stages {
    private final Plan plan;
    private final CpuExecutable.Call[] calls;
    private final Placement placement;
    private final TensorView[] views;
    /// For each slot, blocks of its rows begin at multiples of so many.
    private final int[] units;
    /// For each step, the row behind row 0 at which its tiles begin.
    private final int[] firstTiles;
    private int scratchFrom;
    private WantedRows wanted;
    private RowReader reader;
    private RowWriter writer;

    LayerRun(Plan plan, CpuExecutable.Call[] calls) {
        this.plan = plan;
        this.calls = calls;
        placement = plan.memory().newPlacement();
        views = new TensorView[plan.slots().size()];
        for (int i = 0; i < views.length; i++) {
            views[i] = new TensorView();
        }
        firstTiles = IntStream.range(0, calls.length).map(plan::firstTile).toArray();
        units = plan.slots().stream().mapToInt(slot -> plan.rowUnit() * slot.scale()).toArray();
    }

    /// {@return the floats that the tensors take; [Long#MAX_VALUE] if they overflow}
    ///
    /// @param height rows of the input picture
    /// @param width  pixels in its rows
    long elements(int height, int width) {
        try {
            return placement.place(height, width);
        } catch (ArithmeticException e) {
            return Long.MAX_VALUE;
        }
    }

    /// Lays the tensors out as [#elements] has found it for the same picture.
    ///
    /// @param arena  holds those elements, and behind them the kernels' scratch memory
    /// @param height rows of the input picture
    /// @param width    pixels in its rows
    void place(float[] arena, int height, int width) {
        for (int i = 0; i < views.length; i++) {
            Slot slot = plan.slots().get(i);
            views[i].place(arena, (int) placement.offset(i), slot.layout(), slot.channels(),
                    height * slot.scale(), width * slot.scale(), slot.border());
        }
        scratchFrom = (int) placement.elements();
        input().clearBorder(0, height);
    }

    /// Lets go of the arena.
    void forget() {
        for (TensorView view : views) {
            view.forget();
        }
    }

    TensorView input() {
        return view(plan.input());
    }

    TensorView output() {
        return view(plan.output());
    }

    /// {@return where the tensor of a slot lies}
    TensorView view(int slot) {
        return views[slot];
    }

    /// {@return index of the kernels' scratch memory in the arena}
    int scratchFrom() {
        return scratchFrom;
    }

    /// Makes ready for a run: the picture is read first, and the result written last.
    ///
    /// @param rows      rows of every step that are wanted
    /// @param newReader gives the picture; `null` where [#input] has it
    /// @param newWriter takes the result; `null` if it stays in [#output]
    void begin(WantedRows rows, RowReader newReader, RowWriter newWriter) {
        wanted = rows;
        reader = newReader;
        writer = newWriter;
    }

    @Override
    public int count() {
        return calls.length + 2;
    }

    @Override
    public void open(int stage) {}

    @Override
    public void run(int stage, int part, int end, int parts, float[] scratch, int scratchBegin) {
        int step = stage - 1;
        boolean reads = step < 0;
        boolean writes = step == calls.length;
        if (reads && reader == null || writes && writer == null) {
            return;
        }
        int slot = reads ? plan.input() : writes ? plan.output() : plan.steps().get(step).out();
        TensorView view = views[slot];
        int first = reads || writes ? 0 : wanted.begin(step);
        int last = reads || writes ? view.height() : wanted.end(step);
        int origin = reads || writes ? 0 : firstTiles[step];
        int rowBegin = Stages.cut(first, last, units[slot], origin, part, parts);
        int rowEnd = Stages.cut(first, last, units[slot], origin, end, parts);
        if (rowBegin == rowEnd) {
            return;
        }
        if (reads) {
            reader.read(view, rowBegin, rowEnd);
        } else if (writes) {
            writer.write(view, rowBegin, rowEnd);
        } else {
            calls[step].run(views, rowBegin, rowEnd, scratch, scratchBegin);
            // Kernels leave anything in the padding; only readers with a radius look there.
            if (view.border() > 0) {
                view.clearBorder(rowBegin, rowEnd);
            }
        }
    }
}
