package io.github.fovea.train;

/// Hears how training goes. Called on the thread that trains, between two steps.
@FunctionalInterface
public interface TrainingListener {
    /// Takes a report; called every second or so and once at the end.
    ///
    /// @param progress where training stands
    /// @return false to stop here: what was trained so far is the result
    boolean progress(TrainingProgress progress);

    /// {@return a listener that lets training run and says nothing}
    static TrainingListener silent() {
        return _ -> true;
    }
}
