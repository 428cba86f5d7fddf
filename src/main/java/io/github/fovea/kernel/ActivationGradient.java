package io.github.fovea.kernel;

import io.github.fovea.tensor.TensorView;

/// Gradient of `y = x > 0 ? x : slopes[c] * x`: multiplies the gradient of `y` by 1 or by the slope, in place, and adds
///
/// `dslopes[c] += sum over pixels with x <= 0 of dy * x`.
///
/// Where every slope is at least 0, `y` may be given for `x`, because both have one sign; the sums are then those of
/// `dy * y`, which is the slope times too large.
public interface ActivationGradient {
    /// Turns the gradient of the output into that of the input. Allocates nothing.
    ///
    /// @param x       what the activation took, blocked or planar
    /// @param slopes  slope of the negative side per channel, padded with zeros to a multiple of 16
    /// @param d       gradient of the output on entry, of the input on return; same shape and layout as `x`
    /// @param dslopes receives one sum per channel from index `from`, or `null` when slopes are not trained
    /// @param from    index of the first slope's gradient
    void run(TensorView x, float[] slopes, TensorView d, float[] dslopes, int from);
}
