package io.github.fovea.pipeline;

import io.github.fovea.adapt.FrameWatch;
import java.util.concurrent.atomic.AtomicLong;

/// How much of a frame's work is done, for threads that share it. One that finds the frame hopeless ends it for all, by
/// an exception that [Workers] passes on to the caller.
final class FrameProgress {
    private final AtomicLong done = new AtomicLong();
    private FrameWatch watch;
    private long all;

    /// A frame was given up. Has no stack and is made once: a frame allocates nothing.
    static final class GivenUp extends RuntimeException {
        private static final long serialVersionUID = 1;
        private static final GivenUp INSTANCE = new GivenUp();

        private GivenUp() {
            super("the frame was given up because it would have been late", null, false, false);
        }
    }

    /// A frame begins.
    ///
    /// @param newWatch says whether it is hopeless; `null` for a frame that is never given up
    /// @param work     all its work, of any unit, more than 0
    void begin(FrameWatch newWatch, long work) {
        watch = newWatch;
        all = work;
        done.set(0);
    }

    /// Takes in what was done.
    ///
    /// @param work of the unit of [#begin]
    /// @throws GivenUp if the frame is hopeless
    void add(long work) {
        if (watch != null) {
            done.addAndGet(work);
            check();
        }
    }

    /// Looks whether to go on.
    ///
    /// @throws GivenUp if the frame is hopeless
    void check() {
        if (watch != null && watch.hopeless(System.nanoTime(), (double) done.get() / all)) {
            throw GivenUp.INSTANCE;
        }
    }
}
