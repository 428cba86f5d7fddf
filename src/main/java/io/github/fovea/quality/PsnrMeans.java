package io.github.fovea.quality;

/// Gathers the squared errors of several pictures and gives both means of their PSNR by name, which must never be
/// mixed: a clip with a mean of PSNRs of 51.9 dB can have a PSNR of its mean error of 47.3 dB.
///
/// Not safe for use by several threads.
public final class PsnrMeans {
    private final double peak;
    private double errors;
    private double decibels;
    private long pictures;

    /// Starts with no picture.
    ///
    /// @param peak the largest value a sample can have, 255 for 8 bit
    public PsnrMeans(double peak) {
        this.peak = peak;
    }

    /// Adds a picture.
    ///
    /// @param meanSquaredError its mean squared error
    public void add(double meanSquaredError) {
        errors += meanSquaredError;
        decibels += Psnr.ofMeanSquaredError(meanSquaredError, peak);
        pictures++;
    }

    /// {@return the PSNR in dB of the mean of the squared errors, as ffmpeg's `psnr` filter ends with; infinite if all
    /// pictures are equal to their references, NaN without pictures}
    public double psnrOfMeanError() {
        return Psnr.ofMeanSquaredError(errors / pictures, peak);
    }

    /// {@return the mean in dB of the pictures' PSNRs, as papers give it for sets of pictures; infinite as soon as one
    /// picture equals its reference, NaN without pictures}
    public double meanOfPsnrs() {
        return decibels / pictures;
    }

    /// {@return how many pictures were added}
    public long pictures() {
        return pictures;
    }
}
