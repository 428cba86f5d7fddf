package io.github.fovea.train;

import io.github.fovea.graph.Graph;
import io.github.fovea.graph.Interpolation;
import io.github.fovea.kernel.KernelTable;
import io.github.fovea.network.MetaGraph;
import io.github.fovea.pipeline.Workers;
import java.io.IOException;
import java.util.Map;
import java.util.SplittableRandom;

/// All sub-graphs of a meta-graph trained at once.
///
/// Every step follows the sandwich rule with in-place distillation (Yu and Huang 2019, "Universally Slimmable Networks and
/// Improved Training Techniques"): the largest sub-graph learns from the pictures; the smallest and two random ones learn what
/// the largest makes of the same patches; the gradients of all go into the shared tensors. Random sub-graphs are drawn evenly
/// by how many nodes they leave out, so that shallow ones, which are many times cheaper, are trained as well as deep ones.
///
/// With a number of steps the result depends on nothing but the options and the pictures.
public final class Supernet {
    private static final int RANDOM = 2;
    private static final int WARM_UP_STEPS = 100;
    private static final double AVERAGE_DECAY = 0.999;
    private static final long REPORT_NANOS = 2_000_000_000L;

    private final SupernetOptions options;
    private final KernelTable kernels = Training.kernels();
    private final TrainingSet pictures;
    private final SharedTensors tensors;
    private final float[] trained;
    private final float[] average;

    /// Hears how it goes.
    @FunctionalInterface
    public interface Listener {
        /// Hears how it goes.
        ///
        /// @param step  steps done
        /// @param share share of the training done, 0 to 1
        /// @param loss  mean absolute error of the largest sub-graph since the last call
        void progress(long step, double share, double loss);
    }

    private Supernet(SupernetOptions options) throws IOException {
        this.options = options;
        MetaGraph meta = options.meta();
        TrainingOptions reading = TrainingOptions.of(options.folder(), meta.name(), meta.scale()).withChannels(meta.channels())
                .withSeed(options.seed(), options.threads());
        reading = reading.with(new TrainingOptions.Sampling(options.batch(), options.patch(), 1, options.heldOut(),
                java.util.List.of()));
        pictures = TrainingSet.load(reading, Interpolation.BICUBIC, kernels);
        tensors = new SharedTensors(meta);
        trained = tensors.initial(new SplittableRandom(options.seed()));
        average = trained.clone();
    }

    /// {@return a trained meta-graph}
    ///
    /// @param options  what to train and how
    /// @param listener hears how it goes
    /// @throws IOException if the pictures cannot be read
    public static Supernet train(SupernetOptions options, Listener listener) throws IOException {
        Supernet supernet = new Supernet(options);
        try (Workers workers = Workers.ofThreads(options.threads())) {
            supernet.train(workers, listener);
        }
        return supernet;
    }

    private void train(Workers workers, Listener listener) {
        MetaGraph meta = options.meta();
        SubGraphPass largest = pass(meta.largest());
        SubGraphPass smallest = pass(meta.smallest());
        Adam adam = new Adam(tensors.elements());
        float[] gradients = new float[tensors.elements()];
        long start = System.nanoTime();
        long reported = start;
        double loss = 0;
        long since = 0;
        double share = 0;
        for (long step = 0; share < 1; step++) {
            SplittableRandom random = new SplittableRandom(options.seed() * 0x9E3779B97F4A7C15L + step);
            SubGraphPass[] passes = {largest, smallest, null, null};
            for (int i = 2; i < 2 + RANDOM; i++) {
                passes[i] = pass(draw(meta, random));
            }
            loss += step(workers, passes, gradients, random);
            since++;
            double warm = Math.min(1, (step + 1.0) / WARM_UP_STEPS);
            double rate = options.learningRate() * warm * 0.5 * (1 + Math.cos(Math.PI * share));
            adam.step(trained, gradients, step, rate);
            double keep = Math.min(AVERAGE_DECAY, (step + 1.0) / (step + 10.0));
            for (int i = 0; i < average.length; i++) {
                average[i] += (float) ((1 - keep) * (trained[i] - average[i]));
            }
            long now = System.nanoTime();
            share = options.steps() > 0 ? (step + 1.0) / options.steps()
                    : (double) (now - start) / options.time().toNanos();
            if (now - reported > REPORT_NANOS || share >= 1) {
                listener.progress(step + 1, Math.min(1, share), loss / since);
                reported = now;
                loss = 0;
                since = 0;
            }
        }
    }

