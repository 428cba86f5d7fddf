package io.github.fovea.kernel.scalar;

import io.github.fovea.kernel.PixelShuffle;
import io.github.fovea.tensor.TensorView;

/// Sub-pixel shuffle by its definition: every input channel is copied to pixels `scale` apart.
final class PixelShuffleScalar implements PixelShuffle {
    @Override
    public void run(TensorView in, int scale, TensorView out, int rowBegin, int rowEnd) {
        float[] from = in.data();
        float[] to = out.data();
        int inStep = in.layout().pixelStride();
        int outStep = scale * out.layout().pixelStride();
        for (int channel = 0; channel < in.channels(); channel++) {
            int c = channel / (scale * scale);
            int i = channel / scale % scale;
            int j = channel % scale;
            for (int y = rowBegin; y < rowEnd; y++) {
                int source = in.index(channel, y, 0);
                int target = out.index(c, scale * y + i, j);
                for (int x = 0; x < in.width(); x++) {
                    to[target + x * outStep] = from[source + x * inStep];
                }
            }
        }
        UnusedLanes.clear(out, scale * rowBegin, scale * rowEnd);
    }
}
