package io.github.fovea.patch;

/// A rectangle of pixels `[x, x + width) x [y, y + height)`.
///
/// @param x      first column, at least 0
/// @param y      first row, at least 0
/// @param width  columns, at least 1
/// @param height rows, at least 1
public record Region(int x, int y, int width, int height) {
    /// Checks the extents.
    public Region {
        if (x < 0 || y < 0 || width < 1 || height < 1) {
            throw new IllegalArgumentException("region " + width + "x" + height + " at (" + x + ", " + y
                    + "): extents must be at least 1, the corner at least 0");
        }
    }

    /// {@return this region grown on all four sides, but not beyond a picture}
    ///
    /// @param columns         pixels to the left and right, at least 0
    /// @param rows            pixels above and below, at least 0
    /// @param columnAlignment the new left end is moved further left to a multiple of this, at least 1
    /// @param rowAlignment    the new upper end is moved further up to a multiple of this, at least 1
    /// @param pictureWidth    columns of the picture
    /// @param pictureHeight   rows of the picture
    public Region grow(
            int columns, int rows, int columnAlignment, int rowAlignment, int pictureWidth, int pictureHeight) {
        int left = Math.max(0, x - columns) / columnAlignment * columnAlignment;
        int top = Math.max(0, y - rows) / rowAlignment * rowAlignment;
        int right = (int) Math.min(pictureWidth, (long) x + width + columns);
        int bottom = (int) Math.min(pictureHeight, (long) y + height + rows);
        return new Region(left, top, right - left, bottom - top);
    }
}
