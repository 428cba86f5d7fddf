package io.github.fovea;

import io.github.fovea.adapt.ControllerOptions;
import java.time.Duration;
import java.util.Objects;

/// What a session that keeps a frame rate is to hold. Immutable; start from [#ofFrameRate].
///
/// @param frameRate   frames per second, 0.01 to 1000
/// @param deadline    time that a frame may take from its arrival to its end, 1 ms to 100 s; one period of the frame
///                    rate unless said otherwise
/// @param queueFrames frames that may wait for their turn behind the one in flight, 0 to 64; 0 is the latency mode: a
///                    frame that comes while another is in flight is dropped and counted
public record SessionOptions(double frameRate, Duration deadline, int queueFrames) {
    private static final int MAX_QUEUE = 64;

    /// Checks the ranges.
    public SessionOptions {
        Objects.requireNonNull(deadline, "deadline");
        ControllerOptions.ofFrameRate(frameRate);
        controller(deadline);
        if (queueFrames < 0 || queueFrames > MAX_QUEUE) {
            throw new IllegalArgumentException("a queue of " + queueFrames + " frames, wanted 0 to " + MAX_QUEUE);
        }
    }

    /// {@return options for a frame rate: a deadline of one period, and no more than one frame waiting}
    ///
    /// @param frameRate frames per second, 0.01 to 1000
    /// @throws IllegalArgumentException if the rate is out of range
    public static SessionOptions ofFrameRate(double frameRate) {
        long nanos = ControllerOptions.ofFrameRate(frameRate).deadlineNanos();
        return new SessionOptions(frameRate, Duration.ofNanos(nanos), 1);
    }

    /// {@return these options with another deadline}
    ///
    /// @param newDeadline time from a frame's arrival to its end, 1 ms to 100 s
    public SessionOptions withDeadline(Duration newDeadline) {
        return new SessionOptions(frameRate, newDeadline, queueFrames);
    }

    /// {@return these options with another queue}
    ///
    /// @param newQueueFrames frames that may wait, 0 to 64
    public SessionOptions withQueueFrames(int newQueueFrames) {
        return new SessionOptions(frameRate, deadline, newQueueFrames);
    }

    ControllerOptions controller() {
        return controller(deadline);
    }

    /// Durations that nanoseconds do not hold are out of range as well.
    private static ControllerOptions controller(Duration deadline) {
        long nanos = deadline.isNegative() ? 0 : deadline.compareTo(Duration.ofDays(1)) > 0 ? Long.MAX_VALUE
                : deadline.toNanos();
        return new ControllerOptions(nanos, ControllerOptions.LATE_SHARE);
    }

    long periodNanos() {
        return ControllerOptions.ofFrameRate(frameRate).deadlineNanos();
    }
}
