package io.github.fovea.backend;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// One run on several threads: every stage in blocks, one stage after the other.
///
/// A thread that comes to a stage too early looks around for some microseconds, because the others' blocks end at about the
/// same time, and then sleeps for short times: whoever it waits for may have lost its processor.
final class SharedRun {
    private static final long LOOK_NANOS = 20_000;
    private static final long SLEEP_NANOS = 50_000;

    private final AtomicInteger finished = new AtomicInteger();
    private volatile int opened;
    private volatile boolean failed;
    private Stages stages;
    private int blocks;

    /// Begins a run.
    ///
    /// @param newStages the stages, ready for a run
    /// @param newBlocks blocks of a stage, at least 1
    /// @return the parts of the run
    int begin(Stages newStages, int newBlocks) {
        stages = newStages;
        blocks = newBlocks;
        finished.set(0);
        failed = false;
        stages.open(0);
        opened = 0;
        return Math.multiplyExact(stages.count(), blocks);
    }

    /// Does a part. After one has thrown, the others do nothing.
    ///
    /// @param part        its number; all parts are begun in order, once each
    /// @param scratch     see [Stages#run]
    /// @param scratchFrom likewise
    void run(int part, float[] scratch, int scratchFrom) {
        int stage = part / blocks;
        await(stage);
        if (failed) {
            return;
        }
        boolean done = false;
        try {
            stages.run(stage, part % blocks, blocks, scratch, scratchFrom);
            int next = stage + 1;
            if (finished.incrementAndGet() == next * blocks && next < stages.count()) {
                stages.open(next);
                opened = next;
            }
            done = true;
        } finally {
            if (!done) {
                failed = true;
            }
        }
    }

    private void await(int stage) {
        if (opened >= stage) {
            return;
        }
        boolean interrupted = false;
        long begin = System.nanoTime();
        while (opened < stage && !failed) {
            if (System.nanoTime() - begin < LOOK_NANOS) {
                Thread.onSpinWait();
            } else {
                LockSupport.parkNanos(SLEEP_NANOS);
                interrupted |= Thread.interrupted();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
