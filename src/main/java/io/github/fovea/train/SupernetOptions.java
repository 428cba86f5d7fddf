package io.github.fovea.train;

import io.github.fovea.model.MetaModel;
import io.github.fovea.model.MetaPoint;
import io.github.fovea.network.MetaGraph;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/// How a meta-graph is trained.
///
/// @param pictures     a folder of pictures, or a video, to train on
/// @param meta         the meta-graph
/// @param starts       trained chains, one behind another, or one trained meta-graph of the same widths, nodes and
///                     heads, to start from; may be empty
/// @param points       operating points that are settled: nothing is searched, these are trained; the last one teaches.
///                     Those of a trained meta-graph to start from, or chosen ones; empty where points are searched
/// @param keep         whether trained chains stay as they are, number for number, and other sub-graphs use their nodes
///                     as they find them
/// @param seed         seed of everything random
/// @param threads      threads, 1 to 1024; the result does not depend on them
/// @param steps        steps to train in both stages together, or 0 to train by the clock
/// @param time         time to train in both stages together, or `null` to train by steps
/// @param refinement   share of the steps or the time that the second stage gets, 0 to 1; with 1 there is no first
/// @param finish       share of the second stage at its end that minimises [Loss#PSNR], 0 to 1
/// @param learningRate highest learning rate, above 0, at most 1; it warms up to it and falls to zero along a cosine in
///                     either stage
/// @param loss         what is minimised
/// @param distillation share of the largest sub-graph's result in what the others learn from, 0 to 1
/// @param batch        patches per step, 1 to 256
/// @param patch        rows and columns of a patch of the small picture, 8 to 512
/// @param heldOut      pictures of which a part is kept out and measured on, at least 1
/// @param checkpoint   file that training is saved to every minute, or `null`
/// @param resume       whether to go on from the checkpoint where there is one
public record SupernetOptions(Path pictures, MetaGraph meta, List<WarmStart> starts, List<int[]> points, boolean keep,
        long seed, int threads, long steps, Duration time, double refinement, double finish, double learningRate,
        Loss loss, double distillation, int batch, int patch, int heldOut, Path checkpoint, boolean resume) {
    /// Checks the ranges.
    public SupernetOptions {
        Objects.requireNonNull(pictures, "pictures");
        Objects.requireNonNull(meta, "meta");
        Objects.requireNonNull(loss, "loss");
        starts = List.copyOf(starts);
        points = List.copyOf(points);
        points.forEach(meta::check);
        if (steps < 0 || steps == 0 && (time == null || time.isNegative() || time.isZero())) {
            throw new IllegalArgumentException(steps + " steps in a time of " + time
                    + ", wanted at least one of them above 0");
        }
        if (threads < 1 || threads > 1024 || !(learningRate > 0 && learningRate <= 1) || batch < 1 || batch > 256
                || patch < 8 || patch > 512 || heldOut < 1) {
            throw new IllegalArgumentException(threads + " threads, learning rate " + learningRate + ", " + batch
                    + " patches of " + patch + ", " + heldOut
                    + " held-out pictures; wanted 1 to 1024 threads, a rate above 0, at most 1, 1 to 256 patches of 8 "
                    + "to 512 pixels, at least 1 picture");
        }
        if (!(refinement >= 0 && refinement <= 1) || !(finish >= 0 && finish <= 1)
                || !(distillation >= 0 && distillation <= 1)) {
            throw new IllegalArgumentException("a share of " + refinement + " for refinement, " + finish
                    + " of it for its end, and " + distillation + " of distillation, wanted 0 to 1 each");
        }
    }

    /// {@return usual settings}
    ///
    /// @param pictures a folder of pictures, or a video
    /// @param meta     the meta-graph
    /// @param seed     seed
    /// @param threads  threads
    public static SupernetOptions of(Path pictures, MetaGraph meta, long seed, int threads) {
        return new SupernetOptions(pictures, meta, List.of(), List.of(), false, seed, threads, 0,
                Duration.ofMinutes(30), 0.5, 0.3, 2e-3, Loss.L1, 0.5, 4, 48, 12, null, false);
    }

    /// {@return these options, starting from trained chains: with more time for the points. Each chain takes the next
    /// nodes and a head of its own. What is taken from them learns at a quarter of the learning rate}
    ///
    /// @param chains the trained chains, the first nodes' one first
    public SupernetOptions from(WarmStart... chains) {
        return new SupernetOptions(pictures, meta, List.of(chains), List.of(), keep, seed, threads, steps, time, 0.9,
                finish, 2e-3, loss, distillation, batch, patch, heldOut, checkpoint, resume);
    }

    /// {@return these options, starting from a trained meta-graph whose points are trained on and stay as they are; of
    /// another scale, all but the tails is taken over}
    ///
    /// @param model a meta-graph of the same widths, nodes and channels
    /// @throws IllegalArgumentException if it has others
    public SupernetOptions from(MetaModel model) {
        MetaGraph other = model.meta();
        if (!other.name().equals(meta.name()) || other.channels() != meta.channels()) {
            throw new IllegalArgumentException(model.name() + " is " + other.name() + " for " + other.channels()
                    + " channels, wanted " + meta.name() + " for " + meta.channels() + " to start from");
        }
        return new SupernetOptions(pictures, meta, List.of(new WarmStart(model.name(), model.parameters())),
                model.points().stream().map(MetaPoint::vector).toList(), keep, seed, threads, steps, time, refinement,
                finish, learningRate, loss, distillation, batch, patch, heldOut, checkpoint, resume);
    }

    /// {@return these options for operating points that are chosen: nothing is searched}
    ///
    /// @param newPoints their choice vectors, by rising cost; the last one teaches
    public SupernetOptions withPoints(List<int[]> newPoints) {
        return new SupernetOptions(pictures, meta, starts, newPoints, keep, seed, threads, steps, time, refinement,
                finish, learningRate, loss, distillation, batch, patch, heldOut, checkpoint, resume);
    }

    /// {@return these options, in which trained chains move or not}
    ///
    /// @param newKeep whether they stay as they are, number for number
    public SupernetOptions withKeep(boolean newKeep) {
        return new SupernetOptions(pictures, meta, starts, points, newKeep, seed, threads, steps, time, refinement,
                finish, learningRate, loss, distillation, batch, patch, heldOut, checkpoint, resume);
    }

    /// {@return these options for a number of steps}
    ///
    /// @param newSteps at least 1
    public SupernetOptions withSteps(long newSteps) {
        return new SupernetOptions(pictures, meta, starts, points, keep, seed, threads, newSteps, null, refinement,
                finish, learningRate, loss, distillation, batch, patch, heldOut, checkpoint, resume);
    }

    /// {@return these options for a time}
    ///
    /// @param newTime more than nothing
    public SupernetOptions withTime(Duration newTime) {
        return new SupernetOptions(pictures, meta, starts, points, keep, seed, threads, 0, newTime, refinement,
                finish, learningRate, loss, distillation, batch, patch, heldOut, checkpoint, resume);
    }

    /// {@return these options with another course of training}
    ///
    /// @param newRefinement   share of the second stage
    /// @param newLearningRate highest learning rate
    /// @param newLoss         what is minimised
    /// @param newDistillation share of the largest sub-graph's result in what the others learn from
    public SupernetOptions withCourse(double newRefinement, double newLearningRate, Loss newLoss,
            double newDistillation) {
        return new SupernetOptions(pictures, meta, starts, points, keep, seed, threads, steps, time, newRefinement,
                finish, newLearningRate, newLoss, newDistillation, batch, patch, heldOut, checkpoint, resume);
    }

    /// {@return these options with another end}
    ///
    /// @param newFinish share of the second stage at its end that minimises [Loss#PSNR]
    public SupernetOptions withFinish(double newFinish) {
        return new SupernetOptions(pictures, meta, starts, points, keep, seed, threads, steps, time, refinement,
                newFinish, learningRate, loss, distillation, batch, patch, heldOut, checkpoint, resume);
    }

    /// {@return these options with other patches}
    ///
    /// @param newBatch   patches per step
    /// @param newPatch   rows and columns of a patch
    /// @param newHeldOut pictures held out in part
    public SupernetOptions withPatches(int newBatch, int newPatch, int newHeldOut) {
        return new SupernetOptions(pictures, meta, starts, points, keep, seed, threads, steps, time, refinement,
                finish, learningRate, loss, distillation, newBatch, newPatch, newHeldOut, checkpoint, resume);
    }

    /// {@return these options with a file that training is saved to}
    ///
    /// @param file      the file
    /// @param newResume whether to go on from it where it exists
    public SupernetOptions withCheckpoint(Path file, boolean newResume) {
        return new SupernetOptions(pictures, meta, starts, points, keep, seed, threads, steps, time, refinement,
                finish, learningRate, loss, distillation, batch, patch, heldOut, file, newResume);
    }

    /// {@return what a checkpoint must agree with}
    String fingerprint() {
        return String.join(" ", "supernet", meta.name(), "scale=" + meta.scale(), "channels=" + meta.channels(),
                "from=" + (starts.isEmpty() ? "nothing"
                : starts.stream().map(WarmStart::name).collect(Collectors.joining(","))), "points=" + points.stream()
                .map(Arrays::toString).toList(), "keep=" + keep, "steps=" + steps, "time=" + time, "seed=" + seed,
                "refinement=" + refinement, "finish=" + finish, "rate=" + learningRate, "loss=" + loss, "distillation="
                + distillation, "batch=" + batch, "patch=" + patch, "heldOut=" + heldOut);
    }
}
