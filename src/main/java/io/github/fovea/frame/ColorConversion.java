package io.github.fovea.frame;

import io.github.fovea.frame.ColorDescription.Matrix;
import io.github.fovea.frame.ColorDescription.Range;
import java.util.Arrays;
import java.util.Objects;
import org.joml.Matrix3d;
import org.joml.Matrix4d;

/// RGB to YCbCr and back, by matrices derived in double from the luma coefficients (Kr, Kb) as ITU-T H.273 defines
/// them.
///
/// An instance serves the upscaling pipeline. It converts between the integer samples of RGB or grey frames and float
/// rows of Y, Cb and Cr that are neither rounded nor clipped. The floats are in *units*: the code that an 8-bit sample
/// would have, divided by 255, whatever the bit depth of the RGB side. In limited range black is 16/255 and white
/// 235/255; in full range 0 and 1; neutral chroma is 128/255 in both. A network therefore sees one scale for every bit
/// depth.
///
/// The static side converts whole frames whose chroma is not subsampled, from any layout to any other at once, by one
/// affine matrix.
///
/// Instances are immutable.
public final class ColorConversion {
    private final int rgbBitDepth;
    private final double[] toYCbCrColumns;
    private final double[] toRgbColumns;

    private ColorConversion(Matrix matrix, Range range, int rgbBitDepth) {
        this.rgbBitDepth = rgbBitDepth;
        Matrix4d fromSamples = new Matrix4d().scaling(1.0 / ((1 << rgbBitDepth) - 1));
        Matrix4d toYCbCr = new Matrix4d().scaling(1.0 / 255).mul(rgbToYCbCr(matrix, range, 8)).mul(fromSamples);
        // Plain column-major arrays for the loops: JOML's access by row and column goes through sun.misc.Unsafe, about
        // which Java warns.
        this.toYCbCrColumns = toYCbCr.get(new double[16]);
        this.toRgbColumns = new Matrix4d(toYCbCr).invert().get(new double[16]);
    }

    /// {@return the conversion between full-range RGB samples and YCbCr in units}
    ///
    /// @param matrix      the luma coefficients; stated
    /// @param range       the range of the YCbCr side; stated
    /// @param rgbBitDepth bits of an RGB sample, 8 to 16
    public static ColorConversion of(Matrix matrix, Range range, int rgbBitDepth) {
        if (rgbBitDepth < 8 || rgbBitDepth > 16) {
            throw new IllegalArgumentException("bit depth " + rgbBitDepth + ", wanted 8 to 16");
        }
        return new ColorConversion(stated(matrix), stated(range), rgbBitDepth);
    }

    /// {@return the conversion of the published super-resolution protocol (MATLAB `rgb2ycbcr`): BT.601 in limited
    /// range, for 8-bit samples `Y = (65.481 R + 128.553 G + 24.966 B) / 255 + 16`, here divided by 255}
    ///
    /// @param rgbBitDepth bits of an RGB sample, 8 to 16
    public static ColorConversion published(int rgbBitDepth) {
        return of(Matrix.BT601, Range.LIMITED, rgbBitDepth);
    }

    /// {@return the matrix from R, G, B in 0..1 to Y in 0..1 and Pb, Pr in -0.5..0.5}
    ///
    /// @param matrix the luma coefficients; stated
    public static Matrix3d rgbToYPbPr(Matrix matrix) {
        double kr = stated(matrix).kr();
        double kb = matrix.kb();
        double kg = 1 - kr - kb;
        double b = 2 * (1 - kb);
        double r = 2 * (1 - kr);
        // JOML takes columns: what red, green and blue contribute to Y, Pb, Pr.
        return new Matrix3d(
                kr, -kr / b, 0.5,
                kg, -kg / b, -kg / r,
                kb, 0.5, -kb / r);
    }

