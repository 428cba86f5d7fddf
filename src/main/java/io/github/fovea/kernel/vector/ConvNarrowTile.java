package io.github.fovea.kernel.vector;

/// One register tile of a dense convolution with a planar output of up to [#MAX_CHANNELS] channels.
interface ConvNarrowTile {
    /// Widest output.
    int MAX_CHANNELS = 4;

    /// {@return neighbouring pixels that a tile computes}
    int pixels();

    /// Computes [#pixels] neighbouring pixels of all output channels.
    ///
    /// @param in             input array
    /// @param inFrom         index of channel 0 of the first pixel's top left tap
    /// @param rowStride      floats from an input row to the next
    /// @param planeStride    floats from an input plane to the next
    /// @param channels       input channels
    /// @param packed         weights as [ConvVector#pack] left them
    /// @param packedFrom     index of the first weight in narrow order
    /// @param bias           bias per output channel, at least [#MAX_CHANNELS] floats
    /// @param slopes         slope of the negative side per output channel, or `null`
    /// @param out            output array, planar
    /// @param outFrom        index of output channel 0 of the first pixel
    /// @param outPlaneStride floats from an output plane to the next
    /// @param outChannels    output channels
    void run(
            float[] in, int inFrom, int rowStride, int planeStride, int channels, float[] packed, int packedFrom,
            float[] bias, float[] slopes, float[] out, int outFrom, int outPlaneStride, int outChannels);
}
