package io.github.fovea.cli;

import java.io.IOException;
import java.nio.file.Path;

/// An output that cannot be created: it exists, its folder is missing or read-only.
final class OutputException extends IOException {
    private static final long serialVersionUID = 1L;

    /// Makes the exception.
    ///
    /// @param output the output
    /// @param what   why it cannot be created, and the remedy
    OutputException(Path output, String what) {
        super(output + ": " + what);
    }
}
