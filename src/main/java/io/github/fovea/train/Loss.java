package io.github.fovea.train;

import io.github.fovea.tensor.TensorView;
import java.util.Arrays;

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
    /// Numbers that a loop takes at once: enough of them to be worth its start, few enough for the first-level cache.
    private static final int TOGETHER = 1024;

    /// Computes the loss of one patch and the gradient of the mean.
    ///
    /// @param output   what the network made
    /// @param target   what was wanted, `[c][h][w]` without gaps
    /// @param margin   rows and columns along each side that do not count: their gradient is 0; less than half of both
    /// @param weight   1 / (numbers over which the mean is taken)
    /// @param gradient receives the gradient of the mean with respect to the output
    /// @return the sum over what counts of this patch, not yet divided
    double evaluate(TensorView output, float[] target, int margin, float weight, TensorView gradient) {
        if (this == PSNR) {
            return logarithm(output, target, margin, weight, gradient);
        }
        int width = output.width();
        int together = Math.max(1, Math.min(output.height(), TOGETHER / width));
        float[] made = new float[together * width];
        float[] wanted = new float[together * width];
        float[] sums = new float[together * width];
        for (int c = 0; c < output.channels(); c++) {
            for (int y = 0; y < output.height(); y += together) {
                int rows = Math.min(together, output.height() - y);
                int count = rows * width;
                gather(output, c, y, rows, made);
                System.arraycopy(target, (c * output.height() + y) * width, wanted, 0, count);
                if (margin == 0) {
                    run(made, wanted, 0, count, weight, sums);
                } else {
                    for (int row = 0; row < rows; row++) {
                        boolean inside = y + row >= margin && y + row < output.height() - margin;
                        int begin = row * width + (inside ? margin : width);
                        int end = (row + 1) * width - (inside ? margin : 0);
                        Arrays.fill(made, row * width, begin, 0f);
                        run(made, wanted, begin, end, weight, sums);
                        Arrays.fill(made, end, (row + 1) * width, 0f);
                    }
                }
                spread(made, gradient, c, y, rows);
            }
        }
        double sum = 0;
        for (float part : sums) {
            sum += part;
        }
        return sum;
    }

    private void run(float[] made, float[] wanted, int begin, int end, float weight, float[] sums) {
        switch (this) {
            case L1 -> absolute(made, wanted, begin, end, weight, sums);
            case L2 -> squared(made, wanted, begin, end, weight, sums);
            case CHARBONNIER -> smooth(made, wanted, begin, end, weight, sums);
            case PSNR -> throw new IllegalStateException("not a sum over pixels");
        }
    }

    private static void gather(TensorView from, int c, int y, int rows, float[] to) {
        int width = from.width();
        int step = from.layout().pixelStride();
        for (int row = 0; row < rows; row++) {
            int at = from.index(c, y + row, 0);
            if (step == 1) {
                System.arraycopy(from.data(), at, to, row * width, width);
            } else {
                for (int x = 0; x < width; x++) {
                    to[row * width + x] = from.data()[at + x * step];
                }
            }
        }
    }

    private static void spread(float[] from, TensorView to, int c, int y, int rows) {
        int width = to.width();
        int step = to.layout().pixelStride();
        for (int row = 0; row < rows; row++) {
            int at = to.index(c, y + row, 0);
            if (step == 1) {
                System.arraycopy(from, row * width, to.data(), at, width);
            } else {
                for (int x = 0; x < width; x++) {
                    to.data()[at + x * step] = from[row * width + x];
                }
            }
        }
    }

    /// The squared loss, its gradient divided by the mean square of what counts of the patch.
    private static double logarithm(
            TensorView output, float[] target, int margin, float weight, TensorView gradient) {
        int counted = output.channels() * (output.height() - 2 * margin) * (output.width() - 2 * margin);
        double mean = L2.evaluate(output, target, margin, weight, gradient) / counted + PSNR_LEAST;
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
        return counted * Math.log(mean);
    }

    // Loops that the compiler turns into vectors: there is one index, so that it need not know whether arrays are the
    // same, and each place has a sum of its own.

    /// Turns numbers made into gradients, and adds the magnitudes of differences to sums.
    private static void absolute(float[] made, float[] wanted, int begin, int end, float weight, float[] sums) {
        for (int i = begin; i < end; i++) {
            float difference = made[i] - wanted[i];
            sums[i] += Math.abs(difference);
            made[i] = Math.signum(difference) * weight;
        }
    }

    /// Turns numbers made into gradients, and adds the squares of differences to sums.
    private static void squared(float[] made, float[] wanted, int begin, int end, float weight, float[] sums) {
        float twice = 2 * weight;
        for (int i = begin; i < end; i++) {
            float difference = made[i] - wanted[i];
            sums[i] += difference * difference;
            made[i] = difference * twice;
        }
    }

    /// Turns numbers made into gradients, and adds the smooth magnitudes of differences to sums.
    private static void smooth(float[] made, float[] wanted, int begin, int end, float weight, float[] sums) {
        for (int i = begin; i < end; i++) {
            float difference = made[i] - wanted[i];
            float root = (float) Math.sqrt(difference * difference + CHARBONNIER_SQUARE);
            sums[i] += root;
            made[i] = weight * difference / root;
        }
    }
}
