package io.github.fovea.media;

import io.github.fovea.frame.ColorDescription;
import io.github.fovea.frame.ColorDescription.Matrix;
import io.github.fovea.frame.ColorDescription.Primaries;
import io.github.fovea.frame.ColorDescription.Range;
import io.github.fovea.frame.ColorDescription.Siting;
import io.github.fovea.frame.ColorDescription.Transfer;
import io.github.fovea.frame.FrameFormat;
import io.github.fovea.frame.PixelLayout;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// ffmpeg's names of pixel formats and colours, and what they are in frames.
final class PixelFormats {
    private static final Pattern PLANAR = Pattern.compile("yuv([ja]?)(420|422|444)p(9|10|12|14|16)?(le|be)?");
    private static final Pattern GREY = Pattern.compile("gray(9|10|12|14|16)?(le|be)?");
    private static final Pattern RGB = Pattern.compile(".*(rgb|bgr|gbr).*|pal8|mono[bw]");
    private static final Pattern PACKED =
            Pattern.compile("(nv12|nv21)|(p010|p012|p016)(le|be)|(nv16)|(nv24|nv42)|(yuyv422|uyvy422|yvyu422)");

    private PixelFormats() {
    }

    /// How a stream's frames are asked from ffmpeg.
    ///
    /// @param name     the pixel format to ask for
    /// @param layout   its planes
    /// @param bitDepth bits of a sample
    /// @param full     whether the name itself says full range
    /// @param exact    whether ffmpeg only reorders samples, and converts or drops none
    /// @param rgb      whether ffmpeg makes YCbCr of RGB
    record Choice(String name, PixelLayout layout, int bitDepth, boolean full, boolean exact, boolean rgb) {
        private static Choice ofYuv(String name, PixelLayout layout, int bitDepth, boolean full, boolean exact) {
            return new Choice(name, layout, bitDepth, full, exact, false);
        }

        /// {@return the filter that converts samples as [#color] describes them, empty where none are converted: left
        /// to itself ffmpeg makes limited range and the matrix of BT.601 of everything, whatever the stream's tags say}
        String conversion() {
            return exact ? "" : rgb ? ",scale=out_range=tv:out_color_matrix=bt709"
                    : full ? ",scale=in_range=pc:out_range=pc" : "";
        }
    }

    static Choice choose(String format) {
        Matcher planar = PLANAR.matcher(format);
        if (planar.matches()) {
            boolean full = planar.group(1).equals("j");
            int bits = planar.group(3) == null ? 8 : Integer.parseInt(planar.group(3));
            return Choice.ofYuv("yuv" + (full ? "j" : "") + planar.group(2) + "p" + (bits == 8 ? "" : bits + "le"),
                    layout(planar.group(2)), bits, full, !planar.group(1).equals("a"));
        }
        Matcher grey = GREY.matcher(format);
        if (grey.matches()) {
            int bits = grey.group(1) == null ? 8 : Integer.parseInt(grey.group(1));
            return Choice.ofYuv(bits == 8 ? "gray" : "gray" + bits + "le", PixelLayout.GREY, bits, false, true);
        }
        Matcher packed = PACKED.matcher(format);
        if (packed.matches()) {
            if (packed.group(2) != null) {
                int bits = Integer.parseInt(packed.group(2).substring(1));
                return Choice.ofYuv("yuv420p" + bits + "le", PixelLayout.YCBCR_420, bits, false, true);
            }
            String chroma = packed.group(1) != null ? "420" : packed.group(5) != null ? "444" : "422";
            return Choice.ofYuv("yuv" + chroma + "p", layout(chroma), 8, false, true);
        }
        boolean deep = format.matches(".*(9|10|12|14|16|48|64)(le|be)");
        return new Choice(deep ? "yuv444p10le" : "yuv444p", PixelLayout.YCBCR_444, deep ? 10 : 8,
                format.startsWith("yuvj"), false, RGB.matcher(format).matches());
    }

    private static PixelLayout layout(String chroma) {
        return switch (chroma) {
            case "420" -> PixelLayout.YCBCR_420;
            case "422" -> PixelLayout.YCBCR_422;
            default -> PixelLayout.YCBCR_444;
        };
    }

