package io.github.fovea.plan;

import io.github.fovea.graph.Interpolation;
import io.github.fovea.graph.Op;

/// One kernel call of a plan. `in` and `out` are indices of [Plan#slots()].
public sealed interface Step {
    /// {@return the slot that the step writes}
    int out();

    /// Dense convolution with its activation.
    ///
    /// @param op     sizes and parameter names
    /// @param slopes activation that follows
    /// @param in     slot read
    /// @param out    slot written
    record Conv(Op.Conv op, Slopes slopes, int in, int out) implements Step {}

    /// Depthwise convolution with its activation.
    ///
    /// @param op     channels and parameter names
    /// @param slopes activation that follows
    /// @param in     slot read
    /// @param out    slot written
    record DepthwiseConv(Op.DepthwiseConv op, Slopes slopes, int in, int out) implements Step {}

    /// Activation that could not be fused.
    ///
    /// @param slopes the activation
    /// @param in     slot read
    /// @param out    slot written, may be `in`
    record Activation(Slopes slopes, int in, int out) implements Step {}

    /// Sum.
    ///
    /// @param a   slot read
    /// @param b   slot read
    /// @param out slot written, may be `a` or `b`
    record Add(int a, int b, int out) implements Step {}

    /// Sub-pixel shuffle; with scale 1 a change of layout.
    ///
    /// @param scale factor
    /// @param in    slot read
    /// @param out   slot written
    record PixelShuffle(int scale, int in, int out) implements Step {}

    /// Enlargement.
    ///
    /// @param interpolation how values between pixels are found
    /// @param scale         factor
    /// @param in            slot read
    /// @param out           slot written
    record Resize(Interpolation interpolation, int scale, int in, int out) implements Step {}
}
