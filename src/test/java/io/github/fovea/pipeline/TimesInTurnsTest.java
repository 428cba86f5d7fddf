package io.github.fovea.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TimesInTurnsTest {
    private static final double[] WORK = {1e6, 3e6, 2.5e5, 4e7, 5e6};

    @Test
    void ratiosHoldWhileTheMachineChangesItsSpeed() {
        SplittableRandom random = new SplittableRandom(5);
        List<long[]> rounds = new ArrayList<>();
        for (int r = 0; r < 60; r++) {
            // From a slow moment into a fast one; one time in ten is disturbed.
            double speed = r < 25 ? 2.1 : 1;
            long[] round = new long[WORK.length];
            for (int i = 0; i < round.length; i++) {
                double disturbed = random.nextInt(10) == 0 ? 1 + 4 * random.nextDouble() : 1;
                round[i] = Math.round(WORK[i] * speed * disturbed * (1 + 0.01 * random.nextDouble()));
            }
            rounds.add(round);
        }
        long[] typical = TimesInTurns.typical(rounds);
        for (int i = 0; i < WORK.length; i++) {
            assertEquals(1, typical[i] / WORK[i], 0.015, "work " + i);
        }
    }

    @Test
    void oneRoundIsItself() {
        assertArrayEquals(new long[] {700, 1, 52}, TimesInTurns.typical(List.of(new long[] {700, 1, 52})));
    }

    @Test
    void equalRoundsAreExact() {
        List<long[]> rounds = List.of(new long[] {100, 200, 300}, new long[] {200, 400, 600}, new long[] {100, 200, 300});
        assertArrayEquals(new long[] {100, 200, 300}, TimesInTurns.typical(rounds));
    }
}
