package io.github.fovea.train;

import java.util.Arrays;

/// How large a step's gradient may be: larger ones are shortened. A few odd patches can throw a network far off that
/// has trained well for minutes, and nothing brings it back. Gradients that are no numbers become zeros.
final class GradientLimit {
    /// Share of a step in the usual norm.
    private static final double FOLLOW = 0.01;

    private final double most;
    private final double timesUsual;
    private double usual;

    private GradientLimit(double most, double timesUsual) {
        this.most = most;
        this.timesUsual = timesUsual;
    }

    /// {@return a limit of the norm itself}
    ///
    /// @param most the largest norm, or 0 for no limit
    static GradientLimit ofNorm(double most) {
        return new GradientLimit(most == 0 ? Double.MAX_VALUE : most, Double.MAX_VALUE);
    }

    /// {@return a limit that follows the norm, which is a running average}
    ///
    /// @param times how many times the usual norm a gradient may have, above 1
    static GradientLimit ofUsualNorm(double times) {
        return new GradientLimit(Double.MAX_VALUE, times);
    }

    /// Shortens a gradient that is too long.
    void apply(float[] gradient) {
        double square = 0;
        for (float value : gradient) {
            square += (double) value * value;
        }
        double norm = Math.sqrt(square);
        if (!Double.isFinite(norm)) {
            Arrays.fill(gradient, 0f);
            return;
        }
        double limit = usual == 0 ? most : Math.min(most, timesUsual * usual);
        if (norm > limit) {
            float factor = (float) (limit / norm);
            for (int i = 0; i < gradient.length; i++) {
                gradient[i] *= factor;
            }
            norm = limit;
        }
        usual = usual == 0 ? norm : usual + FOLLOW * (norm - usual);
    }

    /// {@return the usual norm so far, 0 before the first gradient}
    double usual() {
        return usual;
    }

    /// Goes on from a usual norm.
    ///
    /// @param norm the usual norm, or 0 to begin anew
    void usual(double norm) {
        usual = norm;
    }
}
