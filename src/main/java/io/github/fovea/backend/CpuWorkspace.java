package io.github.fovea.backend;

import io.github.fovea.plan.LineBuffer;
import io.github.fovea.plan.Placement;
import io.github.fovea.plan.Plan;
import io.github.fovea.plan.WantedRows;
import io.github.fovea.plan.WindowPlan;
import io.github.fovea.tensor.TensorView;

/// One arena, laid out for whole tensors or for line buffers. The arena may be shared with other workspaces of the same
/// thread.
final class CpuWorkspace implements Workspace {
    /// Floats of half a megabyte: arrays of so many lie on cache lines, see docs/kernels.md.
    private static final int MIN_SCRATCH = 1 << 17;

    private final Plan plan;
    private final WindowPlan windowPlan;
    private final CpuExecutable.Rule rule;
    private final LayerRun layers;
    /// `null` for a plan without steps.
    private final WindowRun windows;
    private final WorkingMemory memory;
    private final WantedRows wanted;
    /// The array that the tensors lie in.
    private float[] arena;
    private int height;
    private int width;
    private boolean depthFirst;
    /// Whole input and output of a depth-first run, where they were asked for.
    private float[] planes = new float[0];
    private boolean planesPlaced;
    private final SharedRun shared = new SharedRun();
    private final TensorView wholeInput = new TensorView();
    private final TensorView wholeOutput = new TensorView();

    CpuWorkspace(
            Plan plan, CpuExecutable.Call[] calls, WindowPlan windowPlan, CpuExecutable.Call[] windowCalls,
            CpuExecutable.Rule rule, WantedRows wanted, WorkingMemory memory) {
        this.memory = memory;
        this.plan = plan;
        this.wanted = wanted;
        this.rule = rule;
        this.windowPlan = windowPlan;
        layers = new LayerRun(plan, calls);
        windows = windowPlan == null ? null : new WindowRun(windowPlan, windowCalls, plan.rowUnit());
    }

    @Override
    public void prepare(int newHeight, int newWidth) {
        if (newHeight == height && newWidth == width && arena == memory.data()) {
            if (memory.take(this) && !depthFirst) {
                layers.input().clearBorder(0, height);
            }
            wanted.want(height, 0, height);
            return;
        }
        if (newHeight < 1 || newWidth < 1) {
            throw new IllegalArgumentException("picture of " + newWidth + "x" + newHeight + ", wanted at least 1x1");
        }
        height = 0;
        width = 0;
        planesPlaced = false;
        long elements = layers.elements(newHeight, newWidth);
        depthFirst = false;
        if (windows != null) {
            long lineElements = lineElements(newHeight, newWidth);
            depthFirst = rule.depthFirst(elements, lineElements);
            elements = depthFirst ? lineElements : elements;
        }
        elements += plan.kernelNeeds().scratchElements();
        if (elements > TensorView.MAX_ELEMENTS || elements < 0) {
            throw new IllegalArgumentException("a picture of " + newWidth + "x" + newHeight + " needs an arena of "
                    + (elements < 0 ? "more than 2^63" : elements) + " floats, one array holds "
                    + TensorView.MAX_ELEMENTS + "; cut it into tiles");
        }
        arena = memory.ensure((int) elements);
        memory.take(this);
        if (depthFirst) {
            windows.place(arena, newHeight, newWidth);
        } else {
            layers.place(arena, newHeight, newWidth);
        }
        height = newHeight;
        width = newWidth;
        wanted.want(height, 0, height);
    }

    @Override
    public long want(int rowBegin, int rowEnd) {
        requireShape();
        wanted.want(height, rowBegin, rowEnd);
        return wanted.macs(width);
    }

    /// The floats of all line buffers; [Long#MAX_VALUE] if they or the numbers of rows overflow.
    private long lineElements(int newHeight, int newWidth) {
        try {
            Math.multiplyExact(newHeight, plan.scale());
            return windows.elements(newWidth);
        } catch (ArithmeticException e) {
            return Long.MAX_VALUE;
        }
    }

