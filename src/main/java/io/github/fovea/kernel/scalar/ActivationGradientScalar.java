package io.github.fovea.kernel.scalar;

import io.github.fovea.kernel.ActivationGradient;
import io.github.fovea.tensor.TensorView;

/// Gradient of an activation by its definition.
final class ActivationGradientScalar implements ActivationGradient {
    @Override
    public void run(TensorView x, float[] slopes, TensorView d, float[] dslopes, int from) {
        for (int c = 0; c < x.channels(); c++) {
            float sum = 0;
            for (int y = 0; y < x.height(); y++) {
                for (int i = 0; i < x.width(); i++) {
                    float value = x.get(c, y, i);
                    if (!(value > 0)) {
                        float gradient = d.get(c, y, i);
                        sum += gradient * value;
                        d.set(c, y, i, gradient * slopes[c]);
                    }
                }
            }
            if (dslopes != null) {
                dslopes[from + c] += sum;
            }
        }
    }
}
