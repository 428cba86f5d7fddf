package io.github.fovea;

/// A problem of the machine, not of an argument or a file: too little memory, a backend asked for by name that cannot
/// run here, a missing program. The message says what is wrong and what to do about it.
public final class UpscaleException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// Makes the exception.
    ///
    /// @param message what is wrong and the remedy
    /// @param cause   what led to it, or `null`
    public UpscaleException(String message, Throwable cause) {
        super(message, cause);
    }
}
