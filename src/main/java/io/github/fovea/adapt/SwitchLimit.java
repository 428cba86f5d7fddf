package io.github.fovea.adapt;

/// At most two switches in any second.
final class SwitchLimit {
    static final long WINDOW_NANOS = 1_000_000_000L;
    private static final long NEVER = Long.MIN_VALUE / 4;

    private long last = NEVER;
    private long before = NEVER;

    /// {@return whether a switch may happen now}
    boolean allows(long now) {
        return now - before > WINDOW_NANOS;
    }

    /// {@return whether another switch happened within the last second}
    boolean recent(long now) {
        return now - last <= WINDOW_NANOS;
    }

    void add(long now) {
        before = last;
        last = now;
    }

    /// {@return time since the last switch; very large before the first}
    long since(long now) {
        return now - last;
    }
}
