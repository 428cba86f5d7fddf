package io.github.fovea.cli;

import java.util.List;
import java.util.Locale;

/// What the numbers of options may be. All options of a command are checked before it begins its work.
final class OptionRange {
    private OptionRange() {}

    /// Checks a number.
    ///
    /// @param option the option's name, `--` included
    /// @param value  what was given, or `null` where nothing was
    /// @param least  the least that is allowed
    /// @param most   the most that is allowed
    /// @throws IllegalArgumentException naming the option if the number is outside, or none at all
    static void check(String option, Number value, double least, double most) {
        if (value != null && !(value.doubleValue() >= least && value.doubleValue() <= most)) {
            throw new IllegalArgumentException(option + " " + text(value.doubleValue()) + ", wanted " + text(least)
                    + " to " + text(most));
        }
    }

    /// Checks every number of a list.
    ///
    /// @param option the option's name, `--` included
    /// @param values what was given, or `null` where nothing was
    /// @param least  the least that is allowed
    /// @param most   the most that is allowed
    /// @throws IllegalArgumentException naming the option if one of them is outside, or no number at all
    static void check(String option, List<? extends Number> values, double least, double most) {
        if (values != null) {
            values.forEach(value -> check(option, value, least, most));
        }
    }

    private static String text(double value) {
        boolean whole = value == Math.rint(value) && Math.abs(value) < 1e15;
        return whole ? String.format(Locale.ROOT, "%.0f", value) : Double.toString(value);
    }
}
