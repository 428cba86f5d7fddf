package io.github.fovea.error;

import java.util.List;

/// Lists of names in messages.
public final class NameList {
    private static final int MOST = 3;

    private NameList() {}

    /// {@return the first three of some names, and how many more there are: `a, b, c and 4 more`}
    ///
    /// @param names the names
    public static String few(List<String> names) {
        int shown = Math.min(names.size(), MOST);
        return String.join(", ", names.subList(0, shown))
                + (shown < names.size() ? " and " + (names.size() - shown) + " more" : "");
    }
}
