package io.github.fovea.error;

import java.nio.file.FileSystemException;
import java.nio.file.Path;

/// An output that cannot be created: its folder is missing or cannot be written, or something else stands in its place.
public final class OutputException extends FileSystemException {
    private static final long serialVersionUID = 1L;

    /// Makes the exception.
    ///
    /// @param output the output
    /// @param what   why it cannot be created, and the remedy
    public OutputException(Path output, String what) {
        super(output.toString(), null, what);
    }
}
