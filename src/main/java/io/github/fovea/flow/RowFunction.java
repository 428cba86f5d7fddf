package io.github.fovea.flow;

import io.github.fovea.kernel.Exponentials;

/// One element-wise operation on a run of floats. All arrays are read and written from index 0: with offsets that
/// differ the JIT compiler cannot exclude that they overlap, and does not vectorise. `out` is neither `a` nor `b`.
interface RowFunction {
    /// Computes `out[i] = f(a[i], b[i])` for `n` elements; functions of one operand ignore `b`.
    void run(float[] a, float[] b, float[] out, int n, Exponentials exponentials);
}
