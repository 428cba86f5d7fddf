package io.github.fovea.model;

import java.util.List;
import java.util.Objects;

/// An operating point that takes a path for each texture class of a frame: smooth parts a cheap one, textured parts a
/// deep one.
///
/// @param name  name of the point, 1 to 200 characters
/// @param paths the path of each class, the smoothest class first: 0 is bicubic, `k` the model's point number `k`,
///              counted from
///              1. Never cheaper than for a smoother class
/// @param psnr  expected quality in dB, on the measure that [MetaModel#measure] names
public record TexturePoint(String name, List<Integer> paths, double psnr) {
    /// Copies the list and checks that the quality is a number.
    public TexturePoint {
        Objects.requireNonNull(name, "name");
        paths = List.copyOf(paths);
        if (!Double.isFinite(psnr)) {
            throw new IllegalArgumentException("operating point " + name + " has a quality of " + psnr + ", wanted dB");
        }
    }

    /// {@return multiply-adds per LR pixel that are expected of a frame with usual shares of the classes, without
    /// halos}
    ///
    /// @param macsPerPixel multiply-adds per LR pixel of each path, path 0 first
    /// @param shares       share of a frame's pixels in each class
    public double macsPerPixel(long[] macsPerPixel, List<Double> shares) {
        double sum = 0;
        for (int c = 0; c < paths.size(); c++) {
            sum += shares.get(c) * macsPerPixel[paths.get(c)];
        }
        return sum;
    }
}
