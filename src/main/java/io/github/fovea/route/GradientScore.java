package io.github.fovea.route;

import io.github.fovea.frame.Plane;
import io.github.fovea.patch.Region;

/// Mean of `|right - p| + |below - p|`; nothing is added at the frame's right and lower edge.
final class GradientScore implements DifficultyScore {
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
            int inRow = 0;
            for (int x = region.x(); x < end; x++) {
                int p = samples[row + x] & 0xFFFF;
                inRow += Math.abs((samples[row + x + 1] & 0xFFFF) - p) + Math.abs((samples[below + x] & 0xFFFF) - p);
            }
            if (end < region.x() + region.width()) {
                inRow += Math.abs((samples[below + end] & 0xFFFF) - (samples[row + end] & 0xFFFF));
            }
            sum += inRow;
        }
        return 255.0 / luma.maximum() * sum / ((long) region.width() * region.height());
    }
}
