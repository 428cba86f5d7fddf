package io.github.fovea.train;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/// What to train, on what, and how. Start from [#of] and change what should differ with the `with` methods.
///
/// @param folder             pictures to train on
/// @param network            name of the network, see [io.github.fovea.network.Networks]
/// @param scale              the factor, 2 to 8
/// @param channels           1 for luma, 3 for RGB
/// @param steps              steps to train, or 0 to train by the clock
/// @param time               time to train, or `null` to train by steps; with both, whichever ends first
/// @param seed               seed of everything random
/// @param threads            threads, at least 1; the result does not depend on them
/// @param batch              patches per step
/// @param patch              rows and columns of a patch of the small picture
/// @param learningRate       highest learning rate; it warms up to it and falls to zero along a cosine
/// @param warmUpSteps        steps over which the learning rate rises
/// @param loss               what is made small
/// @param parametrisation    how weights are held while they are trained
/// @param averageDecay       decay of the running average of the weights that is exported, 0 for the last weights
/// @param clip               largest norm of a step's gradient, or 0 for no limit
/// @param candidates         patches drawn for each that is used: the one with most detail is kept
/// @param heldOutPictures    pictures of which a part is kept out of training and measured on
/// @param warmStart          weights to start from, or `null`
/// @param checkpoint         file that training is saved to and can go on from, or `null`
/// @param checkpointInterval time between two writes of the checkpoint
/// @param resume             whether to go on from the checkpoint where there is one
public record TrainingOptions(
        Path folder, String network, int scale, int channels, long steps, Duration time, long seed, int threads, int batch,
        int patch, double learningRate, int warmUpSteps, Loss loss, Parametrisation parametrisation, double averageDecay,
        double clip, int candidates, int heldOutPictures, WarmStart warmStart, Path checkpoint, Duration checkpointInterval,
        boolean resume) {

    /// Checks the ranges.
    public TrainingOptions {
        Objects.requireNonNull(folder, "folder");
        Objects.requireNonNull(network, "network");
        Objects.requireNonNull(loss, "loss");
        Objects.requireNonNull(parametrisation, "parametrisation");
        Objects.requireNonNull(checkpointInterval, "checkpointInterval");
        check("steps", steps, 0, 1L << 40);
        if (steps == 0 && time == null) {
            throw new IllegalArgumentException("neither steps nor a time to train is given");
        }
        if (time != null && (time.isNegative() || time.isZero())) {
            throw new IllegalArgumentException("time to train is " + time + ", wanted more than nothing");
        }
        check("threads", threads, 1, 1024);
        check("batch", batch, 1, 4096);
        check("patch", patch, 8, 1024);
        check("warm-up steps", warmUpSteps, 0, 1 << 30);
        check("candidates", candidates, 1, 64);
        check("held-out pictures", heldOutPictures, 0, 1 << 20);
        if (!(learningRate > 0 && learningRate <= 1)) {
            throw new IllegalArgumentException("learning rate is " + learningRate + ", wanted above 0, at most 1");
        }
        if (!(averageDecay >= 0 && averageDecay < 1)) {
            throw new IllegalArgumentException("decay of the average is " + averageDecay + ", wanted 0 to below 1");
        }
        if (!(clip >= 0 && clip <= Double.MAX_VALUE)) {
            throw new IllegalArgumentException("gradient limit is " + clip + ", wanted 0 (none) or more");
        }
        if (resume && checkpoint == null) {
            throw new IllegalArgumentException("to go on from a checkpoint, name its file");
        }
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
        return new TrainingOptions(folder, network, scale, 1, 0, Duration.ofMinutes(10), 1,
                Runtime.getRuntime().availableProcessors(), 4, 48, 4e-3, 100, Loss.L1, Parametrisation.PLAIN, 0.999, 0, 1, 12,
                null, null, Duration.ofSeconds(30), false);
    }

    /// {@return these options with a number of steps and no limit of time}
    ///
    /// @param steps steps to train
    public TrainingOptions withSteps(long steps) {
        return new TrainingOptions(folder, network, scale, channels, steps, null, seed, threads, batch, patch, learningRate,
                warmUpSteps, loss, parametrisation, averageDecay, clip, candidates, heldOutPictures, warmStart, checkpoint,
                checkpointInterval, resume);
    }

    /// {@return these options with a time to train and no limit of steps}
    ///
    /// @param time time to train
    public TrainingOptions withTime(Duration time) {
        return new TrainingOptions(folder, network, scale, channels, 0, time, seed, threads, batch, patch, learningRate,
                warmUpSteps, loss, parametrisation, averageDecay, clip, candidates, heldOutPictures, warmStart, checkpoint,
                checkpointInterval, resume);
    }

    /// {@return these options with another number of channels}
    ///
    /// @param channels 1 for luma, 3 for RGB
    public TrainingOptions withChannels(int channels) {
        return new TrainingOptions(folder, network, scale, channels, steps, time, seed, threads, batch, patch, learningRate,
                warmUpSteps, loss, parametrisation, averageDecay, clip, candidates, heldOutPictures, warmStart, checkpoint,
                checkpointInterval, resume);
    }

    /// {@return these options with another seed and number of threads}
    ///
    /// @param seed    seed of everything random
    /// @param threads threads to use
    public TrainingOptions withSeed(long seed, int threads) {
        return new TrainingOptions(folder, network, scale, channels, steps, time, seed, threads, batch, patch, learningRate,
                warmUpSteps, loss, parametrisation, averageDecay, clip, candidates, heldOutPictures, warmStart, checkpoint,
                checkpointInterval, resume);
    }

    /// {@return these options with other patches}
    ///
    /// @param batch      patches per step
    /// @param patch      rows and columns of a patch
    /// @param candidates patches drawn for each that is used
    public TrainingOptions withPatches(int batch, int patch, int candidates) {
        return new TrainingOptions(folder, network, scale, channels, steps, time, seed, threads, batch, patch, learningRate,
                warmUpSteps, loss, parametrisation, averageDecay, clip, candidates, heldOutPictures, warmStart, checkpoint,
                checkpointInterval, resume);
    }

    /// {@return these options with another learning rate and loss}
    ///
    /// @param learningRate highest learning rate
    /// @param loss         what is made small
    public TrainingOptions withLearning(double learningRate, Loss loss) {
        return new TrainingOptions(folder, network, scale, channels, steps, time, seed, threads, batch, patch, learningRate,
                warmUpSteps, loss, parametrisation, averageDecay, clip, candidates, heldOutPictures, warmStart, checkpoint,
                checkpointInterval, resume);
    }

    /// {@return these options with weights held in another way}
    ///
    /// @param parametrisation how weights are held
    /// @param averageDecay    decay of the running average
    /// @param clip            largest norm of a gradient, or 0
    public TrainingOptions withWeights(Parametrisation parametrisation, double averageDecay, double clip) {
        return new TrainingOptions(folder, network, scale, channels, steps, time, seed, threads, batch, patch, learningRate,
                warmUpSteps, loss, parametrisation, averageDecay, clip, candidates, heldOutPictures, warmStart, checkpoint,
                checkpointInterval, resume);
    }

    /// {@return these options with weights to start from}
    ///
    /// @param warmStart weights, or `null` for random ones
    public TrainingOptions withWarmStart(WarmStart warmStart) {
        return new TrainingOptions(folder, network, scale, channels, steps, time, seed, threads, batch, patch, learningRate,
                warmUpSteps, loss, parametrisation, averageDecay, clip, candidates, heldOutPictures, warmStart, checkpoint,
                checkpointInterval, resume);
    }

    /// {@return these options with another number of held-out pictures}
    ///
    /// @param heldOutPictures pictures of which a part is kept out of training
    public TrainingOptions withHeldOut(int heldOutPictures) {
        return new TrainingOptions(folder, network, scale, channels, steps, time, seed, threads, batch, patch, learningRate,
                warmUpSteps, loss, parametrisation, averageDecay, clip, candidates, heldOutPictures, warmStart, checkpoint,
                checkpointInterval, resume);
    }

    /// {@return these options with a checkpoint}
    ///
    /// @param checkpoint file to save to
    /// @param interval   time between two writes
    /// @param resume     whether to go on from the file where there is one
    public TrainingOptions withCheckpoint(Path checkpoint, Duration interval, boolean resume) {
        return new TrainingOptions(folder, network, scale, channels, steps, time, seed, threads, batch, patch, learningRate,
                warmUpSteps, loss, parametrisation, averageDecay, clip, candidates, heldOutPictures, warmStart, checkpoint,
                interval, resume);
    }

    /// {@return everything that decides the result, in words; a checkpoint is only taken up by equal options}
    String fingerprint() {
        return String.join(" ", network, "x" + scale, "channels=" + channels, "steps=" + steps,
                "time=" + time, "seed=" + seed, "batch=" + batch, "patch=" + patch,
                "rate=" + learningRate, "warmup=" + warmUpSteps, "loss=" + loss, "form=" + parametrisation,
                "average=" + averageDecay, "clip=" + clip, "candidates=" + candidates, "held-out=" + heldOutPictures,
                "start=" + (warmStart == null ? "random" : warmStart.name()));
    }
}
