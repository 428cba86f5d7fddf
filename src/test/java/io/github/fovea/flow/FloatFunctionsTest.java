package io.github.fovea.flow;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FloatFunctionsTest {
    /// Within a unit in the last place of the function itself, over all powers that floats hold.
    @Test
    void powersAreExact() {
        SplittableRandom random = new SplittableRandom(5);
        float[] x = new float[100_000];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) random.nextDouble(i % 2 == 0 ? -104 : -2, i % 2 == 0 ? 89 : 2);
        }
        float[] got = new float[x.length];
        FloatFunctions.exp(x, got, x.length);
        for (int i = 0; i < x.length; i++) {
            float want = (float) Math.exp(x[i]);
            assertEquals(want, got[i], Float.isInfinite(want) ? 0 : Math.ulp(want), "e^" + x[i]);
        }
    }

    @Test
    void powersOfWhatIsNoFiniteNumber() {
        float[] x = {0, -0f, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 1e30f, -1e30f};
        FloatFunctions.exp(x, x, x.length);
        assertArrayEquals(new float[] {1, 1, Float.NaN, Float.POSITIVE_INFINITY, 0, Float.POSITIVE_INFINITY, 0}, x);
    }
}
