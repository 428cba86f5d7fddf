package io.github.fovea.media;

import java.util.Objects;

/// How a video is encoded.
///
/// @param encoder   ffmpeg's name of the encoder, or empty for the container's usual one: `libx264`, for WebM
///                  `libvpx-vp9`
/// @param quality   constant rate factor, 0 (best) to 63, or -1 for the default: 16, for VP9 24
/// @param preset    speed preset of libx264 and libx265; empty for `medium`
/// @param overwrite whether a file of the same name may be replaced
public record EncodeOptions(String encoder, int quality, String preset, boolean overwrite) {
    /// The container's usual encoder at its default quality, nothing overwritten.
    public static final EncodeOptions DEFAULT = new EncodeOptions("", -1, "", false);

    /// Checks the range.
    public EncodeOptions {
        if (quality < -1 || quality > 63) {
            throw new IllegalArgumentException("quality " + quality + ", wanted 0 to 63, or -1 for the default");
        }
        Objects.requireNonNull(encoder, "encoder");
        Objects.requireNonNull(preset, "preset");
    }
}
