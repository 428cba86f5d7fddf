package io.github.fovea.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// What bands take.
class BandMemoryTest {
    /// Sixty-four threads made bands of 2.6 billion numbers of a wide picture, a negative count.
    @Test
    void whatABandReadsAndMakesFitsArrays() {
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 1000; i++) {
            int width = random.nextInt(1, 400_000);
            int scale = random.nextInt(1, 5);
            int radius = random.nextInt(20);
            int threads = random.nextInt(1, 65);
            BandMemory band = new BandMemory(width, scale, 1, radius, threads, 1L << random.nextInt(20, 45));
            int rows = band.tileRows(random.nextInt(1, 400_000));
            assertTrue(rows >= 1, band + ": tiles of " + rows + " rows");
            assertTrue(rows == 1 || (long) threads * rows * scale * scale * width < Integer.MAX_VALUE, band + ": " + rows);
            assertTrue(rows == 1 || ((long) threads * rows + 2 * radius) * width < Integer.MAX_VALUE, band + ": " + rows);
        }
        BandMemory wide = new BandMemory(160_000, 4, 1, 10, 64, 1L << 40);
        assertTrue(64L * wide.tileRows(10_000) * 16 * 160_000 < Integer.MAX_VALUE);
    }

    @Test
    void ordinaryPicturesHaveTilesOfHalfTheMemory() {
        assertEquals(270, new BandMemory(480, 2, 1, 10, 2, 1L << 30).tileRows(270));
        BandMemory small = new BandMemory(480, 2, 1, 10, 2, 8 << 20);
        int rows = small.tileRows(270);
        assertTrue(small.bytes(2 * rows) <= 4 << 20 && small.bytes(2 * (rows + 1)) > 4 << 20, rows + " rows");
    }
}
