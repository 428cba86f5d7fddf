package io.github.fovea.train;

import io.github.fovea.kernel.KernelTable;
import io.github.fovea.network.MetaGraph;
import io.github.fovea.tensor.TensorView;
import java.util.List;

/// Some sub-graphs ready for steps of training: their slices packed, and room for the activations of every thread.
/// Running allocates the few rows in which a loss is computed, and taking over numbers one layer's mirrored weights at a
/// time.
final class JointPass {
    private final int[] indices;
    private final float[] own;
    private final PackedParameters packed;
    private final Backpropagation[] passes;
    private final int results;

    /// Prepares sub-graphs.
    ///
    /// @param meta    the meta-graph
    /// @param tensors where its tensors lie
    /// @param vectors choice vectors, all different; the first one's sub-graph teaches the others
    /// @param kernels the kernels to run on
    /// @param patch   rows and columns of a patch of the small picture
    /// @param threads threads that run patches at the same time
    JointPass(MetaGraph meta, SharedTensors tensors, List<int[]> vectors, KernelTable kernels, int patch, int threads) {
        JointGraph joint = JointGraph.of(meta, vectors);
        ParameterLayout layout = new ParameterLayout(joint.graph());
        indices = tensors.indices(layout);
        own = new float[indices.length];
        packed = new PackedParameters(joint.graph(), layout, kernels);
        results = vectors.size();
        passes = new Backpropagation[threads];
        for (int i = 0; i < threads; i++) {
            passes[i] = new Backpropagation(joint.graph(), layout, kernels, patch, patch, true, joint.results());
        }
    }

    /// {@return how many numbers its sub-graphs have together}
    int elements() {
        return own.length;
    }

    /// {@return how many sub-graphs there are}
    int results() {
        return results;
    }

    /// Takes over the shared numbers.
    void update(float[] all) {
        SharedTensors.gather(all, indices, own);
        packed.update(own);
    }

    /// Adds gradients of the sub-graphs' numbers to those of the shared ones.
    void add(float[] sums, float[] all) {
        for (int i = 0; i < own.length; i++) {
            all[indices[i]] += sums[i];
        }
    }

    TensorView input(int worker) {
        return passes[worker].input();
    }

    /// Runs the patch that [#input] holds, and adds the gradients of all losses. The first sub-graph learns from the
    /// target, the others from a mixture of the target and of what the first one made of the patch.
    ///
    /// @param worker       index of the thread
    /// @param loss         what is minimised
    /// @param target       what was wanted, `[c][h][w]` without gaps
    /// @param mixture      receives what the others learn from; as long as the target
    /// @param distillation share of the first one's result in that, 0 to 1
    /// @param weight       1 / (numbers over which the mean is taken)
    /// @param first        how much the first one's loss counts, the others' counting one each
    /// @param sums         receives the gradients, [#elements] of them
    /// @return the loss of the first sub-graph, summed over the patch
    double run(int worker, Loss loss, float[] target, float[] mixture, double distillation, float weight, float first,
            float[] sums) {
        Backpropagation pass = passes[worker];
        pass.forward(packed);
        double value = loss.evaluate(pass.output(0), target, 0, first * weight, pass.outputGradient(0));
        if (results > 1) {
            mix(pass.output(0), target, (float) distillation, mixture);
        }
        for (int k = 1; k < results; k++) {
            loss.evaluate(pass.output(k), mixture, 0, weight, pass.outputGradient(k));
        }
        pass.backward(packed, sums);
        return value;
    }

    private static void mix(TensorView made, float[] target, float share, float[] mixture) {
        int at = 0;
        int step = made.layout().pixelStride();
        for (int c = 0; c < made.channels(); c++) {
            for (int y = 0; y < made.height(); y++) {
                int from = made.index(c, y, 0);
                for (int x = 0; x < made.width(); x++, at++) {
                    mixture[at] = target[at] + share * (made.data()[from + x * step] - target[at]);
                }
            }
        }
    }
}
