package io.github.fovea.media;

/// How image files are written.
///
/// @param jpegQuality 1 to 100, for JPEG only; from 90 on chroma is not subsampled
/// @param overwrite   whether a file of the same name may be replaced
public record WriteOptions(int jpegQuality, boolean overwrite) {
    /// JPEG quality 95, nothing overwritten.
    public static final WriteOptions DEFAULT = new WriteOptions(95, false);

    /// Checks the range.
    public WriteOptions {
        if (jpegQuality < 1 || jpegQuality > 100) {
            throw new IllegalArgumentException("JPEG quality " + jpegQuality + ", wanted 1 to 100");
        }
    }
}
