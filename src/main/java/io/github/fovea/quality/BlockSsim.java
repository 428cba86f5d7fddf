package io.github.fovea.quality;

import io.github.fovea.frame.Plane;

/// Structural similarity on overlapping blocks of 8x8 samples, one every 4 samples, all of equal weight: the definition
/// of x264 and of ffmpeg's `ssim` filter, whose numbers it gives. It differs from [Ssim], the one of papers, in the
/// window and in the unbiased variance; compare only numbers of one definition.
///
/// Rows and columns past a multiple of 4 are not looked at.
public final class BlockSsim {
    /// Least width and height after cropping.
    public static final int LEAST_EXTENT = 8;

    private BlockSsim() {}

    /// {@return the mean similarity, at most 1, which equal planes have}
    ///
    /// @param reference the plane as it should be, after cropping at least 8x8
    /// @param distorted the plane as it is, of equal size and depth
    /// @param crop      samples left out along each side
    public static double of(Plane reference, Plane distorted, int crop) {
        Psnr.checkPair(reference, distorted, crop, LEAST_EXTENT);
        int across = (reference.width() - 2 * crop) / 4;
        int down = (reference.height() - 2 * crop) / 4;
        double peak = reference.maximum();
        // The constants are rounded to integers there, so they are here.
        double c1 = Math.floor(0.01 * 0.01 * peak * peak * 64 + 0.5);
        double c2 = Math.floor(0.03 * 0.03 * peak * peak * 64 * 63 + 0.5);
        // Sums over 4x4 samples: a, b, a^2 + b^2, a b; this row of blocks and the one above.
        long[][] above = new long[4][across];
        long[][] sums = new long[4][across];
        double total = 0;
        for (int by = 0; by < down; by++) {
            long[][] swap = above;
            above = sums;
            sums = swap;
            blockRow(reference, distorted, crop, crop + 4 * by, sums);
            for (int bx = 0; by > 0 && bx < across - 1; bx++) {
                double a = quad(above[0], sums[0], bx);
                double b = quad(above[1], sums[1], bx);
                double squares = quad(above[2], sums[2], bx);
                double products = quad(above[3], sums[3], bx);
                double variances = squares * 64 - a * a - b * b;
                double covariance = products * 64 - a * b;
                total += (2 * a * b + c1) * (2 * covariance + c2) / ((a * a + b * b + c1) * (variances + c2));
            }
        }
        return total / ((double) (across - 1) * (down - 1));
    }

    private static double quad(long[] above, long[] below, int bx) {
        return above[bx] + above[bx + 1] + below[bx] + below[bx + 1];
    }

    private static void blockRow(Plane reference, Plane distorted, int left, int top, long[][] sums) {
        for (int bx = 0; bx < sums[0].length; bx++) {
            long sumA = 0;
            long sumB = 0;
            long squares = 0;
            long products = 0;
            for (int y = 0; y < 4; y++) {
                for (int x = 0; x < 4; x++) {
                    long a = reference.get(left + 4 * bx + x, top + y);
                    long b = distorted.get(left + 4 * bx + x, top + y);
                    sumA += a;
                    sumB += b;
                    squares += a * a + b * b;
                    products += a * b;
                }
            }
            sums[0][bx] = sumA;
            sums[1][bx] = sumB;
            sums[2][bx] = squares;
            sums[3][bx] = products;
        }
    }
}
