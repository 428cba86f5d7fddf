package io.github.fovea.adapt;

/// What a [Controller] holds.
///
/// @param deadlineNanos time that a frame may take from its arrival on, 1 ms to 100 s
/// @param lateShare     share of frames that climbing may make late, more than 0, at most 0.1
public record ControllerOptions(long deadlineNanos, double lateShare) {
    /// The usual share of late frames.
    public static final double LATE_SHARE = 0.007;
    /// Lowest frame rate, frames per second.
    public static final double MIN_FRAME_RATE = 0.01;
    /// Highest frame rate, frames per second.
    public static final double MAX_FRAME_RATE = 1000;

    private static final long MIN_DEADLINE_NANOS = 1_000_000L;
    private static final long MAX_DEADLINE_NANOS = 100_000_000_000L;

    /// Checks the ranges.
    public ControllerOptions {
        if (deadlineNanos < MIN_DEADLINE_NANOS || deadlineNanos > MAX_DEADLINE_NANOS) {
            throw new IllegalArgumentException("a deadline of " + deadlineNanos + " ns, wanted " + MIN_DEADLINE_NANOS
                    + " to " + MAX_DEADLINE_NANOS);
        }
        if (!(lateShare > 0 && lateShare <= 0.1)) {
            throw new IllegalArgumentException("a share of late frames of " + lateShare
                    + ", wanted more than 0, at most 0.1");
        }
    }

    /// {@return options for a frame rate: every frame has the time of one period}
    ///
    /// @param frameRate frames per second, [#MIN_FRAME_RATE] to [#MAX_FRAME_RATE]
    /// @throws IllegalArgumentException if the rate is out of range
    public static ControllerOptions ofFrameRate(double frameRate) {
        if (!(frameRate >= MIN_FRAME_RATE && frameRate <= MAX_FRAME_RATE)) {
            throw new IllegalArgumentException("a frame rate of " + frameRate + " per second, wanted " + MIN_FRAME_RATE
                    + " to " + MAX_FRAME_RATE);
        }
        return new ControllerOptions((long) (1e9 / frameRate), LATE_SHARE);
    }
}
