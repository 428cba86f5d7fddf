package io.github.fovea.train;

import io.github.fovea.tensor.TensorView;

/// How far an output is from its target, averaged over all numbers of a batch. Values are in units of the full range
/// (white minus black = 1).
public enum Loss {
    /// Absolute difference.
    L1,
    /// Squared difference.
    L2,
    /// `sqrt(difference^2 + 1e-6)`: L1 that is smooth at zero.
    CHARBONNIER,
    /// `ln(mean squared difference of a patch + 1e-6)`: the mean PSNR of the patches itself, up to a factor. It weighs
    /// patches that are nearly right as much as those that are far off; for the last part of training.
    PSNR;

    private static final float CHARBONNIER_SQUARE = 1e-6f;
    private static final double PSNR_LEAST = 1e-6;

    /// Computes the loss of one patch and the gradient of the mean.
    ///
    /// @param output   what the network made
    /// @param target   what was wanted, `[c][h][w]` without gaps
    /// @param weight   1 / (numbers over which the mean is taken)
    /// @param gradient receives the gradient of the mean with respect to the output
    /// @return the sum over this patch, not yet divided
    double evaluate(TensorView output, float[] target, float weight, TensorView gradient) {
        if (this == PSNR) {
            return logarithm(output, target, weight, gradient);
        }
        double sum = 0;
        int width = output.width();
        float[] row = new float[width];
        for (int c = 0; c < output.channels(); c++) {
            for (int y = 0; y < output.height(); y++) {
                subtract(output.data(), output.index(c, y, 0), output.layout().pixelStride(), target,
                        (c * output.height() + y) * width, row);
                sum += switch (this) {
                    case L1 -> absolute(row, weight);
                    case L2 -> squared(row, weight);
                    case CHARBONNIER -> smooth(row, weight);
                    case PSNR -> throw new IllegalStateException("not a sum over pixels");
                };
                spread(row, gradient.data(), gradient.index(c, y, 0), gradient.layout().pixelStride());
            }
        }
        return sum;
    }

    // Loops that the compiler turns into vectors: over neighbouring floats, sums in four parts.

    private static void subtract(float[] made, int from, int step, float[] target, int at, float[] row) {
        if (step == 1) {
            for (int x = 0; x < row.length; x++) {
                row[x] = made[from + x] - target[at + x];
            }
        } else {
            for (int x = 0; x < row.length; x++) {
                row[x] = made[from + x * step] - target[at + x];
            }
        }
    }

    private static void spread(float[] row, float[] d, int to, int step) {
        if (step == 1) {
            System.arraycopy(row, 0, d, to, row.length);
        } else {
            for (int x = 0; x < row.length; x++) {
                d[to + x * step] = row[x];
            }
        }
    }

    /// The squared loss, its gradient divided by the mean square of the patch.
    private static double logarithm(TensorView output, float[] target, float weight, TensorView gradient) {
        double mean = L2.evaluate(output, target, weight, gradient) / target.length + PSNR_LEAST;
        float factor = (float) (1 / mean);
        int step = gradient.layout().pixelStride();
        for (int c = 0; c < gradient.channels(); c++) {
            for (int y = 0; y < gradient.height(); y++) {
                int to = gradient.index(c, y, 0);
                for (int x = 0; x < gradient.width(); x++) {
                    gradient.data()[to + x * step] *= factor;
                }
            }
        }
        return target.length * Math.log(mean);
    }

    /// {@return the sum of magnitudes of differences, which become gradients}
    private static float absolute(float[] row, float weight) {
        float s0 = 0;
        float s1 = 0;
        float s2 = 0;
        float s3 = 0;
        int x = 0;
        for (; x + 3 < row.length; x += 4) {
            s0 += Math.abs(row[x]);
            s1 += Math.abs(row[x + 1]);
            s2 += Math.abs(row[x + 2]);
            s3 += Math.abs(row[x + 3]);
        }
        for (; x < row.length; x++) {
            s0 += Math.abs(row[x]);
        }
        for (int i = 0; i < row.length; i++) {
            row[i] = Math.signum(row[i]) * weight;
        }
        return (s0 + s1) + (s2 + s3);
    }

    /// {@return the sum of squares of differences, which become gradients}
    private static float squared(float[] row, float weight) {
        float s0 = 0;
        float s1 = 0;
        float s2 = 0;
        float s3 = 0;
        int x = 0;
        for (; x + 3 < row.length; x += 4) {
            s0 += row[x] * row[x];
            s1 += row[x + 1] * row[x + 1];
            s2 += row[x + 2] * row[x + 2];
            s3 += row[x + 3] * row[x + 3];
        }
        for (; x < row.length; x++) {
            s0 += row[x] * row[x];
        }
        for (int i = 0; i < row.length; i++) {
            row[i] *= 2 * weight;
        }
        return (s0 + s1) + (s2 + s3);
    }

    /// {@return the sum of smooth magnitudes of differences, which become gradients}
    private static float smooth(float[] row, float weight) {
        float sum = 0;
        for (int x = 0; x < row.length; x++) {
            float root = (float) Math.sqrt(row[x] * row[x] + CHARBONNIER_SQUARE);
            sum += root;
            row[x] = weight * row[x] / root;
        }
        return sum;
    }
}
