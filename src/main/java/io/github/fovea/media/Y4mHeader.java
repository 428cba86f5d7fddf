package io.github.fovea.media;

import io.github.fovea.error.MalformedFileException;
import io.github.fovea.frame.ColorDescription;
import io.github.fovea.frame.ColorDescription.Matrix;
import io.github.fovea.frame.ColorDescription.Primaries;
import io.github.fovea.frame.ColorDescription.Range;
import io.github.fovea.frame.ColorDescription.Siting;
import io.github.fovea.frame.ColorDescription.Transfer;
import io.github.fovea.frame.FrameFormat;
import io.github.fovea.frame.PixelLayout;
import io.github.fovea.frame.Plane;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The first line of a Y4M stream, as text and as a video format.
final class Y4mHeader {
    static final String MAGIC = "YUV4MPEG2";

    private Y4mHeader() {
    }

    /// {@return the format that a header line states}
    ///
    /// @param line      the line without its end
    /// @param where     the stream's name, for errors
    /// @param maxPixels larger frames are refused
    static VideoFormat parse(String line, String where, long maxPixels) throws MalformedFileException {
        int width = 0;
        int height = 0;
        Ratio rate = null;
        Ratio aspect = Ratio.UNKNOWN;
        FieldOrder fields = FieldOrder.UNSPECIFIED;
        Range range = Range.UNSPECIFIED;
        // A stream without this tag has JPEG's chroma, says the format's first program.
        String chroma = "420jpeg";
        List<String> tags = new ArrayList<>();
        int at = MAGIC.length();
        while (at < line.length()) {
            int end = line.indexOf(' ', at);
            end = end < 0 ? line.length() : end;
            String tag = line.substring(at, end);
            int tagAt = at;
            at = end + 1;
            if (tag.isEmpty()) {
                continue;
            }
            String value = tag.substring(1);
            switch (tag.charAt(0)) {
                case 'W' -> width = extent(value, "width", where, tagAt);
                case 'H' -> height = extent(value, "height", where, tagAt);
                case 'F' -> rate = Ratio.parse(value).filter(Ratio::isKnown).orElseThrow(() ->
                        new MalformedFileException(
                        where, tagAt, "frame rate \"" + value + "\", wanted two numbers like 30:1"));
                case 'A' -> aspect = Ratio.parse(value).orElseThrow(() -> new MalformedFileException(where, tagAt,
                        "pixel aspect \"" + value + "\", wanted two numbers like 1:1"));
                case 'I' -> fields = fieldOrder(value, where, tagAt);
                case 'C' -> chroma = value;
                case 'X' -> {
                    switch (value) {
                        case "COLORRANGE=FULL" -> range = Range.FULL;
                        case "COLORRANGE=LIMITED" -> range = Range.LIMITED;
                        default -> tags.add(tag);
                    }
                }
                default -> throw new MalformedFileException(where, tagAt, "unknown header tag \"" + tag
                        + "\", wanted one of W H F I A C X");
            }
        }
        if (width == 0 || height == 0) {
            throw new MalformedFileException(where, 0, "the header states no "
                    + (width == 0 ? "width (W)" : "height (H)"));
        }
        if (rate == null) {
            throw new MalformedFileException(where, 0, "the header states no frame rate (F)");
        }
        if ((long) width * height > maxPixels) {
            throw new MalformedFileException(where, 0, String.format(Locale.ROOT,
                    "frames of %,dx%,d = %,d pixels, the limit is %,d; the header lies, or the video is too"
                    + " large for Fovea", width, height, (long) width * height, maxPixels));
        }
        return new VideoFormat(frameFormat(width, height, chroma, range, where), rate, aspect, fields, tags);
    }

    private static int extent(String value, String name, String where, int at) throws MalformedFileException {
        int extent;
        try {
            extent = Integer.parseInt(value);
        } catch (NumberFormatException e) {
            extent = -1;
        }
        if (extent < 1 || extent > Plane.MAX_EXTENT) {
            throw new MalformedFileException(where, at, name + " \"" + value + "\", wanted 1 to " + Plane.MAX_EXTENT);
        }
        return extent;
    }

