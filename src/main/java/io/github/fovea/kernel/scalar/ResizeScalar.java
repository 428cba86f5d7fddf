package io.github.fovea.kernel.scalar;

import io.github.fovea.graph.Interpolation;
import io.github.fovea.kernel.Resize;
import io.github.fovea.kernel.ResizeWeights;
import io.github.fovea.tensor.TensorView;

/// Enlargement by its definition: a weighted sum over a square of input pixels, whose weights depend only on the phase
/// of the output pixel. Rows first, then columns, as [Resize] says.
final class ResizeScalar implements Resize {
    @Override
    public void run(
            TensorView in, Interpolation interpolation, int scale, TensorView out, int rowBegin, int rowEnd) {
        ResizeWeights weights = ResizeWeights.of(interpolation, scale);
        int taps = weights.taps();
        for (int c = 0; c < out.channels(); c++) {
            for (int y = scale * rowBegin; y < scale * rowEnd; y++) {
                for (int x = 0; x < out.width(); x++) {
                    int top = y / scale + weights.first(y % scale);
                    int left = x / scale + weights.first(x % scale);
                    float sum = 0;
                    for (int kx = 0; kx < taps; kx++) {
                        int sourceX = Interpolation.mirror(left + kx, in.width());
                        float column = 0;
                        for (int ky = 0; ky < taps; ky++) {
                            int sourceY = Interpolation.mirror(top + ky, in.height());
                            column += weights.weight(y % scale, ky) * in.get(c, sourceY, sourceX);
                        }
                        sum += weights.weight(x % scale, kx) * column;
                    }
                    out.set(c, y, x, sum);
                }
            }
        }
        UnusedLanes.clear(out, scale * rowBegin, scale * rowEnd);
    }
}
