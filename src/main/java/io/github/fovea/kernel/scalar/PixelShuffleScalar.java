package io.github.fovea.kernel.scalar;

import io.github.fovea.kernel.PixelShuffle;
import io.github.fovea.tensor.TensorView;

/// Sub-pixel shuffle by its definition.
final class PixelShuffleScalar implements PixelShuffle {
    @Override
    public void run(TensorView in, int scale, TensorView out, int rowBegin, int rowEnd) {
        for (int c = 0; c < out.channels(); c++) {
            for (int y = scale * rowBegin; y < scale * rowEnd; y++) {
                for (int x = 0; x < out.width(); x++) {
                    int channel = (c * scale + y % scale) * scale + x % scale;
                    out.set(c, y, x, in.get(channel, y / scale, x / scale));
                }
            }
        }
        UnusedLanes.clear(out, scale * rowBegin, scale * rowEnd);
    }
}
