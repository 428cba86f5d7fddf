package io.github.fovea.arena;

import java.util.LinkedHashSet;
import java.util.List;

/// Steps and the values that they read and write.
///
/// @param steps  what is to be ordered; steps and values are named by their indices
/// @param values what the steps read and write; each is written by at most one step, and exists from the start where
///               none writes it
public record Dataflow(List<Step> steps, List<Value> values) {
    /// A step.
    ///
    /// @param reads   values that must exist before it runs
    /// @param writes  values that exist once it has run
    /// @param inPlace whether its first result may take the place of a value that it reads, is at least as large and is
    ///                not needed any more
    public record Step(List<Integer> reads, List<Integer> writes, boolean inPlace) {
        /// Copies the lists.
        public Step {
            reads = List.copyOf(new LinkedHashSet<>(reads));
            writes = List.copyOf(writes);
        }
    }

    /// A value.
    ///
    /// @param elements its size, at least 0
    /// @param kept     whether it stays to the end: inputs that must not be overwritten, results
    public record Value(long elements, boolean kept) {}

    /// Checks the graph.
    ///
    /// @throws IllegalArgumentException if a value does not exist, is written twice or has a negative size
    public Dataflow {
        steps = List.copyOf(steps);
        values = List.copyOf(values);
        boolean[] written = new boolean[values.size()];
        for (int s = 0; s < steps.size(); s++) {
            for (int value : steps.get(s).reads()) {
                check(s, value, written.length);
            }
            for (int value : steps.get(s).writes()) {
                check(s, value, written.length);
                if (written[value]) {
                    throw new IllegalArgumentException("step " + s + " writes value " + value
                            + ", which another step writes too");
                }
                written[value] = true;
            }
        }
        for (Value value : values) {
            if (value.elements < 0) {
                throw new IllegalArgumentException("a value of " + value.elements + " elements, wanted at least 0");
            }
        }
    }

    private static void check(int step, int value, int values) {
        if (value < 0 || value >= values) {
            throw new IllegalArgumentException("step " + step + " names value " + value + " of " + values);
        }
    }
}
