package io.github.fovea.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class GradientLimitTest {
    @Test
    void gradientsMuchLargerThanUsualAreShortened() {
        GradientLimit limit = GradientLimit.ofUsualNorm(2);
        float[] first = {30, 40};
        limit.apply(first);
        assertArrayEquals(new float[] {30, 40}, first);
        assertEquals(50, limit.usual());
        limit.usual(4);
        float[] usual = {3, 4};
        limit.apply(usual);
        assertArrayEquals(new float[] {3, 4}, usual);
        assertEquals(4.01, limit.usual(), 1e-9);
        limit.usual(4);
        float[] large = {30, 40};
        limit.apply(large);
        assertArrayEquals(new float[] {4.8f, 6.4f}, large, 1e-5f);
        assertEquals(4.04, limit.usual(), 1e-9);
    }

    @Test
    void gradientsThatAreNoNumbersAreDroppedAndNotRemembered() {
        GradientLimit limit = GradientLimit.ofUsualNorm(2);
        limit.usual(4);
        float[] broken = {1, Float.NaN};
        limit.apply(broken);
        assertArrayEquals(new float[2], broken);
        assertEquals(4, limit.usual());
    }

    @Test
    void aLimitOfTheNormItselfDoesNotFollow() {
        GradientLimit limit = GradientLimit.ofNorm(10);
        for (int i = 0; i < 2; i++) {
            float[] large = {30, 40};
            limit.apply(large);
            assertArrayEquals(new float[] {6, 8}, large, 1e-5f);
        }
        GradientLimit none = GradientLimit.ofNorm(0);
        for (float size : new float[] {1, 1000}) {
            float[] any = {size};
            none.apply(any);
            assertArrayEquals(new float[] {size}, any);
        }
    }
}
