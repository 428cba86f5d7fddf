package io.github.fovea.adapt;

import java.util.Arrays;

/// The latest slow-downs: measured time of a frame over the time predicted for its point. Allocates nothing after
/// construction.
final class SlowdownWindow {
    private final double[] samples;
    private final double[] sorted;
    private int next;
    private int count;

    /// @param capacity samples kept
    SlowdownWindow(int capacity) {
        samples = new double[capacity];
        sorted = new double[capacity];
    }

    void add(double slowdown) {
        samples[next] = slowdown;
        next = (next + 1) % samples.length;
        count = Math.min(count + 1, samples.length);
    }

    int count() {
        return count;
    }

    /// The prediction of the latest `last` samples was wrong by a factor: they are divided by it.
    void rescale(int last, double factor) {
        for (int i = 1; i <= Math.min(last, count); i++) {
            samples[Math.floorMod(next - i, samples.length)] /= factor;
        }
    }

    /// {@return the value below which a share of the latest `last` samples lies; NaN without samples}
    ///
    /// @param last  how many samples count
    /// @param share 0.5 for the median, 1 for the largest
    double quantile(int last, double share) {
        int n = sort(last);
        return n == 0 ? Double.NaN : sorted[(int) Math.min(n - 1, Math.round(share * (n - 1)))];
    }

    /// {@return the second largest of the latest samples, the largest where there are fewer than 4, NaN without samples: one
    /// hiccup does not count, two do}
    ///
    /// @param last how many samples count
    double high(int last) {
        int n = sort(last);
        return n == 0 ? Double.NaN : n < 4 ? sorted[n - 1] : sorted[n - 2];
    }

    private int sort(int last) {
        int n = Math.min(last, count);
        for (int i = 0; i < n; i++) {
            sorted[i] = samples[Math.floorMod(next - 1 - i, samples.length)];
        }
        Arrays.sort(sorted, 0, n);
        return n;
    }
}
