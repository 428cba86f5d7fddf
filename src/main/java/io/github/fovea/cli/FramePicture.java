package io.github.fovea.cli;

import io.github.fovea.frame.ColorConversion;
import io.github.fovea.frame.ColorDescription;
import io.github.fovea.frame.Frame;
import io.github.fovea.frame.FrameFormat;
import io.github.fovea.frame.PixelLayout;
import io.github.fovea.frame.Plane;
import io.github.fovea.media.BufferedImages;
import io.github.fovea.resample.ResampleKernel;
import io.github.fovea.resample.Resampler;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;

/// Frames of video as pictures to look at.
final class FramePicture {
    private FramePicture() {}

    /// {@return a frame as an RGB picture of 8 bit}
    ///
    /// @param frame grey or YCbCr; chroma is enlarged to the size of luma
    static BufferedImage of(Frame frame) {
        FrameFormat format = frame.format();
        int width = format.width();
        int height = format.height();
        Frame whole = frame;
        if (format.layout().isYCbCr()) {
            List<Plane> planes = new ArrayList<>(List.of(frame.plane(0)));
            for (int i = 1; i < 3; i++) {
                Plane chroma = frame.plane(i);
                planes.add(Resampler.of(chroma.width(), chroma.height(), width, height, ResampleKernel.BICUBIC, true)
                        .resize(chroma));
            }
            whole = new Frame(new FrameFormat(width, height, PixelLayout.YCBCR_444, format.bitDepth(),
                    format.color().resolved(height)), planes);
        }
        Frame rgb = Frame.allocate(new FrameFormat(width, height, PixelLayout.RGB, 8, ColorDescription.SRGB));
        ColorConversion.convert(whole, rgb);
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        BufferedImages.store(rgb, image);
        return image;
    }
}
