package io.github.fovea.cli;

import io.github.fovea.frame.ColorConversion;
import io.github.fovea.frame.ColorDescription;
import io.github.fovea.frame.ColorDescription.Matrix;
import io.github.fovea.frame.ColorDescription.Primaries;
import io.github.fovea.frame.ColorDescription.Range;
import io.github.fovea.frame.ColorDescription.Siting;
import io.github.fovea.frame.ColorDescription.Transfer;
import io.github.fovea.frame.Frame;
import io.github.fovea.frame.FrameFormat;
import io.github.fovea.frame.PixelLayout;
import io.github.fovea.resample.Axis;
import io.github.fovea.resample.ResampleKernel;
import io.github.fovea.resample.Resampler;

/// A short clip made from the bundled picture: a camera that pans and zooms over it, so that edges move by fractions of
/// a pixel as they do in real video.
final class SampleClip {
    /// Pixels in a row of the clip.
    static final int WIDTH = 640;
    /// Rows of the clip.
    static final int HEIGHT = 360;
    /// Frames of the clip: two seconds.
    static final int FRAMES = 48;

    private static final ColorDescription COLOR =
            new ColorDescription(Matrix.BT709, Range.LIMITED, Transfer.BT709, Primaries.BT709, Siting.LEFT);

    private final Frame picture;

    /// Takes the picture to look at.
    ///
    /// @param rgb 8-bit RGB, at least as large as the clip
    SampleClip(Frame rgb) {
        picture = Frame.allocate(new FrameFormat(rgb.format().width(), rgb.format().height(), PixelLayout.YCBCR_444, 8,
                COLOR));
        ColorConversion.convert(rgb, picture);
    }

    /// {@return the format of the frames: 8-bit 4:2:0, BT.709}
    static FrameFormat format() {
        return new FrameFormat(WIDTH, HEIGHT, PixelLayout.YCBCR_420, 8, COLOR);
    }

    /// {@return one frame}
    ///
    /// @param number 0 to `FRAMES - 1`
    Frame frame(int number) {
        Frame frame = Frame.allocate(format());
        double time = number / (FRAMES - 1.0);
        double zoom = 0.75 + 0.25 * time;
        double left = (picture.format().width() - WIDTH / zoom) * (0.15 + 0.7 * time);
        double top = (picture.format().height() - HEIGHT / zoom) * (0.75 - 0.5 * time);
        int width = picture.format().width();
        int height = picture.format().height();
        Resampler.of(new Axis(width, WIDTH, zoom, left), new Axis(height, HEIGHT, zoom, top), ResampleKernel.BICUBIC,
                true)
                .resize(picture.plane(0), frame.plane(0));
        // Chroma is co-sited with even luma columns: sample c lies at luma position 2c, half a chroma sample left of
        // the middle.
        Resampler chroma = Resampler.of(new Axis(width, WIDTH / 2, zoom / 2, left - 0.5 / zoom),
                new Axis(height, HEIGHT / 2, zoom / 2, top), ResampleKernel.BICUBIC, true);
        chroma.resize(picture.plane(1), frame.plane(1));
        chroma.resize(picture.plane(2), frame.plane(2));
        return frame;
    }
}
