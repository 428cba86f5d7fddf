package io.github.fovea.adapt;

/// A token bucket of late frames: every frame puts a small share of a token in, every late one takes a token or more
/// out, and climbing needs one. So late frames that climbing causes stay below that share in the long run, whatever the
/// load does.
final class LateAllowance {
    private static final double START = 2;
    private static final double MOST = 3;
    private static final double LEAST = -3;
    private static final double MOST_LOST = 4;

    private final double share;
    private double tokens = START;

    /// @param share share of frames that may be late
    LateAllowance(double share) {
        this.share = share;
    }

    /// @param periods 0 for a frame in time; of a late one its time by the deadline: frames that came meanwhile may be
    ///                lost
    void frame(double periods) {
        tokens = Math.clamp(tokens + share - Math.min(periods, MOST_LOST), LEAST, MOST);
    }

    boolean allowsClimb() {
        return tokens >= 1;
    }

    /// {@return whether a climb that is hardly wrong could be afforded}
    boolean allowsReturn() {
        return tokens >= -2;
    }

    /// {@return whether a wrong climb could be afforded easily}
    boolean ample() {
        return tokens >= 2;
    }
}
