package io.github.fovea.bench;

import ai.onnxruntime.OrtException;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;

/// A run of frames of one engine, short enough that engines can take turns while the machine keeps its speed.
final class Slice {
    /// Runs one frame.
    @FunctionalInterface
    interface Frame {
        void run() throws OrtException;
    }

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final double[] nanos = new double[10_000];
    private long allocatedBytes;

    /// Runs frames for some time, at least one.
    ///
    /// @return the median of their times in nanoseconds
    double run(Frame frame, double seconds) throws OrtException {
        long before = threads.getTotalThreadAllocatedBytes();
        long begin = System.nanoTime();
        long last = begin;
        int frames = 0;
        while (frames == 0 || frames < nanos.length && last - begin < seconds * 1e9) {
            frame.run();
            long now = System.nanoTime();
            nanos[frames++] = now - last;
            last = now;
        }
        allocatedBytes = (threads.getTotalThreadAllocatedBytes() - before) / frames;
        return quantile(nanos, frames, 0.5);
    }

    /// {@return bytes that a frame of the last slice allocated, on all threads}
    long allocatedBytes() {
        return allocatedBytes;
    }

    /// {@return a quantile}
    ///
    /// @param values values
    /// @param count  how many of them count, from the first
    /// @param share  share of the values below it, 0 to 1
    static double quantile(double[] values, int count, double share) {
        double[] sorted = Arrays.copyOf(values, count);
        Arrays.sort(sorted);
        return sorted[(int) Math.round(share * (count - 1))];
    }
}
