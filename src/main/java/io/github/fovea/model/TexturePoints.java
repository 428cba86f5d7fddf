package io.github.fovea.model;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The texture classes of a frame, and operating points that take a path of their own for each class: Dy-DCA's routes
/// between DySR's sub-graphs.
///
/// A frame is cut into base cells as a [Routing] does; a cell whose score is below the first threshold belongs to class
/// 0, the smoothest, of the others those below the second to class 1, and so on.
///
/// @param columns    base cells along the width, 1 to 64
/// @param rows       base cells along the height, 1 to 64
/// @param score      name of the difficulty score, like `laplacian`
/// @param thresholds 1 to 7 scores, ascending: one less than there are classes
/// @param shares     for each class the share of pixels that is expected to fall into it; they add up to 1
/// @param points     1 to [MetaModel#MAX_POINTS] points, rising in expected multiply-adds and quality
public record TexturePoints(int columns, int rows, String score, List<Double> thresholds, List<Double> shares,
        List<TexturePoint> points) {
    /// Most texture classes.
    public static final int MAX_CLASSES = 8;
    /// Shares are written with seven digits.
    private static final double SUM_TOLERANCE = 1e-4;

    /// Copies the lists and checks what can be checked without a model.
    ///
    /// @throws IllegalArgumentException naming the field that is wrong
    public TexturePoints {
        // The routing checks grid, score and thresholds.
        thresholds = new Routing.ByScore(columns, rows, score, thresholds, List.of()).thresholds();
        shares = List.copyOf(shares);
        points = List.copyOf(points);
        int classes = thresholds.size() + 1;
        if (classes < 2 || classes > MAX_CLASSES) {
            throw new IllegalArgumentException(thresholds.size() + " thresholds between texture classes, wanted 1 to "
                    + (MAX_CLASSES - 1));
        }
        double sum = shares.stream().mapToDouble(Double::doubleValue).sum();
        if (shares.size() != classes || shares.stream().anyMatch(share -> !(share >= 0))
                || !(Math.abs(sum - 1) < SUM_TOLERANCE)) {
            throw new IllegalArgumentException("shares of texture classes are " + shares + ", wanted " + classes
                    + " numbers from 0 on that add up to 1");
        }
        if (points.isEmpty() || points.size() > MetaModel.MAX_POINTS) {
            throw new IllegalArgumentException(points.size() + " operating points by texture, wanted 1 to "
                    + MetaModel.MAX_POINTS);
        }
    }

    /// {@return the number of texture classes}
    public int classes() {
        return shares.size();
    }

    /// {@return the classes as a routing whose path number is the class number}
    public Routing.ByScore routing() {
        return new Routing.ByScore(columns, rows, score, thresholds, thresholds.stream().map(_ -> 1.0).toList());
    }

    /// Checks the points against the paths that they name.
    ///
    /// @param macsPerPixel multiply-adds per LR pixel of each path, path 0 (bicubic) first
    /// @throws IllegalArgumentException naming the point that is wrong
    void check(long[] macsPerPixel) {
        Set<String> names = new HashSet<>();
        double macs = -1;
        double psnr = Double.NEGATIVE_INFINITY;
        for (TexturePoint point : points) {
            StoredModel.checkName("point", point.name());
            if (point.paths().size() != classes()) {
                throw new IllegalArgumentException("operating point " + point.name() + " has " + point.paths().size()
                        + " paths, wanted one for each of " + classes() + " texture classes");
            }
            int least = 0;
            for (int path : point.paths()) {
                if (path < least || path >= macsPerPixel.length) {
                    throw new IllegalArgumentException("operating point " + point.name() + " takes the paths "
                            + point.paths()
                            + ", wanted numbers from 0 to " + (macsPerPixel.length - 1) + " that do not fall");
                }
                least = path;
            }
            double costs = point.macsPerPixel(macsPerPixel, shares);
            if (!names.add(point.name()) || !(costs > macs) || !(point.psnr() > psnr)) {
                throw new IllegalArgumentException("operating point " + point.name() + " of " + costs
                        + " multiply-adds per LR pixel and " + point.psnr()
                        + " dB, wanted a name of its own, more than " + macs
                        + " multiply-adds and more than " + psnr + " dB, as the point before it has");
            }
            macs = costs;
            psnr = point.psnr();
        }
    }
}
