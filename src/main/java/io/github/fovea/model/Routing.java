package io.github.fovea.model;

import java.util.List;
import java.util.Objects;

/// How a player finds the path of each cell of a frame.
///
/// A frame of LR pixels is cut into about `columns` x `rows` base cells. Scores say how difficult a cell is, the larger
/// the harder; a PSNR counts negative. Paths are numbered from 0, bicubic, to `n`, the deepest.
public sealed interface Routing {
    /// Most cells along an axis of the grid.
    int MAX_CELLS = 64;

    /// {@return base cells of a frame along its width, 1 to 64}
    int columns();

    /// {@return base cells of a frame along its height, 1 to 64}
    int rows();

    /// {@return name of the difficulty score, like `laplacian`}
    String score();

    /// {@return the thresholds of the score, ascending}
    List<Double> thresholds();

    /// Checks this description against a model.
    ///
    /// @param paths paths of the model besides bicubic, at least 1
    /// @throws IllegalArgumentException if it does not fit
    void check(int paths);

    /// {@return what serves where nothing is known: every cell goes to the one path}
    static Routing onePath() {
        return new ByScore(20, 10, "laplacian", List.of(Double.NEGATIVE_INFINITY), List.of(1.0));
    }

    /// By the size of the patch, as Dy-DCA does: a patch of `2^(n-1)` x `2^(n-1)` base cells is split in four where its
    /// score reaches a threshold, and again, down to the base cell; the height of what comes out says the path.
    ///
    /// @param columns    base cells along the width
    /// @param rows       base cells along the height
    /// @param score      name of the difficulty score
    /// @param thresholds `n - 1` scores: a patch of the largest size is split from the first on, and so forth
    /// @param limits     `n - 1` heights in LR pixels, descending: patches at least as high as the first take path 1,
    ///                   of the others those at least as high as the second path 2, ..., all others path n; Dy-DCA has
    ///                   70
    record ByPatchSize(int columns, int rows, String score, List<Double> thresholds, List<Integer> limits)
            implements Routing {
        /// Copies the lists and checks what can be checked without a model.
        public ByPatchSize {
            thresholds = checked(columns, rows, score, thresholds, false);
            limits = List.copyOf(limits);
            for (int i = 0; i < limits.size(); i++) {
                if (limits.get(i) < 1 || i > 0 && limits.get(i) >= limits.get(i - 1)) {
                    throw new IllegalArgumentException("limits of the patches' height are " + limits
                            + ", wanted positive descending numbers");
                }
            }
        }

        @Override
        public void check(int paths) {
            wanted("thresholds", thresholds.size(), paths - 1, paths);
            wanted("limits", limits.size(), paths - 1, paths);
        }
    }

    /// By thresholds on the score of every base cell.
    ///
    /// @param columns    base cells along the width
    /// @param rows       base cells along the height
    /// @param score      name of the difficulty score
    /// @param thresholds `n` scores, ascending: cells below the first take path 0, of the others those below the second
    ///                   path 1, ...
    /// @param gains      for each path from 1 on, the squared error per pixel that it takes off a mean cell compared
    ///                   with path 0, at least 0; only their ratios matter. They tell a budget which path is worth its
    ///                   MACs
    record ByScore(int columns, int rows, String score, List<Double> thresholds, List<Double> gains)
            implements Routing {
        /// Copies the lists and checks what can be checked without a model.
        public ByScore {
            thresholds = checked(columns, rows, score, thresholds, true);
            gains = List.copyOf(gains);
            for (double gain : gains) {
                if (!(gain >= 0 && gain < Double.POSITIVE_INFINITY)) {
                    throw new IllegalArgumentException("gains are " + gains + ", wanted finite numbers from 0 on");
                }
            }
        }

        @Override
        public void check(int paths) {
            wanted("thresholds", thresholds.size(), paths, paths);
            wanted("gains", gains.size(), paths, paths);
        }
    }

    /// By a map that comes beside the video; a player without it decides by score.
    ///
    /// @param otherwise how to route without a map; its grid is that of the map
    record ByMap(ByScore otherwise) implements Routing {
        /// Checks that there is another way.
        public ByMap {
            Objects.requireNonNull(otherwise, "otherwise");
        }

        @Override
        public int columns() {
            return otherwise.columns();
        }

        @Override
        public int rows() {
            return otherwise.rows();
        }

        @Override
        public String score() {
            return otherwise.score();
        }

        @Override
        public List<Double> thresholds() {
            return otherwise.thresholds();
        }

        @Override
        public void check(int paths) {
            otherwise.check(paths);
        }
    }

    private static List<Double> checked(int columns, int rows, String score, List<Double> thresholds,
            boolean ascending) {
        if (columns < 1 || rows < 1 || columns > MAX_CELLS || rows > MAX_CELLS) {
            throw new IllegalArgumentException("grid of " + columns + "x" + rows + " cells, wanted 1 to " + MAX_CELLS
                    + " along each axis");
        }
        if (score.isBlank() || score.length() > StoredModel.MAX_NAME) {
            throw new IllegalArgumentException("the name of the score has " + score.length()
                    + " characters, wanted 1 to " + StoredModel.MAX_NAME);
        }
        List<Double> copy = List.copyOf(thresholds);
        for (int i = 0; i < copy.size(); i++) {
            if (copy.get(i).isNaN() || ascending && i > 0 && copy.get(i) < copy.get(i - 1)) {
                throw new IllegalArgumentException("thresholds are " + copy + ", wanted "
                        + (ascending ? "ascending numbers" : "numbers"));
            }
        }
        return copy;
    }

    private static void wanted(String what, int got, int wanted, int paths) {
        if (got != wanted) {
            throw new IllegalArgumentException("routing has " + got + " " + what + ", " + paths + " paths want "
                    + wanted);
        }
    }
}
