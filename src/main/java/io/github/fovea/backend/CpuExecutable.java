package io.github.fovea.backend;

import io.github.fovea.graph.Interpolation;
import io.github.fovea.kernel.Activation;
import io.github.fovea.kernel.Add;
import io.github.fovea.kernel.Conv;
import io.github.fovea.kernel.DepthwiseConv;
import io.github.fovea.kernel.KernelTable;
import io.github.fovea.kernel.PixelShuffle;
import io.github.fovea.kernel.Resize;
import io.github.fovea.plan.Plan;
import io.github.fovea.plan.Slopes;
import io.github.fovea.plan.Step;
import io.github.fovea.plan.WantedRows;
import io.github.fovea.plan.WindowPlan;
import io.github.fovea.tensor.TensorView;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/// A plan bound to kernels and packed weights.
final class CpuExecutable implements Executable {
    /// One kernel call with everything but the tensors.
    interface Call {
        /// Computes rows of the output tensor.
        ///
        /// @param views       the tensor of every slot, or of every line buffer
        /// @param rowBegin    first row of the output, a multiple of the step's scale; 0, or where a tile begins
        ///                    ([Plan#firstTile])
        /// @param rowEnd      row after the last: likewise, or the end of the output
        /// @param scratch     holds the plan's scratch memory
        /// @param scratchFrom index of its first float
        void run(TensorView[] views, int rowBegin, int rowEnd, float[] scratch, int scratchFrom);
    }

    /// Decides how a picture is run.
    interface Rule {
        /// {@return whether a picture is run depth first}
        ///
        /// @param wholeElements  floats of an arena of whole tensors
        /// @param windowElements floats of an arena of line buffers
        boolean depthFirst(long wholeElements, long windowElements);
    }

    private final Plan plan;
    private final KernelTable table;
    private final Rule rule;
    private final Call[] calls;
    /// The plan's depth-first form; `null` where there are no steps.
    private final WindowPlan windows;
    private final Call[] windowCalls;
    private final AtomicBoolean warm = new AtomicBoolean();

    CpuExecutable(Plan plan, WeightStore weights) {
        this(plan, weights, plan.windows().orElse(null), WindowPlan::pays);
    }

    /// Binds a plan with a depth-first form and a rule of one's own.
    CpuExecutable(Plan plan, WeightStore weights, WindowPlan windows, Rule rule) {
        this.plan = plan;
        this.table = plan.kernels().table();
        this.windows = windows;
        this.rule = rule;
        calls = calls(plan.steps(), slot -> plan.slots().get(slot).channels(), weights);
        windowCalls = windows == null ? new Call[0]
                : calls(windows.steps(), buffer -> windows.buffers().get(buffer).channels(), weights);
    }

    private Call[] calls(List<Step> steps, IntUnaryOperator channels, WeightStore weights) {
        return IntStream.range(0, steps.size())
                .mapToObj(i -> bind(i, steps.get(i), channels.applyAsInt(steps.get(i).out()), weights))
                .toArray(Call[]::new);
    }

    /// {@return the plan's steps in order}
    Call[] calls() {
        return calls;
    }

    private Call bind(int index, Step step, int channels, WeightStore weights) {
        return switch (step) {
            case Step.Conv(var op, var slopes, int in, int out) -> new ConvCall(plan.kernels().conv(op),
                    weights.conv(op), weights.vector(op.bias(), op.outChannels()), slopes(slopes, channels, weights),
                    in, out, plan.firstTile(index));
            case Step.DepthwiseConv(var op, var slopes, int in, int out) -> new DepthwiseCall(table.depthwise3x3(),
                    weights.depthwise(op), weights.vector(op.bias(), op.channels()), slopes(slopes, channels, weights),
                    in, out);
            case Step.Activation(var slopes, int in, int out) ->
                new ActivationCall(table.activation(), slopes(slopes, channels, weights), in, out);
            case Step.Add(int a, int b, int out) -> new AddCall(table.add(), a, b, out);
            case Step.PixelShuffle(int scale, int in, int out) ->
                new PixelShuffleCall(table.pixelShuffle(), scale, in, out);
            case Step.Resize(var interpolation, int scale, int in, int out) ->
                new ResizeCall(table.resize(), interpolation, scale, in, out);
        };
    }

