package io.github.fovea.quality;

import io.github.fovea.frame.Frame;
import io.github.fovea.frame.PixelLayout;
import io.github.fovea.frame.Plane;
import io.github.fovea.resample.ResampleKernel;
import io.github.fovea.resample.Resampler;

/// The protocol by which papers on super-resolution report figures on Set5 and Set14 (SRCNN, FSRCNN, SESR and others).
///
/// The HR picture's luma (BT.601 studio range, MATLAB `rgb2ycbcr`), rounded to 8 bit, is cropped at the right and
/// bottom to a multiple of the scale and shrunk by `imresize` bicubic with antialias; the LR picture stays in float.
/// The enlarged picture is rounded and clipped, `scale` pixels are left out along each side, and PSNR and [Ssim] are
/// taken against the HR luma. Figures of a set are means of the pictures' figures.
public final class PublishedProtocol {
    private PublishedProtocol() {}

    /// What to do with pictures that hold 8-bit grey only (`bridge` of Set14).
    public enum Grey {
        /// Take grey as luma, as SRCNN's code does and the published figures mean.
        AS_LUMA,
        /// Take grey as equal red, green and blue, so that it is compressed to studio range as colour pictures are.
        AS_RGB
    }

    /// The figures of one picture.
    ///
    /// @param psnrY PSNR of luma in dB; positive infinity if the picture came back exactly
    /// @param ssimY similarity of luma, at most 1
    public record Scores(double psnrY, double ssimY) {}

    /// {@return the luma that is measured, 8 bit; planes of YCbCr frames are taken as they are, at their own depth}
    ///
    /// @param frame a picture; alpha is left out, samples deeper than 8 bit of RGB and grey are first scaled to 0..255
    /// @param grey  what grey pictures mean
    public static Plane luma(Frame frame, Grey grey) {
        PixelLayout layout = frame.format().layout();
        Plane first = frame.plane(0);
        if (layout.isYCbCr()) {
            return first;
        }
        boolean colour = switch (layout) {
            case RGB, RGBA -> true;
            case GREY, GREY_ALPHA, YCBCR_420, YCBCR_422, YCBCR_444 -> false;
        };
        if (!colour && grey == Grey.AS_LUMA && first.bitDepth() == 8) {
            return first;
        }
        Plane green = colour ? frame.plane(1) : first;
        Plane blue = colour ? frame.plane(2) : first;
        Plane luma = new Plane(first.width(), first.height(), 8);
        double unit = 255.0 / first.maximum();
        for (int y = 0; y < luma.height(); y++) {
            for (int x = 0; x < luma.width(); x++) {
                double r = first.get(x, y) * unit;
                double value = !colour && grey == Grey.AS_LUMA ? r
                        : luma(r, green.get(x, y) * unit, blue.get(x, y) * unit, 1);
                luma.set(x, y, (int) (value + 0.5));
            }
        }
        return luma;
    }

    /// {@return the luma of a colour, or of the mean of several, as a code of 16 to 235, not rounded}
    ///
    /// @param red   sum of the pixels' red samples, 0 to 255 each
    /// @param green sum of their green samples
    /// @param blue  sum of their blue samples
    /// @param count how many pixels there are, at least 1
    public static double luma(double red, double green, double blue, double count) {
        return (65.481 * red + 128.553 * green + 24.966 * blue) / count / 255 + 16;
    }

    /// {@return the plane less what exceeds a multiple of the scale at its right and bottom}
    ///
    /// @param plane a plane of at least `scale` samples both ways
    /// @param scale the factor, at least 1
    public static Plane cropToMultiple(Plane plane, int scale) {
        int width = plane.width() - plane.width() % scale;
        int height = plane.height() - plane.height() % scale;
        if (width == 0 || height == 0) {
            throw new IllegalArgumentException("picture of " + plane.width() + "x" + plane.height()
                    + " is smaller than scale " + scale);
        }
        if (width == plane.width() && height == plane.height()) {
            return plane;
        }
        Plane cropped = new Plane(width, height, plane.bitDepth());
        for (int y = 0; y < height; y++) {
            System.arraycopy(plane.samples(), y * plane.width(), cropped.samples(), y * width, width);
        }
        return cropped;
    }

    /// {@return the LR picture `[1][height / scale][width / scale]` in code values, not rounded}
    ///
    /// @param hr    the HR luma, its sides multiples of the scale
    /// @param scale the factor, at least 1
    public static float[] lowResolution(Plane hr, int scale) {
        if (hr.width() % scale != 0 || hr.height() % scale != 0) {
            throw new IllegalArgumentException("picture of " + hr.width() + "x" + hr.height()
                    + " is no multiple of scale " + scale + "; crop it first");
        }
        float[] samples = new float[hr.width() * hr.height()];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = hr.samples()[i] & 0xFFFF;
        }
        int width = hr.width() / scale;
        int height = hr.height() / scale;
        float[] lr = new float[width * height];
        Resampler.of(hr.width(), hr.height(), width, height, ResampleKernel.BICUBIC, true)
                .resize(samples, 0, hr.width(), lr, 0, width);
        return lr;
    }

    /// {@return the figures of one picture}
    ///
    /// @param luma     the picture's luma, see [#luma]; cropped here; large enough that 11x11 remain without `scale`
    ///                 pixels along each side
    /// @param scale    the factor, at least 1
    /// @param upscaler what is measured
    public static Scores measure(Plane luma, int scale, LumaUpscaler upscaler) {
        Plane hr = cropToMultiple(luma, scale);
        Psnr.checkSize(hr.width(), hr.height(), scale, Ssim.WINDOW);
        float[] lr = lowResolution(hr, scale);
        float[] sr = new float[hr.width() * hr.height()];
        upscaler.upscale(lr, hr.width() / scale, hr.height() / scale, hr.maximum(), sr);
        Plane rounded = new Plane(hr.width(), hr.height(), hr.bitDepth());
        for (int i = 0; i < sr.length; i++) {
            rounded.samples()[i] = (short) (int) (Math.min(hr.maximum(), Math.max(0f, sr[i])) + 0.5f);
        }
        return new Scores(Psnr.of(hr, rounded, scale), Ssim.of(hr, rounded, scale));
    }

    /// {@return bicubic interpolation, the yardstick of all figures}
    ///
    /// @param scale the factor, at least 1
    public static LumaUpscaler bicubic(int scale) {
        return (lr, width, height, _, sr) ->
                Resampler.of(width, height, width * scale, height * scale, ResampleKernel.BICUBIC, true)
                        .resize(lr, 0, width, sr, 0, width * scale);
    }
}
