package io.github.fovea.backend;

import io.github.fovea.plan.Plan;

/// A plan with its weights on a backend. Immutable and safe to share between threads; each thread runs it through a
/// [Workspace] of its own.
public interface Executable {
    /// {@return the plan}
    Plan plan();

    /// {@return the name of the backend}
    String backend();

    /// {@return a new workspace; it holds no arena until [Workspace#prepare]}
    default Workspace newWorkspace() {
        return newWorkspace(new WorkingMemory());
    }

    /// {@return a new workspace in memory that it shares with workspaces of other executables; they are used in turn,
    /// and what one left in its output is lost when another runs}
    ///
    /// @param memory the memory of one thread
    Workspace newWorkspace(WorkingMemory memory);

    /// Runs every kernel of the plan on tiny tensors until the JVM has compiled it, or a few seconds have passed.
    /// Touches no workspace; may run in the background while others run the executable. Returns at once when it was
    /// done before.
    void warmUp();
}
