package io.github.fovea.media;

import java.nio.file.Path;
import java.util.regex.Pattern;

/// The containers that are written.
enum Container {
    MP4, MATROSKA, WEBM;

    private static final Pattern IN_MP4 = Pattern.compile("264|265|hevc|vp9|av1");

    /// {@return the container that a file's name asks for}
    ///
    /// @param target the file to make
    /// @throws IllegalArgumentException if its ending names none
    static Container ofName(Path target) {
        return switch (VideoFiles.ending(target)) {
            case "mp4", "m4v", "mov" -> MP4;
            case "mkv" -> MATROSKA;
            case "webm" -> WEBM;
            default -> throw new IllegalArgumentException(target
                    + ": the ending names no video format that is written; wanted .mp4, .m4v, .mov, .mkv, .webm or "
                    + ".y4m");
        };
    }

    /// {@return what names of parts end with, with its dot: MP4 where it holds what the encoder makes, because Matroska's
    /// times are whole milliseconds, which most frame rates are not; else as the whole}
    ///
    /// @param encoder ffmpeg's name of the encoder
    /// @param target  the whole video
    String partEnding(String encoder, Path target) {
        return IN_MP4.matcher(encoder).find() ? ".mp4" : "." + VideoFiles.ending(target);
    }
}