    /// {@return the affine matrix from R, G, B in 0..1 to YCbCr codes: limited range `219 Y + 16` and `224 P + 128`,
    /// times `2^(bitDepth-8)`; full range `(2^bitDepth-1) Y` and `(2^bitDepth-1) P + 2^(bitDepth-1)`}
    ///
    /// @param matrix   the luma coefficients; stated
    /// @param range    the range of the codes; stated
    /// @param bitDepth bits of a code, 8 to 16
    public static Matrix4d rgbToYCbCr(Matrix matrix, Range range, int bitDepth) {
        Matrix4d linear = new Matrix4d().set(rgbToYPbPr(matrix));
        Matrix4d codes = switch (stated(range)) {
            case FULL -> {
                double max = (1 << bitDepth) - 1;
                double middle = 1 << (bitDepth - 1);
                yield new Matrix4d().translation(0, middle, middle).scale(max);
            }
            case LIMITED, UNSPECIFIED -> {
                double step = 1 << (bitDepth - 8);
                yield new Matrix4d().translation(16 * step, 128 * step, 128 * step)
                        .scale(219 * step, 224 * step, 224 * step);
            }
        };
        return codes.mul(linear);
    }

    private static Matrix stated(Matrix matrix) {
        if (Objects.requireNonNull(matrix, "matrix") == Matrix.UNSPECIFIED) {
            throw new IllegalArgumentException("the matrix is not stated; call ColorDescription.resolved first");
        }
        return matrix;
    }

    private static Range stated(Range range) {
        if (Objects.requireNonNull(range, "range") == Range.UNSPECIFIED) {
            throw new IllegalArgumentException("the range is not stated; call ColorDescription.resolved first");
        }
        return range;
    }

    /// Converts a region of an RGB or RGBA frame to Y, Cb and Cr in units. Allocates nothing.
    ///
    /// @param rgb    the frame, of this conversion's bit depth; alpha is not read
    /// @param x      first column of the region
    /// @param y      first row of the region
    /// @param width  columns of the region
    /// @param height rows of the region
    /// @param luma   receives Y
    /// @param cb     receives Cb
    /// @param cr     receives Cr
    /// @param offset index of the region's first element in each of the three arrays
    /// @param stride elements from one row to the next in each of the three arrays, at least `width`
    public void toYCbCr(Frame rgb, int x, int y, int width, int height,
                        float[] luma, float[] cb, float[] cr, int offset, int stride) {
        checkColor(rgb);
        checkRegion(rgb, x, y, width, height, luma.length, offset, stride);
        checkRegion(rgb, x, y, width, height, Math.min(cb.length, cr.length), offset, stride);
        short[] r = rgb.plane(0).samples();
        short[] g = rgb.plane(1).samples();
        short[] b = rgb.plane(2).samples();
        int rowLength = rgb.format().width();
        for (int row = 0; row < height; row++) {
            int from = (y + row) * rowLength + x;
            int to = offset + row * stride;
            affineRow(toYCbCrColumns, 0, r, g, b, from, luma, to, width);
            affineRow(toYCbCrColumns, 1, r, g, b, from, cb, to, width);
            affineRow(toYCbCrColumns, 2, r, g, b, from, cr, to, width);
        }
    }

    /// Converts a region of an RGB, RGBA, grey or grey-alpha frame to Y in units. Grey counts as R = G = B. Allocates
    /// nothing.
    ///
    /// @param frame  the frame, of this conversion's bit depth; alpha is not read
    /// @param x      first column of the region
    /// @param y      first row of the region
    /// @param width  columns of the region
    /// @param height rows of the region
    /// @param luma   receives Y
    /// @param offset index of the region's first element in `luma`
    /// @param stride elements from one row to the next in `luma`, at least `width`
    public void toLuma(Frame frame, int x, int y, int width, int height, float[] luma, int offset, int stride) {
        boolean grey = isGrey(frame);
        if (!grey) {
            checkColor(frame);
        }
        checkRegion(frame, x, y, width, height, luma.length, offset, stride);
        short[] r = frame.plane(0).samples();
        short[] g = grey ? r : frame.plane(1).samples();
        short[] b = grey ? r : frame.plane(2).samples();
        int rowLength = frame.format().width();
        for (int row = 0; row < height; row++) {
            affineRow(toYCbCrColumns, 0, r, g, b, (y + row) * rowLength + x, luma, offset + row * stride, width);
        }
    }

