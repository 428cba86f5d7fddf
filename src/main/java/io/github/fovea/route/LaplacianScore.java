package io.github.fovea.route;

import io.github.fovea.frame.Plane;
import io.github.fovea.patch.Region;

/// Mean of `|4 p - left - right - above - below|` (ARM, ECCV 2022). Neighbours outside the part but inside the frame
/// count as they are; outside the frame the edge pixel is repeated.
final class LaplacianScore implements DifficultyScore {
    /// Columns whose sum fits an `int` whatever the samples.
    private static final int CHUNK = 8192;

    @Override
    public String name() {
        return "laplacian";
    }

    @Override
    public double score(Plane luma, Region region) {
        short[] samples = luma.samples();
        int stride = luma.width();
        long sum = 0;
        for (int y = region.y(); y < region.y() + region.height(); y++) {
            int row = y * stride;
            int above = y == 0 ? row : row - stride;
            int below = y == luma.height() - 1 ? row : row + stride;
            int begin = region.x();
            int end = begin + region.width();
            if (begin == 0) {
                sum += at(samples, row, above, below, 0, 0, Math.min(1, stride - 1));
                begin++;
            }
            if (end == stride && end > begin) {
                end--;
                sum += at(samples, row, above, below, end, end - 1, end);
            }
            for (int chunk = begin; chunk < end; chunk += CHUNK) {
                int inChunk = 0;
                for (int x = chunk; x < Math.min(end, chunk + CHUNK); x++) {
                    inChunk += Math.abs(4 * (samples[row + x] & 0xFFFF) - (samples[row + x - 1] & 0xFFFF)
                            - (samples[row + x + 1] & 0xFFFF) - (samples[above + x] & 0xFFFF) - (samples[below + x]
                            & 0xFFFF));
                }
                sum += inChunk;
            }
        }
        return 255.0 / luma.maximum() * sum / ((long) region.width() * region.height());
    }

    private static int at(short[] samples, int row, int above, int below, int x, int left, int right) {
        return Math.abs(4 * (samples[row + x] & 0xFFFF) - (samples[row + left] & 0xFFFF) - (samples[row + right]
                & 0xFFFF)
                - (samples[above + x] & 0xFFFF) - (samples[below + x] & 0xFFFF));
    }
}
