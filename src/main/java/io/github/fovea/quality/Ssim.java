package io.github.fovea.quality;

import io.github.fovea.frame.Plane;
import java.util.Arrays;

/// Structural similarity as Wang et al. define it (IEEE TIP 2004): Gaussian window of 11x11 samples, sigma 1.5, only
/// where it lies inside the picture; `C1 = (0.01 peak)^2`, `C2 = (0.03 peak)^2`; the mean of the map. This is what
/// papers on super-resolution report.
///
/// ffmpeg's `ssim` filter has another window and gives other numbers: see [BlockSsim].
public final class Ssim {
    /// Width and height of the window in samples; smaller pictures cannot be measured.
    public static final int WINDOW = 11;

    private static final double[] GAUSSIAN = gaussian();

    private Ssim() {}

    private static double[] gaussian() {
        double[] weights = new double[WINDOW];
        double sum = 0;
        for (int i = 0; i < WINDOW; i++) {
            double d = i - WINDOW / 2;
            weights[i] = Math.exp(-d * d / (2 * 1.5 * 1.5));
            sum += weights[i];
        }
        for (int i = 0; i < WINDOW; i++) {
            weights[i] /= sum;
        }
        return weights;
    }

    /// {@return the mean similarity, at most 1, which equal planes have}
    ///
    /// @param reference the plane as it should be, after cropping at least 11x11
    /// @param distorted the plane as it is, of equal size and depth
    /// @param crop      samples left out along each side
    public static double of(Plane reference, Plane distorted, int crop) {
        Psnr.checkPair(reference, distorted, crop, WINDOW);
        int width = reference.width() - 2 * crop;
        int height = reference.height() - 2 * crop;
        return means(new Samples(reference, crop), new Samples(distorted, crop), width, height, reference.maximum())
                .similarity();
    }

    /// {@return the mean similarity of two planes of floats, at most 1}
    ///
    /// @param reference       samples as they should be
    /// @param referenceOffset index of the first one
    /// @param referenceStride distance from a row to the next
    /// @param distorted       samples as they are
    /// @param distortedOffset index of the first one
    /// @param distortedStride distance from a row to the next
    /// @param width           samples in a row, after cropping at least 11
    /// @param height          rows, after cropping at least 11
    /// @param crop            samples left out along each side
    /// @param peak            the largest value a sample can have
    public static double of(float[] reference, int referenceOffset, int referenceStride, float[] distorted,
            int distortedOffset, int distortedStride, int width, int height, int crop, double peak) {
        Psnr.checkSize(width, height, crop, WINDOW);
        return means(new Samples(reference, referenceOffset + crop * referenceStride + crop, referenceStride),
                new Samples(distorted, distortedOffset + crop * distortedStride + crop, distortedStride),
                width - 2 * crop, height - 2 * crop, peak).similarity();
    }

    /// Where rows of samples come from: a plane, or an array of floats.
    ///
    /// @param plane  the samples, or null
    /// @param floats the floats, or null
    /// @param offset index of the first sample
    /// @param stride distance from a row to the next
    record Samples(short[] plane, float[] floats, int offset, int stride) {
        Samples(Plane plane, int crop) {
            this(plane.samples(), null, crop * plane.width() + crop, plane.width());
        }

        Samples(float[] floats, int offset, int stride) {
            this(null, floats, offset, stride);
        }

        void row(int y, double[] to, int width) {
            int from = offset + y * stride;
            for (int x = 0; x < width; x++) {
                to[x] = plane != null ? plane[from + x] & 0xFFFF : floats[from + x];
            }
        }
    }

    /// @param similarity mean of luminance times contrast-structure
    /// @param structure  mean of contrast-structure alone
    record Means(double similarity, double structure) {}

    /// Filters along each row once, keeps the last eleven filtered rows, and weighs these for each row of the map.
    static Means means(Samples reference, Samples distorted, int width, int height, double peak) {
        double c1 = 0.01 * 0.01 * peak * peak;
        double c2 = 0.03 * 0.03 * peak * peak;
        int across = width - WINDOW + 1;
        double[] a = new double[width];
        double[] b = new double[width];
        double[] squares = new double[width];
        double[] products = new double[width];
        // [moment][row modulo 11][x]: mean of a, mean of b, mean of a^2 + b^2, mean of a b.
        double[][][] ring = new double[4][WINDOW][across];
        double[][] moments = new double[4][across];
        double similarity = 0;
        double structure = 0;
        for (int y = 0; y < height; y++) {
            reference.row(y, a, width);
            distorted.row(y, b, width);
            for (int x = 0; x < width; x++) {
                squares[x] = a[x] * a[x] + b[x] * b[x];
                products[x] = a[x] * b[x];
            }
            int slot = y % WINDOW;
            alongRow(a, ring[0][slot]);
            alongRow(b, ring[1][slot]);
            alongRow(squares, ring[2][slot]);
            alongRow(products, ring[3][slot]);
            if (y < WINDOW - 1) {
                continue;
            }
            for (int m = 0; m < 4; m++) {
                Arrays.fill(moments[m], 0);
                for (int t = 0; t < WINDOW; t++) {
                    accumulate(moments[m], GAUSSIAN[t], ring[m][(y + 1 + t) % WINDOW], 0);
                }
            }
            for (int x = 0; x < across; x++) {
                double meanA = moments[0][x];
                double meanB = moments[1][x];
                double both = meanA * meanA + meanB * meanB;
                double product = meanA * meanB;
                double cs = (2 * (moments[3][x] - product) + c2) / (moments[2][x] - both + c2);
                structure += cs;
                similarity += cs * (2 * product + c1) / (both + c1);
            }
        }
        double count = (double) across * (height - WINDOW + 1);
        return new Means(similarity / count, structure / count);
    }

    private static void alongRow(double[] row, double[] filtered) {
        Arrays.fill(filtered, 0);
        for (int t = 0; t < WINDOW; t++) {
            accumulate(filtered, GAUSSIAN[t], row, t);
        }
    }

    /// The one inner loop, in the shape that the just-in-time compiler turns into vector code.
    private static void accumulate(double[] sum, double weight, double[] row, int from) {
        for (int x = 0; x < sum.length; x++) {
            sum[x] += weight * row[from + x];
        }
    }
}
