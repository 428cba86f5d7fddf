package io.github.fovea.adapt;

/// A clock for which frames begin at least a period apart. Frames of a file come as fast as they are done; a
/// controller's rules, so many switches a second, so long a wait, are about seconds of the video. Where frames come at
/// their rate, a little earlier or later, it is the caller's clock.
public final class PacedClock {
    /// What comes earlier by less than so many periods is scatter, which the caller's clock makes up for.
    private static final int SCATTER_PERIODS = 2;

    private final long periodNanos;
    private boolean started;
    private long ahead;
    private long begun;
    private long latest;

    /// Starts with no frame.
    ///
    /// @param periodNanos least time between the beginnings of two frames, at least 0
    public PacedClock(long periodNanos) {
        this.periodNanos = periodNanos;
    }

    /// A frame begins.
    ///
    /// @param now what the caller's clock says, in nanoseconds
    /// @return the time of this clock
    public long begin(long now) {
        latest = started ? Math.max(now + ahead, latest + periodNanos) : now;
        started = true;
        begun = now;
        ahead = Math.max(ahead, latest - now - SCATTER_PERIODS * periodNanos);
        return latest;
    }

    /// {@return the time of this clock, a moment after the latest frame's beginning}
    ///
    /// @param now what the caller's clock says, in nanoseconds
    public long at(long now) {
        return latest + (now - begun);
    }
}
