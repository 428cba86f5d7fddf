package io.github.fovea.kernel.scalar;

import io.github.fovea.kernel.Add;
import io.github.fovea.tensor.TensorView;

/// Sum of two tensors by its definition.
final class AddScalar implements Add {
    @Override
    public void run(TensorView a, TensorView b, TensorView out, int rowBegin, int rowEnd) {
        for (int c = 0; c < out.channels(); c++) {
            for (int y = rowBegin; y < rowEnd; y++) {
                for (int x = 0; x < out.width(); x++) {
                    out.set(c, y, x, a.get(c, y, x) + b.get(c, y, x));
                }
            }
        }
        UnusedLanes.clear(out, rowBegin, rowEnd);
    }
}
