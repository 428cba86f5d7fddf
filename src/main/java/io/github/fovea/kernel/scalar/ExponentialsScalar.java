package io.github.fovea.kernel.scalar;

import io.github.fovea.kernel.Exponentials;

/// The definition of [Exponentials], in double precision.
public final class ExponentialsScalar implements Exponentials {
    /// The error function of larger numbers is 1 as a float.
    private static final double ERF_IS_ONE = 4;

    /// Creates the kernel.
    public ExponentialsScalar() {}

    @Override
    public void exp(float[] in, int from, float[] out, int to, int n) {
        for (int i = 0; i < n; i++) {
            out[to + i] = (float) Math.exp(in[from + i]);
        }
    }

    @Override
    public void sigmoid(float[] in, int from, float[] out, int to, int n) {
        for (int i = 0; i < n; i++) {
            out[to + i] = (float) (1 / (1 + Math.exp(-in[from + i])));
        }
    }

    @Override
    public void silu(float[] in, int from, float[] out, int to, int n) {
        for (int i = 0; i < n; i++) {
            out[to + i] = (float) (in[from + i] / (1 + Math.exp(-in[from + i])));
        }
    }

    @Override
    public void tanh(float[] in, int from, float[] out, int to, int n) {
        for (int i = 0; i < n; i++) {
            out[to + i] = (float) Math.tanh(in[from + i]);
        }
    }

    @Override
    public void erf(float[] in, int from, float[] out, int to, int n) {
        for (int i = 0; i < n; i++) {
            out[to + i] = (float) erf(in[from + i]);
        }
    }

    /// The series without alternating signs (Abramowitz and Stegun 1964, "Handbook of Mathematical Functions", 7.1.6).
    private static double erf(double x) {
        if (Math.abs(x) >= ERF_IS_ONE) {
            return Math.signum(x);
        }
        double term = x;
        double sum = x;
        for (int k = 1; Math.abs(term) > Math.abs(sum) * 0x1p-53; k++) {
            term *= 2 * x * x / (2 * k + 1);
            sum += term;
        }
        return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
    }

    @Override
    public void softmax(float[] in, int from, float[] out, int to, int n) {
        float max = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < n; i++) {
            max = Math.max(max, in[from + i]);
        }
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += Math.exp((double) in[from + i] - max);
        }
        for (int i = 0; i < n; i++) {
            out[to + i] = (float) (Math.exp((double) in[from + i] - max) / sum);
        }
    }
}
