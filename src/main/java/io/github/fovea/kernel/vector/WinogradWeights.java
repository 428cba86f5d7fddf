package io.github.fovea.kernel.vector;

/// Transform of weights to the points 0, 1, -1, 2, -2 and infinity, in double: `G w` along a row, `G w G'` in two
/// dimensions.
final class WinogradWeights {
    private static final double[][] G = {
        {1 / 4.0, 0, 0}, {-1 / 6.0, -1 / 6.0, -1 / 6.0}, {-1 / 6.0, 1 / 6.0, -1 / 6.0},
        {1 / 24.0, 1 / 12.0, 1 / 6.0}, {1 / 24.0, -1 / 12.0, 1 / 6.0}, {0, 0, 1}
    };

    private WinogradWeights() {}

    /// Transforms three weights of a row to all points.
    ///
    /// @param weights the weights
    /// @param from    index of the first
    /// @param packed  receives the points
    /// @param to      index of the first
    /// @param step    from a point to the next
    static void transformRow(float[] weights, int from, float[] packed, int to, int step) {
        transformRow(weights[from], weights[from + 1], weights[from + 2], packed, to, step);
    }

    private static void transformRow(double first, double middle, double last, float[] packed, int to, int step) {
        // Training does this for every weight at every step, so what two points share is computed once.
        double near = (first + last) * (-1 / 6.0);
        double far = first * (1 / 24.0) + last * (1 / 6.0);
        double sixth = middle * (1 / 6.0);
        double twelfth = middle * (1 / 12.0);
        packed[to] = (float) (first / 4);
        packed[to + step] = (float) (near - sixth);
        packed[to + 2 * step] = (float) (near + sixth);
        packed[to + 3 * step] = (float) (far + twelfth);
        packed[to + 4 * step] = (float) (far - twelfth);
        packed[to + 5 * step] = (float) last;
    }

    /// Transforms three rows of three weights to all points.
    ///
    /// @param weights the weights
    /// @param from    index of the first
    /// @param half    scratch memory of 18 numbers
    /// @param packed  receives the points
    /// @param to      index of the first
    /// @param down    from a point down the columns to the next
    /// @param along   from a point along the rows to the next
    static void transform(float[] weights, int from, double[] half, float[] packed, int to, int down, int along) {
        for (int k = 0; k < G.length; k++) {
            for (int x = 0; x < 3; x++) {
                half[k * 3 + x] = G[k][0] * weights[from + x] + G[k][1] * weights[from + 3 + x]
                        + G[k][2] * weights[from + 6 + x];
            }
        }
        for (int k = 0; k < G.length; k++) {
            transformRow(half[k * 3], half[k * 3 + 1], half[k * 3 + 2], packed, to + k * down, along);
        }
    }
}
