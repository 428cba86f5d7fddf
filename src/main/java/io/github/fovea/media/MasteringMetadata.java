package io.github.fovea.media;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What HDR10 says once for all frames of a video: on which display it was graded, and how bright its brightest pixels
/// and frame are. Players fit the picture to their own display by it. Texts are as libx264 and libx265 take them.
///
/// @param display primaries and white point in 1/50000, luminances in 1/10000 cd/m²:
///                `G(x,y)B(x,y)R(x,y)WP(x,y)L(max,min)`; empty where nothing is stated
/// @param light   largest light level of a pixel and largest average of a frame, in cd/m²: `1000,400`; empty where
///                nothing is stated
public record MasteringMetadata(String display, String light) {
    /// Nothing is stated.
    public static final MasteringMetadata NONE = new MasteringMetadata("", "");

    private static final double CHROMATICITY_UNITS = 50_000;
    private static final double LUMINANCE_UNITS = 10_000;

    /// {@return whether nothing is stated}
    public boolean isEmpty() {
        return display.isEmpty() && light.isEmpty();
    }

    /// {@return what a frame says}
    ///
    /// @param frame a frame, as ffprobe shows it
    static MasteringMetadata of(Map<String, Object> frame) {
        String display = "";
        String light = "";
        for (Map<String, Object> side : ProbeFields.children(frame, "side_data_list")) {
            switch (ProbeFields.text(side, "side_data_type")) {
                // Either half may be missing.
                case "Mastering display metadata" -> display = List.of("red_x", "white_point_x", "max_luminance").stream()
                        .allMatch(side::containsKey) ? display(side) : "";
                case "Content light level metadata" -> light = String.format(Locale.ROOT, "%d,%d",
                        ProbeFields.number(side, "max_content", 0), ProbeFields.number(side, "max_average", 0));
                default -> {
                    // Says nothing of light.
                }
            }
        }
        return new MasteringMetadata(display, light);
    }

    private static String display(Map<String, Object> side) {
        return String.format(Locale.ROOT, "G(%d,%d)B(%d,%d)R(%d,%d)WP(%d,%d)L(%d,%d)",
                units(side, "green_x", CHROMATICITY_UNITS), units(side, "green_y", CHROMATICITY_UNITS),
                units(side, "blue_x", CHROMATICITY_UNITS), units(side, "blue_y", CHROMATICITY_UNITS),
                units(side, "red_x", CHROMATICITY_UNITS), units(side, "red_y", CHROMATICITY_UNITS),
                units(side, "white_point_x", CHROMATICITY_UNITS), units(side, "white_point_y", CHROMATICITY_UNITS),
                units(side, "max_luminance", LUMINANCE_UNITS), units(side, "min_luminance", LUMINANCE_UNITS));
    }

    private static long units(Map<String, Object> side, String name, double perOne) {
        return Ratio.parse(ProbeFields.text(side, name)).map(ratio -> Math.round(ratio.value() * perOne)).orElse(0L);
    }
}
