package io.github.fovea.train;

import io.github.fovea.frame.ColorConversion;
import io.github.fovea.frame.ColorDescription;
import io.github.fovea.frame.Frame;
import io.github.fovea.frame.FrameFormat;
import io.github.fovea.frame.PixelLayout;
import io.github.fovea.frame.Plane;
import io.github.fovea.quality.Psnr;
import io.github.fovea.resample.ResampleKernel;
import io.github.fovea.resample.Resampler;
import java.util.ArrayList;
import java.util.List;

/// The squared error of frames as people see them: luma that some way has made, chroma of the LR frame enlarged by
/// bicubic as every player does, both turned to RGB of 8 bit and compared with the HR frame in RGB.
final class RgbErrors {
    private final int width;
    private final int height;
    private final FrameFormat small;
    private final Resampler enlarged;
    private Frame reference;
    private List<Plane> chroma = List.of();

    /// Prepares for frames of a format.
    ///
    /// @param small  format of the LR frames, YCbCr
    /// @param width  columns of HR luma
    /// @param height rows of HR luma
    RgbErrors(FrameFormat small, int width, int height) {
        this.width = width;
        this.height = height;
        this.small = small;
        enlarged = Resampler.chroma(small.width(), small.height(), width, height, small.layout(),
                small.color().resolved(small.height()).siting(), ResampleKernel.BICUBIC, true);
    }

    /// Takes the next frame.
    ///
    /// @param lr LR frame
    /// @param hr HR frame, YCbCr, at least as large as HR luma
    void take(Frame lr, Frame hr) {
        PixelLayout layout = hr.format().layout();
        List<Plane> planes = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Plane plane = new Plane(layout.planeWidth(i, width), layout.planeHeight(i, height), 8);
            ClipFrames.crop(hr.plane(i), plane);
            planes.add(whole(plane));
        }
        // Code values are compared in the LR video's colours: the luma that was made is in these.
        reference = rgb(planes);
        List<Plane> made = new ArrayList<>();
        for (int i = 1; i < 3; i++) {
            Plane large = new Plane(small.layout().planeWidth(i, width), small.layout().planeHeight(i, height), 8);
            enlarged.resize(lr.plane(i), large);
            made.add(whole(large));
        }
        chroma = made;
    }

    private Plane whole(Plane plane) {
        return plane.width() == width && plane.height() == height ? plane
                : Resampler.of(plane.width(), plane.height(), width, height, ResampleKernel.BICUBIC,
                true).resize(plane);
    }

    private Frame rgb(List<Plane> planes) {
        Frame frame = new Frame(new FrameFormat(width, height, PixelLayout.YCBCR_444, 8,
                small.color().resolved(small.height())), planes);
        Frame rgb = Frame.allocate(new FrameFormat(width, height, PixelLayout.RGB, 8, ColorDescription.SRGB));
        ColorConversion.convert(frame, rgb);
        return rgb;
    }

    /// {@return the mean squared error over red, green and blue}. May be called by several threads.
    ///
    /// @param luma HR luma as it was made
    double meanSquare(Plane luma) {
        Frame made = rgb(List.of(luma, chroma.get(0), chroma.get(1)));
        double sum = 0;
        for (int i = 0; i < 3; i++) {
            sum += Psnr.meanSquaredError(reference.plane(i), made.plane(i), 0);
        }
        return sum / 3;
    }
}
