package io.github.fovea.train;

import io.github.fovea.graph.Graph;
import io.github.fovea.graph.Interpolation;
import io.github.fovea.kernel.KernelTable;
import io.github.fovea.pipeline.Workers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/// One step of training all paths of a dynamic network jointly: every path runs forward and backward on patches of its
/// own, gradients of parameters that paths share are summed, all numbers move at once.
///
/// Each patch has its own sums of gradients, and these are added in the order of paths and patches, so that results do
/// not depend on the number of threads.
final class OverfitStep {
    private final OverfitOptions options;
    private final ClipFrames clip;
    private final ClipPatches[] patches;
    private final Workers workers;
    private final Optimiser optimiser;
    private final List<Lane> lanes = new ArrayList<>();
    private final List<Slot> slots = new ArrayList<>();
    /// The costly patches first, so that threads end together.
    private final List<Slot> order;
    private final float[][] sums;

    /// One path: what its patches need.
    private static final class Lane {
        final PackedParameters packed;
        final Backpropagation[] passes;
        final PatchReader[] readers;
        final float[][] targets;
        final int height;
        final int width;
        final float weight;

        Lane(Graph full, ParameterLayout layout, KernelTable kernels, ClipFrames clip, OverfitOptions.PatchSize size,
                int batch, int margin, int threads) {
            Graph graph = Training.withoutSkip(full);
            Interpolation skip = Training.skip(full);
            height = size.height();
            width = size.width();
            packed = new PackedParameters(graph, layout, kernels);
            passes = new Backpropagation[threads];
            readers = new PatchReader[threads];
            targets = new float[threads][height * width * clip.scale() * clip.scale()];
            for (int i = 0; i < threads; i++) {
                passes[i] = new Backpropagation(graph, layout, kernels, height, width, true);
                readers[i] = new PatchReader(clip, kernels, skip, height, width);
            }
            int counted = (height - 2 * margin) * (width - 2 * margin) * clip.scale() * clip.scale();
            weight = 1f / ((float) counted * batch);
        }
    }

    /// One patch of a step.
    private static final class Slot {
        final int path;
        final long cost;
        final float[] sums;
        ClipPatches.Patch patch;
        double loss;

        Slot(int path, long cost, int elements) {
            this.path = path;
            this.cost = cost;
            sums = new float[elements];
        }
    }

    /// Prepares for the paths of a network.
    OverfitStep(List<Graph> graphs, ParameterLayout layout, Optimiser optimiser, KernelTable kernels, ClipFrames clip,
            OverfitOptions options, Workers workers) {
        this.options = options;
        this.clip = clip;
        patches = new ClipPatches[graphs.size()];
        ClipErrors errors = options.sampling().focuses().stream().allMatch(focus -> focus.share() == 0) ? null
                : new ClipErrors(clip, kernels, workers);
        for (int path = 0; path < patches.length; path++) {
            patches[path] = path > 0 && options.sampling().focuses().size() == 1 ? patches[0]
                    : new ClipPatches(clip, errors, options.sampling().focus(path));
        }
        this.workers = workers;
        this.optimiser = optimiser;
        for (int path = 0; path < graphs.size(); path++) {
            OverfitOptions.PatchSize size = options.sampling().size(path);
            lanes.add(new Lane(graphs.get(path), layout, kernels, clip, size, options.sampling().batch(path),
                    options.sampling().margin(), workers.threads()));
            for (int i = 0; i < options.sampling().batch(path); i++) {
                slots.add(new Slot(path, graphs.get(path).macsPerPixel() * size.height() * size.width(),
                        layout.elements()));
            }
        }
        order = slots.stream().sorted(Comparator.comparingLong((Slot slot) -> -slot.cost)).toList();
        sums = slots.stream().map(slot -> slot.sums).toArray(float[][]::new);
    }

    /// Makes a step.
    ///
    /// @param index index of the step, from 0: with the seed it decides which patches are drawn
    /// @param rate  learning rate
    /// @return the mean loss before the step, over all paths
    double run(long index, double rate) {
        SplittableRandom random = Training.random(options.seed(), index);
        for (Slot slot : slots) {
            slot.patch = patches[slot.path].draw(random, lanes.get(slot.path).height, lanes.get(slot.path).width);
        }
        workers.run(lanes.size(), (i, _) -> lanes.get(i).packed.update(optimiser.parameters()));
        workers.run(slots.size(), (i, worker) -> work(order.get(i), worker));
        double loss = 0;
        for (Slot slot : slots) {
            loss += slot.loss * lanes.get(slot.path).weight;
        }
        optimiser.step(sums, index, rate);
        return loss / lanes.size();
    }

    private void work(Slot slot, int worker) {
        Lane lane = lanes.get(slot.path);
        Backpropagation pass = lane.passes[worker];
        float[] target = lane.targets[worker];
        Arrays.fill(slot.sums, 0f);
        lane.readers[worker].read(clip.trained().get(slot.patch.frame()), slot.patch.x(), slot.patch.y(), pass.input(),
                target);
        pass.forward(lane.packed);
        // Along the sides of a patch the network sees zeros where the frame has neighbours, and what it makes of them
        // is not its fault.
        slot.loss = options.loss().evaluate(pass.output(), target, options.sampling().margin() * clip.scale(),
                lane.weight, pass.outputGradient());
        pass.backward(lane.packed, slot.sums);
    }
}
