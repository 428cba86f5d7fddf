package io.github.fovea.train;

import io.github.fovea.backend.Backends;
import io.github.fovea.backend.CpuBackend;
import io.github.fovea.backend.KernelTables;
import io.github.fovea.backend.Lookup;
import io.github.fovea.graph.Graph;
import io.github.fovea.graph.Interpolation;
import io.github.fovea.graph.Node;
import io.github.fovea.graph.Op;
import io.github.fovea.kernel.KernelTable;
import io.github.fovea.network.Networks;
import io.github.fovea.pipeline.Workers;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.LongPredicate;

/// Trains a network on a folder of pictures.
public final class Training {
    private static final long REPORT_NANOS = 1_000_000_000L;
    private static final long MEASURE_NANOS = 20_000_000_000L;

    private Training() {}

    /// Trains until the steps are done, the time is over or the listener says stop.
    ///
    /// With a number of steps and no time, the result depends on nothing but the options and the pictures: equal runs
    /// give equal bits, interrupted and resumed ones too.
    ///
    /// @param options  what to train and how
    /// @param listener hears how it goes
    /// @return the network
    /// @throws IOException if the pictures cannot be read or the checkpoint cannot be read or written
    /// @throws IllegalArgumentException if there is no such network
    public static TrainedNetwork run(TrainingOptions options, TrainingListener listener) throws IOException {
        return run(options, listener, _ -> true);
    }

    /// Like [#run(TrainingOptions, TrainingListener)], but leaves off, as if the process had died, when `goOn` refuses
    /// a step.
    static TrainedNetwork run(TrainingOptions options, TrainingListener listener, LongPredicate goOn)
            throws IOException {
        Graph full = Networks.named(options.network(), options.scale(), options.channels());
        KernelTable kernels = kernels();
        Interpolation skip = skip(full);
        return run(options, full, kernels, TrainingSet.load(options, skip, kernels), listener, goOn);
    }

    /// {@return the kernels of the best backend of this machine}
    static KernelTable kernels() {
        return Backends.find("vector") instanceof Lookup.Available(CpuBackend vector) ? vector.table()
                : KernelTables.scalar();
    }

    /// {@return what a step draws its patches with: a function of the seed and the step, so that training can go on
    /// anywhere}
    ///
    /// @param seed seed of the training
    /// @param step index of the step, from 0
    static SplittableRandom random(long seed, long step) {
        return new SplittableRandom(seed * 0x9E3779B97F4A7C15L + step);
    }

    /// {@return the enlargement of the input that a network adds to its result last, or `null` where it adds none}
    ///
    /// @param graph the network
    static Interpolation skip(Graph graph) {
        Node last = graph.nodes().getLast();
        if (last.op() instanceof Op.Add) {
            Node added = graph.nodes().get(last.inputs().get(1));
            if (added.op() instanceof Op.Resize(Interpolation interpolation, int scale) && scale == graph.scale()
                    && added.inputs().getFirst() == 0) {
                return interpolation;
            }
        }
        return null;
    }

    /// {@return the network without that enlargement: what is left to learn is the difference}
    ///
    /// @param graph the network
    static Graph withoutSkip(Graph graph) {
        if (skip(graph) == null) {
            return graph;
        }
        int last = graph.nodes().getLast().inputs().getFirst();
        boolean[] used = new boolean[graph.nodes().size()];
        used[last] = true;
        for (int i = last; i >= 0; i--) {
            if (used[i]) {
                graph.nodes().get(i).inputs().forEach(input -> used[input] = true);
            }
        }
        Graph.Builder builder = new Graph.Builder();
        Map<Integer, Integer> moved = new HashMap<>();
        for (int i = 0; i <= last; i++) {
            if (used[i]) {
                Node node = graph.nodes().get(i);
                moved.put(i, builder.add(node.op(), node.inputs().stream().mapToInt(moved::get).toArray()));
            }
        }
        return builder.build();
    }

    static TrainedNetwork run(
            TrainingOptions options, Graph full, KernelTable kernels, TrainingSet pictures, TrainingListener listener,
            LongPredicate goOn) throws IOException {
        try (Workers workers = Workers.ofThreads(options.threads())) {
            return new Run(options, full, kernels, pictures, workers).train(listener, goOn);
        }
    }

