package io.github.fovea.media;

import java.util.Optional;

/// A fraction, as containers state frame rates and aspect ratios; 0:0 or 0:1 means that nothing is known.
///
/// @param numerator   not negative
/// @param denominator not negative
public record Ratio(int numerator, int denominator) {
    /// Nothing is known.
    public static final Ratio UNKNOWN = new Ratio(0, 0);
    /// One to one, for example square pixels.
    public static final Ratio ONE = new Ratio(1, 1);

    /// Checks the signs.
    public Ratio {
        if (numerator < 0 || denominator < 0) {
            throw new IllegalArgumentException("ratio " + numerator + ":" + denominator + ", wanted no negative part");
        }
    }

    /// {@return whether both parts are above 0}
    public boolean isKnown() {
        return numerator > 0 && denominator > 0;
    }

    /// {@return the value; 0 where unknown}
    public double value() {
        return isKnown() ? numerator / (double) denominator : 0;
    }

    /// {@return the same value with the parts exchanged}
    public Ratio inverse() {
        return new Ratio(denominator, numerator);
    }

    /// Parses `a:b` or `a/b`.
    ///
    /// @param text the text
    /// @return the ratio, or empty where the text is none
    public static Optional<Ratio> parse(String text) {
        int at = Math.max(text.indexOf(':'), text.indexOf('/'));
        if (at < 1) {
            return Optional.empty();
        }
        try {
            int a = Integer.parseInt(text.substring(0, at));
            int b = Integer.parseInt(text.substring(at + 1));
            return a < 0 || b < 0 ? Optional.empty() : Optional.of(new Ratio(a, b));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /// {@return the parts with a slash between, as ffmpeg writes rates}
    @Override
    public String toString() {
        return numerator + "/" + denominator;
    }
}
