package io.github.fovea.pipeline;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/// Times of several pieces of work that were measured in turns, round by round, on a machine that changes its speed.
///
/// A round's times share the machine's speed of that moment, so they are taken for the product of what a piece of work
/// takes and how slow the round was, and both are found by median polish of the logarithms (Tukey 1977, "Exploratory
/// Data Analysis", chapter 11): a single time that something disturbed moves neither, and the ratio of two pieces of
/// work does not depend on when they were measured.
final class TimesInTurns {
    private static final int SWEEPS = 10;
    /// Share of the rounds that are faster than the moment that times are told for: the fastest ones are luck.
    private static final double FAST = 0.25;

    private TimesInTurns() {}

    /// {@return what each piece of work takes in a fast moment, in nanoseconds}
    ///
    /// @param rounds of every round the time of each piece of work, in nanoseconds, at least 1 each; at least one round
    static long[] typical(List<long[]> rounds) {
        int works = rounds.getFirst().length;
        double[] work = new double[works];
        double[] slowness = new double[rounds.size()];
        for (int sweep = 0; sweep < SWEEPS; sweep++) {
            for (int i = 0; i < works; i++) {
                int at = i;
                work[i] = quantile(0.5, rounds.size(), r -> Math.log(rounds.get(r)[at]) - slowness[r]);
            }
            for (int r = 0; r < slowness.length; r++) {
                long[] round = rounds.get(r);
                slowness[r] = quantile(0.5, works, i -> Math.log(round[i]) - work[i]);
            }
        }
        double fast = quantile(FAST, slowness.length, r -> slowness[r]);
        return Arrays.stream(work).mapToLong(log -> Math.max(1, Math.round(Math.exp(log + fast)))).toArray();
    }

    private static double quantile(double share, int count, IntToDoubleFunction value) {
        double[] sorted = IntStream.range(0, count).mapToDouble(value).sorted().toArray();
        double at = share * (count - 1);
        int below = (int) at;
        int above = Math.min(below + 1, count - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }
}