    /// One training under way.
    private static final class Run {
        private final TrainingOptions options;
        private final Graph full;
        private final TrainingSet pictures;
        private final ParameterLayout layout;
        private final Optimiser optimiser;
        /// What a checkpoint belongs to; empty where there is none, since it takes a look at every sample.
        private final String fingerprint;
        private final TrainingStep step;
        private final HeldOut heldOut;
        private long steps;
        private long nanos;
        private double measured = Double.NaN;

        Run(TrainingOptions options, Graph full, KernelTable kernels, TrainingSet pictures, Workers workers)
                throws IOException {
            this.options = options;
            this.full = full;
            this.pictures = pictures;
            fingerprint = options.checkpointing().file() == null ? ""
                    : options.fingerprint() + pictures.fingerprint();
            Graph graph = withoutSkip(full);
            layout = new ParameterLayout(graph);
            TrainingOptions.Weights weights = options.weights();
            optimiser = new Optimiser(List.of(graph), layout, weights.parametrisation(), weights.averageDecay(),
                    GradientLimit.ofNorm(weights.clip()), kernels.gemm());
            step = new TrainingStep(graph, layout, optimiser, kernels, pictures, options, workers);
            heldOut = new HeldOut(pictures.heldOut(), graph, layout, kernels);
            start(graph);
        }

        private void start(Graph graph) throws IOException {
            if (options.checkpointing().resume() && Files.exists(options.checkpointing().file())) {
                Checkpoint saved = Checkpoint.read(options.checkpointing().file(), fingerprint,
                        optimiser.trainedElements(), layout.elements());
                steps = saved.steps();
                nanos = saved.nanos();
                optimiser.restore(saved);
                return;
            }
            SplittableRandom random = new SplittableRandom(options.seed());
            optimiser.initialise(graph, random);
            if (options.warmStart() != null) {
                warmStart(options.warmStart());
                optimiser.takeParameters(random);
            }
        }

        private void warmStart(WarmStart from) {
            List<String> taken = new ArrayList<>();
            layout.shapes().forEach((name, shape) -> {
                float[] values = from.parameters().get(name);
                if (values != null && values.length == layout.elements(name)) {
                    System.arraycopy(values, 0, optimiser.parameters(), layout.offset(name), values.length);
                    taken.add(name);
                }
            });
            if (taken.isEmpty()) {
                throw new IllegalArgumentException("no parameter of " + from.name() + " fits " + options.network()
                        + "; start from a network of the same form, width and depth");
            }
        }

        TrainedNetwork train(TrainingListener listener, LongPredicate goOn) throws IOException {
            long begin = System.nanoTime() - nanos;
            long reported = nanos;
            long reportedSteps = steps;
            long saved = nanos;
            long measuredAt = nanos;
            double loss = 0;
            double baseline = skip(full) == null ? Double.NaN : heldOut.baseline();
            boolean going = true;
            double share = options.schedule().share(steps, nanos);
            while (share < 1 && going && goOn.test(steps)) {
                loss += step.run(steps, options.schedule().rate(steps, share));
                steps++;
                nanos = System.nanoTime() - begin;
                share = options.schedule().share(steps, nanos);
                if (nanos - reported >= REPORT_NANOS || share >= 1) {
                    if (share >= 1 || nanos - measuredAt >= MEASURE_NANOS) {
                        measured = heldOut.psnr(rounded());
                        measuredAt = nanos;
                    }
                    long done = steps - reportedSteps;
                    double speed = done * 1e9 / Math.max(1, nanos - reported);
                    going = listener.progress(new TrainingProgress(steps, share, loss / done, measured, baseline,
                            speed, nanos, (long) (nanos * (1 - share) / share)));
                    loss = 0;
                    nanos = System.nanoTime() - begin;
                    reported = nanos;
                    reportedSteps = steps;
                }
                if (options.checkpointing().file() != null
                        && (nanos - saved >= options.checkpointing().interval().toNanos() || share >= 1 || !going)) {
                    save();
                    saved = nanos;
                }
            }
            if (Double.isNaN(measured)) {
                measured = heldOut.psnr(rounded());
            }
            return new TrainedNetwork(options.network(), full, layout.named(rounded()), steps, nanos, measured,
                    baseline, share >= 1);
        }

        /// What would be the result now: what is measured is what is kept.
        private float[] rounded() {
            return layout.rounded(options.weights().precision(), optimiser.average());
        }

        private void save() throws IOException {
            optimiser.checkpoint(fingerprint, steps, nanos,
                    new double[0]).write(options.checkpointing().file());
        }
    }
}
