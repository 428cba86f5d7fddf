package io.github.fovea.graph;

/// How a resize operator finds values between pixels. Pixel centres lie at half-integers on both sides, and the edge is
/// mirrored including the edge pixel (MATLAB `imresize`).
public enum Interpolation {
    /// The nearest pixel.
    NEAREST,
    /// Triangle of width 2.
    BILINEAR,
    /// Keys cubic, a = -0.5, of width 4.
    BICUBIC;

    /// {@return the weight of a sample by Keys' cubic convolution, 0 from a distance of 2 on}
    ///
    /// Source: R. Keys, "Cubic convolution interpolation for digital image processing", IEEE TASSP 1981, equation 15.
    ///
    /// @param x distance of the sample in samples, of either sign
    /// @param a slope at a distance of 1: -0.5 for [#BICUBIC]
    public static double keys(double x, double a) {
        double d = Math.abs(x);
        if (d <= 1) {
            return ((a + 2) * d - (a + 3)) * d * d + 1;
        }
        return d < 2 ? ((a * d - 5 * a) * d + 8 * a) * d - 4 * a : 0;
    }

    /// {@return the sample that stands for index `i` of a row that is mirrored at its ends, the last sample included,
    /// over and over}
    ///
    /// @param i      index, any
    /// @param length samples in the row, at least 1
    public static int mirror(int i, int length) {
        int m = Math.floorMod(i, 2 * length);
        return m < length ? m : 2 * length - 1 - m;
    }
}
