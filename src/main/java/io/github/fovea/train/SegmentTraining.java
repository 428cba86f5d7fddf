package io.github.fovea.train;

import io.github.fovea.graph.Graph;
import io.github.fovea.kernel.KernelTable;
import io.github.fovea.model.Segments;
import io.github.fovea.network.DynamicNetwork;
import io.github.fovea.network.NetworkPath;
import io.github.fovea.pipeline.FrameUpscaler;
import io.github.fovea.pipeline.Progress;
import io.github.fovea.pipeline.Workers;
import io.github.fovea.quality.Psnr;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// Fits a few numbers of an overfitted network to each segment of a long video (X2; EMT, ECCV 2022): all numbers are
/// trained on the segment for a while, those whose moves take most off the loss are chosen, and these alone are trained
/// from the base on. Less than one number in a hundred changes.
public final class SegmentTraining {
    /// Numbers of a model for each one that a segment changes.
    private static final int SPARSITY = 101;
    /// Share of the steps in which all numbers move, to find out which ones matter.
    private static final double SEARCH_SHARE = 0.25;
    /// Frames of a segment that it is compared with the base on.
    private static final int COMPARED_FRAMES = 4;

    private final OverfittedNetwork base;
    private final OverfitOptions options;
    private final ClipFrames clip;
    private final Workers workers;
    private final KernelTable kernels = Training.kernels();
    private final List<Graph> full;
    private final List<Graph> graphs;
    private final ParameterLayout layout;
    /// Index in the layout of each number of the model.
    private final int[] order;
    private final PathScorer scorer;
    private final double[] errors = new double[2];
    private long measured;

    /// What it gives.
    ///
    /// @param segments the segments; each begins with the base, some may be the base
    /// @param basePsnr PSNR-Y in dB of the deepest path of the base on some frames of each segment, held out where
    ///                 there are such
    /// @param psnr     the same of the segments
    public record Result(Segments segments, double basePsnr, double psnr) {}

    private SegmentTraining(OverfittedNetwork base, OverfitOptions options, ClipFrames clip, Workers workers) {
        this.base = base;
        this.options = options;
        this.clip = clip;
        this.workers = workers;
        full = base.network().paths().stream().map(NetworkPath::graph).toList();
        graphs = full.stream().map(Training::withoutSkip).toList();
        layout = new ParameterLayout(graphs);
        order = new int[layout.elements()];
        int next = 0;
        for (String name : base.network().parameters().keySet()) {
            for (int i = 0; i < layout.elements(name); i++) {
                order[next++] = layout.offset(name) + i;
            }
        }
        scorer = new PathScorer(clip, workers);
    }

    /// {@return the frames with which segments begin: all but the last of equal length, the last half as long to one
    /// and a half times as long}
    ///
    /// @param frames frames of the video
    /// @param length frames of a segment, at least 1
    /// @throws IllegalArgumentException if the length is out of range
    public static List<Integer> starts(long frames, int length) {
        if (length < 1) {
            throw new IllegalArgumentException("segments of " + length + " frames, wanted at least 1");
        }
        List<Integer> starts = new ArrayList<>();
        for (long start = 0; start == 0 || start + (length + 1) / 2 <= frames; start += length) {
            starts.add(Math.toIntExact(start));
        }
        return starts;
    }

    /// {@return how many numbers of a network each segment changes}
    ///
    /// @param network the network
    public static int numbers(DynamicNetwork network) {
        return Math.max(1, (int) (network.parameterElements() / SPARSITY));
    }

    /// Trains every segment. With a number of steps and no time, the result depends on nothing but base, options and
    /// clip.
    ///
    /// @param base     the network that all segments begin with
    /// @param options  how the base was trained; schedule and checkpointing are not looked at
    /// @param schedule how long each segment trains, and how fast
    /// @param clip     the clip
    /// @param starts   the frame with which each segment begins, see [#starts]
    /// @param progress hears of segments done
    /// @return the segments
    public static Result run(OverfittedNetwork base, OverfitOptions options, TrainingOptions.Schedule schedule,
            ClipFrames clip, List<Integer> starts, Progress progress) {
        try (Workers workers = Workers.ofThreads(options.threads())) {
            SegmentTraining training = new SegmentTraining(base, options, clip, workers);
            int numbers = numbers(base.network());
            int[][] places = new int[starts.size()][];
            float[][] values = new float[starts.size()][];
            for (int s = 0; s < places.length; s++) {
                ClipFrames part = clip.part(starts.get(s), s + 1 < places.length ? starts.get(s + 1) : clip.frames());
                training.train(part, schedule, numbers, s, places, values);
                progress.update(s + 1, starts.size());
            }
            return new Result(new Segments(starts, places, values), training.psnr(0), training.psnr(1));
        }
    }

    private double psnr(int which) {
        return measured == 0 ? Double.NaN : Psnr.ofMeanSquaredError(errors[which] / measured, 255);
    }

