package io.github.fovea.backend;

import io.github.fovea.plan.Placement;
import io.github.fovea.plan.Plan;
import io.github.fovea.plan.Slot;
import io.github.fovea.tensor.TensorView;

/// One arena with a view for every slot. The arena may be shared with other workspaces of the same thread.
final class CpuWorkspace implements Workspace {
    private static final int MAX_ELEMENTS = Integer.MAX_VALUE - 8;

    private final Plan plan;
    private final CpuExecutable.Call[] calls;
    private final Placement placement;
    private final TensorView[] views;
    /// The view that each call writes.
    private final TensorView[] written;
    private final WorkingMemory memory;
    /// The array that the views lie in.
    private float[] arena;
    /// Where the kernels' scratch memory begins, behind the tensors.
    private int scratchFrom;
    private int height;
    private int width;

    CpuWorkspace(Plan plan, CpuExecutable.Call[] calls, WorkingMemory memory) {
        this.plan = plan;
        this.calls = calls;
        this.memory = memory;
        placement = plan.memory().newPlacement();
        views = new TensorView[plan.slots().size()];
        for (int i = 0; i < views.length; i++) {
            views[i] = new TensorView();
        }
        written = plan.steps().stream().map(step -> views[step.out()]).toArray(TensorView[]::new);
    }

    @Override
    public void prepare(int newHeight, int newWidth) {
        if (newHeight == height && newWidth == width && arena == memory.data()) {
            if (memory.take(this)) {
                input().clearBorder(0, input().height());
            }
            return;
        }
        if (newHeight < 1 || newWidth < 1) {
            throw new IllegalArgumentException("picture of " + newWidth + "x" + newHeight + ", wanted at least 1x1");
        }
        height = 0;
        width = 0;
        long elements = place(newHeight, newWidth);
        arena = memory.ensure((int) elements);
        memory.take(this);
        for (int i = 0; i < views.length; i++) {
            Slot slot = plan.slots().get(i);
            views[i].place(arena, (int) placement.offset(i), slot.layout(), slot.channels(),
                    newHeight * slot.scale(), newWidth * slot.scale(), slot.border());
        }
        scratchFrom = (int) placement.elements();
        TensorView input = views[plan.input()];
        input.clearBorder(0, input.height());
        height = newHeight;
        width = newWidth;
    }

    private long place(int newHeight, int newWidth) {
        long elements;
        try {
            elements = Math.addExact(placement.place(newHeight, newWidth), plan.kernelNeeds().scratchElements());
        } catch (ArithmeticException e) {
            elements = Long.MAX_VALUE;
        }
        if (elements > MAX_ELEMENTS) {
            throw new IllegalArgumentException("a picture of " + newWidth + "x" + newHeight + " needs an arena of "
                    + (elements == Long.MAX_VALUE ? "more than 2^63" : elements) + " floats, one array holds "
                    + MAX_ELEMENTS + "; cut it into tiles");
        }
        return elements;
    }

    @Override
    public TensorView input() {
        return views[plan.input()];
    }

    @Override
    public TensorView output() {
        return views[plan.output()];
    }

    @Override
    public void run() {
        if (height == 0) {
            throw new IllegalStateException("workspace has no shape; call prepare first");
        }
        for (int i = 0; i < calls.length; i++) {
            calls[i].run(views, arena, scratchFrom);
            // Kernels leave anything in the padding; only readers with a radius look there.
            if (written[i].border() > 0) {
                written[i].clearBorder(0, written[i].height());
            }
        }
    }

    @Override
    public long bytes() {
        return memory.bytes();
    }

    @Override
    public void release() {
        memory.release();
        arena = null;
        height = 0;
        width = 0;
    }
}
