package io.github.fovea.train;

/// The running average of numbers under training: it is what training gives, because the numbers themselves go on
/// trembling.
final class RunningAverage {
    private final float[] values;
    private final double decay;

    /// Starts with zeros.
    ///
    /// @param elements how many numbers
    /// @param decay    share of the average that a step keeps, 0 to below 1; with 0 it is the numbers themselves
    RunningAverage(int elements, double decay) {
        values = new float[elements];
        this.decay = decay;
    }

    /// Begins again at given numbers.
    void start(float[] numbers) {
        System.arraycopy(numbers, 0, values, 0, values.length);
    }

    /// Takes a step's numbers in. The average follows quickly at first, when they still change much.
    ///
    /// @param numbers the numbers after the step
    /// @param steps   steps done, this one included
    void follow(float[] numbers, long steps) {
        if (decay == 0) {
            start(numbers);
            return;
        }
        float take = (float) (1 - Math.min(decay, (1.0 + steps) / (10.0 + steps)));
        for (int i = 0; i < values.length; i++) {
            // In this form a number that does not change keeps its average to the last bit.
            values[i] += take * (numbers[i] - values[i]);
        }
    }

    /// {@return the average, live}
    float[] values() {
        return values;
    }
}
