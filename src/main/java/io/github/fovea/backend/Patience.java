package io.github.fovea.backend;

/// How long a thread that waits for others looks around before it sleeps. To sleep takes 100 microseconds and more; but where
/// other processes want the processors too, who looks around may take the place of the one it waits for.
///
/// So who waits looks for one and a half times the time that its own last piece of work took: whoever takes longer has lost
/// its processor. Behind a look in vain all look for some microseconds only, for so long that looks in vain take a small
/// share of the time. May be used by several threads.
final class Patience {
    /// Looks that are always allowed.
    static final long SHORT_NANOS = 20_000;
    /// A piece of work during which a thread lost its processor says nothing.
    static final long LONG_NANOS = 150_000;
    /// Looks in vain take one part in so many of the time, at most.
    static final long ONE_IN = 128;

    /// When long looks are allowed again, [System#nanoTime].
    private volatile long again = System.nanoTime();

    /// {@return how long to look around, nanoseconds}
    ///
    /// @param workNanos how long the caller's own last piece of work took
    /// @param now       [System#nanoTime]
    long look(long workNanos, long now) {
        return now - again < 0 ? SHORT_NANOS : Math.clamp(workNanos + workNanos / 2, SHORT_NANOS, LONG_NANOS);
    }

    /// Learns that a look was in vain.
    ///
    /// @param look what [#look] has said
    /// @param now  [System#nanoTime], behind it
    void inVain(long look, long now) {
        if (look > SHORT_NANOS) {
            again = now + ONE_IN * look;
        }
    }
}
