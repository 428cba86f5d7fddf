package io.github.fovea.train;

import io.github.fovea.model.Precision;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/// What to train, on what, and how. Start from [#of] and change what should differ with the `with` methods.
///
/// @param folder        pictures to train on
/// @param network       name of the network, see [io.github.fovea.network.Networks]
/// @param scale         the factor, 2 to 8
/// @param channels      1 for luma, 3 for RGB
/// @param seed          seed of everything random
/// @param threads       threads, 1 to 1024; the result does not depend on them
/// @param schedule      how long, and how fast
/// @param sampling      what a step sees of the pictures
/// @param weights       how weights are held and what is made small
/// @param warmStart     weights to start from, or `null`
/// @param checkpointing where training is saved
public record TrainingOptions(
        Path folder, String network, int scale, int channels, long seed, int threads, Schedule schedule,
        Sampling sampling, Weights weights, WarmStart warmStart, Checkpointing checkpointing) {

    /// How long training takes, and its learning rate on the way.
    ///
    /// @param steps        steps to train, or 0 to train by the clock
    /// @param time         time to train, or `null` to train by steps; with both, whichever ends first
    /// @param learningRate highest learning rate; it warms up to it and falls to zero along a cosine
    /// @param warmUpSteps  steps over which the learning rate rises
    public record Schedule(long steps, Duration time, double learningRate, int warmUpSteps) {
        /// Checks the ranges.
        public Schedule {
            check("steps", steps, 0, 1L << 40);
            if (steps == 0 && time == null) {
                throw new IllegalArgumentException("neither steps nor a time to train is given");
            }
            if (time != null && (time.isNegative() || time.isZero())) {
                throw new IllegalArgumentException("time to train is " + time + ", wanted more than nothing");
            }
            check("warm-up steps", warmUpSteps, 0, 1 << 30);
            if (!(learningRate > 0 && learningRate <= 1)) {
                throw new IllegalArgumentException("learning rate is " + learningRate + ", wanted above 0, at most 1");
            }
        }

        /// {@return the schedule of a training that takes a share of this one's steps and time}
        ///
        /// @param share above 0, at most 1
        public Schedule part(double share) {
            return new Schedule(steps == 0 ? 0 : Math.max(1, Math.round(steps * share)),
                    time == null ? null : Duration.ofNanos(Math.max(1, Math.round(time.toNanos() * share))),
                    learningRate, warmUpSteps);
        }

        /// {@return share of the training that is done, 0 to 1}
        ///
        /// @param done       steps done
        /// @param spentNanos time spent
        double share(long done, long spentNanos) {
            double bySteps = steps == 0 ? 0 : (double) done / steps;
            double byTime = time == null ? 0 : (double) spentNanos / time.toNanos();
            return Math.min(1, Math.max(bySteps, byTime));
        }

        /// {@return the learning rate of a step}
        ///
        /// @param index index of the step, from 0
        /// @param share share of the training done before it
        double rate(long index, double share) {
            double warm = warmUpSteps == 0 ? 1 : Math.min(1, (index + 1.0) / warmUpSteps);
            return learningRate * warm * 0.5 * (1 + Math.cos(Math.PI * share));
        }
    }

    /// What a step sees of the pictures.
    ///
    /// @param batch           patches per step
    /// @param patch           rows and columns of a patch of the small picture
    /// @param candidates      patches drawn for each that is used: the one with most detail is kept
    /// @param heldOutPictures pictures of which a part is kept out of training and measured on
    /// @param sizes           further copies of every picture to train on, each shrunk to this size, 0.1 to below 1:
    ///                        sharper than the picture itself
    public record Sampling(int batch, int patch, int candidates, int heldOutPictures, List<Double> sizes) {
        /// Checks the ranges.
        public Sampling {
            sizes = List.copyOf(sizes);
            for (double size : sizes) {
                if (!(size >= 0.1 && size < 1)) {
                    throw new IllegalArgumentException("size of smaller copies is " + size + ", wanted 0.1 to below 1");
                }
            }
            check("batch", batch, 1, 4096);
            check("patch", patch, 8, 1024);
            check("candidates", candidates, 1, 64);
            check("held-out pictures", heldOutPictures, 0, 1 << 20);
        }
    }

    /// How weights are held and moved, and what is made small.
    ///
    /// @param parametrisation how weights are held while they are trained
    /// @param averageDecay    decay of the running average of the weights that is exported, 0 for the last weights
    /// @param clip            largest norm of a step's gradient, or 0 for no limit
    /// @param loss            what is made small
    /// @param precision       what the result is rounded to, and what is measured on the way
    public record Weights(Parametrisation parametrisation, double averageDecay, double clip, Loss loss,
                          Precision precision) {
        /// Checks the ranges.
        public Weights {
            Objects.requireNonNull(parametrisation, "parametrisation");
            Objects.requireNonNull(loss, "loss");
            Objects.requireNonNull(precision, "precision");
            if (!(averageDecay >= 0 && averageDecay < 1)) {
                throw new IllegalArgumentException("decay of the average is " + averageDecay + ", wanted 0 to below 1");
            }
            if (!(clip >= 0 && clip <= Double.MAX_VALUE)) {
                throw new IllegalArgumentException("gradient limit is " + clip + ", wanted 0 (none) or more");
            }
        }
    }

    /// Where training is saved.
    ///
    /// @param file     file that training is saved to and can go on from, or `null`
    /// @param interval time between two writes
    /// @param resume   whether to go on from the file where there is one
    public record Checkpointing(Path file, Duration interval, boolean resume) {
        /// Checks that there is a file to go on from.
        public Checkpointing {
            Objects.requireNonNull(interval, "interval");
            if (resume && file == null) {
                throw new IllegalArgumentException("to go on from a checkpoint, name its file");
            }
        }
    }

    /// Checks the ranges.
    public TrainingOptions {
        Objects.requireNonNull(folder, "folder");
        Objects.requireNonNull(network, "network");
        check("threads", threads, 1, 1024);
        Objects.requireNonNull(schedule, "schedule");
        Objects.requireNonNull(sampling, "sampling");
        Objects.requireNonNull(weights, "weights");
        Objects.requireNonNull(checkpointing, "checkpointing");
    }

    private static void check(String what, long value, long low, long high) {
        if (value < low || value > high) {
            throw new IllegalArgumentException(what + " is " + value + ", wanted " + low + " to " + high);
        }
    }

    /// {@return options with the settings that did best on photographs (models/README.md), for 10 minutes of luma}
    ///
    /// @param folder  pictures to train on
    /// @param network name of the network
    /// @param scale   the factor
    public static TrainingOptions of(Path folder, String network, int scale) {
        Parametrisation form = Parametrisation.LINEAR_BLOCK;
        return new TrainingOptions(folder, network, scale, 1, 1, Runtime.getRuntime().availableProcessors(),
                new Schedule(0, Duration.ofMinutes(10), form.learningRate(), 100), new Sampling(4, 48, 1, 12, List.of()),
                new Weights(form, 0.999, 0, Loss.L1, Precision.F32), null,
                new Checkpointing(null, Duration.ofSeconds(30), false));
    }

    /// {@return these options with a number of steps and no limit of time}
    ///
    /// @param steps steps to train
    public TrainingOptions withSteps(long steps) {
        return with(new Schedule(steps, null, schedule.learningRate, schedule.warmUpSteps));
    }

    /// {@return these options with a time to train and no limit of steps}
    ///
    /// @param time time to train
    public TrainingOptions withTime(Duration time) {
        return with(new Schedule(0, time, schedule.learningRate, schedule.warmUpSteps));
    }

    /// {@return these options with another highest learning rate}
    ///
    /// @param learningRate highest learning rate
    public TrainingOptions withLearningRate(double learningRate) {
        return with(new Schedule(schedule.steps, schedule.time, learningRate, schedule.warmUpSteps));
    }

    /// {@return these options with other patches}
    ///
    /// @param batch      patches per step
    /// @param patch      rows and columns of a patch
    /// @param candidates patches drawn for each that is used
    public TrainingOptions withPatches(int batch, int patch, int candidates) {
        return with(new Sampling(batch, patch, candidates, sampling.heldOutPictures, sampling.sizes));
    }

    /// {@return these options with another number of held-out pictures}
    ///
    /// @param heldOutPictures pictures of which a part is kept out of training
    public TrainingOptions withHeldOut(int heldOutPictures) {
        return with(new Sampling(sampling.batch, sampling.patch, sampling.candidates, heldOutPictures, sampling.sizes));
    }

    /// {@return these options with weights held in another way; the learning rate, which ought to fit, stays}
    ///
    /// @param parametrisation how weights are held
    /// @param averageDecay    decay of the running average
    /// @param clip            largest norm of a gradient, or 0
    public TrainingOptions withWeights(Parametrisation parametrisation, double averageDecay, double clip) {
        return with(new Weights(parametrisation, averageDecay, clip, weights.loss, weights.precision));
    }

    /// {@return these options with another loss}
    ///
    /// @param loss what is made small
    public TrainingOptions withLoss(Loss loss) {
        return with(new Weights(weights.parametrisation, weights.averageDecay, weights.clip, loss, weights.precision));
    }

    /// {@return these options with another number of channels}
    ///
    /// @param channels 1 for luma, 3 for RGB
    public TrainingOptions withChannels(int channels) {
        return new TrainingOptions(
                folder, network, scale, channels, seed, threads, schedule, sampling, weights, warmStart, checkpointing);
    }

    /// {@return these options with another seed and number of threads}
    ///
    /// @param seed    seed of everything random
    /// @param threads threads to use
    public TrainingOptions withSeed(long seed, int threads) {
        return new TrainingOptions(
                folder, network, scale, channels, seed, threads, schedule, sampling, weights, warmStart, checkpointing);
    }

    /// {@return these options with another schedule}
    ///
    /// @param schedule how long, and how fast
    public TrainingOptions with(Schedule schedule) {
        return new TrainingOptions(
                folder, network, scale, channels, seed, threads, schedule, sampling, weights, warmStart, checkpointing);
    }

    /// {@return these options with another sampling}
    ///
    /// @param sampling what a step sees of the pictures
    public TrainingOptions with(Sampling sampling) {
        return new TrainingOptions(
                folder, network, scale, channels, seed, threads, schedule, sampling, weights, warmStart, checkpointing);
    }

    /// {@return these options with weights held in another way, or another loss}
    ///
    /// @param weights how weights are held and what is made small
    public TrainingOptions with(Weights weights) {
        return new TrainingOptions(
                folder, network, scale, channels, seed, threads, schedule, sampling, weights, warmStart, checkpointing);
    }

    /// {@return these options with weights to start from}
    ///
    /// @param warmStart weights, or `null` for random ones
    public TrainingOptions withWarmStart(WarmStart warmStart) {
        return new TrainingOptions(
                folder, network, scale, channels, seed, threads, schedule, sampling, weights, warmStart, checkpointing);
    }

    /// {@return these options with a checkpoint}
    ///
    /// @param checkpointing where training is saved
    public TrainingOptions with(Checkpointing checkpointing) {
        return new TrainingOptions(
                folder, network, scale, channels, seed, threads, schedule, sampling, weights, warmStart, checkpointing);
    }

    /// {@return everything that decides how training goes, in words; a checkpoint is only taken up by equal options. To
    /// what the result is rounded may be decided anew}
    String fingerprint() {
        return String.join(" ", network, "x" + scale, "channels=" + channels, "steps=" + schedule.steps,
                "time=" + schedule.time, "seed=" + seed, "batch=" + sampling.batch, "patch=" + sampling.patch,
                "rate=" + schedule.learningRate, "warmup=" + schedule.warmUpSteps, "loss=" + weights.loss,
                "form=" + weights.parametrisation, "average=" + weights.averageDecay, "clip=" + weights.clip,
                "candidates=" + sampling.candidates, "held-out=" + sampling.heldOutPictures
                + (sampling.sizes.isEmpty() ? "" : " sizes=" + sampling.sizes),
                "start=" + (warmStart == null ? "random" : warmStart.name()));
    }
}
