package io.github.fovea.train;

import io.github.fovea.quality.Psnr;
import io.github.fovea.quality.PsnrMeans;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/// How well several ways of enlarging a clip do, frame by frame: luma, whole frames, rounded to 8 bit.
///
/// @param methods names of the ways, `bicubic` first
/// @param frames  the frames that were measured, in their order
public record ClipScores(List<String> methods, List<FrameScore> frames) {
    /// One frame.
    ///
    /// @param number      its number in the clip
    /// @param heldOut     whether it was held out of training
    /// @param meanSquares mean squared error of each way
    /// @param ssim        structural similarity of each way, NaN where it was not measured
    /// @param shaved      mean over the cells of their mean squared error without a rim of `scale + 4` HR pixels, as
    ///                    Dy-DCA measures it (a quarter of a frame is never looked at), NaN where it was not measured
    /// @param rgb         mean squared error over red, green and blue of 8 bit, chroma enlarged by bicubic, NaN where
    ///                    it was not measured
    public record FrameScore(long number, boolean heldOut, List<Double> meanSquares, List<Double> ssim,
            List<Double> shaved, List<Double> rgb) {
        /// Copies the lists.
        public FrameScore {
            meanSquares = List.copyOf(meanSquares);
            ssim = List.copyOf(ssim);
            shaved = List.copyOf(shaved);
            rgb = List.copyOf(rgb);
        }

        /// {@return the PSNR of one way in dB; infinite where the frame came back exactly}
        ///
        /// @param method index of the way
        public double psnr(int method) {
            return Psnr.ofMeanSquaredError(meanSquares.get(method), 255);
        }
    }

    /// Which frames a mean is taken over.
    public enum Part implements Predicate<FrameScore> {
        /// Frames that were never trained on.
        HELD_OUT,
        /// All frames that were measured.
        ALL;

        @Override
        public boolean test(FrameScore frame) {
            return this == ALL || frame.heldOut();
        }
    }

    /// Copies the lists.
    public ClipScores {
        methods = List.copyOf(methods);
        frames = List.copyOf(frames);
    }

    /// {@return PSNR-Y of one way over frames, by both means}
    ///
    /// @param method index of the way
    /// @param part   which frames
    public PsnrMeans psnr(int method, Part part) {
        PsnrMeans means = new PsnrMeans(255);
        frames.stream().filter(part).forEach(frame -> means.add(frame.meanSquares().get(method)));
        return means;
    }

    /// {@return the mean similarity of one way over the frames where it was measured; NaN where it was on none}
    ///
    /// @param method index of the way
    /// @param part   which frames
    public double ssim(int method, Part part) {
        return frames.stream().filter(part).mapToDouble(frame -> frame.ssim().get(method)).filter(value ->
                !Double.isNaN(value))
                .average().orElse(Double.NaN);
    }

    /// {@return PSNR-Y in dB of the mean squared error of one way over cells without their rims, over the frames where
    /// it was measured; for comparison with papers only. NaN where it was on none}
    ///
    /// @param method index of the way
    /// @param part   which frames
    public double shavedPsnr(int method, Part part) {
        return psnr(part, frame -> frame.shaved().get(method));
    }

    /// {@return the PSNR in dB of red, green and blue together, of the mean squared error over the frames where it was
    /// measured; NaN where it was on none}
    ///
    /// @param method index of the way
    /// @param part   which frames
    public double rgbPsnr(int method, Part part) {
        return psnr(part, frame -> frame.rgb().get(method));
    }

    private double psnr(Part part, ToDoubleFunction<FrameScore> meanSquare) {
        return Psnr.ofMeanSquaredError(frames.stream().filter(part).mapToDouble(meanSquare).filter(value ->
                !Double.isNaN(value))
                .average().orElse(Double.NaN), 255);
    }
}
