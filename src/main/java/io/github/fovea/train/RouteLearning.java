package io.github.fovea.train;

import io.github.fovea.frame.Plane;
import io.github.fovea.model.Routing;
import io.github.fovea.network.DynamicNetwork;
import io.github.fovea.patch.Region;
import io.github.fovea.pipeline.FrameUpscaler;
import io.github.fovea.pipeline.Workers;
import io.github.fovea.route.DifficultyScore;
import io.github.fovea.route.Grid;
import io.github.fovea.route.Patch;
import io.github.fovea.route.PathChoice;
import io.github.fovea.route.RoutingFit;
import io.github.fovea.route.SplitRule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// Learns how a player shall route: every path runs on some frames that were trained on, and what each takes off the
/// squared error of a cell is set against the cell's score.
public final class RouteLearning {
    /// Frames that it looks at, spread over the clip.
    private static final int FRAMES = 12;

    private RouteLearning() {}

    /// {@return multiply-adds per LR pixel of bicubic, which counts none, and of every path}
    ///
    /// @param network the paths
    public static long[] macs(DynamicNetwork network) {
        long[] macs = new long[network.paths().size() + 1];
        for (int p = 1; p < macs.length; p++) {
            macs[p] = network.paths().get(p - 1).graph().macsPerPixel();
        }
        return macs;
    }

    /// {@return the columns of cells that suit a clip: those of Dy-DCA (20, cells of 48 LR pixels at 960), and fewer
    /// where its cells would be smaller, because halos cost the more the smaller a cell is}
    ///
    /// @param clip the clip
    public static int columns(ClipFrames clip) {
        return Math.clamp(Math.round(clip.width() / 48f), 1, 20);
    }

    /// {@return the rows of cells that suit a clip: at most 10, cells of about 54 LR pixels}
    ///
    /// @param clip the clip
    public static int rows(ClipFrames clip) {
        return Math.clamp(Math.round(clip.height() / 54f), 1, 10);
    }

    /// {@return the routing by score that spends a share of the MACs of the deepest path}
    ///
    /// @param trained what overfitting made
    /// @param clip    the clip
    /// @param columns base cells along the width of a frame
    /// @param rows    base cells along its height
    /// @param score   one of [DifficultyScore#names()]
    /// @param quality the share, 0 to 1
    /// @param workers threads to run on
    public static Routing.ByScore learn(
            OverfittedNetwork trained, ClipFrames clip, int columns, int rows, String score, double quality,
            Workers workers) {
        // Before paths run: that takes long.
        PathChoice.checkQuality(quality);
        PathScorer scorer = new PathScorer(clip, workers);
        List<FrameUpscaler> ways = new ArrayList<>(List.of(scorer.bicubic()));
        ways.addAll(scorer.paths(trained.network(), trained.parameters()));
        Grid grid = Grid.of(clip.width(), clip.height(), columns, rows);
        int cells = grid.cells().size();
        DifficultyScore difficulty = DifficultyScore.named(score);
        RoutingFit fit = new RoutingFit(columns, rows, score, macs(trained.network()));
        double[][] errors = new double[ways.size()][cells];
        Plane made = scorer.newLarge();
        for (ClipFrames.Pair pair : ClipFrames.spread(clip.trained(), FRAMES)) {
            Plane luma = clip.small(pair);
            Plane reference = scorer.reference(pair);
            for (int way = 0; way < ways.size(); way++) {
                scorer.enlarge(ways.get(way), luma, made);
                scorer.errors(made, reference, grid, errors[way]);
            }
            for (int cell = 0; cell < cells; cell++) {
                double[] own = new double[ways.size()];
                for (int way = 0; way < own.length; way++) {
                    own[way] = errors[way][cell];
                }
                fit.add(difficulty.score(luma, grid.cells().get(cell)), grid.pixels(cell), own);
            }
        }
        return fit.fit(quality);
    }

