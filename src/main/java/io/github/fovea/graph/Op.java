package io.github.fovea.graph;

/// One operator. Parameters are held by name, so that two operators may share a tensor and a file stores it once.
///
/// Shapes are written `[c][h][w]`. Convolutions have stride 1 and zero padding that keeps height and width.
public sealed interface Op {
    /// The picture that enters: `[channels][h][w]`.
    ///
    /// @param channels 1 for luma, 3 for RGB
    record Input(int channels) implements Op {}

    /// Dense convolution `[in][h][w] -> [out][h][w]`.
    ///
    /// @param inChannels  channels in
    /// @param outChannels channels out
    /// @param size        kernel size: 1, 3 or 5
    /// @param weights     name of the parameter `[out][in][size][size]`
    /// @param bias        name of the parameter `[out]`
    record Conv(int inChannels, int outChannels, int size, String weights, String bias) implements Op {}

    /// Depthwise 3x3 convolution `[c][h][w] -> [c][h][w]`.
    ///
    /// @param channels channels in and out
    /// @param weights  name of the parameter `[c][1][3][3]`
    /// @param bias     name of the parameter `[c]`
    record DepthwiseConv(int channels, String weights, String bias) implements Op {}

    /// `max(x, 0)`.
    record Relu() implements Op {}

    /// `x < 0 ? slope * x : x`.
    ///
    /// @param slope slope of the negative side
    record LeakyRelu(float slope) implements Op {}

    /// `x < 0 ? slopes[c] * x : x`.
    ///
    /// @param channels channels in and out
    /// @param slopes   name of the parameter `[c]`
    record PRelu(int channels, String slopes) implements Op {}

    /// Sum of two tensors of equal shape.
    record Add() implements Op {}

    /// Sub-pixel shuffle `[c*s*s][h][w] -> [c][s*h][s*w]` in PyTorch's order (CRD):
    /// `out[c][s*y+i][s*x+j] = in[c*s*s + i*s + j][y][x]`.
    ///
    /// @param scale the factor s, at least 2
    record PixelShuffle(int scale) implements Op {}

    /// Enlarges height and width by an integer factor.
    ///
    /// @param interpolation how values between pixels are found
    /// @param scale         the factor, at least 1
    record Resize(Interpolation interpolation, int scale) implements Op {}

    /// {@return how many tensors the operator takes}
    default int inputs() {
        return switch (this) {
            case Input _ -> 0;
            case Add _ -> 2;
            case Conv _, DepthwiseConv _, Relu _, LeakyRelu _, PRelu _, PixelShuffle _, Resize _ -> 1;
        };
    }
}
