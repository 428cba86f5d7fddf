package io.github.fovea.backend;

import io.github.fovea.graph.Graph;
import io.github.fovea.plan.Plan;
import java.util.Map;

/// Something that runs plans.
public interface Backend {
    /// {@return the name by which it is asked for: `vector` or `scalar`}
    String name();

    /// {@return the plan of a graph that has weights of its own}
    ///
    /// @param graph the network
    Plan plan(Graph graph);

    /// {@return the plan of a graph that runs on shared weights, of which it may use slices}
    ///
    /// @param graph   the network
    /// @param weights weights that [#weights] made
    /// @throws IllegalArgumentException if a convolution reads neither a stored tensor nor a slice of one
    Plan plan(Graph graph, WeightStore weights);

    /// Makes a plan ready to run: checks the weights and brings them into the order that the kernels want.
    ///
    /// @param plan       a plan that [#plan] made
    /// @param parameters every parameter of the plan's graph by name; the arrays are read now and not kept
    /// @return the executable, safe to share between threads
    /// @throws IllegalArgumentException if a parameter is missing or has the wrong length, or the plan was made
    ///     for other kernels
    default Executable compile(Plan plan, Map<String, float[]> parameters) {
        return compile(plan, weights(plan.graph().parameters(), parameters));
    }

    /// {@return the weights of a model for this backend, to be shared by the executables of its sub-graphs}
    ///
    /// @param shapes     the shape of every tensor by name
    /// @param parameters the numbers by name; the arrays are not changed
    /// @throws IllegalArgumentException if a tensor is missing or has the wrong length
    WeightStore weights(Map<String, int[]> shapes, Map<String, float[]> parameters);

    /// Makes a plan ready to run on shared weights, of which it may use slices.
    ///
    /// @param plan    a plan that [#plan(Graph, WeightStore)] made for weights of these shapes
    /// @param weights weights that [#weights] made
    /// @return the executable, safe to share between threads
    /// @throws IllegalArgumentException if a parameter of the plan's graph is neither a stored tensor nor a slice of
    ///     one, or the plan or the weights were made for other kernels
    Executable compile(Plan plan, WeightStore weights);

    /// Runs every kernel of a plan on tiny tensors until the JVM has compiled it, or a few seconds have passed, as
    /// [Executable#warmUp] does: for those who know the network before they have its weights.
    ///
    /// @param plan a plan that [#plan] made
    void warmUp(Plan plan);
}
