package io.github.fovea.train;

import io.github.fovea.tensor.TensorView;

/// How far an output is from its target, averaged over all numbers of a batch. Values are in units of the full range (white
/// minus black = 1).
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
        int at = 0;
        int step = output.layout().pixelStride();
        float[] made = output.data();
        float[] d = gradient.data();
        for (int c = 0; c < output.channels(); c++) {
            for (int y = 0; y < output.height(); y++) {
                int from = output.index(c, y, 0);
                int to = gradient.index(c, y, 0);
                int width = output.width();
                float row = switch (this) {
                    case L1 -> absolute(made, from, step, target, at, width, weight, d, to);
                    case L2 -> squared(made, from, step, target, at, width, weight, d, to);
                    case CHARBONNIER -> smooth(made, from, step, target, at, width, weight, d, to);
                    case PSNR -> throw new IllegalStateException("not a sum over pixels");
                };
                sum += row;
                at += width;
            }
        }
        return sum;
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

    private static float absolute(
            float[] made, int from, int step, float[] target, int at, int width, float weight, float[] d, int to) {
        float sum = 0;
        for (int x = 0; x < width; x++) {
            float e = made[from + x * step] - target[at + x];
            sum += Math.abs(e);
            d[to + x * step] = Math.signum(e) * weight;
        }
        return sum;
    }

    private static float squared(
            float[] made, int from, int step, float[] target, int at, int width, float weight, float[] d, int to) {
        float sum = 0;
        for (int x = 0; x < width; x++) {
            float e = made[from + x * step] - target[at + x];
            sum += e * e;
            d[to + x * step] = 2 * weight * e;
        }
        return sum;
    }

    private static float smooth(
            float[] made, int from, int step, float[] target, int at, int width, float weight, float[] d, int to) {
        float sum = 0;
        for (int x = 0; x < width; x++) {
            float e = made[from + x * step] - target[at + x];
            float root = (float) Math.sqrt(e * e + CHARBONNIER_SQUARE);
            sum += root;
            d[to + x * step] = weight * e / root;
        }
        return sum;
    }
}
