package io.github.fovea.route;

import io.github.fovea.frame.Plane;
import io.github.fovea.patch.Region;

/// Mean of `|right - p| + |below - p|`; nothing is added at the frame's right and lower edge.
final class GradientScore implements DifficultyScore {
    /// Columns whose sum fits an `int` whatever the samples.
    private static final int CHUNK = 8192;

    @Override
    public String name() {
        return "gradient";
    }

    @Override
    public double score(Plane luma, Region region) {
        short[] samples = luma.samples();
        int stride = luma.width();
        long sum = 0;
        for (int y = region.y(); y < region.y() + region.height(); y++) {
            int row = y * stride;
            int below = y == luma.height() - 1 ? row : row + stride;
            int end = Math.min(stride - 1, region.x() + region.width());
            for (int chunk = region.x(); chunk < end; chunk += CHUNK) {
                int inChunk = 0;
                for (int x = chunk; x < Math.min(end, chunk + CHUNK); x++) {
                    int p = samples[row + x] & 0xFFFF;
                    inChunk += Math.abs((samples[row + x + 1] & 0xFFFF) - p)
                            + Math.abs((samples[below + x] & 0xFFFF) - p);
                }
                sum += inChunk;
            }
            if (end < region.x() + region.width()) {
                sum += Math.abs((samples[below + end] & 0xFFFF) - (samples[row + end] & 0xFFFF));
            }
        }
        return 255.0 / luma.maximum() * sum / ((long) region.width() * region.height());
    }
}
