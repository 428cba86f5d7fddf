package io.github.fovea.quality;

import io.github.fovea.frame.Plane;

/// Multi-scale structural similarity (Wang, Simoncelli, Bovik, Asilomar 2003): contrast and structure at five scales,
/// each half the size of the one before, luminance at the coarsest, weighted by the exponents of that paper.
///
/// Between scales each 2x2 samples are averaged; an odd last row or column is mirrored. A negative mean of
/// contrast-structure, which has no real power, counts as 0.
public final class MsSsim {
    /// Least width and height after cropping: four halvings, rounded up, must leave a window of 11.
    public static final int LEAST_EXTENT = (Ssim.WINDOW - 1) * 16 + 1;

    private static final double[] EXPONENTS = {0.0448, 0.2856, 0.3001, 0.2363, 0.1333};

    private MsSsim() {}

    /// {@return the similarity, 0 to 1, which equal planes have}
    ///
    /// @param reference the plane as it should be, after cropping at least 161x161
    /// @param distorted the plane as it is, of equal size and depth
    /// @param crop      samples left out along each side
    public static double of(Plane reference, Plane distorted, int crop) {
        Psnr.checkPair(reference, distorted, crop, LEAST_EXTENT);
        int width = reference.width() - 2 * crop;
        int height = reference.height() - 2 * crop;
        float[] a = floats(reference, crop);
        float[] b = floats(distorted, crop);
        double product = 1;
        for (int scale = 0; scale < EXPONENTS.length; scale++) {
            if (scale > 0) {
                a = halve(a, width, height);
                b = halve(b, width, height);
                width = (width + 1) / 2;
                height = (height + 1) / 2;
            }
            Ssim.Means means = Ssim.means(new Ssim.Samples(a, 0, width), new Ssim.Samples(b, 0, width), width, height,
                    reference.maximum());
            double factor = scale == EXPONENTS.length - 1 ? means.similarity() : means.structure();
            product *= Math.pow(Math.max(0, factor), EXPONENTS[scale]);
        }
        return product;
    }

    private static float[] floats(Plane plane, int crop) {
        int width = plane.width() - 2 * crop;
        int height = plane.height() - 2 * crop;
        float[] values = new float[width * height];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                values[y * width + x] = plane.get(x + crop, y + crop);
            }
        }
        return values;
    }

    private static float[] halve(float[] from, int width, int height) {
        int across = (width + 1) / 2;
        int down = (height + 1) / 2;
        float[] to = new float[across * down];
        for (int y = 0; y < down; y++) {
            int upper = 2 * y * width;
            int lower = Math.min(2 * y + 1, height - 1) * width;
            for (int x = 0; x < across; x++) {
                int left = 2 * x;
                int right = Math.min(2 * x + 1, width - 1);
                to[y * across + x] = (from[upper + left] + from[upper + right] + from[lower + left]
                        + from[lower + right]) / 4;
            }
        }
        return to;
    }
}
