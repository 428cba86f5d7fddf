package io.github.fovea.adapt;

/// A token bucket of late frames: every frame puts a small share of a token in, every late one takes a whole token out, and
/// climbing needs one. So late frames that climbing causes stay below that share in the long run, whatever the load does.
final class LateAllowance {
    private static final double START = 2;
    private static final double MOST = 3;
    private static final double LEAST = -3;

    private final double share;
    private double tokens = START;

    /// @param share share of frames that may be late
    LateAllowance(double share) {
        this.share = share;
    }

    void frame(boolean late) {
        tokens = Math.clamp(tokens + share - (late ? 1 : 0), LEAST, MOST);
    }

    boolean allowsClimb() {
        return tokens >= 1;
    }

    /// {@return whether a wrong climb could be afforded easily}
    boolean ample() {
        return tokens >= 2;
    }
}
