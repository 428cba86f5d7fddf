package io.github.fovea.frame;

import java.util.Objects;

/// Everything about a frame but its samples.
///
/// @param width    pixels in a row, at least 1
/// @param height   rows, at least 1
/// @param layout   which planes there are
/// @param bitDepth bits of a sample, 8 to 16
/// @param color    what the samples mean
public record FrameFormat(int width, int height, PixelLayout layout, int bitDepth, ColorDescription color) {
    /// Checks the ranges.
    public FrameFormat {
        if (width < 1 || height < 1 || width > Plane.MAX_EXTENT || height > Plane.MAX_EXTENT) {
            throw new IllegalArgumentException("frame of " + width + "x" + height + ", wanted 1 to "
                    + Plane.MAX_EXTENT);
        }
        Objects.requireNonNull(layout, "layout");
        if (bitDepth < 8 || bitDepth > 16) {
            throw new IllegalArgumentException("bit depth " + bitDepth + ", wanted 8 to 16");
        }
        Objects.requireNonNull(color, "color");
    }

    /// {@return the format for messages, like `480x270 YCBCR_420 of 8 bit (BT709, LIMITED, LEFT)`}
    @Override
    public String toString() {
        return width + "x" + height + " " + layout + " of " + bitDepth + " bit (" + color + ")";
    }

    /// {@return which numbers black and white are: as stated, else limited for YCbCr and full for all others}
    public ColorDescription.Range range() {
        return color.range() == ColorDescription.Range.UNSPECIFIED && !layout.isYCbCr() ? ColorDescription.Range.FULL
                : color.resolved(height).range();
    }

    /// {@return the same format at another size}
    ///
    /// @param newWidth  pixels in a row
    /// @param newHeight rows
    public FrameFormat withSize(int newWidth, int newHeight) {
        return new FrameFormat(newWidth, newHeight, layout, bitDepth, color);
    }
}
