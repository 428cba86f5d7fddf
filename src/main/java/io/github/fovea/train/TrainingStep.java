package io.github.fovea.train;

import io.github.fovea.graph.Graph;
import io.github.fovea.kernel.KernelTable;
import io.github.fovea.pipeline.Workers;
import java.util.Arrays;
import java.util.SplittableRandom;

/// One step of training: patches forward and backward, gradients summed, numbers moved.
///
/// The batch is cut into slices that do not depend on the number of threads; each slice has its own sums of gradients,
/// and these are added in the order of the slices. So results repeat bit for bit, whichever thread takes which slice.
/// Patches run one at a time, which keeps all activations of a patch in the second-level cache.
final class TrainingStep {
    /// More slices than this would cost memory, fewer would leave threads idle.
    private static final int MAX_SLICES = 16;

    private final Optimiser optimiser;
    private final TrainingSet pictures;
    private final TrainingOptions options;
    private final TrainingOptions.Sampling sampling;
    private final Workers workers;
    private final PackedParameters packed;
    private final Backpropagation[] passes;
    private final float[][] targets;
    private final int slices;
    private final float[][] sums;
    private final double[] losses;
    private final TrainingSet.Patch[] drawn;
    private final float weight;

    /// Prepares for a network and a batch.
    TrainingStep(Graph graph, ParameterLayout layout, Optimiser optimiser, KernelTable kernels, TrainingSet pictures,
            TrainingOptions options, Workers workers) {
        this.optimiser = optimiser;
        this.pictures = pictures;
        this.options = options;
        sampling = options.sampling();
        this.workers = workers;
        packed = new PackedParameters(graph, layout, kernels);
        int threads = workers.threads();
        int large = sampling.patch() * options.scale();
        int outputs = graph.outputChannels() * large * large;
        passes = new Backpropagation[threads];
        targets = new float[threads][outputs];
        slices = Math.min(sampling.batch(), MAX_SLICES);
        sums = new float[slices][layout.elements()];
        losses = new double[slices];
        for (int i = 0; i < threads; i++) {
            passes[i] = new Backpropagation(graph, layout, kernels, sampling.patch(), sampling.patch(), true);
        }
        drawn = new TrainingSet.Patch[sampling.batch()];
        weight = 1f / ((float) outputs * sampling.batch());
    }

    /// Makes a step.
    ///
    /// @param index index of the step, from 0: with the seed it decides which patches are drawn
    /// @param rate  learning rate
    /// @return the mean loss before the step
    double run(long index, double rate) {
        SplittableRandom random = Training.random(options.seed(), index);
        for (int i = 0; i < drawn.length; i++) {
            drawn[i] = draw(random);
        }
        packed.update(optimiser.parameters(), workers);
        workers.run(slices, this::slice);
        double loss = 0;
        for (double part : losses) {
            loss += part;
        }
        optimiser.step(sums, index, rate);
        return loss * weight;
    }

    private TrainingSet.Patch draw(SplittableRandom random) {
        TrainingSet.Patch best = pictures.draw(random);
        if (sampling.candidates() > 1) {
            double detail = pictures.detail(best);
            for (int i = 1; i < sampling.candidates(); i++) {
                TrainingSet.Patch other = pictures.draw(random);
                double otherDetail = pictures.detail(other);
                if (otherDetail > detail) {
                    best = other;
                    detail = otherDetail;
                }
            }
        }
        return best;
    }

    private void slice(int slice, int worker) {
        Backpropagation pass = passes[worker];
        float[] target = targets[worker];
        Arrays.fill(sums[slice], 0f);
        losses[slice] = 0;
        int begin = slice * drawn.length / slices;
        int end = (slice + 1) * drawn.length / slices;
        for (int i = begin; i < end; i++) {
            TrainingSet.Patch patch = drawn[i];
            pictures.images().get(patch.image()).patch(patch.x(), patch.y(), sampling.patch(), patch.turn(),
                    pass.input(), target);
            pass.forward(packed);
            losses[slice] += options.weights().loss().evaluate(pass.output(), target, 0, weight, pass.outputGradient());
            pass.backward(packed, sums[slice]);
        }
    }
}
