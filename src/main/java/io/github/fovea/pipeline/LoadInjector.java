package io.github.fovea.pipeline;

import io.github.fovea.adapt.LoadTrace;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// Keeps processors busy as a trace says, to show what a session does about it. Its threads compute nothing.
public final class LoadInjector implements AutoCloseable {
    /// How often a thread that has nothing to do looks for work, and one that works looks for the end.
    private static final long LOOK_NANOS = 2_000_000;

    private final LoadTrace trace;
    private final long start = System.nanoTime();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean closed;

    /// Starts the trace now.
    ///
    /// @param trace what to do when
    public LoadInjector(LoadTrace trace) {
        this.trace = trace;
        for (int i = 0; i < trace.mostThreads(); i++) {
            int number = i;
            threads.add(Thread.ofPlatform().daemon().name("fovea-load-" + i).start(() -> load(number)));
        }
    }

    private void load(int number) {
        while (!closed) {
            long now = System.nanoTime();
            if (number < trace.threads((now - start) / 1e9)) {
                while (System.nanoTime() - now < LOOK_NANOS) {
                    Thread.onSpinWait();
                }
            } else {
                LockSupport.parkNanos(LOOK_NANOS);
            }
        }
    }

    /// Ends the load and waits for its threads.
    @Override
    public void close() {
        closed = true;
        for (Thread thread : threads) {
            ThreadEnd.await(thread);
        }
    }
}
