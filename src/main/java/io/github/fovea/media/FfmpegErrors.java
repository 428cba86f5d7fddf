package io.github.fovea.media;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// What ffmpeg and ffprobe write on their error output, and what of it a person needs.
final class FfmpegErrors {
    private static final int MOST_CODE_POINTS = 160;
    /// Which part of ffmpeg speaks, and where it lies in memory.
    private static final Pattern SPEAKER = Pattern.compile("^(\\[[^\\]]*\\] )+");
    /// Lines that follow from those before them.
    private static final List<String> CONSEQUENCES = List.of("Error initializing output stream",
            "Error while opening encoder", "Could not write header", "Error opening output file",
            "Nothing was written into output file", "Conversion failed", "Task finished with error code",
            "Terminating thread with return code", "Last message repeated", "Truncating packet of size");
    private static final String FULL = "No space left on device";

    private FfmpegErrors() {}

    /// {@return the first line that states a cause, without who said it, at most 160 code points long}
    ///
    /// @param errors the error output; may be empty
    static String brief(String errors) {
        List<String> lines = errors.lines().map(line -> SPEAKER.matcher(line).replaceFirst("").strip())
                .filter(line -> !line.isEmpty()).toList();
        String line = lines.stream().filter(said -> CONSEQUENCES.stream().noneMatch(said::contains)).findFirst()
                .orElse(lines.isEmpty() ? "no message" : lines.getFirst());
        return line.codePointCount(0, line.length()) <= MOST_CODE_POINTS ? line
                : line.substring(0, line.offsetByCodePoints(0, MOST_CODE_POINTS - 3)) + "...";
    }

    /// {@return why a video could not be encoded, and what helps where that is known}
    ///
    /// @param errors the error output
    static String encoding(String errors) {
        if (errors.contains(FULL)) {
            return FULL.toLowerCase(Locale.ROOT) + "; make room, or write elsewhere";
        }
        if (errors.contains("Unknown encoder") || errors.contains("Invalid encoder type")) {
            return brief(errors) + "; ffmpeg -encoders lists those that there are";
        }
        boolean refused = errors.contains("while opening encoder") || errors.contains("Could not write header");
        return brief(errors) + (refused ? "; try another encoder, preset, quality or container" : "");
    }
}
