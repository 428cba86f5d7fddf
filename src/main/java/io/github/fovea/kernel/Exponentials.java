package io.github.fovea.kernel;

/// The exponential function and its relatives, number by number over runs of an array, and softmax of a run. An
/// element's result does not depend on where it lies in a run, so a run may be cut anywhere.
///
/// Errors are in units in the last place (ulp) of the exact result, and no result leaves the function's range:
/// [#sigmoid] and [#softmax] stay within 0 and 1, [#tanh] and [#erf] within -1 and 1, ends included. What is no number
/// gives what is no number; results whose magnitude is below 2^-125 may be zero.
public interface Exponentials {
    /// Most ulp by which [#exp] is wrong.
    int EXP_ULP = 1;
    /// Most ulp by which [#sigmoid] is wrong.
    int SIGMOID_ULP = 3;
    /// Most ulp by which [#silu] is wrong.
    int SILU_ULP = 3;
    /// Most ulp by which [#tanh] is wrong.
    int TANH_ULP = 5;
    /// Most ulp by which [#erf] is wrong.
    int ERF_ULP = 6;

    /// Computes `out[i] = e^in[i]`; beyond the range of floats zero and infinity. Allocates nothing, as all here.
    ///
    /// @param in   array of the arguments
    /// @param from index of the first
    /// @param out  array of the results; may be `in` if `to` is `from`
    /// @param to   index of the first
    /// @param n    how many
    void exp(float[] in, int from, float[] out, int to, int n);

    /// Computes `out[i] = 1 / (1 + e^-in[i])`.
    ///
    /// @param in   array of the arguments
    /// @param from index of the first
    /// @param out  array of the results; may be `in` if `to` is `from`
    /// @param to   index of the first
    /// @param n    how many
    void sigmoid(float[] in, int from, float[] out, int to, int n);

    /// Computes `out[i] = in[i] / (1 + e^-in[i])`, the sigmoid linear unit. Minus infinity gives what is no number;
    /// results whose magnitude is below 2^-121 may be zero.
    ///
    /// @param in   array of the arguments
    /// @param from index of the first
    /// @param out  array of the results; may be `in` if `to` is `from`
    /// @param to   index of the first
    /// @param n    how many
    void silu(float[] in, int from, float[] out, int to, int n);

    /// Computes the hyperbolic tangent.
    ///
    /// @param in   array of the arguments
    /// @param from index of the first
    /// @param out  array of the results; may be `in` if `to` is `from`
    /// @param to   index of the first
    /// @param n    how many
    void tanh(float[] in, int from, float[] out, int to, int n);

    /// Computes the error function, `2 / sqrt(pi)` times the integral of `e^-t^2` from 0 to `in[i]`.
    ///
    /// @param in   array of the arguments
    /// @param from index of the first
    /// @param out  array of the results; may be `in` if `to` is `from`
    /// @param to   index of the first
    /// @param n    how many
    void erf(float[] in, int from, float[] out, int to, int n);

    /// Computes `out[i] = e^(in[i] - m) / sum over k of e^(in[k] - m)` with `m` the largest argument. What is no
    /// number, or an infinite `m`, makes all results no numbers.
    ///
    /// Results are wrong by at most `n / 16 + 8 + m - in[i]` ulp, where they are not below 2^-125.
    ///
    /// @param in   array of the arguments
    /// @param from index of the first
    /// @param out  array of the results; may be `in` if `to` is `from`
    /// @param to   index of the first
    /// @param n    how many
    void softmax(float[] in, int from, float[] out, int to, int n);
}
