package io.github.fovea.train;

import io.github.fovea.graph.Graph;
import io.github.fovea.kernel.KernelTable;
import io.github.fovea.network.MetaGraph;
import io.github.fovea.tensor.TensorView;

/// One sub-graph ready for a step of training: its slices packed, and room for the activations of every thread.
final class SubGraphPass {
    final ParameterLayout layout;
    private final Graph graph;
    private final PackedParameters packed;
    private final Backpropagation[] passes;

    SubGraphPass(MetaGraph meta, int[] vector, KernelTable kernels, int patch, int threads) {
        graph = Training.withoutSkip(meta.subGraph(vector));
        layout = new ParameterLayout(graph);
        packed = new PackedParameters(graph, layout, kernels);
        passes = new Backpropagation[threads];
        for (int i = 0; i < threads; i++) {
            passes[i] = new Backpropagation(graph, layout, kernels, patch, patch, true);
        }
    }

    void update(SharedTensors tensors, float[] all) {
        packed.update(tensors.extract(all, layout));
    }

    TensorView input(int worker) {
        return passes[worker].input();
    }

    /// Runs a patch that [#input] holds, and adds the gradients of its loss.
    ///
    /// @return the loss, summed over the patch
    double run(int worker, Loss loss, float[] target, float weight, float[] sums) {
        Backpropagation pass = passes[worker];
        pass.forward(packed);
        double value = loss.evaluate(pass.output(), target, weight, pass.outputGradient());
        pass.backward(packed, sums);
        return value;
    }

    /// Copies the output of the latest patch, `[c][h][w]` without gaps.
    void output(int worker, float[] to) {
        TensorView out = passes[worker].output();
        int at = 0;
        int step = out.layout().pixelStride();
        for (int c = 0; c < out.channels(); c++) {
            for (int y = 0; y < out.height(); y++) {
                int from = out.index(c, y, 0);
                for (int x = 0; x < out.width(); x++) {
                    to[at++] = out.data()[from + x * step];
                }
            }
        }
    }
}
