package io.github.fovea.train;

import io.github.fovea.graph.Graph;
import io.github.fovea.kernel.Gemm;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// The numbers under training and all that moves them: the graph's parameters that they fold into, Adam's moments, and
/// the running average of the parameters, which is the result. What a step computes on, and how it sums gradients, is
/// its own.
final class Optimiser {
    private final ParameterLayout layout;
    private final TrainedParameters form;
    private final GradientLimit limit;
    private final float[] trained;
    private final float[] parameters;
    private final float[] gradients;
    private final Adam adam;
    private final RunningAverage average;
    /// The trained numbers that move; `null` for all.
    private boolean[] moving;

    /// Starts with zeros; [#initialise] or [#restore] follows.
    ///
    /// @param graphs       the networks
    /// @param layout       where their parameters lie
    /// @param form         how weights are held
    /// @param averageDecay decay of the running average, 0 for none
    /// @param limit        how large the parameters' gradient may be
    /// @param gemm         multiplies matrices
    Optimiser(List<Graph> graphs, ParameterLayout layout, Parametrisation form, double averageDecay,
            GradientLimit limit, Gemm gemm) {
        this.layout = layout;
        this.form = new TrainedParameters(graphs, layout, form, gemm);
        this.limit = limit;
        trained = new float[this.form.elements()];
        parameters = new float[layout.elements()];
        gradients = new float[this.form.elements()];
        adam = new Adam(this.form.elements());
        average = new RunningAverage(layout.elements(), averageDecay);
    }

    /// Sets first values.
    ///
    /// @param graph  network whose convolutions they are for
    /// @param random makes them
    void initialise(Graph graph, SplittableRandom random) {
        form.initialise(graph, trained, random);
        fold();
        average.start(parameters);
    }

    /// Goes on from [#parameters] that the caller has changed.
    ///
    /// @param random makes what the parameters leave open
    void takeParameters(SplittableRandom random) {
        form.unfold(parameters, trained, random);
        fold();
        average.start(parameters);
    }

    private void fold() {
        form.fold(trained, parameters);
    }

    /// Moves the numbers against their gradients.
    ///
    /// @param sums  gradients of the graph's parameters in parts that are added in order; the first receives the sum
    /// @param index index of this step, from 0
    /// @param rate  learning rate
    void step(float[][] sums, long index, double rate) {
        float[] sum = sums[0];
        for (int part = 1; part < sums.length; part++) {
            add(sum, sums[part]);
        }
        limit.apply(sum);
        form.pullBack(trained, sum, gradients);
        if (moving != null) {
            for (int i = 0; i < gradients.length; i++) {
                gradients[i] = moving[i] ? gradients[i] : 0;
            }
        }
        adam.step(trained, gradients, index, rate);
        fold();
        average.follow(parameters, index + 1);
    }

    private static void add(float[] sum, float[] other) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += other[i];
        }
    }

    /// {@return all of it, to go on from}
    ///
    /// @param fingerprint the options it belongs to
    /// @param steps       steps done
    /// @param nanos       time spent
    /// @param notes       what else whoever trains must know
    Checkpoint checkpoint(String fingerprint, long steps, long nanos, double[] notes) {
        double[] all = Arrays.copyOf(notes, notes.length + 1);
        all[notes.length] = limit.usual();
        return new Checkpoint(fingerprint, steps, nanos, trained, adam.mean(), adam.square(), average.values(), all);
    }

    /// Goes on from saved numbers.
    ///
    /// @param saved what [#checkpoint] gave
    /// @return the notes that it was given
    double[] restore(Checkpoint saved) {
        System.arraycopy(saved.trained(), 0, trained, 0, trained.length);
        System.arraycopy(saved.mean(), 0, adam.mean(), 0, trained.length);
        System.arraycopy(saved.square(), 0, adam.square(), 0, trained.length);
        fold();
        average.start(saved.average());
        int notes = saved.notes().length - 1;
        limit.usual(saved.notes()[notes]);
        return Arrays.copyOf(saved.notes(), notes);
    }

    /// Lets only some numbers move from here on; the others keep their bits if they have not moved before.
    ///
    /// @param moves for each trained number whether it moves
    void moveOnly(boolean[] moves) {
        moving = moves.clone();
    }

    /// {@return for each trained number the root of its mean squared gradient, as Adam has it}
    float[] gradientSizes() {
        float[] sizes = new float[trained.length];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = (float) Math.sqrt(adam.square()[i]);
        }
        return sizes;
    }

    /// {@return how many numbers are trained}
    int trainedElements() {
        return trained.length;
    }

    /// {@return the parameters of the graph, live}
    float[] parameters() {
        return parameters;
    }

    /// {@return their running average, live}
    float[] average() {
        return average.values();
    }

    /// {@return a copy of the running average by name}
    Map<String, float[]> averageByName() {
        return layout.named(average.values());
    }
}
