package io.github.fovea.train;

import io.github.fovea.graph.Interpolation;
import io.github.fovea.kernel.KernelTable;
import io.github.fovea.pipeline.Workers;
import io.github.fovea.tensor.Layout;
import io.github.fovea.tensor.TensorView;
import java.util.Arrays;
import java.util.SplittableRandom;

/// Draws patches from the frames of a clip, a part of them around the cells that bicubic enlargement gets most wrong (EMT,
/// ECCV 2022: training on the hardest fifth).
final class ClipPatches {
    /// Rows and columns of the LR cells that errors are summed over.
    private static final int CELL = 16;

    private final ClipFrames clip;
    private final double share;
    private final int columns;
    private final int rows;
    /// The focus as `frame * rows * columns + cell`.
    private final int[] chosen;

    /// Where a patch lies.
    ///
    /// @param frame index among the frames that are trained on
    /// @param x     first LR column
    /// @param y     first LR row
    record Patch(int frame, int x, int y) {}

    /// Measures every cell of every frame that is trained on.
    ///
    /// @param clip      the clip
    /// @param kernels   kernels to compute with
    /// @param workers   threads to compute on
    /// @param focus     cells that patches are drawn around
    ClipPatches(ClipFrames clip, KernelTable kernels, Workers workers, OverfitOptions.Focus focus) {
        this.clip = clip;
        share = focus.share();
        columns = (clip.width() + CELL - 1) / CELL;
        rows = (clip.height() + CELL - 1) / CELL;
        chosen = share == 0 ? new int[0] : choose(errors(kernels, workers), focus);
    }

    private float[] errors(KernelTable kernels, Workers workers) {
        int cells = rows * columns;
        int frames = clip.trained().size();
        float[] errors = new float[Math.multiplyExact(cells, frames)];
        Enlarged[] enlarged = new Enlarged[workers.threads()];
        workers.run(frames, (frame, worker) -> {
            if (enlarged[worker] == null) {
                enlarged[worker] = new Enlarged(clip, kernels);
            }
            enlarged[worker].errors(clip.trained().get(frame), errors, frame * cells, columns);
        });
        return errors;
    }

    /// One frame enlarged by bicubic.
    private static final class Enlarged {
        private final ClipFrames clip;
        private final KernelTable kernels;
        private final TensorView small;
        private final TensorView large;

        Enlarged(ClipFrames clip, KernelTable kernels) {
            this.clip = clip;
            this.kernels = kernels;
            small = TensorView.allocate(Layout.PLANAR, 1, clip.height(), clip.width(), 0);
            large = TensorView.allocate(Layout.PLANAR, 1, clip.height() * clip.scale(), clip.width() * clip.scale(), 0);
        }

        void errors(ClipFrames.Pair pair, float[] errors, int from, int columns) {
            for (int y = 0; y < clip.height(); y++) {
                int to = small.index(0, y, 0);
                for (int x = 0; x < clip.width(); x++) {
                    small.data()[to + x] = pair.lr()[y * clip.width() + x] & 0xFF;
                }
            }
            kernels.resize().run(small, Interpolation.BICUBIC, clip.scale(), large, 0, clip.height());
            int cell = CELL * clip.scale();
            int width = clip.width() * clip.scale();
            for (int y = 0; y < clip.height() * clip.scale(); y++) {
                int row = large.index(0, y, 0);
                for (int begin = 0, column = 0; begin < width; begin += cell, column++) {
                    float sum = 0;
                    for (int x = begin; x < Math.min(width, begin + cell); x++) {
                        float e = large.data()[row + x] - (pair.hr()[y * width + x] & 0xFF);
                        sum += e * e;
                    }
                    errors[from + y / cell * columns + column] += sum;
                }
            }
        }
    }

    private static int[] choose(float[] errors, OverfitOptions.Focus focus) {
        float[] sorted = errors.clone();
        Arrays.sort(sorted);
        float least = sorted[(int) Math.min(sorted.length - 1, Math.floor(sorted.length * focus.from()))];
        float most = focus.to() >= 1 ? Float.POSITIVE_INFINITY
                : sorted[(int) Math.min(sorted.length - 1, Math.floor(sorted.length * focus.to()))];
        int[] cells = new int[sorted.length];
        int count = 0;
        for (int i = 0; i < errors.length; i++) {
            // Cells without error have nothing to teach: a black clip has no hard ones.
            if (errors[i] >= least && errors[i] < most && errors[i] > 0) {
                cells[count++] = i;
            }
        }
        return Arrays.copyOf(cells, count);
    }

    /// {@return a patch}
    ///
    /// @param random what draws it
    /// @param height LR rows of the patch, at most those of the clip
    /// @param width  LR columns of the patch, at most those of the clip
    Patch draw(SplittableRandom random, int height, int width) {
        int restX = clip.width() - width;
        int restY = clip.height() - height;
        if (chosen.length > 0 && random.nextDouble() < share) {
            int at = chosen[random.nextInt(chosen.length)];
            int cell = at % (rows * columns);
            int x = cell % columns * CELL + random.nextInt(CELL) - width / 2 + random.nextInt(-width / 4, width / 4 + 1);
            int y = cell / columns * CELL + random.nextInt(CELL) - height / 2 + random.nextInt(-height / 4, height / 4 + 1);
            return new Patch(at / (rows * columns), Math.clamp(x, 0, restX), Math.clamp(y, 0, restY));
        }
        return new Patch(random.nextInt(clip.trained().size()), random.nextInt(restX + 1), random.nextInt(restY + 1));
    }
}
