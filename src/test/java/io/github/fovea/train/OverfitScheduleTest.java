package io.github.fovea.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/// When overfitting ends and how fast it learns on the way.
class OverfitScheduleTest {
    private static OverfitSchedule schedule(boolean plateau) {
        return new OverfitSchedule(new TrainingOptions.Schedule(1000, null, 0.01, 10), plateau);
    }

    @Test
    void rateWarmsUpAndFallsToZero() {
        OverfitSchedule schedule = schedule(true);
        assertEquals(0.001, schedule.rate(0, 0), 1e-6);
        assertEquals(0.005, schedule.rate(500, 0), 1e-6);
        for (int step = 10; step < 999; step++) {
            assertTrue(schedule.rate(step + 1, 0) < schedule.rate(step, 0));
        }
        assertEquals(0, schedule.rate(1000, 0), 1e-9);
        assertFalse(schedule.done(999, 0));
        assertTrue(schedule.done(1000, 0));
    }

    @Test
    void aCurveThatRisesRunsToTheEnd() {
        OverfitSchedule schedule = schedule(true);
        for (int i = 0; i <= 24; i++) {
            schedule.add(new CurvePoint(i * 40, 0, 1, List.of(30 + i * 0.01, 31.0)));
        }
        assertFalse(schedule.cooling());
    }

    @Test
    void aFlatCurveCoolsDownWithinATenth() {
        OverfitSchedule schedule = schedule(true);
        int at = 0;
        for (int i = 0; !schedule.cooling(); i++) {
            at = i * 40;
            schedule.add(new CurvePoint(at, 0, 1, List.of(30 + Math.min(i, 6) * 0.1, 31.0)));
        }
        assertEquals(12 * 40, at);
        double before = schedule.rate(at, 0);
        assertTrue(before > 0.004);
        assertEquals(before / 2, schedule.rate(at + 50, 0), 1e-6);
        assertFalse(schedule.done(at + 99, 0));
        assertTrue(schedule.done(at + 100, 0));
        assertEquals(1, schedule.share(at + 100, 0), 1e-9);
        OverfitSchedule restored = schedule(true);
        restored.restore(schedule.notes(), 2);
        assertArrayEquals(schedule.notes(), restored.notes());
        assertEquals(schedule.curve(), restored.curve());
        assertTrue(restored.cooling());
        OverfitSchedule stubborn = schedule(false);
        stubborn.add(schedule.curve().getFirst());
        stubborn.finish();
        schedule.curve().forEach(stubborn::add);
        assertFalse(stubborn.cooling());
    }

    @Test
    void whereNothingIsLeftToGainItEndsAtOnce() {
        OverfitSchedule schedule = schedule(true);
        schedule.add(new CurvePoint(40, 0, 1, List.of(Double.POSITIVE_INFINITY)));
        schedule.finish();
        assertTrue(schedule.done(40, 0));
        assertTrue(schedule.cooling());
        assertEquals(1, schedule.share(40, 0), 1e-9);
        OverfitSchedule restored = schedule(true);
        restored.restore(schedule.notes(), 1);
        assertTrue(restored.done(40, 0));
    }
}
