package io.github.fovea.train;

import io.github.fovea.model.Precision;
import io.github.fovea.network.DynamicNetwork;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/// How a dynamic network is overfitted to a clip. Start from [#of] and change what should differ with the `with`
/// methods.
///
/// @param network       the paths
/// @param seed          seed of everything random
/// @param threads       threads, 1 to 1024; the result does not depend on them
/// @param schedule      how long, and how fast
/// @param plateau       whether training ends early where the held-out frames gain no more
/// @param sampling      what a step sees of the clip
/// @param loss          what is made small
/// @param weights       how weights are held while they are trained
/// @param averageDecay  decay of the running average of the weights that is the result, 0 for the last weights
/// @param precision     what the resulting weights are rounded to; everything that is measured on the way is so, too
/// @param starts        models to start from: each path takes the one that fits it best; empty to start from bicubic
/// @param checkpointing where training is saved
public record OverfitOptions(
        DynamicNetwork network, long seed, int threads, TrainingOptions.Schedule schedule, boolean plateau,
        Sampling sampling, Loss loss, Parametrisation weights, double averageDecay, Precision precision,
        List<WarmStart> starts, TrainingOptions.Checkpointing checkpointing) {

    /// Rows and columns of a patch.
    ///
    /// @param height LR rows, 8 to 1024
    /// @param width  LR columns, 8 to 1024
    public record PatchSize(int height, int width) {
        /// Checks the ranges.
        public PatchSize {
            if (height < 8 || width < 8 || height > 1024 || width > 1024) {
                throw new IllegalArgumentException("patch of " + width + "x" + height + " LR pixels, wanted 8 to 1024");
            }
        }
    }

    /// Cells that a part of the patches is drawn around, by the squared error of their bicubic enlargement.
    ///
    /// @param share share of the patches, 0 to 1; the others are drawn anywhere
    /// @param from  rank of the first of these cells, 0 for the one with the least error, to below 1
    /// @param to    rank behind the last of them, above `from`, to 1
    public record Focus(double share, double from, double to) {
        /// Half of the patches around the hardest fifth of the cells.
        public static final Focus HARD = new Focus(0.5, 0.8, 1);
        /// Patches anywhere.
        public static final Focus NONE = new Focus(0, 0, 1);

        /// Checks the ranges.
        public Focus {
            if (!(share >= 0 && share <= 1 && from >= 0 && from < to && to <= 1)) {
                throw new IllegalArgumentException("a share of " + share + " of the patches around cells of rank "
                        + from + " to " + to + ", wanted 0 to 1, ranks rising");
            }
        }
    }

    /// Share of a path's patches that are drawn from its own cells where paths go by size.
    private static final double OWN_SHARE = 0.8;

    /// What a step sees of the clip.
    ///
    /// @param batches   patches per step: one number for all paths, or one for each path
    /// @param sizes     size of the patches: one for all paths, or one for each path, as the size router of Dy-DCA
    ///                  wants
    /// @param margin    LR pixels along the sides of a patch that count neither for the loss nor for gradients
    /// @param focuses   cells that patches are drawn around: one for all paths, or one for each path
    public record Sampling(List<Integer> batches, List<PatchSize> sizes, int margin, List<Focus> focuses) {
        /// Makes a sampling with the same cells for all paths.
        ///
        /// @param batch  patches per step and path
        /// @param sizes  size of the patches, one or one for each path
        /// @param margin LR pixels along the sides of a patch that do not count
        /// @param focus  cells that patches are drawn around
        public Sampling(int batch, List<PatchSize> sizes, int margin, Focus focus) {
            this(List.of(batch), sizes, margin, List.of(focus));
        }

        /// {@return the sampling by which Dy-DCA trains paths that patches of different sizes take: each path on
        /// patches of its own size, the easiest cells for path 1 and the hardest for the last}
        ///
        /// @param batches patches per step, one number or one for each path
        /// @param sizes   size of the patches of each path, falling
        /// @param margin  LR pixels along the sides of a patch that do not count
        public static Sampling bySize(List<Integer> batches, List<PatchSize> sizes, int margin) {
            List<Focus> focuses = new ArrayList<>();
            int paths = sizes.size();
            for (int path = 0; path < paths; path++) {
                // A part of the patches from anywhere: a router errs now and then.
                focuses.add(paths == 1 ? Focus.NONE : new Focus(OWN_SHARE, (double) path / paths,
                        (path + 1.0) / paths));
            }
            return new Sampling(batches, sizes, margin, focuses);
        }

        /// Checks the ranges.
        public Sampling {
            batches = List.copyOf(batches);
            sizes = List.copyOf(sizes);
            focuses = List.copyOf(focuses);
            if (focuses.isEmpty()) {
                throw new IllegalArgumentException("no focus, wanted one, or one for each path");
            }
            if (sizes.isEmpty()) {
                throw new IllegalArgumentException("no size of patches, wanted one, or one for each path");
            }
            if (batches.isEmpty()) {
                throw new IllegalArgumentException("no batch, wanted one, or one for each path");
            }
            for (int batch : batches) {
                if (batch < 1 || batch > 1024) {
                    throw new IllegalArgumentException("batch is " + batch + ", wanted 1 to 1024");
                }
            }
            for (PatchSize size : sizes) {
                if (margin < 0 || 2 * margin > Math.min(size.height(), size.width()) - 4) {
                    throw new IllegalArgumentException("margin is " + margin + ", a patch of " + size.width() + "x"
                            + size.height() + " wants 0 to " + (Math.min(size.height(), size.width()) - 4) / 2);
                }
            }
        }

        /// {@return patches of a path in a step}
        ///
        /// @param path index of the path, from 0
        int batch(int path) {
            return batches.get(batches.size() == 1 ? 0 : path);
        }

        /// {@return the cells that patches of a path are drawn around}
        ///
        /// @param path index of the path, from 0
        Focus focus(int path) {
            return focuses.get(focuses.size() == 1 ? 0 : path);
        }

        /// {@return the size of a path's patches}
        ///
        /// @param path index of the path, from 0
        PatchSize size(int path) {
            return sizes.get(sizes.size() == 1 ? 0 : path);
        }
    }

    /// Checks the ranges.
    public OverfitOptions {
        Objects.requireNonNull(network, "network");
        Objects.requireNonNull(schedule, "schedule");
        Objects.requireNonNull(sampling, "sampling");
        Objects.requireNonNull(loss, "loss");
        Objects.requireNonNull(weights, "weights");
        Objects.requireNonNull(precision, "precision");
        Objects.requireNonNull(checkpointing, "checkpointing");
        starts = List.copyOf(starts);
        if (threads < 1 || threads > 1024) {
            throw new IllegalArgumentException("threads is " + threads + ", wanted 1 to 1024");
        }
        if (!(averageDecay >= 0 && averageDecay < 1)) {
            throw new IllegalArgumentException("decay of the average is " + averageDecay + ", wanted 0 to below 1");
        }
        int sizes = sampling.sizes().size();
        int focuses = sampling.focuses().size();
        int batches = sampling.batches().size();
        for (int given : new int[] {sizes, focuses, batches}) {
            if (given != 1 && given != network.paths().size()) {
                throw new IllegalArgumentException(batches + " batches, " + sizes + " patch sizes and " + focuses
                        + " focuses, wanted 1 or one for each of the " + network.paths().size() + " paths");
            }
        }
        if (network.paths().getFirst().graph().inputChannels() != 1) {
            throw new IllegalArgumentException("network " + network.name() + " takes "
                    + network.paths().getFirst().graph().inputChannels()
                    + " channels; clips are overfitted in luma, 1 channel");
        }
    }

    /// {@return options with the settings that did best (docs/benchmarks.md), for 10 minutes}
    ///
    /// @param network the paths
    public static OverfitOptions of(DynamicNetwork network) {
        return new OverfitOptions(network, 1, Runtime.getRuntime().availableProcessors(),
                new TrainingOptions.Schedule(0, Duration.ofMinutes(10), 4e-3, 100), true,
                new Sampling(usualBatches(network.paths().size()), List.of(new PatchSize(48, 48)), 0,
                List.of(Focus.HARD)), Loss.L2, Parametrisation.PLAIN, 0.999, Precision.F16, List.of(),
                new TrainingOptions.Checkpointing(null, Duration.ofSeconds(30), false));
    }

    /// Four patches for one path. Of several, the deepest takes three, because a router sends it what bicubic gets most
    /// wrong, and the others one each: with two each the deepest fell short of a single network of equal multiply-adds.
    private static List<Integer> usualBatches(int paths) {
        if (paths == 1) {
            return List.of(4);
        }
        List<Integer> batches = new ArrayList<>(Collections.nCopies(paths - 1, 1));
        batches.add(3);
        return batches;
    }

    /// {@return these options with another schedule}
    ///
    /// @param newSchedule how long, and how fast
    public OverfitOptions with(TrainingOptions.Schedule newSchedule) {
        return new OverfitOptions(network, seed, threads, newSchedule, plateau, sampling, loss, weights, averageDecay,
                precision, starts, checkpointing);
    }

    /// {@return these options with another sampling}
    ///
    /// @param newSampling what a step sees of the clip
    public OverfitOptions with(Sampling newSampling) {
        return new OverfitOptions(network, seed, threads, schedule, plateau, newSampling, loss, weights, averageDecay,
                precision, starts, checkpointing);
    }

    /// {@return these options with another seed and number of threads}
    ///
    /// @param newSeed    seed of everything random
    /// @param newThreads threads to use
    public OverfitOptions withSeed(long newSeed, int newThreads) {
        return new OverfitOptions(network, newSeed, newThreads, schedule, plateau, sampling, loss, weights,
                averageDecay, precision, starts, checkpointing);
    }

    /// {@return these options with or without an early end}
    ///
    /// @param newPlateau whether training ends early where the held-out frames gain no more
    public OverfitOptions withPlateau(boolean newPlateau) {
        return new OverfitOptions(network, seed, threads, schedule, newPlateau, sampling, loss, weights, averageDecay,
                precision, starts, checkpointing);
    }

    /// {@return these options with another loss and form of weights}
    ///
    /// @param newLoss         what is made small
    /// @param newWeights      how weights are held while they are trained
    /// @param newAverageDecay decay of the running average
    public OverfitOptions with(Loss newLoss, Parametrisation newWeights, double newAverageDecay) {
        return new OverfitOptions(network, seed, threads, schedule, plateau, sampling, newLoss, newWeights,
                newAverageDecay, precision, starts, checkpointing);
    }

    /// {@return these options with another precision of the result}
    ///
    /// @param newPrecision what the resulting weights are rounded to
    public OverfitOptions with(Precision newPrecision) {
        return new OverfitOptions(network, seed, threads, schedule, plateau, sampling, loss, weights, averageDecay,
                newPrecision, starts, checkpointing);
    }

    /// {@return these options with models to start from}
    ///
    /// @param newStarts models; each path takes the one that fits it best
    public OverfitOptions withStarts(List<WarmStart> newStarts) {
        return new OverfitOptions(network, seed, threads, schedule, plateau, sampling, loss, weights, averageDecay,
                precision, newStarts, checkpointing);
    }

    /// {@return these options with a checkpoint}
    ///
    /// @param newCheckpointing where training is saved
    public OverfitOptions with(TrainingOptions.Checkpointing newCheckpointing) {
        return new OverfitOptions(network, seed, threads, schedule, plateau, sampling, loss, weights, averageDecay,
                precision, starts, newCheckpointing);
    }

    /// {@return everything that decides the result, in words; a checkpoint is only taken up by equal options}
    ///
    /// @param clip the clip
    String fingerprint(ClipFrames clip) {
        return String.join(" ", "overfit", network.name(), "x" + clip.scale(), "steps=" + schedule.steps(),
                "time=" + schedule.time(), "rate=" + schedule.learningRate(), "warmup=" + schedule.warmUpSteps(),
                "plateau=" + plateau, "seed=" + seed, "batch=" + sampling.batches(), "sizes=" + sampling.sizes(),
                "margin=" + sampling.margin(), "focus=" + sampling.focuses(), "loss=" + loss,
                "form=" + weights, "average=" + averageDecay, "precision=" + precision,
                "start=" + starts.stream().map(WarmStart::name).toList(),
                "clip=" + Integer.toHexString(clip.checksum()));
    }
}
