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
import java.util.LinkedHashMap;
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
    /// With a number of steps and no time, the result depends on nothing but the options and the pictures: equal runs give
    /// equal bits, interrupted and resumed ones too.
    ///
    /// @param options  what to train and how
    /// @param listener hears how it goes
    /// @return the network
    /// @throws IOException if the pictures cannot be read or the checkpoint cannot be read or written
    /// @throws IllegalArgumentException if there is no such network
    public static TrainedNetwork run(TrainingOptions options, TrainingListener listener) throws IOException {
        return run(options, listener, _ -> true);
    }

    /// Like [#run(TrainingOptions, TrainingListener)], but leaves off, as if the process had died, when `goOn` refuses a step.
    static TrainedNetwork run(TrainingOptions options, TrainingListener listener, LongPredicate goOn) throws IOException {
        Graph full = Networks.named(options.network(), options.scale(), options.channels());
        KernelTable kernels = kernels();
        Interpolation skip = skip(full);
        return run(options, full, kernels, TrainingSet.load(options, skip, kernels), listener, goOn);
    }

    /// {@return the kernels of the best backend of this machine}
    static KernelTable kernels() {
        return Backends.find("vector") instanceof Lookup.Available(CpuBackend vector) ? vector.table() : KernelTables.scalar();
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
        private final TrainedParameters form;
        private final TrainingStep step;
        private final HeldOut heldOut;
        private final float[] average;
        private long steps;
        private long nanos;
        private double measured = Double.NaN;

        Run(TrainingOptions options, Graph full, KernelTable kernels, TrainingSet pictures, Workers workers)
                throws IOException {
            this.options = options;
            this.full = full;
            this.pictures = pictures;
            Graph graph = withoutSkip(full);
            layout = new ParameterLayout(graph);
            form = new TrainedParameters(graph, layout, options.weights().parametrisation());
            step = new TrainingStep(graph, layout, form, kernels, pictures, options, workers);
            heldOut = new HeldOut(pictures.heldOut(), graph, layout, kernels);
            average = new float[layout.elements()];
            start(graph);
        }

        private void start(Graph graph) throws IOException {
            if (options.checkpointing().resume() && Files.exists(options.checkpointing().file())) {
                Checkpoint saved = Checkpoint.read(options.checkpointing().file(), options.fingerprint(), form.elements(),
                        layout.elements());
                steps = saved.steps();
                nanos = saved.nanos();
                step.restore(saved.trained(), saved.mean(), saved.square());
                System.arraycopy(saved.average(), 0, average, 0, average.length);
                return;
            }
            SplittableRandom random = new SplittableRandom(options.seed());
            form.initialise(graph, step.trained(), random);
            form.fold(step.trained(), step.parameters());
            if (options.warmStart() != null) {
                warmStart(options.warmStart());
                form.unfold(step.parameters(), step.trained(), random);
                form.fold(step.trained(), step.parameters());
            }
            System.arraycopy(step.parameters(), 0, average, 0, average.length);
        }

        private void warmStart(WarmStart from) {
            List<String> taken = new ArrayList<>();
            layout.shapes().forEach((name, shape) -> {
                float[] values = from.parameters().get(name);
                if (values != null && values.length == layout.elements(name)) {
                    System.arraycopy(values, 0, step.parameters(), layout.offset(name), values.length);
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
            double share = share();
            while (share < 1 && going && goOn.test(steps)) {
                loss += step.run(steps, rate(share));
                steps++;
                average(step.parameters());
                nanos = System.nanoTime() - begin;
                share = share();
                if (nanos - reported >= REPORT_NANOS || share >= 1) {
                    if (share >= 1 || nanos - measuredAt >= MEASURE_NANOS) {
                        measured = heldOut.psnr(average);
                        measuredAt = nanos;
                    }
                    long done = steps - reportedSteps;
                    double speed = done * 1e9 / Math.max(1, nanos - reported);
                    going = listener.progress(new TrainingProgress(steps, share, loss / done, measured, baseline, speed, nanos,
                            (long) (nanos * (1 - share) / share)));
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
                measured = heldOut.psnr(average);
            }
            Map<String, float[]> parameters = new LinkedHashMap<>();
            layout.shapes().forEach((name, _) -> parameters.put(name, java.util.Arrays.copyOfRange(average,
                    layout.offset(name), layout.offset(name) + layout.elements(name))));
            return new TrainedNetwork(options.network(), full, parameters, steps, nanos, measured, baseline, share >= 1);
        }

        private void save() throws IOException {
            new Checkpoint(options.fingerprint(), steps, nanos, step.trained(), step.mean(), step.square(), average,
                    new double[0])
                    .write(options.checkpointing().file());
        }

        private double share() {
            TrainingOptions.Schedule schedule = options.schedule();
            double bySteps = schedule.steps() == 0 ? 0 : (double) steps / schedule.steps();
            double byTime = schedule.time() == null ? 0 : (double) nanos / schedule.time().toNanos();
            return Math.min(1, Math.max(bySteps, byTime));
        }

        private double rate(double share) {
            TrainingOptions.Schedule schedule = options.schedule();
            double warm = schedule.warmUpSteps() == 0 ? 1 : Math.min(1, (steps + 1.0) / schedule.warmUpSteps());
            return schedule.learningRate() * warm * 0.5 * (1 + Math.cos(Math.PI * share));
        }

        /// The average follows quickly at first, when weights still change much.
        private void average(float[] parameters) {
            float keep = (float) Math.min(options.weights().averageDecay(), (1.0 + steps) / (10.0 + steps));
            if (options.weights().averageDecay() == 0) {
                keep = 0;
            }
            for (int i = 0; i < average.length; i++) {
                average[i] = keep * average[i] + (1 - keep) * parameters[i];
            }
        }
    }
}
