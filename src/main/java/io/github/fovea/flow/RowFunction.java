package io.github.fovea.flow;

/// One element-wise operation on a run of floats. `out` may be `a` or `b` at the same index.
interface RowFunction {
    /// Computes `out[outFrom + i] = f(a[aFrom + i], b[bFrom + i])` for `n` elements; functions of one operand ignore `b`.
    void run(float[] a, int aFrom, float[] b, int bFrom, float[] out, int outFrom, int n);
}
