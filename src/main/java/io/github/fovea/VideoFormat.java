package io.github.fovea;

import io.github.fovea.frame.ColorDescription;
import io.github.fovea.frame.FrameFormat;
import io.github.fovea.frame.PixelLayout;
import java.util.Objects;

/// The format of a video's frames: planar YCbCr or grey.
///
/// @param width    luma samples in a row, 1 to 1,048,576
/// @param height   luma rows, 1 to 1,048,576
/// @param chroma   which chroma planes there are
/// @param bitDepth bits of a sample, 8 to 16
/// @param range    which numbers black and white are
/// @param siting   where chroma samples lie between luma samples
public record VideoFormat(int width, int height, Chroma chroma, int bitDepth, Range range, Siting siting) {
    /// Which chroma planes there are.
    public enum Chroma {
        /// None: luma only.
        GREY,
        /// Half the width and half the height.
        YUV420,
        /// Half the width.
        YUV422,
        /// Full size.
        YUV444
    }

    /// Which numbers black and white are.
    public enum Range {
        /// 16..235 in 8 bit, shifted left for deeper samples: nearly all video.
        LIMITED,
        /// All numbers: JPEG, some cameras.
        FULL
    }

    /// Where chroma samples lie between luma samples.
    public enum Siting {
        /// Horizontally on luma samples, vertically between rows: H.264, H.265, MPEG-2.
        LEFT,
        /// Between luma samples both ways: JPEG, MPEG-1.
        CENTER,
        /// On luma samples both ways: BT.2020.
        TOP_LEFT
    }

    /// Checks the ranges.
    public VideoFormat {
        Objects.requireNonNull(chroma, "chroma");
        Objects.requireNonNull(range, "range");
        Objects.requireNonNull(siting, "siting");
        internal(width, height, chroma, bitDepth, range, siting);
    }

    /// {@return the usual format of H.264 video: 8-bit 4:2:0, limited range, left siting}
    ///
    /// @param width  luma samples in a row
    /// @param height luma rows
    public static VideoFormat yuv420(int width, int height) {
        return new VideoFormat(width, height, Chroma.YUV420, 8, Range.LIMITED, Siting.LEFT);
    }

    /// {@return the number of planes: 1 or 3}
    public int planes() {
        return chroma == Chroma.GREY ? 1 : 3;
    }

    /// {@return samples in a row of a plane; odd widths round up}
    ///
    /// @param plane 0 luma, 1 Cb, 2 Cr
    /// @throws IllegalArgumentException if there is no such plane
    public int planeWidth(int plane) {
        checkPlane(plane);
        return internal().layout().planeWidth(plane, width);
    }

    /// {@return rows of a plane; odd heights round up}
    ///
    /// @param plane 0 luma, 1 Cb, 2 Cr
    /// @throws IllegalArgumentException if there is no such plane
    public int planeHeight(int plane) {
        checkPlane(plane);
        return internal().layout().planeHeight(plane, height);
    }

    void checkPlane(int plane) {
        if (plane < 0 || plane >= planes()) {
            throw new IllegalArgumentException("plane " + plane + " of a frame of " + chroma + ", wanted "
                    + (planes() == 1 ? "0 (luma)" : "0 (luma), 1 (Cb) or 2 (Cr)"));
        }
    }

    FrameFormat internal() {
        return internal(width, height, chroma, bitDepth, range, siting);
    }

    VideoFormat withSize(int newWidth, int newHeight) {
        return new VideoFormat(newWidth, newHeight, chroma, bitDepth, range, siting);
    }

    private static FrameFormat internal(int width, int height, Chroma chroma, int bitDepth, Range range,
            Siting siting) {
        PixelLayout layout = switch (chroma) {
            case GREY -> PixelLayout.GREY;
            case YUV420 -> PixelLayout.YCBCR_420;
            case YUV422 -> PixelLayout.YCBCR_422;
            case YUV444 -> PixelLayout.YCBCR_444;
        };
        ColorDescription unknown = ColorDescription.UNKNOWN;
        ColorDescription color = new ColorDescription(unknown.matrix(),
                switch (range) {
                    case LIMITED -> ColorDescription.Range.LIMITED;
                    case FULL -> ColorDescription.Range.FULL;
                },
                unknown.transfer(), unknown.primaries(),
                switch (siting) {
                    case LEFT -> ColorDescription.Siting.LEFT;
                    case CENTER -> ColorDescription.Siting.CENTER;
                    case TOP_LEFT -> ColorDescription.Siting.TOP_LEFT;
                });
        return new FrameFormat(width, height, layout, bitDepth, color);
    }
}
