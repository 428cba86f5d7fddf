package io.github.fovea.pipeline;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/// One decision of a session's controller, for the flight recorder: `jcmd PID JFR.start`, or `-XX:StartFlightRecording`.
@Name("io.github.fovea.Decision")
@Label("Operating Point")
@Description("The operating point of one frame of a session, why it was chosen and how the frame went")
@Category("Fovea")
@StackTrace(false)
final class DecisionEvent extends Event {
    /// Asked for whether anybody listens; never committed.
    static final DecisionEvent PROBE = new DecisionEvent();

    @Label("Session")
    int session;

    @Label("Frame")
    long frame;

    @Label("Point")
    String point;

    @Label("Reason")
    String reason;

    @Label("Switched")
    boolean switched;

    @Label("Expected Time")
    @Timespan(Timespan.NANOSECONDS)
    long expectedNanos;

    @Label("Frame Time")
    @Timespan(Timespan.NANOSECONDS)
    long runNanos;

    @Label("Latency")
    @Description("From the frame's arrival to its end")
    @Timespan(Timespan.NANOSECONDS)
    long latencyNanos;

    @Label("Late")
    boolean late;

    @Label("Processors Others Kept Busy")
    double othersBusy;

    @Label("Share of Tile Memory")
    double tileShare;
}
