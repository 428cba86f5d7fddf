package io.github.fovea.pipeline;

import java.util.concurrent.CancellationException;

/// A flag that one thread raises and long jobs of other threads look at between tiles and frames.
public final class Cancellation {
    private volatile boolean cancelled;

    /// Makes a flag that is down.
    public Cancellation() {}

    /// Raises the flag. May be called from any thread, more than once.
    public void cancel() {
        cancelled = true;
    }

    /// Ends the job that calls this when the flag is up.
    ///
    /// @throws CancellationException when the flag is up
    public void check() {
        if (cancelled) {
            throw new CancellationException("cancelled");
        }
    }
}
