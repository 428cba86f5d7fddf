package io.github.fovea.train;

import io.github.fovea.frame.ColorDescription;
import io.github.fovea.frame.Frame;
import io.github.fovea.frame.FrameFormat;
import io.github.fovea.frame.PixelLayout;
import io.github.fovea.media.EncodeOptions;
import io.github.fovea.media.FrameSink;
import io.github.fovea.media.FrameSource;
import io.github.fovea.media.Ratio;
import io.github.fovea.media.VideoFiles;
import io.github.fovea.media.VideoFormat;
import io.github.fovea.resample.ResampleKernel;
import io.github.fovea.resample.Resampler;
import java.io.IOException;
import java.nio.file.Path;

/// Makes the LR video that a publisher sends: every plane shrunk by bicubic with antialias (the published protocol,
/// MATLAB's `imresize`), 8 bit, chroma with its siting. Deeper videos are rounded to 8 bit first.
public final class LowResolution {
    private LowResolution() {}

    /// Makes the LR video. What exceeds a multiple of the scale at the right and bottom (twice the scale along axes
    /// with subsampled chroma) is cut off.
    ///
    /// @param hr        the HR video
    /// @param rate      frames per second to convert a video of variable frame rate to, or `null`
    /// @param lr        the file to make; `.y4m` keeps every sample, other endings go through H.264
    /// @param scale     the factor, 2 to 8
    /// @param crf       constant rate factor of H.264, or -1 for `.y4m`
    /// @param overwrite whether a file of that name may be replaced
    /// @return the number of frames
    /// @throws IOException if a video cannot be read or written; then there is no LR video
    /// @throws IllegalArgumentException if scale or rate factor is out of range, or the frames are smaller than one LR
    ///                                  pixel
    public static long make(Path hr, Ratio rate, Path lr, int scale, int crf, boolean overwrite) throws IOException {
        if (scale < 2 || scale > 8 || crf < -1 || crf > 51) {
            throw new IllegalArgumentException("scale is " + scale + ", rate factor is " + crf
                    + ", wanted 2 to 8, and 0 to 51 or -1");
        }
        try (FrameSource source = VideoFiles.open(hr, rate)) {
            FrameFormat from = source.format().frame();
            FrameFormat cropped = cropped(hr, from, scale);
            FrameFormat small = cropped.withSize(cropped.width() / scale, cropped.height() / scale);
            VideoFormat format = source.format().withFrame(small);
            EncodeOptions options = crf < 0 ? new EncodeOptions("", -1, "", overwrite)
                    : new EncodeOptions("libx264", crf, "medium", overwrite);
            // Of the frames alone nobody misses the sound.
            FrameSource beside = VideoFiles.isY4mName(lr) ? null : source;
            try (FrameSink sink = VideoFiles.create(lr, format, beside, options)) {
                Shrinker shrinker = new Shrinker(from, cropped, small);
                Frame large = source.next(null);
                long frames = 0;
                for (; large != null; large = source.next(large)) {
                    sink.write(shrinker.shrink(large));
                    frames++;
                }
                if (frames == 0) {
                    throw new IOException(hr + ": the video holds no frame");
                }
                sink.commit();
                return frames;
            }
        }
    }

    /// {@return the 8-bit format without what exceeds a multiple of the scale}
    private static FrameFormat cropped(Path hr, FrameFormat from, int scale) {
        PixelLayout layout = from.layout();
        int stepX = scale << layout.chromaShiftX();
        int stepY = scale << layout.chromaShiftY();
        int width = from.width() / stepX * stepX;
        int height = from.height() / stepY * stepY;
        if (width == 0 || height == 0) {
            throw new IllegalArgumentException(hr + ": frames of " + from.width() + "x" + from.height()
                    + " are smaller than one LR pixel at scale " + scale + "; use a smaller scale or a larger video");
        }
        return new FrameFormat(width, height, layout, 8, from.color());
    }

    /// Shrinks frames of one format.
    private static final class Shrinker {
        private final Frame cropped;
        private final Frame small;
        private final Resampler luma;
        private final Resampler chroma;

        Shrinker(FrameFormat from, FrameFormat large, FrameFormat small) {
            cropped = Frame.allocate(large);
            this.small = Frame.allocate(small);
            luma = Resampler.of(large.width(), large.height(), small.width(), small.height(), ResampleKernel.BICUBIC,
                    true);
            ColorDescription color = from.color().resolved(from.height());
            chroma = large.layout().isYCbCr() ? Resampler.chroma(large.width(), large.height(), small.width(),
                    small.height(), large.layout(), color.siting(), ResampleKernel.BICUBIC, true) : null;
        }

        Frame shrink(Frame frame) {
            for (int i = 0; i < cropped.planes().size(); i++) {
                ClipFrames.crop(frame.plane(i), cropped.plane(i));
                (i == 0 ? luma : chroma).resize(cropped.plane(i), small.plane(i));
            }
            return small;
        }
    }
}
