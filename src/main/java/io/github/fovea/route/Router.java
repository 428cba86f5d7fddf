package io.github.fovea.route;

import io.github.fovea.frame.Plane;
import io.github.fovea.model.DynamicModel;
import io.github.fovea.model.Routing;
import java.util.Arrays;
import java.util.List;

/// Finds the path of every cell of a frame, as a model's [Routing] says, or within a budget. Allocates nothing per
/// frame; the rows of cells may be scored by several threads, the rest is for one.
///
/// ```
/// for each row of cells: router.score(luma, row);
/// router.decide(paths);                   // as the model was trained
/// router.decide(quality, null, paths);    // or: within a share of the MACs of the deepest path everywhere
/// ```
///
/// The squared error that path p takes off a cell is expected to be its gain times the square of the cell's score: the
/// score ranks cells well by squared error, not by decibels.
public final class Router {
    private final Grid grid;
    private final Routing routing;
    private final long[] macs;
    private final DifficultyScore score;
    private final double[] scores;
    private final double[] pathGains;
    private final double[] gains;
    private final long[] pixels;
    private final PathChoice choice;
    private final long framePixels;

    /// Prepares for frames of one size.
    ///
    /// @param routing      how paths are found
    /// @param macsPerPixel multiply-adds per LR pixel of each path, path 0 (bicubic) first, rising
    /// @param width        LR pixels in a row
    /// @param height       LR rows
    public Router(Routing routing, long[] macsPerPixel, int width, int height) {
        routing.check(macsPerPixel.length - 1);
        this.routing = routing;
        this.macs = macsPerPixel.clone();
        grid = Grid.of(width, height, routing);
        int cells = grid.cells().size();
        // The publisher's score cannot be computed here, but a map or a fixed choice may do without.
        score = DifficultyScore.names().contains(routing.score()) ? DifficultyScore.named(routing.score()) : null;
        scores = new double[cells];
        gains = new double[cells * macs.length];
        pixels = new long[cells];
        for (int i = 0; i < cells; i++) {
            pixels[i] = grid.pixels(i);
        }
        framePixels = (long) width * height;
        pathGains = pathGains();
        choice = new PathChoice(cells, macs);
    }

    /// {@return the router of a model}
    ///
    /// @param model  the model
    /// @param width  LR pixels in a row
    /// @param height LR rows
    public static Router of(DynamicModel model, int width, int height) {
        return new Router(model.routing(), macs(model), width, height);
    }

    /// {@return multiply-adds per LR pixel of each path of a model, path 0 first}
    ///
    /// @param model the model
    public static long[] macs(DynamicModel model) {
        long[] macs = new long[model.paths().size() + 1];
        for (int p = 0; p < macs.length; p++) {
            macs[p] = model.macsPerPixel(p);
        }
        return macs;
    }

    private double[] pathGains() {
        double[] byPath = new double[macs.length];
        List<Double> given = switch (routing) {
            case Routing.ByScore byScore -> byScore.gains();
            case Routing.ByMap(Routing.ByScore otherwise) -> otherwise.gains();
            case Routing.ByPatchSize _ -> List.of();
        };
        for (int p = 1; p < byPath.length; p++) {
            // Without measured gains: each further MAC is worth less, but worth something.
            byPath[p] = given.isEmpty() ? Math.sqrt((double) macs[p] / macs[macs.length - 1]) : given.get(p - 1);
        }
        return byPath;
    }

    /// {@return the cells}
    public Grid grid() {
        return grid;
    }

    /// Scores the cells of a row. Rows may be scored at the same time.
    ///
    /// @param luma LR luma of the frame
    /// @param row  row of cells, from 0
    /// @throws IllegalArgumentException if the model's score is none that a player can compute
    public void score(Plane luma, int row) {
        if (score == null) {
            DifficultyScore.named(routing.score());
        }
        for (int cell = row * grid.columns(); cell < (row + 1) * grid.columns(); cell++) {
            scores[cell] = score.score(luma, grid.cells().get(cell));
        }
    }

    /// {@return the score of a cell of the frame that was scored last}
    ///
    /// @param cell its number
    public double score(int cell) {
        return scores[cell];
    }

