package io.github.fovea.route;

import io.github.fovea.patch.Region;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// A block of base cells that is enlarged as one: the leaf of a tree that begins with the largest patches and splits
/// the difficult ones in four.
///
/// @param column first column of cells
/// @param row    first row of cells
/// @param across columns of cells, fewer than `size` at the frame's right end
/// @param down   rows of cells, fewer than `size` at the frame's lower end
/// @param size   cells along an axis of a whole patch of this level: 1, 2, 4 or 8
/// @param region its LR pixels
public record Patch(int column, int row, int across, int down, int size, Region region) {
    /// Most levels of patches, the smallest included.
    public static final int MAX_LEVELS = 4;

    /// {@return the patches of a frame: they cover it and do not overlap}
    ///
    /// Each level is split by a rule over all patches of that level in the frame, so that a quantile or budget holds
    /// for the frame.
    ///
    /// @param grid       the base cells
    /// @param rules      a rule per split, for the largest patches first: one less than there are sizes, 0 to 3
    /// @param macs       multiply-adds per LR pixel for patches of each size, the largest first; one more than rules
    /// @param difficulty the score of a region
    public static List<Patch> split(
            Grid grid, List<SplitRule> rules, long[] macs, ToDoubleFunction<Region> difficulty) {
        if (rules.size() >= MAX_LEVELS || macs.length != rules.size() + 1) {
            throw new IllegalArgumentException(rules.size() + " rules and " + macs.length
                    + " costs of patches, wanted 0 to 3 rules and one more cost");
        }
        List<Patch> patches = new ArrayList<>();
        int size = 1 << rules.size();
        tile(grid, 0, 0, grid.columns(), grid.rows(), size, patches);
        List<Patch> leaves = new ArrayList<>();
        for (int level = 0; level < rules.size(); level++) {
            double[] scores = new double[patches.size()];
            long[] costs = new long[patches.size()];
            for (int i = 0; i < scores.length; i++) {
                Region region = patches.get(i).region();
                scores[i] = difficulty.applyAsDouble(region);
                costs[i] = Math.max(0, macs[level + 1] - macs[level]) * region.width() * region.height();
            }
            boolean[] split = rules.get(level).split(scores, costs);
            List<Patch> smaller = new ArrayList<>();
            for (int i = 0; i < split.length; i++) {
                Patch patch = patches.get(i);
                if (split[i]) {
                    tile(grid, patch.column, patch.row, patch.across, patch.down, size / 2, smaller);
                } else {
                    leaves.add(patch);
                }
            }
            patches = smaller;
            size /= 2;
        }
        leaves.addAll(patches);
        return leaves;
    }

    private static void tile(Grid grid, int column, int row, int across, int down, int size, List<Patch> into) {
        for (int y = row; y < row + down; y += size) {
            for (int x = column; x < column + across; x += size) {
                int w = Math.min(size, column + across - x);
                int h = Math.min(size, row + down - y);
                into.add(new Patch(x, y, w, h, size, grid.block(x, y, w, h)));
            }
        }
    }
}
