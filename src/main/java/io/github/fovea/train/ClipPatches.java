package io.github.fovea.train;

import java.util.Arrays;
import java.util.SplittableRandom;

/// Draws patches from the frames of a clip, a part of them around the cells that bicubic enlargement gets most wrong
/// (EMT, ECCV 2022: training on the hardest fifth).
final class ClipPatches {
    private static final int CELL = ClipErrors.CELL;

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

    /// Chooses the cells.
    ///
    /// @param clip   the clip
    /// @param errors what bicubic enlargement gets wrong in each cell; may be `null` where the focus has no share
    /// @param focus  cells that patches are drawn around
    ClipPatches(ClipFrames clip, ClipErrors errors, OverfitOptions.Focus focus) {
        this.clip = clip;
        share = focus.share();
        columns = ClipErrors.cells(clip.width());
        rows = ClipErrors.cells(clip.height());
        chosen = share == 0 ? new int[0] : choose(errors.byCell(), focus);
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
            int x = cell % columns * CELL + random.nextInt(CELL) - width / 2 + random.nextInt(-width / 4, width / 4
                    + 1);
            int y = cell / columns * CELL + random.nextInt(CELL) - height / 2 + random.nextInt(-height / 4, height / 4
                    + 1);
            return new Patch(at / (rows * columns), Math.clamp(x, 0, restX), Math.clamp(y, 0, restY));
        }
        return new Patch(random.nextInt(clip.trained().size()), random.nextInt(restX + 1), random.nextInt(restY + 1));
    }
}