    /// Converts Y, Cb and Cr in units to a region of an RGB or RGBA frame, rounded to the nearest sample and clipped.
    /// Allocates nothing and leaves alpha alone.
    ///
    /// @param luma   holds Y
    /// @param cb     holds Cb
    /// @param cr     holds Cr
    /// @param offset index of the region's first element in each of the three arrays
    /// @param stride elements from one row to the next in each of the three arrays, at least `width`
    /// @param rgb    the frame to write, of this conversion's bit depth
    /// @param x      first column of the region
    /// @param y      first row of the region
    /// @param width  columns of the region
    /// @param height rows of the region
    public void toRgb(float[] luma, float[] cb, float[] cr, int offset, int stride,
                      Frame rgb, int x, int y, int width, int height) {
        checkColor(rgb);
        checkRegion(rgb, x, y, width, height, luma.length, offset, stride);
        checkRegion(rgb, x, y, width, height, Math.min(cb.length, cr.length), offset, stride);
        int rowLength = rgb.format().width();
        for (int channel = 0; channel < 3; channel++) {
            short[] samples = rgb.plane(channel).samples();
            for (int row = 0; row < height; row++) {
                roundedRow(toRgbColumns, channel, luma, cb, cr, offset + row * stride, samples, (y + row) * rowLength
                        + x, width, rgb.plane(channel).maximum());
            }
        }
    }

    /// Converts Y in units to a region of a grey or grey-alpha frame, rounded to the nearest sample and clipped.
    /// Allocates nothing and leaves alpha alone.
    ///
    /// @param luma   holds Y
    /// @param offset index of the region's first element in `luma`
    /// @param stride elements from one row to the next in `luma`, at least `width`
    /// @param grey   the frame to write, of this conversion's bit depth
    /// @param x      first column of the region
    /// @param y      first row of the region
    /// @param width  columns of the region
    /// @param height rows of the region
    public void toGrey(float[] luma, int offset, int stride, Frame grey, int x, int y, int width, int height) {
        if (!isGrey(grey)) {
            throw new IllegalArgumentException("frame is " + grey.format().layout() + ", wanted GREY or GREY_ALPHA");
        }
        checkRegion(grey, x, y, width, height, luma.length, offset, stride);
        // R = G = B has no chroma, so the rows of the inverse that belong to Y are all the same: the slope of luma.
        float slope = (float) toRgbColumns[0];
        float black = (float) toYCbCrColumns[12];
        int maximum = grey.plane(0).maximum();
        short[] samples = grey.plane(0).samples();
        for (int row = 0; row < height; row++) {
            int from = offset + row * stride;
            int to = (y + row) * grey.format().width() + x;
            for (int i = 0; i < width; i++) {
                samples[to + i] = rounded((luma[from + i] - black) * slope, maximum);
            }
        }
    }

    private static void affineRow(double[] columns, int row, short[] a, short[] b, short[] c, int from,
                                  float[] out, int to, int count) {
        // A float has 24 bits: the error against double stays below a fiftieth of a 16-bit sample.
        float ma = (float) columns[row];
        float mb = (float) columns[row + 4];
        float mc = (float) columns[row + 8];
        float md = (float) columns[row + 12];
        for (int i = 0; i < count; i++) {
            out[to + i] = ma * (a[from + i] & 0xFFFF) + mb * (b[from + i] & 0xFFFF) + mc * (c[from + i] & 0xFFFF) + md;
        }
    }

    private static void roundedRow(double[] columns, int row, float[] a, float[] b, float[] c, int from,
                                   short[] out, int to, int count, int maximum) {
        float ma = (float) columns[row];
        float mb = (float) columns[row + 4];
        float mc = (float) columns[row + 8];
        float md = (float) columns[row + 12];
        for (int i = 0; i < count; i++) {
            out[to + i] = rounded(ma * a[from + i] + mb * b[from + i] + mc * c[from + i] + md, maximum);
        }
    }

    private static short rounded(float value, int maximum) {
        return (short) Math.max(0, Math.min(maximum, (int) (value + 0.5f)));
    }

    private static boolean isGrey(Frame frame) {
        return frame.format().layout() == PixelLayout.GREY || frame.format().layout() == PixelLayout.GREY_ALPHA;
    }

    private static void checkColor(Frame frame) {
        if (frame.format().layout() != PixelLayout.RGB && frame.format().layout() != PixelLayout.RGBA) {
            throw new IllegalArgumentException("frame is " + frame.format().layout() + ", wanted RGB or RGBA");
        }
    }

