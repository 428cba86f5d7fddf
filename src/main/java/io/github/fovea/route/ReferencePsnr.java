package io.github.fovea.route;

import io.github.fovea.frame.Plane;
import io.github.fovea.patch.Region;

/// Dy-DCA's texture score, for the publisher: the PSNR of a reference upscaler's result against the large frame, on
/// samples as they are stored (rounded), leaving out a rim of 4 large pixels of the part (`dyna_psnr.py`). Scores rise
/// with difficulty, so the PSNR counts negative: the paper's threshold of 40 dB is -40 here.
///
/// @param upscaled what the reference upscaler made of the LR frame
/// @param truth    the large frame; of the same size
/// @param scale    the factor between LR and large pixels
public record ReferencePsnr(Plane upscaled, Plane truth, int scale) implements DifficultyScore {
    /// The name that stands in model files.
    public static final String NAME = "psnr";
    /// Large pixels left out on every side of a part.
    public static final int SHAVE = 4;

    /// Checks that the planes fit each other.
    public ReferencePsnr {
        if (upscaled.width() != truth.width() || upscaled.height() != truth.height()
                || upscaled.bitDepth() != truth.bitDepth()) {
            throw new IllegalArgumentException("planes of " + upscaled.width() + "x" + upscaled.height() + " at "
                    + upscaled.bitDepth() + " bit and " + truth.width() + "x" + truth.height() + " at "
                    + truth.bitDepth() + " bit, wanted equal ones");
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    /// {@return minus the PSNR in dB; negative infinity for equal parts}
    ///
    /// @param luma   not looked at
    /// @param region the part, in LR pixels
    @Override
    public double score(Plane luma, Region region) {
        // A part too small for the rim is measured whole.
        int shave = Math.min(region.width(), region.height()) * scale > 2 * SHAVE ? SHAVE : 0;
        int width = region.width() * scale - 2 * shave;
        int height = region.height() * scale - 2 * shave;
        double error = squaredError(upscaled, truth, region.x() * scale + shave, region.y() * scale + shave, width,
                height);
        double mean = error / ((double) width * height);
        return mean == 0 ? Double.NEGATIVE_INFINITY
                : -10 * Math.log10((double) truth.maximum() * truth.maximum() / mean);
    }

    /// {@return the sum of squared differences of two planes in a rectangle}
    ///
    /// @param a      a plane
    /// @param b      a plane of the same size
    /// @param x      first column
    /// @param y      first row
    /// @param width  columns
    /// @param height rows
    public static double squaredError(Plane a, Plane b, int x, int y, int width, int height) {
        long sum = 0;
        for (int row = y; row < y + height; row++) {
            int from = row * a.width();
            for (int i = from + x; i < from + x + width; i++) {
                long difference = (a.samples()[i] & 0xFFFF) - (b.samples()[i] & 0xFFFF);
                sum += difference * difference;
            }
        }
        return sum;
    }

    /// {@return the sum of squared differences of two large planes in every cell}
    ///
    /// @param grid     the cells, in LR pixels
    /// @param upscaled a large plane
    /// @param truth    the large frame's
    /// @param scale    the factor between LR and large pixels
    public static double[] squaredErrors(Grid grid, Plane upscaled, Plane truth, int scale) {
        double[] errors = new double[grid.cells().size()];
        for (int i = 0; i < errors.length; i++) {
            Region cell = grid.cells().get(i);
            errors[i] = squaredError(upscaled, truth, cell.x() * scale, cell.y() * scale, cell.width() * scale,
                    cell.height() * scale);
        }
        return errors;
    }
}