    private void train(ClipFrames part, TrainingOptions.Schedule schedule, int numbers, int segment, int[][] places,
            float[][] values) {
        float[] begin = flat(base.parameters());
        places[segment] = new int[numbers];
        values[segment] = new float[numbers];
        if (part.trained().isEmpty()) {
            for (int i = 0; i < numbers; i++) {
                places[segment][i] = i;
                values[segment][i] = begin[order[i]];
            }
            return;
        }
        Optimiser search = optimiser(begin);
        steps(part, search, schedule.part(SEARCH_SHARE), segment);
        places[segment] = most(search, begin, numbers);
        Optimiser few = optimiser(begin);
        boolean[] moves = new boolean[begin.length];
        for (int place : places[segment]) {
            moves[order[place]] = true;
        }
        few.moveOnly(moves);
        steps(part, few, schedule.part(1 - SEARCH_SHARE), segment);
        float[] moved = new float[numbers];
        for (int i = 0; i < numbers; i++) {
            moved[i] = few.average()[order[places[segment][i]]];
        }
        moved = options.precision().round(new int[] {numbers}, moved);
        float[] end = begin.clone();
        for (int i = 0; i < numbers; i++) {
            end[order[places[segment][i]]] = moved[i];
        }
        // A segment that gains nothing on what it was trained on is the base.
        FrameUpscaler before = deepest(begin);
        FrameUpscaler after = deepest(end);
        List<ClipFrames.Pair> trained = ClipFrames.spread(part.trained(), COMPARED_FRAMES);
        boolean better = scorer.psnr(after, trained) > scorer.psnr(before, trained);
        float[] chosen = better ? end : begin;
        for (int i = 0; i < numbers; i++) {
            values[segment][i] = chosen[order[places[segment][i]]];
        }
        for (ClipFrames.Pair pair : ClipFrames.spread(part.held().isEmpty() ? part.trained() : part.held(),
                COMPARED_FRAMES)) {
            double error = meanSquare(before, pair);
            errors[0] += error;
            errors[1] += better ? meanSquare(after, pair) : error;
            measured++;
        }
    }

    private double meanSquare(FrameUpscaler upscaler, ClipFrames.Pair pair) {
        return 255 * 255 * Math.pow(10, -scorer.psnr(upscaler, List.of(pair)) / 10);
    }

    /// The segment's weights are plain numbers whatever form the base's had while it was trained.
    private Optimiser optimiser(float[] begin) {
        Optimiser optimiser = new Optimiser(graphs, layout, Parametrisation.PLAIN, options.averageDecay(),
                GradientLimit.ofUsualNorm(Overfitting.MOST_USUAL_NORM), kernels.gemm());
        System.arraycopy(begin, 0, optimiser.parameters(), 0, begin.length);
        optimiser.takeParameters(new SplittableRandom(options.seed()));
        return optimiser;
    }

    private void steps(ClipFrames part, Optimiser optimiser, TrainingOptions.Schedule schedule, int segment) {
        OverfitOptions seeded = options.withSeed(options.seed() + 0x5EB3E27L * (segment + 1), options.threads());
        OverfitStep step = new OverfitStep(full, layout, optimiser, kernels, part, seeded, workers);
        OverfitSchedule course = new OverfitSchedule(schedule, false);
        long begin = System.nanoTime();
        for (long i = 0; !course.done(i, System.nanoTime() - begin); i++) {
            step.run(i, course.rate(i, System.nanoTime() - begin));
        }
    }

    /// A number that moved by d against a gradient of size g took about d * g off the loss.
    private int[] most(Optimiser search, float[] begin, int numbers) {
        float[] sizes = search.gradientSizes();
        double[] worth = new double[begin.length];
        for (int i = 0; i < worth.length; i++) {
            worth[i] = Math.abs(search.average()[order[i]] - begin[order[i]]) * (double) sizes[order[i]];
        }
        double[] sorted = worth.clone();
        Arrays.sort(sorted);
        double least = sorted[sorted.length - numbers];
        int[] places = new int[numbers];
        int count = 0;
        for (int i = 0; i < worth.length && count < numbers; i++) {
            if (worth[i] > least) {
                places[count++] = i;
            }
        }
        // Equal ones: the first of them, so that the number is always the same.
        for (int i = 0; i < worth.length && count < numbers; i++) {
            if (worth[i] == least) {
                places[count++] = i;
            }
        }
        Arrays.sort(places);
        return places;
    }

    private float[] flat(Map<String, float[]> parameters) {
        float[] all = new float[layout.elements()];
        layout.shapes().keySet().forEach(name -> System.arraycopy(parameters.get(name), 0, all, layout.offset(name),
                layout.elements(name)));
        return all;
    }

    private FrameUpscaler deepest(float[] parameters) {
        return scorer.paths(base.network(), layout.named(parameters)).getLast();
    }
}