    /// Chooses paths as the model's routing says.
    ///
    /// @param into receives the path of every cell
    public void decide(byte[] into) {
        switch (routing) {
            case Routing.ByScore byScore -> byThresholds(byScore.thresholds(), into);
            case Routing.ByMap(Routing.ByScore otherwise) -> byThresholds(otherwise.thresholds(), into);
            case Routing.ByPatchSize bySize -> bySize(bySize, into);
        }
    }

    private void byThresholds(List<Double> thresholds, byte[] into) {
        for (int cell = 0; cell < scores.length; cell++) {
            int path = 0;
            while (path < thresholds.size() && scores[cell] >= thresholds.get(path)) {
                path++;
            }
            into[cell] = (byte) path;
        }
    }

    private void bySize(Routing.ByPatchSize routing, byte[] into) {
        int largest = 1 << routing.thresholds().size();
        for (int row = 0; row < grid.rows(); row += largest) {
            for (int column = 0; column < grid.columns(); column += largest) {
                bySize(routing, column, row, largest, 0, into);
            }
        }
    }

    private void bySize(Routing.ByPatchSize routing, int column, int row, int size, int level, byte[] into) {
        int right = Math.min(grid.columns(), column + size);
        int below = Math.min(grid.rows(), row + size);
        if (size > 1 && mean(column, row, right, below) >= routing.thresholds().get(level)) {
            for (int y = row; y < below; y += size / 2) {
                for (int x = column; x < right; x += size / 2) {
                    bySize(routing, x, y, size / 2, level + 1, into);
                }
            }
            return;
        }
        byte path = (byte) path(routing, grid.cellHeight() * size);
        for (int y = row; y < below; y++) {
            Arrays.fill(into, y * grid.columns() + column, y * grid.columns() + right, path);
        }
    }

    /// {@return the path that a patch of a height takes}
    ///
    /// @param routing the limits
    /// @param height  rows of a whole patch, in LR pixels
    public static int path(Routing.ByPatchSize routing, int height) {
        int path = 1;
        for (int limit : routing.limits()) {
            path += height < limit ? 1 : 0;
        }
        return path;
    }

    private double mean(int column, int row, int right, int below) {
        double sum = 0;
        long area = 0;
        for (int y = row; y < below; y++) {
            for (int x = column; x < right; x++) {
                int cell = y * grid.columns() + x;
                sum += scores[cell] * pixels[cell];
                area += pixels[cell];
            }
        }
        return sum / area;
    }

    /// Chooses the paths that take off most squared error for a share of the frame's multiply-adds: 0 is bicubic
    /// everywhere, 1 the deepest path everywhere; both the MACs and the expected gain rise with the share. A route map
    /// knows better than the score: a share that it exceeds is spent on a part of it, the rest of a larger one on top
    /// of it.
    ///
    /// @param quality the share of what the deepest path takes for the whole frame, 0 to 1
    /// @param map     the path of each cell, as a route map gives it, or `null`
    /// @param into    receives the path of every cell; may be `map`
    /// @throws IllegalArgumentException if the share is out of range
    public void decide(double quality, byte[] map, byte[] into) {
        PathChoice.checkQuality(quality);
        for (int cell = 0; cell < scores.length; cell++) {
            double energy = Math.max(0, scores[cell]) * Math.max(0, scores[cell]) * pixels[cell];
            for (int p = 1; p < macs.length; p++) {
                gains[cell * macs.length + p] = energy * pathGains[p];
            }
        }
        long budget = (long) Math.floor(quality * (macs[macs.length - 1] * framePixels));
        boolean beyond = map != null && macs(map) <= budget;
        choice.choose(gains, pixels, budget, beyond ? map : null, beyond ? null : map, into);
    }

    /// {@return the multiply-adds of a frame, without halo}
    ///
    /// @param paths the path of every cell
    public long macs(byte[] paths) {
        long sum = 0;
        for (int cell = 0; cell < pixels.length; cell++) {
            sum += macs[paths[cell]] * pixels[cell];
        }
        return sum;
    }
}
