package io.github.fovea.pipeline;

/// What size a picture shall become, before its own size is known: a factor, a width, a height, or both extents.
///
/// @param factor output pixels per input pixel along each axis, or 0 when extents are given
/// @param width  output width in pixels, or 0 to follow from the height
/// @param height output height in pixels, or 0 to follow from the width
public record TargetSize(double factor, int width, int height) {
    /// The largest factor along an axis: beyond it a picture holds nothing that could be shown at that size.
    public static final double MAX_FACTOR = 16;

    /// Checks that exactly one way of giving the size is used.
    public TargetSize {
        if (factor != 0 && (width != 0 || height != 0)) {
            throw new IllegalArgumentException("give a scale, or a width or height, not both");
        }
        if (factor == 0 && width == 0 && height == 0) {
            throw new IllegalArgumentException("no size given: wanted a scale, a width or a height");
        }
        if (width < 0 || height < 0) {
            throw new IllegalArgumentException("size " + width + "x" + height + ", wanted positive extents");
        }
        if (factor != 0 && !(factor >= 1 && factor <= MAX_FACTOR)) {
            throw new IllegalArgumentException("scale " + factor + ", wanted 1 to " + MAX_FACTOR);
        }
    }

    /// {@return the size that enlarges both extents by a factor}
    ///
    /// @param factor 1 to [#MAX_FACTOR]
    public static TargetSize ofFactor(double factor) {
        return new TargetSize(factor, 0, 0);
    }

    /// {@return the output width for an input of a size}
    ///
    /// @param inputWidth  pixels in a row
    /// @param inputHeight rows
    /// @throws IllegalArgumentException if the picture would grow by more than [#MAX_FACTOR]
    public int widthFor(int inputWidth, int inputHeight) {
        if (factor != 0) {
            return extent(inputWidth * factor, inputWidth);
        }
        return width != 0 ? extent(width, inputWidth) : extent((double) inputWidth * height / inputHeight, inputWidth);
    }

    /// {@return the output height for an input of a size}
    ///
    /// @param inputWidth  pixels in a row
    /// @param inputHeight rows
    /// @throws IllegalArgumentException if the picture would grow by more than [#MAX_FACTOR]
    public int heightFor(int inputWidth, int inputHeight) {
        if (factor != 0) {
            return extent(inputHeight * factor, inputHeight);
        }
        return height != 0 ? extent(height, inputHeight) : extent((double) inputHeight * width / inputWidth,
                inputHeight);
    }

    private static int extent(double wanted, int input) {
        long rounded = Math.max(1, Math.round(wanted));
        if (rounded > input * MAX_FACTOR + 0.5) {
            throw new IllegalArgumentException("from " + input + " to " + rounded + " pixels is a factor of "
                    + String.format(java.util.Locale.ROOT, "%.1f", (double) rounded / input) + ", at most " + MAX_FACTOR
                    + " is possible");
        }
        return Math.toIntExact(rounded);
    }
}
