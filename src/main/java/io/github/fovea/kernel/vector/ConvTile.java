package io.github.fovea.kernel.vector;

/// One register tile of a dense convolution; [ConvVector] covers a picture with them.
interface ConvTile {
    /// {@return the pixels of a tile, 8 or 16: rows are padded to 16}
    int pixels();

    /// Computes [#pixels] neighbouring pixels by [Lanes#COUNT] output channels.
    ///
    /// @param in          input array
    /// @param inFrom      index of channel 0 of the first pixel's top left tap
    /// @param rowStride   floats from an input row to the next
    /// @param planeStride floats from an input plane to the next
    /// @param channels    input channels
    /// @param packed      weights as [ConvVector#pack] left them
    /// @param packedFrom  index of the first weight of these output channels
    /// @param bias        bias per output channel
    /// @param slopes      slope of the negative side per output channel, or `null`
    /// @param lane        first output channel
    /// @param out         output array, blocked
    /// @param outFrom     index of output channel `lane` of the first pixel
    void run(
            float[] in, int inFrom, int rowStride, int planeStride, int channels,
            float[] packed, int packedFrom, float[] bias, float[] slopes, int lane, float[] out, int outFrom);
}
