package io.github.fovea.adapt;

import java.util.Arrays;

/// What the latest frames say about frames of any cost: each sample is a slow-down, by which work takes longer than
/// predicted, and a delay that comes on top, however little the work is. Allocates nothing after construction.
///
/// A busy machine does both: it gives a frame a part of the processors, and lets it wait for its turn. A frame of a
/// millisecond that waits for four takes five times as long as predicted, but one of twenty takes only a fifth longer.
final class TimeWindow {
    /// The longest wait for a processor that others hold, several turns of the scheduler, in nanoseconds.
    private static final double DELAY_NANOS = 30e6;
    /// Frames up to this time, in nanoseconds, are done within one turn of the processor: what they take longer is
    /// waiting.
    private static final double TURN_NANOS = 2e6;
    /// Slow-downs beyond are those of a stalled machine and say nothing.
    private static final double MOST_SLOWDOWN = 100;
    private static final double LEAST_SLOWDOWN = 0.01;

    private final double[] slowdowns;
    private final double[] delays;
    private final double[] sorted;
    private int next;
    private int count;

    /// @param capacity samples kept
    TimeWindow(int capacity) {
        slowdowns = new double[capacity];
        delays = new double[capacity];
        sorted = new double[capacity];
    }

    /// {@return the part of a frame's time that is taken for a delay: of what came unpredicted the less, the longer the
    /// frame, since work itself may have been slow}
    private static double delay(double run, double cost) {
        return Math.clamp(run - cost, 0, DELAY_NANOS) * Math.min(1, TURN_NANOS / cost);
    }

    /// {@return what a frame's time says about another cost}
    ///
    /// @param run   time that the frame took, in nanoseconds
    /// @param cost  time that was predicted for it
    /// @param other time predicted for another frame
    static double transfer(double run, double cost, double other) {
        double delay = delay(run, cost);
        return other * Math.clamp((run - delay) / cost, LEAST_SLOWDOWN, MOST_SLOWDOWN) + delay;
    }

    /// Takes in a frame.
    ///
    /// @param run   time that it took, in nanoseconds
    /// @param cost  time that was predicted for it
    /// @param stall the part of its time in which the machine stood still
    void add(double run, double cost, double stall) {
        double delay = delay(run - stall, cost);
        slowdowns[next] = Math.clamp((run - stall - delay) / cost, LEAST_SLOWDOWN, MOST_SLOWDOWN);
        delays[next] = delay + stall;
        next = (next + 1) % slowdowns.length;
        count = Math.min(count + 1, slowdowns.length);
    }

    int count() {
        return count;
    }

    /// The prediction of the latest `last` samples was wrong by a factor: they are divided by it.
    void rescale(int last, double factor) {
        for (int i = 1; i <= Math.min(last, count); i++) {
            slowdowns[Math.floorMod(next - i, slowdowns.length)] /= factor;
        }
    }

    /// {@return the time below which a frame would have come out in a share of the latest cases; NaN without samples}
    ///
    /// @param last  how many samples count
    /// @param share 0.5 for the median, 1 for the largest
    /// @param cost  time predicted for the frame
    double quantile(int last, double share, double cost) {
        int n = sort(last, cost, cost, Double.POSITIVE_INFINITY);
        return n == 0 ? Double.NaN : sorted[(int) Math.min(n - 1, Math.round(share * (n - 1)))];
    }

    /// {@return the second longest time that a frame would have taken in the latest cases, the longest where there are
    /// fewer than 4, NaN without samples: one hiccup does not count, two do}
    ///
    /// Cases in which the least frame would have been late too say nothing about which frame to take, and do not count
    /// unless most were such.
    ///
    /// @param last  how many samples count
    /// @param cost  time predicted for the frame
    /// @param least time predicted for the least frame that could take its place
    /// @param limit time that frames have
    double high(int last, double cost, double least, double limit) {
        int n = sort(last, cost, least, limit);
        return n == 0 ? Double.NaN : n < 4 ? sorted[n - 1] : sorted[n - 2];
    }

    private int sort(int last, double cost, double least, double limit) {
        int n = Math.min(last, count);
        int kept = 0;
        for (int i = 0; i < n; i++) {
            int at = Math.floorMod(next - 1 - i, slowdowns.length);
            if (least * slowdowns[at] + delays[at] <= limit) {
                sorted[kept++] = cost * slowdowns[at] + delays[at];
            }
        }
        if (2 * kept < n) {
            return sort(last, cost, least, Double.POSITIVE_INFINITY);
        }
        Arrays.sort(sorted, 0, kept);
        return kept;
    }
}
