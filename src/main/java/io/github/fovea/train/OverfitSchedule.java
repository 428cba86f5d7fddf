package io.github.fovea.train;

import java.util.ArrayList;
import java.util.List;

/// How far overfitting has come, how fast it learns, and when it ends.
///
/// The learning rate warms up and falls to zero along a cosine over the steps or the time given. Where the held-out
/// frames have gained nothing over the last points of the curve, training cools down: the rate falls to zero along a
/// line within a tenth of the whole, and training ends there. Where every frame comes out as it was, it ends at once.
final class OverfitSchedule {
    /// Points of the curve over which the held-out frames must gain.
    private static final int PATIENCE = 6;
    /// What they must gain over these points, in dB.
    private static final double LEAST_GAIN = 0.01;
    /// Share of the whole that cooling down takes.
    private static final double COOLING = 0.1;
    private static final int POINT_NOTES = 3;

    private final TrainingOptions.Schedule schedule;
    private final boolean plateau;
    private final List<CurvePoint> curve = new ArrayList<>();
    /// The share of the whole at which cooling began; 2 before. Below 0 where it was over when it began.
    private double coolFrom = 2;

    /// Starts at the beginning.
    ///
    /// @param schedule how long, and how fast
    /// @param plateau  whether training ends early where nothing is gained
    OverfitSchedule(TrainingOptions.Schedule schedule, boolean plateau) {
        this.schedule = schedule;
        this.plateau = plateau;
    }

    private double end() {
        return Math.min(1, coolFrom + COOLING);
    }

    /// {@return whether training is over}
    boolean done(long steps, long nanos) {
        return schedule.share(steps, nanos) >= end();
    }

    /// {@return share of the work done, 0 to 1}
    double share(long steps, long nanos) {
        return Math.min(1, schedule.share(steps, nanos) / end());
    }

    /// {@return the learning rate of the next step}
    double rate(long steps, long nanos) {
        double share = schedule.share(steps, nanos);
        double line = share <= coolFrom ? 1 : Math.max(0, (end() - share) / (end() - coolFrom));
        return schedule.rate(steps, Math.min(share, coolFrom)) * line;
    }

    /// Takes a point of the curve.
    void add(CurvePoint point) {
        curve.add(point);
        if (plateau && !cooling() && curve.size() > 2 * PATIENCE) {
            double before = best(0, curve.size() - PATIENCE);
            double since = best(curve.size() - PATIENCE, curve.size());
            double share = schedule.share(point.step(), point.nanos());
            if (since < before + LEAST_GAIN && share < 1 - COOLING) {
                coolFrom = share;
            }
        }
    }

    /// Ends training at the last point of the curve: nothing is left to gain. Does nothing where training shall not end
    /// early.
    void finish() {
        if (plateau) {
            CurvePoint last = curve.getLast();
            coolFrom = schedule.share(last.step(), last.nanos()) - COOLING;
        }
    }

    private double best(int from, int to) {
        return curve.subList(from, to).stream().mapToDouble(CurvePoint::meanPsnr).max().orElseThrow();
    }

    /// {@return whether training is cooling down}
    boolean cooling() {
        return coolFrom < 2;
    }

    /// {@return the curve so far}
    List<CurvePoint> curve() {
        return curve;
    }

    /// {@return all that [#restore] needs}
    double[] notes() {
        List<Double> notes = new ArrayList<>();
        notes.add(coolFrom);
        for (CurvePoint point : curve) {
            notes.add((double) point.step());
            notes.add((double) point.nanos());
            notes.add(point.loss());
            notes.addAll(point.psnr());
        }
        return notes.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /// Goes on from notes.
    ///
    /// @param notes what [#notes] gave
    /// @param paths number of paths
    void restore(double[] notes, int paths) {
        coolFrom = notes[0];
        curve.clear();
        for (int at = 1; at + POINT_NOTES + paths <= notes.length; at += POINT_NOTES + paths) {
            List<Double> psnr = new ArrayList<>();
            for (int i = 0; i < paths; i++) {
                psnr.add(notes[at + POINT_NOTES + i]);
            }
            curve.add(new CurvePoint((long) notes[at], (long) notes[at + 1], notes[at + 2], psnr));
        }
    }
}
