package io.github.fovea.kernel.vector;

import io.github.fovea.kernel.Exponentials;

/// [Exponentials] by vectors. Each function is a class of its own, loaded when it is first called: most networks have
/// none of them.
final class ExponentialsVector implements Exponentials {
    @Override
    public void exp(float[] in, int from, float[] out, int to, int n) {
        ExpRow.run(in, from, 0f, out, to, n);
    }

    @Override
    public void sigmoid(float[] in, int from, float[] out, int to, int n) {
        SigmoidRow.run(in, from, out, to, n);
    }

    @Override
    public void silu(float[] in, int from, float[] out, int to, int n) {
        SiluRow.run(in, from, out, to, n);
    }

    @Override
    public void tanh(float[] in, int from, float[] out, int to, int n) {
        TanhRow.run(in, from, out, to, n);
    }

    @Override
    public void erf(float[] in, int from, float[] out, int to, int n) {
        ErfRow.run(in, from, out, to, n);
    }

    @Override
    public void softmax(float[] in, int from, float[] out, int to, int n) {
        SoftmaxRow.run(in, from, out, to, n);
    }
}
