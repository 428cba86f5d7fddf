package io.github.fovea.pipeline;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.Lock;

/// What frames take at each point on this machine: of each the fastest of some runs, taken in turn because the
/// machine's speed drifts, until none has become faster for some rounds, because the JVM compiles what runs often.
final class PointTimes {
    /// Rounds without a faster run that end the measurement, and rounds that it takes at least.
    private static final int STEADY_ROUNDS = 3;
    private static final int LEAST_ROUNDS = 4;
    /// No round begins later than this: a session is wanted now, and a controller corrects what is wrong by a little.
    private static final long LIMIT_NANOS = 2_500_000_000L;
    /// Faster by less than this is noise.
    private static final double FASTER = 0.97;

    private PointTimes() {}

    /// {@return the time of each run, in nanoseconds, at least 1}
    ///
    /// @param runs what to measure; each runs several times
    /// @param turn held for every run by itself: who else wants it is served in between
    static long[] measure(List<Runnable> runs, Lock turn) {
        long[] best = new long[runs.size()];
        Arrays.fill(best, Long.MAX_VALUE);
        long start = System.nanoTime();
        int steady = 0;
        for (int round = 0; round < LEAST_ROUNDS || steady < STEADY_ROUNDS && System.nanoTime() - start < LIMIT_NANOS;
                round++) {
            steady++;
            for (int i = 0; i < best.length; i++) {
                long nanos;
                turn.lock();
                try {
                    long before = System.nanoTime();
                    runs.get(i).run();
                    nanos = Math.max(1, System.nanoTime() - before);
                } finally {
                    turn.unlock();
                }
                if (nanos < FASTER * best[i]) {
                    steady = 0;
                }
                best[i] = Math.min(best[i], nanos);
            }
        }
        return best;
    }
}
