package io.github.fovea.adapt;

import java.util.Arrays;

/// What the coming frame takes at each operating point: what frames took lately tells about every point, by what the
/// points cost relative to each other and what the frame is like. A frame's time is the time predicted for its point
/// times the machine's slow-down of the moment, and a delay ([TimeWindow]).
///
/// Allocates nothing after it was made. For one thread at a time.
final class Forecast {
    /// Samples that say whether frames are about to be late.
    static final int RECENT = 16;
    /// Samples that a climb looks at.
    private static final int CLIMB_SAMPLES = 48;
    /// Samples kept, 5 s at 24 frames a second: what a climb looks at when no late frame can be afforded.
    private static final int MEMORY = 128;
    private static final int MEDIAN_SAMPLES = 4;
    /// A frame is not taken to be slower than this many times the median before it: a hiccup is no load.
    private static final double HICCUP = 6;
    /// In a frame that takes this many times the median before it the machine stood still for the rest, but for more such frames in a
    /// row than these.
    private static final double STALL = 4;
    private static final int MOST_STALLS = 2;
    private static final double LEAST_CONTENT = 1e-3;
    private static final double MOST_CONTENT = 1e3;

    private final double limit;
    private final double[] cost;
    /// What the coming frame costs at each point, by the point's usual cost.
    private final double[] content;
    private final TimeWindow window = new TimeWindow(MEMORY);
    /// The latest frame that says something: its time and what was predicted; and the usual time of its point before
    /// it.
    private double latestRun = Double.NaN;
    private double latestCost = Double.NaN;
    private double typicalBefore = Double.NaN;
    private double latestStall;
    private int stallsInARow;

    /// Ways to tell the time of a point's next frame.
    enum Estimate {
        /// As the latest frame went, a hiccup taken for less, and no better than the few before it.
        LATEST,
        /// As the worst of the latest frames went, but one.
        HIGH,
        /// As the worst of many frames went, but one.
        LONG_HIGH,
        /// As the worst frames of a long time went, but one.
        LASTING_HIGH,
        /// As a few frames went; what the point costs where there was none.
        MEDIAN,
        /// As half of the latest frames went, or better.
        TYPICAL
    }

    /// Starts with the times predicted for the points, and usual frames.
    ///
    /// @param ladder the points
    /// @param limit  nanoseconds that a frame has
    Forecast(PointLadder ladder, double limit) {
        this.limit = limit;
        cost = ladder.points().stream().mapToDouble(OperatingPoint::predictedNanos).toArray();
        content = new double[cost.length];
        Arrays.fill(content, 1);
    }

    /// Tells what the next frames cost at each point, by the point's usual cost.
    void expect(double[] factors) {
        for (int i = 0; i < content.length; i++) {
            content[i] = Math.clamp(factors[i], LEAST_CONTENT, MOST_CONTENT);
        }
    }

    /// {@return what the coming frame costs at a point, by the point's usual cost}
    double content(int index) {
        return content[index];
    }

    /// {@return what the coming frame costs at a point, in nanoseconds of a machine that does nothing else}
    double cost(int index) {
        return cost[index] * content[index];
    }

    /// {@return what usual frames cost at a point}
    double usualCost(int index) {
        return cost[index];
    }

    /// Sets what usual frames cost at a point.
    void usualCost(int index, double nanos) {
        cost[index] = nanos;
    }

    /// What usual frames cost at a point proved to be another, and the latest frames told of it.
    ///
    /// @param index   the point
    /// @param factor  what its cost is multiplied by
    /// @param samples the frames that ran there since
    void rescale(int index, double factor, int samples) {
        cost[index] *= factor;
        window.rescale(samples, factor);
    }

    /// {@return how many frames have told something, at most as many as are kept}
    int count() {
        return window.count();
    }

    /// {@return the time of the coming frame at a point if it goes as the worst of some latest frames, but one}
    double high(int samples, int index) {
        return window.high(samples, cost(index), cost(PointLadder.FALLBACK), limit);
    }

    /// {@return the time of a usual frame at a point if it goes as half of some latest frames, or better}
    double usualMedian(int samples, int index) {
        return window.quantile(samples, 0.5, cost[index]);
    }

    /// {@return the time of the coming frame at a point}
    double time(Estimate estimate, int index) {
        double expected = cost(index);
        return switch (estimate) {
            case LATEST -> Math.max(time(Estimate.MEDIAN, index), Double.isNaN(latestRun) ? expected
                    : TimeWindow.transfer(Double.isNaN(typicalBefore) ? latestRun
                    : Math.min(latestRun, HICCUP * typicalBefore),
                            latestCost, expected));
            case HIGH -> high(RECENT, index);
            case LONG_HIGH -> high(CLIMB_SAMPLES, index);
            case LASTING_HIGH -> high(MEMORY, index);
            case MEDIAN -> window.count() == 0 ? expected : window.quantile(MEDIAN_SAMPLES, 0.5, expected);
            case TYPICAL -> window.quantile(RECENT, 0.5, expected);
        };
    }

    /// {@return the time that the fallback would have taken in place of the latest frame}
    double latestFallback() {
        return TimeWindow.transfer(latestRun - latestStall, latestCost, cost(PointLadder.FALLBACK)) + latestStall;
    }

    /// {@return the time that an estimate tells; what the point costs where no frame has told anything yet}
    double timeOrCost(Estimate estimate, int index) {
        return window.count() == 0 ? cost(index) : time(estimate, index);
    }

    /// {@return the best point up to `best` whose next frame is expected to stay within a limit}
    int fit(Estimate estimate, double most, int best) {
        int target = best;
        while (target > PointLadder.FALLBACK && time(estimate, target) > most) {
            target--;
        }
        return target;
    }

    /// Takes in what a frame took.
    ///
    /// @param run     its time in nanoseconds, above 0
    /// @param index   the point that it ran at
    /// @param telling whether it tells about other frames; else only that the latest one went so
    void learn(double run, int index, boolean telling) {
        latestRun = run;
        latestCost = cost(index);
        typicalBefore = time(Estimate.TYPICAL, index);
        // Work hardly becomes so much slower from one frame to the next; where it stays so, it did.
        boolean stall = run > STALL * typicalBefore && stallsInARow < MOST_STALLS;
        stallsInARow = stall ? stallsInARow + 1 : 0;
        latestStall = stall ? run - typicalBefore : 0;
        if (telling) {
            window.add(run, latestCost, latestStall);
        }
    }
}
