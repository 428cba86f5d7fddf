package io.github.fovea.quality;

import io.github.fovea.frame.Plane;

/// Peak signal-to-noise ratio, `10 log10(peak^2 / MSE)` in dB.
///
/// Over several pictures there are two means, and they differ much when quality varies: see [PsnrMeans].
public final class Psnr {
    private Psnr() {}

    /// {@return the PSNR in dB that belongs to a mean squared error; positive infinity for 0}
    ///
    /// @param meanSquaredError mean squared difference, not negative
    /// @param peak             the largest value a sample can have, 255 for 8 bit
    public static double ofMeanSquaredError(double meanSquaredError, double peak) {
        return 10 * Math.log10(peak * peak / meanSquaredError);
    }

    /// {@return the PSNR of a plane in dB, with the peak of its bit depth; positive infinity for equal planes}
    ///
    /// @param reference the plane as it should be
    /// @param distorted the plane as it is, of equal size and depth
    /// @param crop      samples left out along each side
    public static double of(Plane reference, Plane distorted, int crop) {
        return ofMeanSquaredError(meanSquaredError(reference, distorted, crop), reference.maximum());
    }

    /// {@return the mean squared difference of two planes}
    ///
    /// @param reference the plane as it should be
    /// @param distorted the plane as it is, of equal size and depth
    /// @param crop      samples left out along each side
    public static double meanSquaredError(Plane reference, Plane distorted, int crop) {
        checkPair(reference, distorted, crop, 1);
        int width = reference.width();
        short[] a = reference.samples();
        short[] b = distorted.samples();
        long sum = 0;
        for (int y = crop; y < reference.height() - crop; y++) {
            for (int i = y * width + crop; i < (y + 1) * width - crop; i++) {
                long difference = (a[i] & 0xFFFF) - (b[i] & 0xFFFF);
                sum += difference * difference;
            }
        }
        return (double) sum / ((double) (width - 2 * crop) * (reference.height() - 2 * crop));
    }

    /// {@return the mean squared difference of two planes of floats}
    ///
    /// @param reference       samples as they should be
    /// @param referenceOffset index of the first one
    /// @param referenceStride distance from a row to the next
    /// @param distorted       samples as they are
    /// @param distortedOffset index of the first one
    /// @param distortedStride distance from a row to the next
    /// @param width           samples in a row
    /// @param height          rows
    /// @param crop            samples left out along each side
    public static double meanSquaredError(float[] reference, int referenceOffset, int referenceStride,
            float[] distorted, int distortedOffset, int distortedStride, int width, int height, int crop) {
        checkSize(width, height, crop, 1);
        double sum = 0;
        for (int y = crop; y < height - crop; y++) {
            int a = referenceOffset + y * referenceStride;
            int b = distortedOffset + y * distortedStride;
            for (int x = crop; x < width - crop; x++) {
                double difference = (double) reference[a + x] - distorted[b + x];
                sum += difference * difference;
            }
        }
        return sum / ((double) (width - 2 * crop) * (height - 2 * crop));
    }

    /// Checks that two planes can be compared.
    static void checkPair(Plane reference, Plane distorted, int crop, int least) {
        if (reference.width() != distorted.width() || reference.height() != distorted.height()
                || reference.bitDepth() != distorted.bitDepth()) {
            throw new IllegalArgumentException("cannot compare " + reference.width() + "x" + reference.height() + " at "
                    + reference.bitDepth() + " bit with " + distorted.width() + "x" + distorted.height() + " at "
                    + distorted.bitDepth() + " bit, wanted equal sizes and depths; scale or convert one of them first");
        }
        checkSize(reference.width(), reference.height(), crop, least);
    }

    /// Checks that `least` samples both ways are left after cropping.
    static void checkSize(int width, int height, int crop, int least) {
        if (crop < 0 || width - 2L * crop < least || height - 2L * crop < least) {
            throw new IllegalArgumentException(width + "x" + height + " less " + crop
                    + " samples along each side, wanted at least " + least + "x" + least + " to measure");
        }
    }
}
