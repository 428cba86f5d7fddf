package io.github.fovea.kernel.scalar;

import io.github.fovea.kernel.Activation;
import io.github.fovea.tensor.TensorView;

/// Activation by its definition.
final class ActivationScalar implements Activation {
    @Override
    public void run(TensorView in, float[] slopes, TensorView out, int rowBegin, int rowEnd) {
        for (int c = 0; c < out.channels(); c++) {
            for (int y = rowBegin; y < rowEnd; y++) {
                for (int x = 0; x < out.width(); x++) {
                    float value = in.get(c, y, x);
                    out.set(c, y, x, value < 0 ? value * slopes[c] : value);
                }
            }
        }
        UnusedLanes.clear(out, rowBegin, rowEnd);
    }
}