    private static FieldOrder fieldOrder(String value, String where, int at) throws MalformedFileException {
        return switch (value) {
            case "p" -> FieldOrder.PROGRESSIVE;
            case "t" -> FieldOrder.TOP_FIRST;
            case "b" -> FieldOrder.BOTTOM_FIRST;
            case "m" -> FieldOrder.MIXED;
            case "?" -> FieldOrder.UNSPECIFIED;
            default -> throw new MalformedFileException(where, at, "interlacing \"" + value
                    + "\", wanted p, t, b, m or ?");
        };
    }

    private static FrameFormat frameFormat(int width, int height, String chroma, Range range, String where)
            throws MalformedFileException {
        String name = chroma;
        int bitDepth = 8;
        // Depth follows the name: 420p10, mono16.
        for (String deep : new String[] {"9", "10", "12", "14", "16"}) {
            if (chroma.matches("(420|422|444)p" + deep)) {
                name = chroma.substring(0, 3);
                bitDepth = Integer.parseInt(deep);
            } else if (chroma.equals("mono" + deep)) {
                name = "mono";
                bitDepth = Integer.parseInt(deep);
            }
        }
        Siting siting = switch (chroma) {
            case "420jpeg", "420" -> Siting.CENTER;
            case "420mpeg2" -> Siting.LEFT;
            case "420paldv" -> Siting.TOP_LEFT;
            default -> Siting.UNSPECIFIED;
        };
        PixelLayout layout = switch (name) {
            case "420jpeg", "420mpeg2", "420paldv", "420" -> PixelLayout.YCBCR_420;
            case "422" -> PixelLayout.YCBCR_422;
            case "444" -> PixelLayout.YCBCR_444;
            case "mono" -> PixelLayout.GREY;
            default -> throw new MalformedFileException(where, 0, "colour \"C" + chroma
                    + "\" is not read; wanted 420, 422, 444 or mono, with p9 to p16 for more bits"
                    + (chroma.startsWith("444alpha") ? "; remove the alpha channel first" : ""));
        };
        return new FrameFormat(width, height, layout, bitDepth,
                new ColorDescription(Matrix.UNSPECIFIED, range, Transfer.UNSPECIFIED, Primaries.UNSPECIFIED, siting));
    }

    /// {@return the header line of a video, without its end}
    static String format(VideoFormat video) {
        FrameFormat frame = video.frame();
        int bits = frame.bitDepth();
        String chroma = switch (frame.layout()) {
            case YCBCR_420 -> bits > 8 ? "420" : switch (frame.color().siting()) {
                case CENTER -> "420jpeg";
                case TOP_LEFT -> "420paldv";
                case LEFT, UNSPECIFIED -> "420mpeg2";
            };
            case YCBCR_422 -> "422";
            case YCBCR_444 -> "444";
            case GREY -> "mono";
            case GREY_ALPHA, RGB, RGBA -> throw new IllegalArgumentException("Y4M holds grey and YCbCr, got "
                    + frame.layout());
        };
        if (bits != 8 && bits != 9 && bits != 10 && bits != 12 && bits != 14 && bits != 16) {
            throw new IllegalArgumentException("Y4M holds samples of 8, 9, 10, 12, 14 or 16 bit, got " + bits);
        }
        String depth = bits == 8 ? "" : (frame.layout() == PixelLayout.GREY ? "" : "p") + bits;
        StringBuilder line = new StringBuilder(MAGIC)
                .append(" W").append(frame.width()).append(" H").append(frame.height())
                .append(" F").append(video.frameRate().numerator()).append(':').append(video.frameRate().denominator())
                .append(" I").append(switch (video.fieldOrder()) {
                    case PROGRESSIVE -> 'p';
                    case TOP_FIRST -> 't';
                    case BOTTOM_FIRST -> 'b';
                    case MIXED -> 'm';
                    case UNSPECIFIED -> '?';
                })
                .append(" A").append(video.sampleAspect().numerator()).append(':')
                .append(video.sampleAspect().denominator())
                .append(" C").append(chroma).append(depth);
        if (frame.color().range() != Range.UNSPECIFIED) {
            line.append(" XCOLORRANGE=").append(frame.color().range());
        }
        for (String tag : video.tags()) {
            if (!tag.startsWith("X") || tag.chars().anyMatch(c -> c <= ' ' || c > '~')) {
                throw new IllegalArgumentException("tag \"" + tag
                        + "\", wanted X and printable characters without spaces");
            }
            line.append(' ').append(tag);
        }
        return line.toString();
    }
}