    private static float[] slopes(Slopes slopes, int channels, WeightStore weights) {
        return switch (slopes) {
            case Slopes.None _ -> null;
            case Slopes.Constant(float slope) -> {
                float[] all = new float[(channels + 15) / 16 * 16];
                Arrays.fill(all, 0, channels, slope);
                yield all;
            }
            case Slopes.Parameter(String name) -> weights.vector(name, channels);
        };
    }

    @Override
    public Plan plan() {
        return plan;
    }

    @Override
    public String backend() {
        return table.name();
    }

    @Override
    public Workspace newWorkspace(WorkingMemory memory) {
        CpuWorkspace workspace = new CpuWorkspace(plan, calls, windows, windowCalls, rule, new WantedRows(plan),
                memory);
        memory.add(workspace);
        return workspace;
    }

    @Override
    public void warmUp() {
        if (warm.compareAndSet(false, true)) {
            new WarmUp(plan).run();
        }
    }

    private record ConvCall(
            Conv kernel, WeightStore.Packed weights, float[] bias, float[] slopes, int in, int out, int firstTile)
            implements Call {
        @Override
        public void run(TensorView[] views, int rowBegin, int rowEnd, float[] scratch, int scratchFrom) {
            int cut = rowBegin < firstTile ? Math.min(firstTile, rowEnd) : rowBegin;
            if (rowBegin < cut) {
                tiles(views, rowBegin, cut, scratch, scratchFrom);
            }
            if (cut < rowEnd) {
                tiles(views, cut, rowEnd, scratch, scratchFrom);
            }
        }

        private void tiles(TensorView[] views, int rowBegin, int rowEnd, float[] scratch, int scratchFrom) {
            kernel.run(views[in], weights.array(), weights.from(), bias, slopes, views[out], rowBegin, rowEnd, scratch,
                    scratchFrom);
        }
    }

    private record DepthwiseCall(DepthwiseConv kernel, float[] packed, float[] bias, float[] slopes, int in, int out)
            implements Call {
        @Override
        public void run(TensorView[] views, int rowBegin, int rowEnd, float[] scratch, int scratchFrom) {
            kernel.run(views[in], packed, bias, slopes, views[out], rowBegin, rowEnd);
        }
    }

    private record ActivationCall(Activation kernel, float[] slopes, int in, int out) implements Call {
        @Override
        public void run(TensorView[] views, int rowBegin, int rowEnd, float[] scratch, int scratchFrom) {
            kernel.run(views[in], slopes, views[out], rowBegin, rowEnd);
        }
    }

    private record AddCall(Add kernel, int a, int b, int out) implements Call {
        @Override
        public void run(TensorView[] views, int rowBegin, int rowEnd, float[] scratch, int scratchFrom) {
            kernel.run(views[a], views[b], views[out], rowBegin, rowEnd);
        }
    }

    private record PixelShuffleCall(PixelShuffle kernel, int scale, int in, int out) implements Call {
        @Override
        public void run(TensorView[] views, int rowBegin, int rowEnd, float[] scratch, int scratchFrom) {
            kernel.run(views[in], scale, views[out], rowBegin / scale, rowEnd / scale);
        }
    }

    private record ResizeCall(Resize kernel, Interpolation interpolation, int scale, int in, int out)
            implements Call {
        @Override
        public void run(TensorView[] views, int rowBegin, int rowEnd, float[] scratch, int scratchFrom) {
            kernel.run(views[in], interpolation, scale, views[out], rowBegin / scale, rowEnd / scale);
        }
    }
}
