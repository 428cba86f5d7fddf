package io.github.fovea.train;

import io.github.fovea.graph.Graph;
import io.github.fovea.kernel.KernelTable;
import io.github.fovea.network.NetworkPath;
import io.github.fovea.pipeline.FrameUpscaler;
import io.github.fovea.pipeline.Workers;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.LongPredicate;

/// Overfits a dynamic network to one clip: all paths jointly, warm-started, hard patches more often, one frame in ten
/// held out for the curve.
public final class Overfitting {
    private static final long REPORT_NANOS = 1_000_000_000L;
    /// Held-out frames that the curve is measured on.
    private static final int CURVE_FRAMES = 4;
    /// Points of a curve that is measured by steps, and fewest steps between two of them.
    private static final int CURVE_POINTS = 24;
    private static final int LEAST_CURVE_STEPS = 100;
    /// Measuring by the clock takes at most this share of the time.
    private static final double MEASURE_SHARE = 0.04;
    /// How many times the usual norm a gradient may have; without a limit long trainings have diverged.
    static final double MOST_USUAL_NORM = 4;

    private Overfitting() {}

    /// Trains until the steps are done, the time is over, held-out frames gain no more, or the listener says stop.
    ///
    /// With a number of steps and no time, the result depends on nothing but the options and the clip: equal runs give
    /// equal bits, on any number of threads, interrupted and resumed ones too.
    ///
    /// @param options  what to train and how
    /// @param clip     what to overfit to
    /// @param listener hears how it goes
    /// @return the network
    /// @throws IOException if the checkpoint cannot be read or written
    /// @throws IllegalArgumentException if the clip is smaller than a patch or of another scale
    public static OverfittedNetwork run(OverfitOptions options, ClipFrames clip, OverfitListener listener)
            throws IOException {
        return run(options, clip, listener, _ -> true);
    }

    /// Does so, but leaves off, as if the process had died, when `goOn` refuses a step.
    static OverfittedNetwork run(OverfitOptions options, ClipFrames clip, OverfitListener listener, LongPredicate goOn)
            throws IOException {
        for (NetworkPath path : options.network().paths()) {
            if (path.graph().scale() != clip.scale()) {
                throw new IllegalArgumentException("network " + options.network().name() + " enlarges by "
                        + path.graph().scale() + ", the clip is of scale " + clip.scale());
            }
        }
        for (OverfitOptions.PatchSize size : options.sampling().sizes()) {
            if (size.height() > clip.height() || size.width() > clip.width()) {
                throw new IllegalArgumentException("LR frames are " + clip.width() + "x" + clip.height()
                        + ", smaller than a patch of " + size.width() + "x" + size.height()
                        + "; give a smaller --patch, at most " + Math.min(clip.width(), clip.height()));
            }
        }
        try (Workers workers = Workers.ofThreads(options.threads())) {
            return new Run(options, clip, workers).train(listener, goOn);
        }
    }

    /// One training under way.
    private static final class Run {
        private final OverfitOptions options;
        private final ClipFrames clip;
        private final ParameterLayout layout;
        private final Optimiser optimiser;
        private final OverfitStep step;
        private final PathScorer scorer;
        private final List<ClipFrames.Pair> measured;
        private final String fingerprint;
        private final double bicubic;
        private final OverfitSchedule schedule;
        private List<String> starts = new ArrayList<>();
        private long steps;
        private long nanos;
        private double loss;
        private long lossSteps;

        Run(OverfitOptions options, ClipFrames clip, Workers workers) throws IOException {
            this.clip = clip;
            this.options = options;
            KernelTable kernels = Training.kernels();
            List<Graph> full = options.network().paths().stream().map(NetworkPath::graph).toList();
            List<Graph> graphs = full.stream().map(Training::withoutSkip).toList();
            layout = new ParameterLayout(graphs);
            optimiser = new Optimiser(graphs, layout, options.weights(), options.averageDecay(),
                    GradientLimit.ofUsualNorm(MOST_USUAL_NORM), kernels.gemm());
            step = new OverfitStep(full, layout, optimiser, kernels, clip, options, workers);
            scorer = new PathScorer(clip, workers);
            measured = ClipFrames.spread(clip.held().isEmpty() ? clip.trained() : clip.held(), CURVE_FRAMES);
            bicubic = scorer.psnr(scorer.bicubic(), measured);
            fingerprint = options.fingerprint(clip);
            schedule = new OverfitSchedule(options.schedule(), options.plateau());
            start(graphs.getLast());
        }

