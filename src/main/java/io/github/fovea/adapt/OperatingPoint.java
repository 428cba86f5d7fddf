package io.github.fovea.adapt;

import java.util.Objects;

/// One way to enlarge a frame: what it costs and how good it is expected to be.
///
/// @param name           name for people, like `general-x2-fast`
/// @param macsPerPixel   multiply-adds per LR pixel; 0 for plain bicubic
/// @param bytes          working memory of all threads for one frame, in bytes
/// @param psnr           expected quality in dB, of any measure that is common to all points of a ladder
/// @param predictedNanos time of one frame on this machine when nothing else runs; only ratios between points matter
///                       after the first frames
public record OperatingPoint(String name, long macsPerPixel, long bytes, double psnr, long predictedNanos) {
    /// Checks the ranges.
    public OperatingPoint {
        Objects.requireNonNull(name, "name");
        if (macsPerPixel < 0 || bytes < 0 || !Double.isFinite(psnr) || predictedNanos < 1) {
            throw new IllegalArgumentException("operating point " + name + " with " + macsPerPixel + " multiply-adds, "
                    + bytes + " bytes, " + psnr + " dB and " + predictedNanos
                    + " ns, wanted a time of at least 1 ns, a finite quality and nothing below zero");
        }
    }

    /// {@return whether another point is at least as good in quality and cost, and better in one of them}
    ///
    /// @param other the other point
    boolean dominatedBy(OperatingPoint other) {
        return other.psnr >= psnr && other.predictedNanos <= predictedNanos
                && (other.psnr > psnr || other.predictedNanos < predictedNanos);
    }
}
