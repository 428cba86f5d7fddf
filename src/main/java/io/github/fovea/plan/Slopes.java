package io.github.fovea.plan;

/// The activation that a step applies: `x < 0 ? slope * x : x`.
public sealed interface Slopes {
    /// No activation.
    record None() implements Slopes {}

    /// One slope for every channel; 0 is ReLU.
    ///
    /// @param slope slope of the negative side
    record Constant(float slope) implements Slopes {}

    /// A trained slope per channel.
    ///
    /// @param name name of the parameter `[c]`
    record Parameter(String name) implements Slopes {}
}
