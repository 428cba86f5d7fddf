package io.github.fovea.frame;

/// Which planes a frame has, in this order.
public enum PixelLayout {
    /// One plane of grey, or luma.
    GREY(1, 0, 0),
    /// Grey and alpha (straight, not premultiplied).
    GREY_ALPHA(2, 0, 0),
    /// Red, green, blue.
    RGB(3, 0, 0),
    /// Red, green, blue, alpha (straight, not premultiplied).
    RGBA(4, 0, 0),
    /// Luma and two chroma planes of half the width and height.
    YCBCR_420(3, 1, 1),
    /// Luma and two chroma planes of half the width.
    YCBCR_422(3, 1, 0),
    /// Luma and two chroma planes of full size.
    YCBCR_444(3, 0, 0);

    private final int planes;
    private final int chromaShiftX;
    private final int chromaShiftY;

    PixelLayout(int planes, int chromaShiftX, int chromaShiftY) {
        this.planes = planes;
        this.chromaShiftX = chromaShiftX;
        this.chromaShiftY = chromaShiftY;
    }

    /// {@return the number of planes}
    public int planes() {
        return planes;
    }

    /// {@return whether the planes are luma and two chroma planes}
    public boolean isYCbCr() {
        return this == YCBCR_420 || this == YCBCR_422 || this == YCBCR_444;
    }

    /// {@return whether the first plane is luma and no plane is alpha, as frames of video are}
    public boolean isGreyOrYCbCr() {
        return this == GREY || isYCbCr();
    }

    /// {@return whether the last plane is alpha}
    public boolean hasAlpha() {
        return this == GREY_ALPHA || this == RGBA;
    }

    /// {@return log2 of the horizontal subsampling of the chroma planes}
    public int chromaShiftX() {
        return chromaShiftX;
    }

    /// {@return log2 of the vertical subsampling of the chroma planes}
    public int chromaShiftY() {
        return chromaShiftY;
    }

    /// {@return the width, or one pixel more where it is odd and chroma is subsampled: encoders refuse such}
    ///
    /// @param width width of a frame, at least 1
    public int wholeWidth(int width) {
        return width + (width & chromaShiftX);
    }

    /// {@return the height, or one row more where it is odd and chroma is subsampled: encoders refuse such}
    ///
    /// @param height height of a frame, at least 1
    public int wholeHeight(int height) {
        return height + (height & chromaShiftY);
    }

    /// {@return the width of plane `plane` of a frame that is `width` wide; odd widths round up}
    ///
    /// @param plane index of the plane
    /// @param width width of the frame
    public int planeWidth(int plane, int width) {
        return plane == 0 ? width : (width + (1 << chromaShiftX) - 1) >> chromaShiftX;
    }

    /// {@return the height of plane `plane` of a frame that is `height` high; odd heights round up}
    ///
    /// @param plane  index of the plane
    /// @param height height of the frame
    public int planeHeight(int plane, int height) {
        return plane == 0 ? height : (height + (1 << chromaShiftY) - 1) >> chromaShiftY;
    }
}
