package io.github.fovea.route;

import io.github.fovea.frame.Plane;
import io.github.fovea.patch.Region;

/// Mean absolute value of the alternating coefficients of an orthonormal DCT-II over blocks of 8 x 8 (after EPS,
/// arXiv 2411.16312). Blocks begin at the part's corner; where a part ends inside a block, the block lies at its end
/// and overlaps the one before; a part smaller than a block repeats its last row and column.
final class DctScore implements DifficultyScore {
    private static final int SIZE = 8;
    private static final float[] BASIS = new float[SIZE * SIZE];

    static {
        for (int k = 0; k < SIZE; k++) {
            for (int n = 0; n < SIZE; n++) {
                BASIS[k * SIZE + n] = (float) (Math.sqrt((k == 0 ? 1.0 : 2.0) / SIZE)
                        * Math.cos(Math.PI * (2 * n + 1) * k / (2.0 * SIZE)));
            }
        }
    }

    private static final ThreadLocal<float[]> WORK = ThreadLocal.withInitial(() -> new float[2 * SIZE * SIZE]);

    @Override
    public String name() {
        return "dct";
    }

    @Override
    public double score(Plane luma, Region region) {
        float[] work = WORK.get();
        double sum = 0;
        int blocks = 0;
        for (int y = 0; y < region.height(); y += SIZE) {
            int top = region.y() + Math.max(0, Math.min(y, region.height() - SIZE));
            for (int x = 0; x < region.width(); x += SIZE) {
                sum += block(luma, region.x() + Math.max(0, Math.min(x, region.width() - SIZE)), top,
                        region.x() + region.width() - 1, region.y() + region.height() - 1, work);
                blocks++;
            }
        }
        return 255.0 / luma.maximum() * sum / blocks / (SIZE * SIZE - 1);
    }

    /// The sum of the absolute alternating coefficients of one block.
    private static float block(Plane luma, int left, int top, int lastX, int lastY, float[] work) {
        short[] samples = luma.samples();
        for (int y = 0; y < SIZE; y++) {
            int row = Math.min(top + y, lastY) * luma.width();
            for (int k = 0; k < SIZE; k++) {
                work[y * SIZE + k] = 0;
            }
            for (int x = 0; x < SIZE; x++) {
                float p = samples[row + Math.min(left + x, lastX)] & 0xFFFF;
                for (int k = 0; k < SIZE; k++) {
                    work[y * SIZE + k] += p * BASIS[k * SIZE + x];
                }
            }
        }
        float sum = 0;
        for (int k = 0; k < SIZE; k++) {
            int into = SIZE * SIZE;
            for (int x = 0; x < SIZE; x++) {
                work[into + x] = 0;
            }
            for (int y = 0; y < SIZE; y++) {
                float weight = BASIS[k * SIZE + y];
                for (int x = 0; x < SIZE; x++) {
                    work[into + x] += weight * work[y * SIZE + x];
                }
            }
            for (int x = k == 0 ? 1 : 0; x < SIZE; x++) {
                sum += Math.abs(work[into + x]);
            }
        }
        return sum;
    }
}
