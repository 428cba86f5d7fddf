package io.github.fovea.tensor;

import java.util.SplittableRandom;

/// Numbers for tests.
public final class RandomFloats {
    private RandomFloats() {}

    /// {@return random numbers}
    ///
    /// @param random gives them
    /// @param count  how many
    /// @param bound  their magnitude is at most this
    public static float[] of(SplittableRandom random, int count, double bound) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) random.nextDouble(-bound, bound);
        }
        return numbers;
    }
}
