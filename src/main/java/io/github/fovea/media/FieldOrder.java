package io.github.fovea.media;

/// Whether a frame's rows were taken at one time or at two.
public enum FieldOrder {
    /// All rows at one time.
    PROGRESSIVE,
    /// Two fields, the one with the first row earlier.
    TOP_FIRST,
    /// Two fields, the one with the second row earlier.
    BOTTOM_FIRST,
    /// Frames of both kinds.
    MIXED,
    /// Not stated.
    UNSPECIFIED
}
