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
import io.github.fovea.tensor.TensorView;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/// A plan bound to kernels and packed weights.
final class CpuExecutable implements Executable {
    /// One kernel call with everything but the tensors.
    interface Call {
        /// Computes the whole output tensor.
        ///
        /// @param views       the tensor of every slot
        /// @param scratch     holds the plan's scratch memory
        /// @param scratchFrom index of its first float
        void run(TensorView[] views, float[] scratch, int scratchFrom);
    }

    private final Plan plan;
    private final KernelTable table;
    private final Call[] calls;
    private final AtomicBoolean warm = new AtomicBoolean();

    CpuExecutable(Plan plan, WeightStore weights) {
        this.plan = plan;
        this.table = weights.table();
        List<Call> bound = new ArrayList<>();
        for (Step step : plan.steps()) {
            bound.add(bind(step, weights));
        }
        calls = bound.toArray(Call[]::new);
    }

    private Call bind(Step step, WeightStore weights) {
        int channels = plan.slots().get(step.out()).channels();
        return switch (step) {
            case Step.Conv(var op, var slopes, int in, int out) -> new ConvCall(weights.kernel(op), weights.conv(op),
                    weights.vector(op.bias(), op.outChannels()), slopes(slopes, channels, weights), in, out);
            case Step.DepthwiseConv(var op, var slopes, int in, int out) -> new DepthwiseCall(table.depthwise3x3(),
                    weights.depthwise(op), weights.vector(op.bias(), op.channels()), slopes(slopes, channels, weights), in,
                    out);
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
        return new CpuWorkspace(plan, calls, memory);
    }

    @Override
    public void warmUp() {
        if (warm.compareAndSet(false, true)) {
            new WarmUp(plan, table).run();
        }
    }

    private record ConvCall(Conv kernel, float[] packed, float[] bias, float[] slopes, int in, int out)
            implements Call {
        @Override
        public void run(TensorView[] views, float[] scratch, int scratchFrom) {
            kernel.run(views[in], packed, bias, slopes, views[out], 0, views[out].height(), scratch, scratchFrom);
        }
    }

    private record DepthwiseCall(DepthwiseConv kernel, float[] packed, float[] bias, float[] slopes, int in, int out)
            implements Call {
        @Override
        public void run(TensorView[] views, float[] scratch, int scratchFrom) {
            kernel.run(views[in], packed, bias, slopes, views[out], 0, views[out].height());
        }
    }

    private record ActivationCall(Activation kernel, float[] slopes, int in, int out) implements Call {
        @Override
        public void run(TensorView[] views, float[] scratch, int scratchFrom) {
            kernel.run(views[in], slopes, views[out], 0, views[out].height());
        }
    }

    private record AddCall(Add kernel, int a, int b, int out) implements Call {
        @Override
        public void run(TensorView[] views, float[] scratch, int scratchFrom) {
            kernel.run(views[a], views[b], views[out], 0, views[out].height());
        }
    }

    private record PixelShuffleCall(PixelShuffle kernel, int scale, int in, int out) implements Call {
        @Override
        public void run(TensorView[] views, float[] scratch, int scratchFrom) {
            kernel.run(views[in], scale, views[out], 0, views[in].height());
        }
    }

    private record ResizeCall(Resize kernel, Interpolation interpolation, int scale, int in, int out)
            implements Call {
        @Override
        public void run(TensorView[] views, float[] scratch, int scratchFrom) {
            kernel.run(views[in], interpolation, scale, views[out], 0, views[in].height());
        }
    }
}
