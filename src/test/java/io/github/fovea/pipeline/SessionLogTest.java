package io.github.fovea.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.fovea.adapt.OperatingPoint;
import io.github.fovea.adapt.PointLadder;
import io.github.fovea.adapt.Reason;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SessionLogTest {
    @Test
    void everyFrameAtBicubicCountsByWhatBroughtItThere() {
        SessionLog log = new SessionLog(new PointLadder(List.of(new OperatingPoint("bicubic", 0, 0, 30, 1_000_000),
                new OperatingPoint("small", 10, 10, 31, 5_000_000))));
        long time = 0;
        for (Reason reason : List.of(Reason.START, Reason.RESCUE, Reason.MEMORY, Reason.MEMORY, Reason.STEADY, Reason.ROOM)) {
            int ran = reason == Reason.START || reason == Reason.ROOM ? 1 : 0;
            log.frame(time, time + 1, ran, ran, reason, false, 0, Double.NaN);
            time += 40_000_000;
        }
        // Memory that only takes a point off is no starving.
        log.frame(time, time + 1, 1, 1, Reason.MEMORY, false, 0, Double.NaN);
        SessionLog.Counts counts = log.counts();
        assertEquals(1, counts.rescued());
        assertEquals(2, counts.starved());
        assertEquals(Map.of("bicubic", 4L, "small", 3L), counts.framesByPoint());
    }
}
