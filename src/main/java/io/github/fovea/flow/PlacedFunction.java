package io.github.fovea.flow;

import io.github.fovea.kernel.Exponentials;

/// A function of one operand that is a kernel of the table: it works from any index on, and in place, so that nothing
/// needs to be copied for it.
interface PlacedFunction extends RowFunction {
    /// Computes `out[to + i] = f(in[from + i])` for `n` elements; `out` may be `in` if `to` is `from`.
    void run(Exponentials exponentials, float[] in, int from, float[] out, int to, int n);

    @Override
    default void run(float[] a, float[] b, float[] out, int n, Exponentials exponentials) {
        run(exponentials, a, 0, out, 0, n);
    }
}