    private SubGraphPass pass(int[] vector) {
        return new SubGraphPass(options.meta(), vector, kernels, options.patch(), options.threads());
    }

    /// {@return a random choice vector; the share of nodes left out is drawn first}
    static int[] draw(MetaGraph meta, SplittableRandom random) {
        int[] vector = new int[meta.choices()];
        vector[0] = random.nextInt(meta.options(0));
        double skipped = random.nextDouble();
        for (int i = 1; i < vector.length; i++) {
            vector[i] = random.nextDouble() < skipped ? 0 : 1 + random.nextInt(meta.options(i) - 1);
        }
        return vector;
    }

    /// One step's gradients. Patches are summed in order, so results do not depend on the threads.
    private double step(Workers workers, SubGraphPass[] passes, float[] gradients, SplittableRandom random) {
        int patch = options.patch();
        int scale = options.meta().scale();
        int outputs = options.meta().channels() * patch * scale * patch * scale;
        float weight = 1f / ((float) outputs * options.batch());
        TrainingSet.Patch[] drawn = new TrainingSet.Patch[options.batch()];
        for (int i = 0; i < drawn.length; i++) {
            drawn[i] = pictures.draw(random);
        }
        float[][][] sums = new float[passes.length][drawn.length][];
        double[] losses = new double[drawn.length];
        for (SubGraphPass pass : passes) {
            pass.update(tensors, trained);
        }
        workers.run(drawn.length, (i, worker) -> {
            float[] target = new float[outputs];
            TrainingSet.Patch from = drawn[i];
            for (int p = 0; p < passes.length; p++) {
                sums[p][i] = new float[passes[p].layout.elements()];
                float[] wanted = p == 0 ? target : new float[outputs];
                pictures.images().get(from.image()).patch(from.x(), from.y(), patch, from.turn(), passes[p].input(worker),
                        wanted);
                double value = passes[p].run(worker, Loss.L1, target, weight, sums[p][i]);
                if (p == 0) {
                    losses[i] = value;
                    // From here on the target is what the largest sub-graph made.
                    passes[0].output(worker, target);
                }
            }
        });
        java.util.Arrays.fill(gradients, 0f);
        for (int p = 0; p < passes.length; p++) {
            for (int i = 0; i < drawn.length; i++) {
                tensors.add(sums[p][i], passes[p].layout, gradients);
            }
        }
        double loss = 0;
        for (double value : losses) {
            loss += value;
        }
        return loss * weight;
    }

    /// {@return the PSNR of a sub-graph on what was held out, in dB}
    ///
    /// @param vector its choices
    public double psnr(int[] vector) {
        Graph graph = Training.withoutSkip(options.meta().subGraph(vector));
        ParameterLayout layout = new ParameterLayout(graph);
        return new HeldOut(pictures.heldOut(), graph, layout, kernels).psnr(tensors.extract(average, layout));
    }

    /// {@return the PSNR of plain bicubic on what was held out, in dB}
    public double bicubic() {
        int[] smallest = options.meta().smallest();
        Graph graph = Training.withoutSkip(options.meta().subGraph(smallest));
        return new HeldOut(pictures.heldOut(), graph, new ParameterLayout(graph), kernels).baseline();
    }

    /// {@return the shared tensors by name}
    public Map<String, float[]> parameters() {
        return tensors.tensors(average);
    }
}
