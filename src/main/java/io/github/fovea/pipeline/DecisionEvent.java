package io.github.fovea.pipeline;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/// One decision of a session's controller, for the flight recorder: `jcmd PID JFR.start`, or
/// `-XX:StartFlightRecording`.
@Name("io.github.fovea.Decision")
@Label("Operating Point")
@Description("The operating point of one frame of a session, why it was chosen and how the frame went")
@Category("Fovea")
@StackTrace(false)
final class DecisionEvent extends Event {
    /// Asked for whether anybody listens; never committed.
    static final DecisionEvent PROBE = new DecisionEvent();

    @Label("Session")
    @Description("Number of the session in this JVM, from 1")
    int session;

    @Label("Frame")
    @Description("Number of the frame among those of the session, from 0; frames that were refused have events of "
            + "their own")
    long frame;

    @Label("Point")
    @Description("Name of the operating point that the frame ran at")
    String point;

    @Label("Reason")
    @Description("Why it ran there: START, STEADY, LATE, PREDICTED, SENSED, MEMORY, ROOM or RESCUE")
    String reason;

    @Label("Switched")
    @Description("Whether the session's point changed with this frame")
    boolean switched;

    @Label("Expected Time")
    @Description("What the frame was expected to take at the point chosen, before it ran")
    @Timespan(Timespan.NANOSECONDS)
    long expectedNanos;

    @Label("Share")
    @Description("What the frame might take so that other sessions get their part, at most the deadline")
    @Timespan(Timespan.NANOSECONDS)
    long shareNanos;

    @Label("Frame Time")
    @Description("What the frame took, without waiting for its turn")
    @Timespan(Timespan.NANOSECONDS)
    long runNanos;

    @Label("Latency")
    @Description("From the frame's arrival to its end")
    @Timespan(Timespan.NANOSECONDS)
    long latencyNanos;

    @Label("Late")
    @Description("Whether the latency is more than the deadline")
    boolean late;

    @Label("Processors Others Kept Busy")
    @Description("Number of processors, at the latest look at the machine; NaN where it is not known")
    double othersBusy;

    @Label("Share of Tile Memory")
    @Description("1 where memory is not short, else 1/2, 1/4 or 1/8 of the usual working memory")
    double tileShare;
}
