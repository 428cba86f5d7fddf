package io.github.fovea.backend;

import io.github.fovea.graph.Graph;
import io.github.fovea.plan.Plan;
import java.util.Map;

/// Something that runs plans.
public interface Backend {
    /// {@return the name by which it is asked for: `vector` or `scalar`}
    String name();

    /// {@return the plan of a graph for this backend}
    ///
    /// @param graph the network
    Plan plan(Graph graph);

    /// Makes a plan ready to run: checks the weights and brings them into the order that the kernels want.
    ///
    /// @param plan       a plan that [#plan] made
    /// @param parameters every parameter of the plan's graph by name; the arrays are read now and not kept
    /// @return the executable, safe to share between threads
    /// @throws IllegalArgumentException if a parameter is missing or has the wrong length, or the plan was made
    ///     for other kernels
    Executable compile(Plan plan, Map<String, float[]> parameters);
}
