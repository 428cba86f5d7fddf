package io.github.fovea.route;

import io.github.fovea.model.Routing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Finds, from cells whose squared errors are known on every path, the thresholds and gains that a player needs.
public final class RoutingFit {
    private final int columns;
    private final int rows;
    private final String score;
    private final long[] macs;
    private final List<Cell> cells = new ArrayList<>();

    /// A cell of a frame that was enlarged on every path.
    private record Cell(double score, long pixels, double[] errors) {}

    /// Starts without cells.
    ///
    /// @param columns      cells wanted along the width of a frame
    /// @param rows         cells wanted along its height
    /// @param score        one of [DifficultyScore#names()]
    /// @param macsPerPixel multiply-adds per LR pixel of each path, path 0 first, rising
    public RoutingFit(int columns, int rows, String score, long[] macsPerPixel) {
        this.columns = columns;
        this.rows = rows;
        this.score = DifficultyScore.named(score).name();
        this.macs = macsPerPixel.clone();
    }

    /// Adds a cell.
    ///
    /// @param difficulty its score
    /// @param pixels     its LR pixels
    /// @param errors     its sum of squared errors on each path, path 0 first
    public void add(double difficulty, long pixels, double[] errors) {
        if (errors.length != macs.length) {
            throw new IllegalArgumentException(errors.length + " errors of a cell, " + macs.length
                    + " paths want one each");
        }
        cells.add(new Cell(difficulty, pixels, errors.clone()));
    }

    /// {@return the routing by score that spends a share of the MACs of the deepest path on all cells added}
    ///
    /// A path's gain is the factor by which the square of the score best tells its squared-error gain (least squares),
    /// at least 0. Thresholds are those at which a budget over all cells changes from path to path.
    ///
    /// @param quality the share, 0 to 1
    /// @throws IllegalStateException    if no cell was added
    /// @throws IllegalArgumentException if the share is out of range
    public Routing.ByScore fit(double quality) {
        PathChoice.checkQuality(quality);
        if (cells.isEmpty()) {
            throw new IllegalStateException("no cells to learn a routing from; add some");
        }
        int paths = macs.length;
        List<Double> gains = gains();
        double[] expected = new double[cells.size() * paths];
        long[] pixels = new long[cells.size()];
        long all = 0;
        for (int i = 0; i < pixels.length; i++) {
            Cell cell = cells.get(i);
            pixels[i] = cell.pixels();
            all += cell.pixels();
            for (int p = 1; p < paths; p++) {
                expected[i * paths + p] = gains.get(p - 1) * energy(cell);
            }
        }
        byte[] chosen = new byte[pixels.length];
        new PathChoice(pixels.length, macs).choose(expected, pixels,
                (long) Math.floor(quality * (macs[paths - 1] * all)), null, null, chosen);
        List<Double> thresholds = new ArrayList<>();
        for (int p = 1; p < paths; p++) {
            double least = Double.POSITIVE_INFINITY;
            for (int i = 0; i < chosen.length; i++) {
                if (chosen[i] >= p) {
                    least = Math.min(least, cells.get(i).score());
                }
            }
            thresholds.add(least);
        }
        // All cells on a path: also those of other frames that happen to be smoother than any seen.
        if (quality >= 1) {
            thresholds.replaceAll(t -> t < Double.POSITIVE_INFINITY ? Double.NEGATIVE_INFINITY : t);
        }
        // A path that is no better than bicubic, after too short a training, is taken by no cell.
        for (int p = paths - 1; p >= 1; p--) {
            if (gains.get(p - 1) == 0) {
                thresholds.set(p - 1, p == paths - 1 ? Double.POSITIVE_INFINITY : thresholds.get(p));
            }
        }
        return new Routing.ByScore(columns, rows, score, thresholds, gains);
    }

    private static double energy(Cell cell) {
        double positive = Math.max(0, cell.score());
        return positive * positive * cell.pixels();
    }

    private List<Double> gains() {
        List<Double> gains = new ArrayList<>();
        for (int p = 1; p < macs.length; p++) {
            double dot = 0;
            double square = 0;
            for (Cell cell : cells) {
                double energy = energy(cell);
                dot += energy * (cell.errors()[0] - cell.errors()[p]);
                square += energy * energy;
            }
            gains.add(square == 0 ? 1.0 * p : Math.max(0, dot / square));
        }
        return gains;
    }

    /// {@return the paths that take off most squared error from some cells for a share of the MACs of the deepest path,
    /// their errors known: what a publisher writes into a route map. Nothing is spent where nothing is gained}
    ///
    /// @param macsPerPixel multiply-adds per LR pixel of each path, path 0 first, rising
    /// @param pixels       LR pixels of each cell
    /// @param errors       for each path, path 0 first, the sum of squared errors of each cell
    /// @param quality      the share, 0 to 1
    /// @throws IllegalArgumentException if the share is out of range, or there are not as many errors as paths and
    ///                                  cells
    public static byte[] best(long[] macsPerPixel, long[] pixels, double[][] errors, double quality) {
        PathChoice.checkQuality(quality);
        if (errors.length != macsPerPixel.length
                || Arrays.stream(errors).anyMatch(ofPath -> ofPath.length != pixels.length)) {
            throw new IllegalArgumentException("errors of " + errors.length + " paths on "
                    + Arrays.toString(Arrays.stream(errors).mapToInt(ofPath -> ofPath.length).toArray())
                    + " cells, wanted " + macsPerPixel.length + " on " + pixels.length);
        }
        int paths = macsPerPixel.length;
        double[] gains = new double[pixels.length * paths];
        byte[] caps = new byte[pixels.length];
        long all = 0;
        for (int i = 0; i < pixels.length; i++) {
            all += pixels[i];
            for (int p = 0; p < paths; p++) {
                gains[i * paths + p] = errors[0][i] - errors[p][i];
                caps[i] = gains[i * paths + p] > gains[i * paths + caps[i]] ? (byte) p : caps[i];
            }
        }
        byte[] chosen = new byte[pixels.length];
        new PathChoice(pixels.length, macsPerPixel).choose(gains, pixels,
                (long) Math.floor(quality * (macsPerPixel[paths - 1] * all)), null, caps, chosen);
        return chosen;
    }
}
