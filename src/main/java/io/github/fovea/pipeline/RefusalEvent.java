package io.github.fovea.pipeline;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/// One frame that a session did not take in, for the flight recorder.
@Name("io.github.fovea.Refusal")
@Label("Refused Frame")
@Description("A frame handed in to a session that keeps a frame rate, which dropped it")
@Category("Fovea")
@StackTrace(false)
final class RefusalEvent extends Event {
    @Label("Session")
    @Description("Number of the session in this JVM, from 1")
    int session;

    @Label("Frame")
    @Description("Number of the frame in the video, from 0")
    int frame;

    @Label("Reason")
    @Description("Why it was dropped: the queue was full, or the session is closed")
    String reason;
}
