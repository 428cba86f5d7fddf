package io.github.fovea.train;

import io.github.fovea.graph.Interpolation;
import io.github.fovea.kernel.KernelTable;
import io.github.fovea.tensor.Layout;
import io.github.fovea.tensor.TensorView;

/// Copies patches of one size out of a clip: the network's input, and what it shall make of it. Where the network adds
/// an enlargement of its input to its result, that enlargement, computed with the patch's neighbours as in the whole
/// frame, is taken off the target. Serves one thread.
final class PatchReader {
    /// LR pixels around a patch that its bicubic enlargement reads.
    private static final int HALO = 2;

    private final ClipFrames clip;
    private final KernelTable kernels;
    private final Interpolation skip;
    private final int height;
    private final int width;
    private final TensorView around;
    private final TensorView enlarged;

    /// Prepares for one size.
    ///
    /// @param clip    the clip
    /// @param kernels kernels to enlarge with
    /// @param skip    the enlargement that the network adds by itself, or `null`
    /// @param height  LR rows of a patch
    /// @param width   LR columns of a patch
    PatchReader(ClipFrames clip, KernelTable kernels, Interpolation skip, int height, int width) {
        this.clip = clip;
        this.kernels = kernels;
        this.skip = skip;
        this.height = height;
        this.width = width;
        around = TensorView.allocate(Layout.PLANAR, 1, height + 2 * HALO, width + 2 * HALO, 0);
        enlarged = TensorView.allocate(Layout.PLANAR, 1, (height + 2 * HALO) * clip.scale(),
                (width + 2 * HALO) * clip.scale(), 0);
    }

    /// Copies a patch.
    ///
    /// @param pair   the frame
    /// @param x      first LR column
    /// @param y      first LR row
    /// @param input  receives the LR patch, planar
    /// @param target receives what is wanted, `[scale * height][scale * width]`
    void read(ClipFrames.Pair pair, int x, int y, TensorView input, float[] target) {
        float gain = clip.gain();
        float bias = clip.bias();
        for (int row = 0; row < height + 2 * HALO; row++) {
            int from = Interpolation.mirror(y + row - HALO, clip.height()) * clip.width();
            int to = around.index(0, row, 0);
            for (int column = 0; column < width + 2 * HALO; column++) {
                int source = Interpolation.mirror(x + column - HALO, clip.width());
                around.data()[to + column] = (pair.lr()[from + source] & 0xFF) * gain + bias;
            }
        }
        for (int row = 0; row < height; row++) {
            System.arraycopy(around.data(), around.index(0, row + HALO, HALO), input.data(), input.index(0, row, 0),
                    width);
        }
        int scale = clip.scale();
        int large = clip.width() * scale;
        for (int row = 0; row < height * scale; row++) {
            int from = (y * scale + row) * large + x * scale;
            int to = row * width * scale;
            for (int column = 0; column < width * scale; column++) {
                target[to + column] = (pair.hr()[from + column] & 0xFF) * gain + bias;
            }
        }
        if (skip != null) {
            kernels.resize().run(around, skip, scale, enlarged, 0, height + 2 * HALO);
            for (int row = 0; row < height * scale; row++) {
                int from = enlarged.index(0, row + HALO * scale, HALO * scale);
                int to = row * width * scale;
                for (int column = 0; column < width * scale; column++) {
                    target[to + column] -= enlarged.data()[from + column];
                }
            }
        }
    }
}
