package io.github.fovea.error;

import java.io.IOException;

/// A file, or a stream, that does not hold what its reader wants.
public final class MalformedFileException extends IOException {
    private static final long serialVersionUID = 1L;

    private final long offset;

    /// Makes the exception.
    ///
    /// @param where  the file or stream
    /// @param offset byte offset of the trouble, or -1 where none is known
    /// @param what   what was found and what was wanted, with the remedy where there is one
    public MalformedFileException(String where, long offset, String what) {
        super(where + (offset >= 0 ? ": at byte " + offset : "") + ": " + what);
        this.offset = offset;
    }

    /// {@return the byte offset of the trouble, or -1 where none is known}
    public long offset() {
        return offset;
    }
}