    private void placePlanes() {
        if (planesPlaced || height == 0) {
            return;
        }
        LineBuffer in = windowPlan.buffers().get(windowPlan.input());
        LineBuffer out = windowPlan.buffers().get(windowPlan.output());
        int scale = out.scale();
        long inElements = TensorView.elements(in.layout(), in.channels(), height, width, in.border());
        long elements = Placement.FIRST_ELEMENT + inElements
                + TensorView.elements(out.layout(), out.channels(), height * scale, width * scale, 0);
        if (elements > TensorView.MAX_ELEMENTS) {
            throw new IllegalArgumentException("input and output of a picture of " + width + "x" + height + " are "
                    + elements
                    + " floats, one array holds " + TensorView.MAX_ELEMENTS + "; read and write its rows as the run goes");
        }
        if (elements > planes.length) {
            forgetPlanes();
            planes = new float[(int) elements];
        }
        wholeInput.place(planes, Placement.FIRST_ELEMENT, in.layout(), in.channels(), height, width, in.border());
        wholeOutput.place(planes, Placement.FIRST_ELEMENT + (int) inElements, out.layout(), out.channels(),
                height * scale, width * scale, 0);
        wholeInput.clearBorder(0, height);
        planesPlaced = true;
    }

    @Override
    public TensorView input() {
        if (depthFirst) {
            placePlanes();
            return wholeInput;
        }
        return layers.input();
    }

    @Override
    public TensorView output() {
        if (depthFirst) {
            placePlanes();
            return wholeOutput;
        }
        return layers.output();
    }

    private void requireShape() {
        if (height == 0) {
            throw new IllegalStateException("workspace has no shape; call prepare first");
        }
    }

    @Override
    public void run() {
        run(null, null);
    }

    @Override
    public void run(RowReader reader, RowWriter writer) {
        Stages stages = begin(reader, writer);
        int from = scratchFrom();
        for (int i = 0; i < stages.count(); i++) {
            stages.open(i);
            stages.run(i, 0, 1, 1, arena, from);
        }
    }

    @Override
    public int share(int threads, RowReader reader, RowWriter writer) {
        return shared.begin(begin(reader, writer), threads);
    }

    @Override
    public void runPart(int part, WorkingMemory own) {
        if (own == memory) {
            shared.run(part, arena, scratchFrom());
        } else {
            own.take(this);
            shared.run(part, own.ensure(helperElements()), Placement.FIRST_ELEMENT);
        }
    }

    @Override
    public long helperBytes() {
        return (long) Float.BYTES * helperElements();
    }

    private int helperElements() {
        return Placement.FIRST_ELEMENT + Math.max(MIN_SCRATCH, plan.kernelNeeds().scratchElements());
    }

    private Stages begin(RowReader reader, RowWriter writer) {
        requireShape();
        if (!depthFirst) {
            layers.begin(wanted, reader, writer);
            return layers;
        }
        if (reader == null) {
            placePlanes();
            windows.begin(wanted, wholeInput, wholeOutput);
        } else {
            windows.begin(wanted, reader, writer);
        }
        return windows;
    }

    private int scratchFrom() {
        return depthFirst ? windows.scratchFrom() : layers.scratchFrom();
    }

    @Override
    public long bytes() {
        return memory.bytes() + (long) Float.BYTES * planes.length;
    }

    @Override
    public void release() {
        memory.release();
        forget();
        forgetPlanes();
    }

    /// Lets go of the array that the tensors lie in, which is no longer the memory's; [#prepare] starts anew.
    void forget() {
        arena = null;
        height = 0;
        width = 0;
        planesPlaced = false;
        layers.forget();
        if (windows != null) {
            windows.forget();
        }
    }

    private void forgetPlanes() {
        planes = new float[0];
        wholeInput.forget();
        wholeOutput.forget();
    }
}
