package io.github.fovea.arena;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class PackingTest {
    private static long[] sizes(RandomGenerator random, int n, int most) {
        return random.longs(n, 0, most).toArray();
    }

    @Test
    void valuesThatExistTogetherNeverOverlapWhateverTheSizes() {
        SplittableRandom random = new SplittableRandom(21);
        for (int round = 0; round < 100; round++) {
            int n = random.nextInt(1, 30);
            int[] first = random.ints(n, 0, 30).toArray();
            int[] last = new int[n];
            for (int i = 0; i < n; i++) {
                last[i] = first[i] + random.nextInt(1, 8);
            }
            Packing packing = Packing.plan(first, last, List.of(sizes(random, n, 500)));
            for (int shape = 0; shape < 5; shape++) {
                long[] sizes = sizes(random, n, shape == 0 ? 3 : 2000);
                long[] offsets = new long[n];
                long elements = packing.place(sizes, offsets);
                assertTrue(elements >= packing.lowerBound(sizes));
                for (int i = 0; i < n; i++) {
                    assertTrue(offsets[i] % Packing.ALIGNMENT == Packing.FIRST_ELEMENT % Packing.ALIGNMENT
                            && offsets[i] >= Packing.FIRST_ELEMENT && offsets[i] + sizes[i] <= elements);
                    for (int j = 0; j < i; j++) {
                        boolean together = first[i] <= last[j] && first[j] <= last[i];
                        assertEquals(together, packing.together(i, j));
                        assertTrue(!together || offsets[i] + sizes[i] <= offsets[j]
                                || offsets[j] + sizes[j] <= offsets[i], "values " + i + " and " + j);
                    }
                }
            }
        }
    }

    @Test
    void randomLivesNeedLittleMoreThanTheBound() {
        SplittableRandom random = new SplittableRandom(22);
        double worst = 1;
        double sum = 0;
        for (int round = 0; round < 60; round++) {
            // Slots of a network: each begins at a step of its own and lives for a while.
            int n = 30;
            int[] first = new int[n];
            int[] last = new int[n];
            for (int i = 0; i < n; i++) {
                first[i] = i;
                last[i] = Math.min(n, i + (random.nextInt(4) == 0 ? random.nextInt(1, 20) : random.nextInt(1, 3)));
            }
            long[] sizes = random.longs(n, 1, 100).map(size -> size * 16).toArray();
            Packing packing = Packing.plan(first, last, List.of(sizes));
            double ratio = (double) packing.place(sizes, new long[n]) / packing.lowerBound(sizes);
            worst = Math.max(worst, ratio);
            sum += ratio;
        }
        assertTrue(worst <= 1.2 && sum / 60 <= 1.03, "worst " + worst + ", mean " + sum / 60);
    }

    @Test
    void theBoundIsTheLargestSumOfAStep() {
        Packing packing = Packing.plan(new int[] {0, 1, 2}, new int[] {1, 2, 3}, List.of(new long[] {16, 16, 16}));
        assertEquals(Packing.FIRST_ELEMENT + 48, packing.lowerBound(new long[] {16, 20, 16}));
        assertEquals(Packing.FIRST_ELEMENT + 48, packing.place(new long[] {16, 20, 16}, new long[3]));
        assertEquals(Packing.FIRST_ELEMENT, packing.place(new long[3], new long[3]));
    }

    @Test
    void severalTypicalShapesShareOnePlan() {
        SplittableRandom random = new SplittableRandom(23);
        int n = 25;
        int[] first = new int[n];
        int[] last = new int[n];
        for (int i = 0; i < n; i++) {
            first[i] = i;
            last[i] = i + random.nextInt(1, 6);
        }
        List<long[]> typical = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            typical.add(sizes(random, n, 1000));
        }
        Packing packing = Packing.plan(first, last, typical);
        for (long[] sizes : typical) {
            assertTrue(packing.place(sizes, new long[n]) <= 1.5 * packing.lowerBound(sizes));
        }
    }

    @Test
    void errors() {
        assertThrows(IllegalArgumentException.class,
                () -> Packing.plan(new int[] {2}, new int[] {1}, List.of(new long[1])));
        assertThrows(IllegalArgumentException.class,
                () -> Packing.plan(new int[] {2}, new int[] {2}, List.of(new long[2])));
        assertThrows(IllegalArgumentException.class, () -> Packing.plan(new int[1], new int[1], List.of()));
        Packing packing = Packing.plan(new int[] {0, 0}, new int[] {0, 0}, List.of(new long[] {1, 1}));
        assertThrows(ArithmeticException.class,
                () -> packing.place(new long[] {Long.MAX_VALUE / 2, Long.MAX_VALUE - 30}, new long[2]));
        assertThrows(ArithmeticException.class, () -> packing.place(new long[] {Long.MAX_VALUE, 1}, new long[2]));
        Packing empty = Packing.plan(new int[0], new int[0], List.of(new long[0]));
        assertEquals(Packing.FIRST_ELEMENT, empty.place(new long[0], new long[0]));
    }
}
