package io.github.fovea.train;

import io.github.fovea.frame.Plane;
import io.github.fovea.model.Routing;
import io.github.fovea.network.DynamicNetwork;
import io.github.fovea.patch.Region;
import io.github.fovea.pipeline.FrameUpscaler;
import io.github.fovea.pipeline.Workers;
import io.github.fovea.route.DifficultyScore;
import io.github.fovea.route.Grid;
import io.github.fovea.route.RoutingFit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Learns how a player shall route: every path runs on some frames that were trained on, and what each takes off the squared
/// error of a cell is set against the cell's score.
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

    /// {@return the columns of cells that suit a clip: those of Dy-DCA (20, cells of 48 LR pixels at 960), and fewer where its
    /// cells would be smaller, because halos cost the more the smaller a cell is}
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
            OverfittedNetwork trained, ClipFrames clip, int columns, int rows, String score, double quality, Workers workers) {
        PathScorer scorer = new PathScorer(clip, workers);
        List<FrameUpscaler> ways = new ArrayList<>(List.of(scorer.bicubic()));
        ways.addAll(scorer.paths(trained.network(), trained.parameters()));
        Grid grid = Grid.of(clip.width(), clip.height(), columns, rows);
        int cells = grid.cells().size();
        DifficultyScore difficulty = DifficultyScore.named(score);
        RoutingFit fit = new RoutingFit(columns, rows, score, macs(trained.network()));
        int frames = Math.min(FRAMES, clip.trained().size());
        double[][] errors = new double[ways.size()][cells];
        Plane made = scorer.newLarge();
        for (int i = 0; i < frames; i++) {
            ClipFrames.Pair pair = clip.trained().get((2 * i + 1) * clip.trained().size() / (2 * frames));
            Plane luma = scorer.small(pair);
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
        int frames = Math.min(FRAMES, clip.trained().size());
        Plane luma = new Plane(clip.width(), clip.height(), 8);
        double[] scores = new double[frames * grid.cells().size()];
        int count = 0;
        for (int i = 0; i < frames; i++) {
            byte[] codes = clip.trained().get((2 * i + 1) * clip.trained().size() / (2 * frames)).lr();
            for (int k = 0; k < codes.length; k++) {
                luma.samples()[k] = (short) (codes[k] & 0xFF);
            }
            for (Region cell : grid.cells()) {
                scores[count++] = difficulty.score(luma, cell);
            }
        }
        Arrays.sort(scores);
        return scores[(int) Math.min(count - 1, Math.floor(count * share))];
    }
}
