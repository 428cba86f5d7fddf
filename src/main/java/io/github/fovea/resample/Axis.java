package io.github.fovea.resample;

import io.github.fovea.frame.Plane;

/// One dimension of a resize: how many samples there are, how many are wanted, and where each of those lies.
///
/// Samples sit at integers, counted from 0. Output sample `i` lies at source position
/// `(i + 0.5) / scale - 0.5 + shift`: with `shift` 0 the outer borders of the first source sample and of the first
/// output sample coincide.
///
/// @param source samples there are, 1 to [Plane#MAX_EXTENT]
/// @param target samples wanted, 1 to [Plane#MAX_EXTENT]
/// @param scale  output samples per source sample, positive; usually but not always `target / source`
/// @param shift  displacement of the output samples in source samples, within the source's length either way
public record Axis(int source, int target, double scale, double shift) {
    /// Checks the ranges.
    public Axis {
        if (source < 1 || source > Plane.MAX_EXTENT || target < 1 || target > Plane.MAX_EXTENT) {
            throw new IllegalArgumentException("resize from " + source + " to " + target + " samples, wanted 1 to "
                    + Plane.MAX_EXTENT + " on both sides");
        }
        if (!(scale >= 1.0 / Plane.MAX_EXTENT && scale <= Plane.MAX_EXTENT)) {
            throw new IllegalArgumentException("scale " + scale + ", wanted a positive number up to "
                    + Plane.MAX_EXTENT);
        }
        if (!(Math.abs(shift) <= source)) {
            throw new IllegalArgumentException("shift " + shift + " of " + source
                    + " samples, wanted at most their number");
        }
    }

    /// {@return the axis that fits `source` samples exactly into `target` samples}
    ///
    /// @param source samples there are
    /// @param target samples wanted
    public static Axis fit(int source, int target) {
        return new Axis(source, target, (double) target / source, 0);
    }

    /// {@return the axis for subsampled planes that keeps them aligned with luma when luma is scaled by `lumaScale`}
    ///
    /// Chroma sample `c` of a plane that holds every `n`-th sample lies at luma position `n * c` when it is co-sited
    /// and at `n * c + (n - 1) / 2` when it is centred; luma's outer borders coincide before and after. Rounding of odd
    /// sizes does not disturb the alignment, because the true scale is used instead of the ratio of the plane sizes.
    ///
    /// @param source            chroma samples there are
    /// @param target            chroma samples wanted
    /// @param lumaScale         output luma samples per source luma sample
    /// @param sourceSubsampling luma samples per source chroma sample, 1 or 2
    /// @param sourceCosited     whether source chroma lies on luma samples (else between them); no difference at 1
    /// @param targetSubsampling luma samples per output chroma sample, 1 or 2
    /// @param targetCosited     whether output chroma shall lie on luma samples; no difference at 1
    public static Axis chroma(int source, int target, double lumaScale, int sourceSubsampling, boolean sourceCosited,
            int targetSubsampling, boolean targetCosited) {
        double scale = lumaScale * sourceSubsampling / targetSubsampling;
        // Distance of chroma sample 0's centre from the picture's border, in luma samples of its own side.
        double sourceCentre = sourceCosited ? 0.5 : sourceSubsampling / 2.0;
        double targetCentre = targetCosited ? 0.5 : targetSubsampling / 2.0;
        double first = (targetCentre / lumaScale - sourceCentre) / sourceSubsampling;
        return new Axis(source, target, scale, first - (0.5 / scale - 0.5));
    }

    /// {@return the source position of an output sample}
    ///
    /// @param i index of the output sample
    public double position(int i) {
        return (i + 0.5) / scale - 0.5 + shift;
    }
}
