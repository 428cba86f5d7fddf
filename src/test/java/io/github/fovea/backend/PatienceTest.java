package io.github.fovea.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PatienceTest {
    private final Patience patience = new Patience();
    private final long start = System.nanoTime();

    @Test
    void looksForHalfAsLongAgainAsOnesOwnWorkWithinBounds() {
        assertEquals(Patience.SHORT_NANOS, patience.look(0, start));
        assertEquals(120_000, patience.look(80_000, start));
        assertEquals(Patience.LONG_NANOS, patience.look(4_000_000, start));
    }

    @Test
    void looksShortlyBehindALookInVainAndThenAsBefore() {
        long look = patience.look(80_000, start);
        patience.inVain(look, start + look);
        long again = start + look + Patience.ONE_IN * look;
        assertEquals(Patience.SHORT_NANOS, patience.look(80_000, again - 1));
        assertEquals(120_000, patience.look(80_000, again));
    }

    @Test
    void shortLooksMayBeInVain() {
        patience.inVain(patience.look(0, start), start + Patience.SHORT_NANOS);
        assertEquals(120_000, patience.look(80_000, start + Patience.SHORT_NANOS));
    }

    /// Where every look is in vain, a thread that has its processor to itself loses little.
    @Test
    void looksInVainTakeASmallShareOfTheTime() {
        long end = start + 1_000_000_000;
        long longLooks = 0;
        for (long now = start; now < end;) {
            long look = patience.look(100_000, now);
            now += look;
            patience.inVain(look, now);
            longLooks += look > Patience.SHORT_NANOS ? look : 0;
            now += 100_000;
        }
        long most = (end - start) / Patience.ONE_IN + Patience.LONG_NANOS;
        assertTrue(longLooks <= most, longLooks + " ns of long looks in vain in a second, wanted at most " + most);
    }
}
