package io.github.fovea.train;

/// Hears how overfitting goes. Called on the thread that trains, between two steps.
@FunctionalInterface
public interface OverfitListener {
    /// Takes a report; called every second or so and once at the end.
    ///
    /// @param progress where it stands
    /// @return false to stop here: what was trained so far is the result
    boolean progress(OverfitProgress progress);

    /// {@return a listener that lets training run and says nothing}
    static OverfitListener silent() {
        return _ -> true;
    }
}
