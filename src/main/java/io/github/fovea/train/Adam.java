package io.github.fovea.train;

/// Adam (Kingma and Ba 2015) with beta 0.9 and 0.999, epsilon 1e-8.
final class Adam {
    private static final float BETA1 = 0.9f;
    private static final float BETA2 = 0.999f;
    private static final float EPSILON = 1e-8f;

    private final float[] mean;
    private final float[] square;

    /// Starts with moments of zero.
    Adam(int elements) {
        mean = new float[elements];
        square = new float[elements];
    }

    /// Moves the numbers against their gradients.
    ///
    /// @param numbers   what is trained
    /// @param gradients their gradients
    /// @param step      index of this step, from 0
    /// @param rate      learning rate
    void step(float[] numbers, float[] gradients, long step, double rate) {
        float scale = (float) (rate / (1 - Math.pow(BETA1, step + 1)));
        float unbias = (float) (1 / (1 - Math.pow(BETA2, step + 1)));
        float[] m = mean;
        float[] v = square;
        for (int i = 0; i < m.length; i++) {
            float g = gradients[i];
            m[i] = BETA1 * m[i] + (1 - BETA1) * g;
            v[i] = BETA2 * v[i] + (1 - BETA2) * g * g;
            numbers[i] -= scale * m[i] / ((float) Math.sqrt(v[i] * unbias) + EPSILON);
        }
    }

    /// {@return the first moments, live}
    float[] mean() {
        return mean;
    }

    /// {@return the second moments, live}
    float[] square() {
        return square;
    }
}
