package io.github.fovea.adapt;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// The operating points of a session in order of cost; cost and quality both rise strictly. Point 0 is the fallback,
/// plain bicubic as a rule: what a frame gets that nothing dearer could finish in time.
///
/// @param points the points, the cheapest first
public record PointLadder(List<OperatingPoint> points) {
    /// The index of the cheapest point.
    public static final int FALLBACK = 0;

    /// Checks the order.
    ///
    /// @throws IllegalArgumentException if there are fewer than 2 points, or two are out of order
    public PointLadder {
        points = List.copyOf(points);
        if (points.size() < 2) {
            throw new IllegalArgumentException(points.size()
                    + " operating points, wanted the fallback and at least one more");
        }
        for (int i = 1; i < points.size(); i++) {
            OperatingPoint low = points.get(i - 1);
            OperatingPoint high = points.get(i);
            if (high.predictedNanos() <= low.predictedNanos() || high.psnr() <= low.psnr()) {
                throw new IllegalArgumentException("operating point " + high.name() + " (" + high.predictedNanos()
                        + " ns, "
                        + high.psnr() + " dB) does not cost and give more than " + low.name() + " ("
                        + low.predictedNanos() + " ns, " + low.psnr() + " dB); leave out what is dominated");
            }
        }
    }

    /// {@return a ladder of the points that no other dominates, by cost}
    ///
    /// @param points points in any order
    public static PointLadder of(List<OperatingPoint> points) {
        List<OperatingPoint> kept = new ArrayList<>();
        points.stream().sorted(Comparator.comparingLong(OperatingPoint::predictedNanos)).forEach(point -> {
            if (points.stream().noneMatch(point::dominatedBy)
                    && kept.stream().noneMatch(k -> k.psnr() == point.psnr()
                    && k.predictedNanos() == point.predictedNanos())) {
                kept.add(point);
            }
        });
        return new PointLadder(kept);
    }

    /// {@return the number of points}
    public int size() {
        return points.size();
    }

    /// {@return a point}
    ///
    /// @param index 0 for the cheapest
    public OperatingPoint get(int index) {
        return points.get(index);
    }

    /// {@return the index of the best point}
    public int top() {
        return points.size() - 1;
    }
}
