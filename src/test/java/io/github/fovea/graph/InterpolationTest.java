package io.github.fovea.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InterpolationTest {
    /// The polynomials with a = -0.5 multiplied out: the weights of networks' enlargements have these bits.
    @Test
    void keysHasTheBitsOfItsPolynomials() {
        SplittableRandom random = new SplittableRandom(2);
        for (int i = 0; i < 10_000; i++) {
            double x = i < 65 ? i / 16.0 - 2 : random.nextDouble(-2.5, 2.5);
            double d = Math.abs(x);
            double wanted = d <= 1 ? (1.5 * d - 2.5) * d * d + 1 : d < 2 ? ((-0.5 * d + 2.5) * d - 4) * d + 2 : 0;
            assertEquals(wanted, Interpolation.keys(x, -0.5), "at " + x);
        }
    }

    @Test
    void keysIsOneAtASampleAndSumsToOne() {
        for (double a : new double[] {-0.5, -0.75}) {
            assertEquals(1, Interpolation.keys(0, a));
            for (double x = 0; x < 1; x += 0.125) {
                assertEquals(1, Interpolation.keys(x - 2, a) + Interpolation.keys(x - 1, a) + Interpolation.keys(x, a)
                        + Interpolation.keys(x + 1, a), 1e-15);
            }
        }
    }

    @Test
    void rowsAreMirroredOverAndOverWithTheirLastSample() {
        assertArrayEquals(new int[] {2, 2, 1, 0, 0, 1, 2, 2, 1, 0, 0}, IntStream.rangeClosed(-4, 6)
                .map(i -> Interpolation.mirror(i, 3)).toArray());
        assertArrayEquals(new int[] {0, 0, 0}, IntStream.rangeClosed(-1, 1).map(i -> Interpolation.mirror(i, 1)).toArray());
    }
}
