package io.github.fovea.bench;

import ai.onnxruntime.OrtException;
import java.io.IOException;

/// Times of two engines that take turns in slices of a tenth of a second. The machine's speed changes by half within seconds, so a
/// ratio is taken in each round of slices: a change then hits both, or one round. Whoever comes first changes too, so that
/// what one leaves behind does not always meet the other.
final class Turns {
    static final int MAX_ROUNDS = 1000;
    static final double SLICE_SECONDS = 0.1;
    /// Longer than threads of ONNX Runtime spin for work after a frame.
    private static final int SETTLE_MILLIS = 5;

    private final Slice slice;
    private final double[] ours = new double[MAX_ROUNDS];
    private final double[] rival = new double[MAX_ROUNDS];
    private final double[] ratios = new double[MAX_ROUNDS];
    private int rounds;
    private long allocatedBytes;

    /// @param slice runs the frames
    Turns(Slice slice) {
        this.slice = slice;
    }

    /// Runs frames of the other engine.
    @FunctionalInterface
    interface Lap {
        /// {@return the median of the frames' times in nanoseconds}
        ///
        /// @param seconds time to run frames for, at least one
        double nanos(double seconds) throws OrtException, IOException;
    }

    /// Runs a slice of each engine; at most [#MAX_ROUNDS] times.
    ///
    /// @param own   a frame of ours
    /// @param other frames of the other engine
    void round(Slice.Frame own, Lap other) throws OrtException, IOException, InterruptedException {
        for (int turn = 0; turn < 2; turn++) {
            if ((turn + rounds) % 2 == 0) {
                ours[rounds] = slice.run(own, SLICE_SECONDS);
                allocatedBytes = slice.allocatedBytes();
            } else {
                rival[rounds] = other.nanos(SLICE_SECONDS);
                Thread.sleep(SETTLE_MILLIS);
            }
        }
        ratios[rounds] = rival[rounds] / ours[rounds];
        rounds++;
    }

    /// {@return rounds so far}
    int rounds() {
        return rounds;
    }

    /// {@return nanoseconds of our frame in the latest round}
    double latest() {
        return ours[rounds - 1];
    }

    /// {@return median of our frame's times, in nanoseconds}
    double ours() {
        return Slice.quantile(ours, rounds, 0.5);
    }

    /// {@return median of the other's frame's times, in nanoseconds}
    double rival() {
        return Slice.quantile(rival, rounds, 0.5);
    }

    /// {@return a quantile of the ratios of the other's time to ours}
    ///
    /// @param share share of the ratios below it, 0 to 1
    double ratio(double share) {
        return Slice.quantile(ratios, rounds, share);
    }

    /// {@return bytes that a frame of our latest slice allocated, on all threads}
    long allocatedBytes() {
        return allocatedBytes;
    }
}