        /// The weights to start from are set even where a checkpoint follows: the names of the models come with them.
        private void start(Graph graph) throws IOException {
            SplittableRandom random = new SplittableRandom(options.seed());
            optimiser.initialise(graph, random);
            starts = PathStarts.apply(options.network(), layout, options.starts(), optimiser.parameters());
            optimiser.takeParameters(random);
            TrainingOptions.Checkpointing saving = options.checkpointing();
            if (saving.resume() && Files.exists(saving.file())) {
                Checkpoint saved = Checkpoint.read(saving.file(), fingerprint, optimiser.trainedElements(),
                        layout.elements());
                steps = saved.steps();
                nanos = saved.nanos();
                double[] notes = optimiser.restore(saved);
                loss = notes[0];
                lossSteps = (long) notes[1];
                schedule.restore(Arrays.copyOfRange(notes, 2, notes.length), options.network().paths().size());
            }
        }

        private void save() throws IOException {
            double[] rest = schedule.notes();
            double[] notes = new double[rest.length + 2];
            notes[0] = loss;
            notes[1] = lossSteps;
            System.arraycopy(rest, 0, notes, 2, rest.length);
            try {
                optimiser.checkpoint(fingerprint, steps, nanos, notes).write(options.checkpointing().file());
            } catch (IOException e) {
                throw new IOException(options.checkpointing().file() + ": the training cannot be saved: "
                        + e.getMessage() + "; make room, or write elsewhere", e);
            }
        }

        OverfittedNetwork train(OverfitListener listener, LongPredicate goOn) throws IOException {
            long reported = nanos;
            long reportedSteps = steps;
            long saved = nanos;
            double reportedLoss = 0;
            long measureNanos = 0;
            boolean going = true;
            if (schedule.curve().isEmpty()) {
                // Before the clock starts: kernels that the JIT has not seen yet are slow.
                scorer.psnr(scorer.paths(options.network(), rounded()).getLast(), measured.subList(0, 1));
                measureNanos = measure(System.nanoTime());
            }
            long begin = System.nanoTime() - nanos;
            while (!schedule.done(steps, nanos) && going && goOn.test(steps)) {
                double now = step.run(steps, schedule.rate(steps, nanos));
                reportedLoss += now;
                loss += now;
                lossSteps++;
                steps++;
                nanos = System.nanoTime() - begin;
                boolean done = schedule.done(steps, nanos);
                if (done || measureDue(measureNanos)) {
                    measureNanos = measure(begin);
                    done = schedule.done(steps, nanos); // exact frames end it
                }
                if (nanos - reported >= REPORT_NANOS || done) {
                    long since = steps - reportedSteps;
                    double share = schedule.share(steps, nanos);
                    going = listener.progress(new OverfitProgress(steps, share, reportedLoss / Math.max(1, since),
                            schedule.curve().getLast(), bicubic, schedule.cooling(),
                            since * 1e9 / Math.max(1, nanos - reported), nanos, (long) (nanos * (1 - share) / share)));
                    reportedLoss = 0;
                    nanos = System.nanoTime() - begin;
                    reported = nanos;
                    reportedSteps = steps;
                }
                if (options.checkpointing().file() != null
                        && (nanos - saved >= options.checkpointing().interval().toNanos() || done || !going)) {
                    save();
                    saved = nanos;
                }
            }
            return new OverfittedNetwork(options.network(), rounded(), starts, steps, nanos,
                    schedule.curve(), bicubic, schedule.done(steps, nanos), schedule.cooling());
        }

        /// What would be the result now: the curve shows what a player gets.
        private Map<String, float[]> rounded() {
            return options.precision().round(options.network().parameters(), optimiser.averageByName());
        }

        /// By steps, so that the result repeats; by the clock, so that measuring takes little of the time.
        private boolean measureDue(long measureNanos) {
            CurvePoint last = schedule.curve().getLast();
            long all = options.schedule().steps();
            if (options.schedule().time() == null) {
                return steps - last.step() >= Math.max(LEAST_CURVE_STEPS, all / CURVE_POINTS);
            }
            return nanos - last.nanos() >= Math.max(measureNanos / MEASURE_SHARE,
                    options.schedule().time().toNanos() / (2.0 * CURVE_POINTS));
        }

        private boolean exact(FrameUpscaler path, List<ClipFrames.Pair> frames) {
            return frames.isEmpty() || scorer.psnr(path, frames) == Double.POSITIVE_INFINITY;
        }

        private long measure(long begin) {
            long before = System.nanoTime();
            Map<String, float[]> parameters = rounded();
            List<Double> psnr = new ArrayList<>();
            List<FrameUpscaler> paths = scorer.paths(options.network(), parameters);
            for (FrameUpscaler path : paths) {
                psnr.add(scorer.psnr(path, measured));
            }
            nanos = Math.max(nanos, before - begin);
            schedule.add(new CurvePoint(steps, nanos, loss / lossSteps, psnr));
            // The few frames of the curve may be black where others are not.
            if (steps > 0 && psnr.stream().allMatch(p -> p == Double.POSITIVE_INFINITY)
                    && paths.stream().allMatch(path -> exact(path, clip.held()) && exact(path, clip.trained()))) {
                schedule.finish();
            }
            loss = 0;
            lossSteps = 0;
            return System.nanoTime() - before;
        }
    }
}
