package io.github.fovea.tensor;

/// How the numbers of a tensor `[c][h][w]` are ordered in memory.
///
/// The distance between two neighbouring pixels of a row is a compile-time constant in both layouts; kernels rely on it
/// (a run-time pixel stride costs a quarter of the speed, see docs/kernels.md).
public enum Layout {
    /// One plane after the other, one float a pixel. Network inputs and outputs, one to a few channels.
    PLANAR(1),
    /// Blocks of 16 channels, each block a plane of pixels of 16 floats ("NCHW16c"). Everything between.
    /// Lanes past the last channel hold zero.
    BLOCKED16(16);

    private final int pixelStride;

    Layout(int pixelStride) {
        this.pixelStride = pixelStride;
    }

    /// {@return the distance in floats between horizontally neighbouring pixels}
    public int pixelStride() {
        return pixelStride;
    }

    /// {@return how many channels share one plane: 1 or 16}
    public int channelsPerPlane() {
        return pixelStride;
    }

    /// {@return the number of planes that hold `channels` channels}
    ///
    /// @param channels number of channels, at least 1
    public int planes(int channels) {
        return Math.ceilDiv(channels, pixelStride);
    }
}