    private void checkRegion(Frame frame, int x, int y, int width, int height, int elements, int offset, int stride) {
        FrameFormat format = frame.format();
        if (format.bitDepth() != rgbBitDepth) {
            throw new IllegalArgumentException("frame has " + format.bitDepth() + " bits, the conversion is for "
                    + rgbBitDepth);
        }
        if (x < 0 || y < 0 || width < 0 || height < 0 || width > format.width() - x || height > format.height() - y) {
            throw new IllegalArgumentException("region " + width + "x" + height + " at (" + x + ", " + y
                    + ") leaves the frame of " + format.width() + "x" + format.height());
        }
        if (offset < 0 || stride < width
                || height > 0 && offset + (long) (height - 1) * stride + width > elements) {
            throw new IllegalArgumentException("region " + width + "x" + height + " at offset " + offset
                    + " with stride " + stride + " leaves the array of " + elements);
        }
    }

    /// Converts between frames of equal size without chroma subsampling: grey, RGB and YCbCr 4:4:4, at any bit depth,
    /// range and matrix. Values are rounded to nearest and clipped. Alpha is carried where both have it and opaque
    /// where only the target has it.
    ///
    /// RGB in limited range has its codes at `219 R + 16`, like luma. A matrix or range that a description leaves out
    /// is taken from [ColorDescription#resolved], except that RGB and grey without a range are full range.
    ///
    /// @param source the frame to read
    /// @param target the frame to write
    /// @throws IllegalArgumentException if the sizes differ, a layout is subsampled, colour or alpha would be lost
    public static void convert(Frame source, Frame target) {
        FrameFormat from = source.format();
        FrameFormat to = target.format();
        if (from.width() != to.width() || from.height() != to.height()) {
            throw new IllegalArgumentException("source is " + from.width() + "x" + from.height() + ", target "
                    + to.width() + "x" + to.height() + "; resample first");
        }
        if (from.layout().chromaShiftX() + to.layout().chromaShiftX() > 0) {
            throw new IllegalArgumentException("from " + from.layout() + " to " + to.layout()
                    + ": subsampled chroma must be resampled first");
        }
        boolean greySource = isGrey(source);
        boolean greyTarget = isGrey(target);
        if (greyTarget && !greySource) {
            throw new IllegalArgumentException("from " + from.layout() + " to " + to.layout()
                    + ": colour would be lost");
        }
        if (from.layout().hasAlpha() && !to.layout().hasAlpha()) {
            throw new IllegalArgumentException("from " + from.layout() + " to " + to.layout()
                    + ": alpha would be lost");
        }
        double[] map = codesFromRgb(to).mul(codesFromRgb(from).invert()).get(new double[16]);
        for (int channel = 0; channel < (greyTarget ? 1 : 3); channel++) {
            convertPlane(map, channel, source.plane(0), source.plane(greySource ? 0 : 1),
                    source.plane(greySource ? 0 : 2), target.plane(channel));
        }
        if (to.layout().hasAlpha()) {
            Plane alpha = target.plane(to.layout().planes() - 1);
            if (from.layout().hasAlpha()) {
                Plane old = source.plane(from.layout().planes() - 1);
                convertPlane(new Matrix4d().scaling(alpha.maximum() / (double) old.maximum()).get(new double[16]), 0,
                        old, old, old, alpha);
            } else {
                Arrays.fill(alpha.samples(), (short) alpha.maximum());
            }
        }
    }

    private static Matrix4d codesFromRgb(FrameFormat format) {
        ColorDescription color = format.color();
        boolean ycbcr = format.layout().isYCbCr();
        Range range = format.range();
        if (ycbcr) {
            return rgbToYCbCr(color.resolved(format.height()).matrix(), range, format.bitDepth());
        }
        double step = 1 << (format.bitDepth() - 8);
        return range == Range.FULL
                ? new Matrix4d().scaling((1 << format.bitDepth()) - 1)
                : new Matrix4d().translation(16 * step, 16 * step, 16 * step).scale(219 * step);
    }

    private static void convertPlane(double[] columns, int row, Plane a, Plane b, Plane c, Plane target) {
        short[] sa = a.samples();
        short[] sb = b.samples();
        short[] sc = c.samples();
        short[] out = target.samples();
        double ma = columns[row];
        double mb = columns[row + 4];
        double mc = columns[row + 8];
        double md = columns[row + 12] + 0.5;
        int maximum = target.maximum();
        for (int i = 0; i < out.length; i++) {
            double value = ma * (sa[i] & 0xFFFF) + mb * (sb[i] & 0xFFFF) + mc * (sc[i] & 0xFFFF) + md;
            out[i] = (short) Math.max(0, Math.min(maximum, (int) value));
        }
    }
}
