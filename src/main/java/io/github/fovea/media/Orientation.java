package io.github.fovea.media;

import io.github.fovea.frame.Frame;
import io.github.fovea.frame.FrameFormat;
import io.github.fovea.frame.Plane;
import java.awt.Rectangle;

/// How stored rows and columns become an upright picture: the eight cases of EXIF tag 0x0112.
///
/// Each case is an optional exchange of rows and columns followed by optional mirroring of the upright picture.
enum Orientation {
    // The order is that of the tag's values 1 to 8.
    NORMAL(false, false, false),
    MIRRORED(false, true, false),
    ROTATED_180(false, true, true),
    FLIPPED(false, false, true),
    TRANSPOSED(true, false, false),
    ROTATED_90(true, true, false),
    TRANSVERSED(true, true, true),
    ROTATED_270(true, false, true);

    private final boolean transpose;
    private final boolean mirrorX;
    private final boolean mirrorY;

    Orientation(boolean transpose, boolean mirrorX, boolean mirrorY) {
        this.transpose = transpose;
        this.mirrorX = mirrorX;
        this.mirrorY = mirrorY;
    }

    /// {@return the case of an EXIF value; values out of 1 to 8 mean nothing and give NORMAL}
    static Orientation of(int exifValue) {
        return exifValue >= 1 && exifValue <= 8 ? values()[exifValue - 1] : NORMAL;
    }

    boolean transposes() {
        return transpose;
    }

    /// {@return the stored region that holds the upright region `region` of a picture stored as `width x height`}
    Rectangle stored(Rectangle region, int width, int height) {
        int uprightWidth = transpose ? height : width;
        int uprightHeight = transpose ? width : height;
        int x = mirrorX ? uprightWidth - region.x - region.width : region.x;
        int y = mirrorY ? uprightHeight - region.y - region.height : region.y;
        return transpose ? new Rectangle(y, x, region.height, region.width) : new Rectangle(x, y, region.width,
                region.height);
    }

    /// Copies a stored part into the upright frame.
    ///
    /// @param part   stored samples
    /// @param target upright frame
    /// @param x      column of `target` where the upright part begins
    /// @param y      row of `target` where the upright part begins
    void place(Frame part, Frame target, int x, int y) {
        for (int i = 0; i < part.planes().size(); i++) {
            Plane from = part.plane(i);
            Plane to = target.plane(i);
            if (this == NORMAL) {
                for (int row = 0; row < from.height(); row++) {
                    System.arraycopy(from.samples(), row * from.width(), to.samples(), (y + row) * to.width() + x,
                            from.width());
                }
                continue;
            }
            int uprightWidth = transpose ? from.height() : from.width();
            int uprightHeight = transpose ? from.width() : from.height();
            for (int row = 0; row < from.height(); row++) {
                for (int column = 0; column < from.width(); column++) {
                    int ux = transpose ? row : column;
                    int uy = transpose ? column : row;
                    ux = mirrorX ? uprightWidth - 1 - ux : ux;
                    uy = mirrorY ? uprightHeight - 1 - uy : uy;
                    to.samples()[(y + uy) * to.width() + x + ux] = from.samples()[row * from.width() + column];
                }
            }
        }
    }

    FrameFormat upright(FrameFormat stored) {
        return transpose ? stored.withSize(stored.height(), stored.width()) : stored;
    }
}