    /// {@return ffmpeg's name for the frames of a format}
    static String name(FrameFormat format) {
        String chroma = switch (format.layout()) {
            case YCBCR_420 -> "yuv420p";
            case YCBCR_422 -> "yuv422p";
            case YCBCR_444 -> "yuv444p";
            case GREY -> "gray";
            case GREY_ALPHA, RGB, RGBA -> throw new IllegalArgumentException("video is grey or YCbCr, got "
                    + format.layout() + "; convert it first");
        };
        return switch (format.bitDepth()) {
            case 8 -> chroma;
            case 9, 10, 12, 14, 16 -> chroma + format.bitDepth() + "le";
            default -> throw new IllegalArgumentException("video has 8, 9, 10, 12, 14 or 16 bit, got "
                    + format.bitDepth());
        };
    }

    /// {@return what the frames' samples mean}
    static ColorDescription color(MediaStream stream, Choice choice) {
        return new ColorDescription(
                choice.rgb() ? Matrix.BT709 : switch (stream.colorSpace()) {
                    case "bt709" -> Matrix.BT709;
                    case "smpte170m", "bt470bg" -> Matrix.BT601;
                    case "bt2020nc" -> Matrix.BT2020;
                    default -> Matrix.UNSPECIFIED;
                },
                choice.rgb() ? Range.LIMITED : choice.full() || stream.colorRange().equals("pc") ? Range.FULL
                        : stream.colorRange().equals("tv") ? Range.LIMITED : Range.UNSPECIFIED,
                switch (stream.colorTransfer()) {
                    case "bt709", "smpte170m", "bt2020-10", "bt2020-12" -> Transfer.BT709;
                    case "iec61966-2-1" -> Transfer.SRGB;
                    case "smpte2084" -> Transfer.PQ;
                    case "arib-std-b67" -> Transfer.HLG;
                    case "linear" -> Transfer.LINEAR;
                    default -> Transfer.UNSPECIFIED;
                },
                switch (stream.colorPrimaries()) {
                    case "bt709" -> Primaries.BT709;
                    case "smpte170m" -> Primaries.BT601_525;
                    case "bt470bg" -> Primaries.BT601_625;
                    case "bt2020" -> Primaries.BT2020;
                    case "smpte432" -> Primaries.P3;
                    default -> Primaries.UNSPECIFIED;
                },
                switch (stream.chromaLocation()) {
                    case "left" -> Siting.LEFT;
                    case "center" -> Siting.CENTER;
                    case "topleft" -> Siting.TOP_LEFT;
                    default -> Siting.UNSPECIFIED;
                });
    }

    static String range(ColorDescription color) {
        return switch (color.range()) {
            case FULL -> "pc";
            case LIMITED -> "tv";
            case UNSPECIFIED -> "";
        };
    }

    static String matrix(ColorDescription color) {
        return switch (color.matrix()) {
            case BT709 -> "bt709";
            case BT601 -> "smpte170m";
            case BT2020 -> "bt2020nc";
            case UNSPECIFIED -> "";
        };
    }

    static String transfer(ColorDescription color) {
        return switch (color.transfer()) {
            case BT709 -> "bt709";
            case SRGB -> "iec61966-2-1";
            case PQ -> "smpte2084";
            case HLG -> "arib-std-b67";
            case LINEAR -> "linear";
            case UNSPECIFIED -> "";
        };
    }

    static String primaries(ColorDescription color) {
        return switch (color.primaries()) {
            case BT709 -> "bt709";
            case BT601_525 -> "smpte170m";
            case BT601_625 -> "bt470bg";
            case BT2020 -> "bt2020";
            case P3 -> "smpte432";
            case UNSPECIFIED -> "";
        };
    }

    static String siting(ColorDescription color) {
        return switch (color.siting()) {
            case LEFT -> "left";
            case CENTER -> "center";
            case TOP_LEFT -> "topleft";
            case UNSPECIFIED -> "";
        };
    }
}
