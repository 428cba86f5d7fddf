package io.github.fovea.backend;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

/// One run on several threads: every stage in blocks, one stage after the other.
///
/// Each thread has a share of every stage, neighbouring blocks at the same place in all stages, so that it finds the
/// rows before in its own cache. Who has done its share helps with the others'.
///
/// A thread that comes to a stage too early finds no block left of the one before, so each thread that it waits for is at
/// its last one. It looks around for a while ([Patience]), and then sleeps for short times.
final class SharedRun {
    /// Where the blocks of a share begin, and the last one ends, in parts of it. More than one block, so that a thread that comes
    /// late, or loses its processor, leaves the others less to wait for; no more, and a large one first, because Winograd kernels
    /// compute many tiles together.
    private static final int[] CUTS = {0, 3, 4};
    private static final int BLOCKS = CUTS.length - 1;
    private static final int PARTS = CUTS[BLOCKS];
    private static final long SLEEP_NANOS = 50_000;
    /// Longs from one share's number to the next: two cache lines, which a processor fetches together.
    private static final int APART = 16;

    private final AtomicInteger finished = new AtomicInteger();
    /// For each share, the stage in the upper half, and how many of its blocks are taken in the lower one.
    private AtomicLongArray taken = new AtomicLongArray(0);
    private volatile int opened;
    private volatile boolean failed;
    private final Patience patience = new Patience();
    private Stages stages;
    private int shares;

    /// Begins a run.
    ///
    /// @param newStages the stages, ready for a run
    /// @param threads   threads to share them, at least 1
    /// @return the number of shares
    int begin(Stages newStages, int threads) {
        stages = newStages;
        shares = threads;
        Math.multiplyExact(stages.count(), BLOCKS * shares);
        if (taken.length() < shares * APART) {
            taken = new AtomicLongArray(shares * APART);
        }
        finished.set(0);
        failed = false;
        open(0);
        return shares;
    }

    /// Does a share, and what is left of the others'. After one has thrown, the others return.
    ///
    /// @param share       its number; each is done once
    /// @param scratch     see [Stages#run]
    /// @param scratchFrom likewise
    void run(int share, float[] scratch, int scratchFrom) {
        boolean done = false;
        long blockNanos = 0;
        try {
            for (int stage = opened; stage < stages.count() && await(stage, blockNanos); stage++) {
                long longest = 0;
                for (int i = 0; i < shares; i++) {
                    int from = (share + i) % shares;
                    for (int block = take(from, stage); block >= 0; block = take(from, stage)) {
                        long begin = System.nanoTime();
                        stages.run(stage, from * PARTS + CUTS[block], from * PARTS + CUTS[block + 1], PARTS * shares, scratch,
                                scratchFrom);
                        longest = Math.max(longest, System.nanoTime() - begin);
                        if (finished.incrementAndGet() == (stage + 1) * BLOCKS * shares && stage + 1 < stages.count()) {
                            open(stage + 1);
                        }
                    }
                }
                blockNanos = longest == 0 ? blockNanos : longest;
            }
            done = true;
        } finally {
            if (!done) {
                failed = true;
            }
        }
    }

    private void open(int stage) {
        stages.open(stage);
        for (int share = 0; share < shares; share++) {
            taken.set(share * APART, (long) stage << 32);
        }
        opened = stage;
    }

    /// {@return the number of a block within a share that nobody else has or will have; -1 if none is left of this
    /// stage}
    private int take(int share, int stage) {
        long now = taken.get(share * APART);
        while (now >>> 32 == stage && (int) now < BLOCKS) {
            if (taken.compareAndSet(share * APART, now, now + 1)) {
                return (int) now;
            }
            now = taken.get(share * APART);
        }
        return -1;
    }

    /// {@return whether the stage is open; not if a thread has failed}
    private boolean await(int stage, long blockNanos) {
        if (opened >= stage) {
            return !failed;
        }
        long begin = System.nanoTime();
        long look = patience.look(blockNanos, begin);
        while (opened < stage && !failed && System.nanoTime() - begin < look) {
            Thread.onSpinWait();
        }
        if (opened < stage && !failed) {
            patience.inVain(look, System.nanoTime());
            sleep(stage);
        }
        return !failed;
    }

    /// Returns when the stage is open or a thread has failed.
    private void sleep(int stage) {
        boolean interrupted = false;
        while (opened < stage && !failed) {
            LockSupport.parkNanos(SLEEP_NANOS);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
