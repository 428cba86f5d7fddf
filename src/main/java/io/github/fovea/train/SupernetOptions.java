package io.github.fovea.train;

import io.github.fovea.network.MetaGraph;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/// How a meta-graph is trained.
///
/// @param folder       pictures to train on
/// @param meta         the meta-graph
/// @param seed         seed of everything random
/// @param threads      threads, 1 to 1024; the result does not depend on them
/// @param steps        steps to train, or 0 to train by the clock
/// @param time         time to train, or `null` to train by steps
/// @param learningRate highest learning rate, above 0, at most 1; it warms up to it and falls to zero along a cosine
/// @param batch        patches per step, 1 to 256
/// @param patch        rows and columns of a patch of the small picture, 8 to 512
/// @param heldOut      pictures of which a part is kept out and measured on, at least 1
public record SupernetOptions(Path folder, MetaGraph meta, long seed, int threads, long steps, Duration time,
        double learningRate, int batch, int patch, int heldOut) {
    /// Checks the ranges.
    public SupernetOptions {
        Objects.requireNonNull(folder, "folder");
        Objects.requireNonNull(meta, "meta");
        if (steps < 0 || steps == 0 && (time == null || time.isNegative() || time.isZero())) {
            throw new IllegalArgumentException(steps + " steps in a time of " + time + ", wanted at least one of them above 0");
        }
        if (threads < 1 || threads > 1024 || !(learningRate > 0 && learningRate <= 1) || batch < 1 || batch > 256 || patch < 8
                || patch > 512 || heldOut < 1) {
            throw new IllegalArgumentException(threads + " threads, learning rate " + learningRate + ", " + batch
                    + " patches of " + patch + ", " + heldOut + " held-out pictures; wanted 1 to 1024 threads, a rate above 0, at"
                    + " most 1, 1 to 256 patches of 8 to 512 pixels, at least 1 picture");
        }
    }

    /// {@return usual settings}
    ///
    /// @param folder  pictures to train on
    /// @param meta    the meta-graph
    /// @param seed    seed
    /// @param threads threads
    public static SupernetOptions of(Path folder, MetaGraph meta, long seed, int threads) {
        return new SupernetOptions(folder, meta, seed, threads, 0, Duration.ofMinutes(30), 2e-3, 4, 48, 12);
    }

    /// {@return these options for a number of steps}
    ///
    /// @param newSteps at least 1
    public SupernetOptions withSteps(long newSteps) {
        return new SupernetOptions(folder, meta, seed, threads, newSteps, null, learningRate, batch, patch, heldOut);
    }

    /// {@return these options for a time}
    ///
    /// @param newTime more than nothing
    public SupernetOptions withTime(Duration newTime) {
        return new SupernetOptions(folder, meta, seed, threads, 0, newTime, learningRate, batch, patch, heldOut);
    }

    /// {@return these options with other patches}
    ///
    /// @param newBatch   patches per step
    /// @param newPatch   rows and columns of a patch
    /// @param newHeldOut pictures held out in part
    public SupernetOptions withPatches(int newBatch, int newPatch, int newHeldOut) {
        return new SupernetOptions(folder, meta, seed, threads, steps, time, learningRate, newBatch, newPatch, newHeldOut);
    }
}
