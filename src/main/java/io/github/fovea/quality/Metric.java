package io.github.fovea.quality;

import io.github.fovea.frame.Plane;

/// The measures that can be asked for by name.
public enum Metric {
    /// Peak signal-to-noise ratio in dB.
    PSNR("psnr", 1),
    /// Structural similarity, Gaussian window of 11x11, as in papers.
    SSIM("ssim", Ssim.WINDOW),
    /// Structural similarity on 8x8 blocks, as in x264 and ffmpeg.
    SSIM_8X8("ssim-8x8", BlockSsim.LEAST_EXTENT),
    /// Multi-scale structural similarity.
    MS_SSIM("ms-ssim", MsSsim.LEAST_EXTENT);

    private final String label;
    private final int leastExtent;

    Metric(String label, int leastExtent) {
        this.label = label;
        this.leastExtent = leastExtent;
    }

    /// {@return the name on command lines and in reports}
    public String label() {
        return label;
    }

    /// {@return the least width and height that can be measured, after cropping}
    public int leastExtent() {
        return leastExtent;
    }

    /// {@return the metric of that name}
    ///
    /// @param label a name that [#label()] gives
    /// @throws IllegalArgumentException naming those there are
    public static Metric named(String label) {
        for (Metric metric : values()) {
            if (metric.label.equals(label)) {
                return metric;
            }
        }
        throw new IllegalArgumentException("no metric is called " + label
                + "; there are psnr, ssim, ssim-8x8 and ms-ssim");
    }

    /// {@return the measure of a plane}
    ///
    /// @param reference the plane as it should be
    /// @param distorted the plane as it is, of equal size and depth
    /// @param crop      samples left out along each side
    public double of(Plane reference, Plane distorted, int crop) {
        return switch (this) {
            case PSNR -> Psnr.of(reference, distorted, crop);
            case SSIM -> Ssim.of(reference, distorted, crop);
            case SSIM_8X8 -> BlockSsim.of(reference, distorted, crop);
            case MS_SSIM -> MsSsim.of(reference, distorted, crop);
        };
    }
}
