package io.github.fovea.graph;

/// How a resize operator finds values between pixels. Pixel centres lie at half-integers on both sides, and the edge is
/// mirrored including the edge pixel (MATLAB `imresize`).
public enum Interpolation {
    /// The nearest pixel.
    NEAREST,
    /// Triangle of width 2.
    BILINEAR,
    /// Keys cubic, a = -0.5, of width 4.
    BICUBIC
}
