package io.github.fovea.train;

import io.github.fovea.graph.Interpolation;
import io.github.fovea.kernel.KernelTable;
import io.github.fovea.pipeline.Workers;
import io.github.fovea.tensor.Layout;
import io.github.fovea.tensor.TensorView;

/// What bicubic enlargement gets wrong in every part of every frame that is trained on.
final class ClipErrors {
    /// Rows and columns of the LR cells that errors are summed over.
    static final int CELL = 16;

    /// The sum of squared errors at `frame * rows * columns + cell`.
    private final float[] errors;

    /// Measures every cell.
    ///
    /// @param clip    the clip
    /// @param kernels kernels to compute with
    /// @param workers threads to compute on
    ClipErrors(ClipFrames clip, KernelTable kernels, Workers workers) {
        int columns = cells(clip.width());
        int cells = columns * cells(clip.height());
        int frames = clip.trained().size();
        errors = new float[Math.multiplyExact(cells, frames)];
        Enlarged[] enlarged = new Enlarged[workers.threads()];
        workers.run(frames, (frame, worker) -> {
            if (enlarged[worker] == null) {
                enlarged[worker] = new Enlarged(clip, kernels);
            }
            enlarged[worker].errors(clip.trained().get(frame), errors, frame * cells, columns);
        });
    }

    /// {@return cells along an axis of an LR frame}
    ///
    /// @param extent LR pixels along the axis
    static int cells(int extent) {
        return (extent + CELL - 1) / CELL;
    }

    /// {@return the sum of squared errors at `frame * rows * columns + cell`, frames in the order of those trained on}
    float[] byCell() {
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
}
