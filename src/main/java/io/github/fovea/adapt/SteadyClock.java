package io.github.fovea.adapt;

/// Time that only goes forward, and never by more than a second at once: what is left of the caller's clock when it
/// jumps (a suspended machine, a paused virtual machine, a faulty clock).
final class SteadyClock {
    private static final long MAX_STEP_NANOS = 1_000_000_000L;

    private boolean started;
    private long last;
    private long nanos;

    /// {@return nanoseconds since the first call}
    ///
    /// @param now what the caller's clock says
    long advance(long now) {
        if (started) {
            nanos += Math.clamp(now - last, 0, MAX_STEP_NANOS);
        }
        started = true;
        last = now;
        return nanos;
    }

    long nanos() {
        return nanos;
    }
}