    /// {@return Dy-DCA's routing by the size of the patch: the largest patches, which path 1 takes, are split in four
    /// where they are difficult, down to the base cell, which the last path takes. The same share of the patches is
    /// split at each size: as many as the budget of multiply-adds pays for}
    ///
    /// @param network the paths, 2 to 4
    /// @param clip    the clip
    /// @param columns base cells along the width of a frame
    /// @param rows    base cells along its height
    /// @param score   one of [DifficultyScore#names()]
    /// @param quality share of the MACs of the deepest path, 0 to 1
    public static Routing.ByPatchSize bySize(
            DynamicNetwork network, ClipFrames clip, int columns, int rows, String score, double quality) {
        PathChoice.checkQuality(quality);
        int sizes = network.paths().size();
        if (sizes == 1) {
            throw new IllegalArgumentException("network " + network.name()
                    + " has one path, paths by the size of patches want 2 to " + DynamicNetwork.MAX_PATHS);
        }
        Grid grid = Grid.of(clip.width(), clip.height(), columns, rows);
        DifficultyScore difficulty = DifficultyScore.named(score);
        double share = splitShare(macs(network), quality);
        List<Double> thresholds = new ArrayList<>();
        List<Integer> limits = new ArrayList<>();
        for (int level = 0; level < sizes - 1; level++) {
            List<Double> scores = new ArrayList<>();
            for (ClipFrames.Pair pair : ClipFrames.spread(clip.trained(), FRAMES)) {
                Plane luma = clip.small(pair);
                ToDoubleFunction<Region> mean = region -> meanScore(grid, difficulty, luma, region);
                List<SplitRule> rules = new ArrayList<>();
                for (double threshold : thresholds) {
                    rules.add(new SplitRule.Fixed(threshold));
                }
                while (rules.size() < sizes - 1) {
                    rules.add(new SplitRule.Fixed(Double.POSITIVE_INFINITY));
                }
                int size = 1 << sizes - 1 - level;
                Patch.split(grid, rules, new long[sizes], mean).stream().filter(patch -> patch.size() == size)
                        .forEach(patch -> scores.add(mean.applyAsDouble(patch.region())));
            }
            scores.sort(null);
            int stay = (int) Math.round((1 - share) * scores.size());
            thresholds.add(stay == 0 ? Double.NEGATIVE_INFINITY : stay >= scores.size() ? Double.POSITIVE_INFINITY
                    : scores.get(stay));
            // Between this size and the next: patches at the frame's end are lower, whole ones count.
            limits.add(Math.max(1, 3 * grid.cellHeight() * (1 << sizes - 2 - level) / 2));
        }
        return new Routing.ByPatchSize(columns, rows, score, thresholds, limits);
    }

    /// As a player's router scores a patch: the mean over its cells, weighted by their pixels.
    private static double meanScore(Grid grid, DifficultyScore difficulty, Plane luma, Region region) {
        double sum = 0;
        long pixels = 0;
        for (int cell = 0; cell < grid.cells().size(); cell++) {
            Region part = grid.cells().get(cell);
            if (part.x() >= region.x() && part.x() < region.x() + region.width() && part.y() >= region.y()
                    && part.y() < region.y() + region.height()) {
                sum += difficulty.score(luma, part) * grid.pixels(cell);
                pixels += grid.pixels(cell);
            }
        }
        return sum / pixels;
    }

    private static double splitShare(long[] macs, double quality) {
        double budget = quality * macs[macs.length - 1];
        double low = 0;
        double high = 1;
        for (int i = 0; i < 40; i++) {
            double share = (low + high) / 2;
            double mean = 0;
            double left = 1;
            for (int p = 1; p < macs.length; p++) {
                mean += (p == macs.length - 1 ? left : left * (1 - share)) * macs[p];
                left *= share;
            }
            if (mean <= budget) {
                low = share;
            } else {
                high = share;
            }
        }
        return quality >= 1 ? 1 : low;
    }

    /// {@return the score below which a share of the cells of some trained frames lies}
    ///
    /// @param clip    the clip
    /// @param columns base cells along the width of a frame
    /// @param rows    base cells along its height
    /// @param score   one of [DifficultyScore#names()]
    /// @param share   the share, 0 to 1
    public static double quantile(ClipFrames clip, int columns, int rows, String score, double share) {
        Grid grid = Grid.of(clip.width(), clip.height(), columns, rows);
        DifficultyScore difficulty = DifficultyScore.named(score);
        List<ClipFrames.Pair> frames = ClipFrames.spread(clip.trained(), FRAMES);
        double[] scores = new double[frames.size() * grid.cells().size()];
        int count = 0;
        for (ClipFrames.Pair pair : frames) {
            Plane luma = clip.small(pair);
            for (Region cell : grid.cells()) {
                scores[count++] = difficulty.score(luma, cell);
            }
        }
        Arrays.sort(scores);
        return scores[(int) Math.min(count - 1, Math.floor(count * share))];
    }
}
