package io.github.fovea.backend;

import io.github.fovea.plan.Placement;
import io.github.fovea.plan.Plan;
import io.github.fovea.plan.Slot;
import io.github.fovea.plan.WantedRows;
import io.github.fovea.tensor.TensorView;

/// Runs a plan layer by layer on whole tensors.
final class LayerRun {
    private final Plan plan;
    private final CpuExecutable.Call[] calls;
    private final Placement placement;
    private final TensorView[] views;
    /// The view that each call writes.
    private final TensorView[] written;
    private float[] arena;
    private int scratchFrom;

    LayerRun(Plan plan, CpuExecutable.Call[] calls) {
        this.plan = plan;
        this.calls = calls;
        placement = plan.memory().newPlacement();
        views = new TensorView[plan.slots().size()];
        for (int i = 0; i < views.length; i++) {
            views[i] = new TensorView();
        }
        written = plan.steps().stream().map(step -> views[step.out()]).toArray(TensorView[]::new);
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
    /// @param newArena holds those elements, and behind them the kernels' scratch memory
    /// @param height   rows of the input picture
    /// @param width    pixels in its rows
    void place(float[] newArena, int height, int width) {
        for (int i = 0; i < views.length; i++) {
            Slot slot = plan.slots().get(i);
            views[i].place(newArena, (int) placement.offset(i), slot.layout(), slot.channels(),
                    height * slot.scale(), width * slot.scale(), slot.border());
        }
        arena = newArena;
        scratchFrom = (int) placement.elements();
        input().clearBorder(0, height);
    }

    TensorView input() {
        return views[plan.input()];
    }

    TensorView output() {
        return views[plan.output()];
    }

    /// Computes the rows of every tensor that are wanted.
    ///
    /// @param wanted rows of every step
    void run(WantedRows wanted) {
        for (int i = 0; i < calls.length; i++) {
            int begin = wanted.begin(i);
            int end = wanted.end(i);
            if (begin == end) {
                continue;
            }
            calls[i].run(views, begin, end, arena, scratchFrom);
            // Kernels leave anything in the padding; only readers with a radius look there.
            if (written[i].border() > 0) {
                written[i].clearBorder(begin, end);
            }
        }
    }
}
