package io.github.fovea.cli;

import io.github.fovea.UpscaleException;
import io.github.fovea.error.MalformedFileException;
import io.github.fovea.error.OutputException;
import io.github.fovea.error.UnavailableException;
import io.github.fovea.media.ExitTasks;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.concurrent.CancellationException;

/// Turns exceptions into one clear sentence and an exit code.
final class Failure {
    private Failure() {}

    /// Prints what went wrong; a stack trace only for what is a bug.
    ///
    /// @param problem what a command threw
    /// @param err     takes the message
    /// @return the exit code
    static int report(Throwable problem, PrintWriter err) {
        if (ExitTasks.ending()) {
            return ExitCode.INTERRUPTED;
        }
        Throwable cause = problem instanceof UncheckedIOException && problem.getCause() != null ? problem.getCause()
                : problem;
        int code = code(cause);
        if (code == ExitCode.SOFTWARE) {
            err.println("fovea: this is a bug in Fovea, please report it with the lines below");
            cause.printStackTrace(err);
        } else {
            err.println("fovea: " + sentence(cause));
        }
        err.flush();
        return code;
    }

    /// {@return the exit code that fits an exception}
    ///
    /// @param cause the exception
    static int code(Throwable cause) {
        return switch (cause) {
            case OutputException _, FileAlreadyExistsException _ -> ExitCode.CANNOT_CREATE;
            case MalformedFileException _, EOFException _ -> ExitCode.DATA;
            case NoSuchFileException _, FileNotFoundException _, AccessDeniedException _, NotDirectoryException _ ->
                ExitCode.NO_INPUT;
            case UnavailableException _, UpscaleException _, OutOfMemoryError _ -> ExitCode.UNAVAILABLE;
            case IOException _ -> ExitCode.IO;
            case CancellationException _, InterruptedException _ -> ExitCode.INTERRUPTED;
            case IllegalArgumentException _ -> ExitCode.USAGE;
            default -> ExitCode.SOFTWARE;
        };
    }

    /// {@return what happened, for a person}
    ///
    /// @param cause the exception
    static String sentence(Throwable cause) {
        return switch (cause) {
            case FileAlreadyExistsException e -> e.getFile() + " exists; use --overwrite to replace it";
            case FileSystemException e when e.getReason() != null -> e.getFile() + ": " + e.getReason();
            case NoSuchFileException e -> e.getFile() + ": no such file";
            case AccessDeniedException e -> e.getFile() + ": permission denied";
            case NotDirectoryException e -> e.getFile() + ": not a folder";
            case FileSystemException e -> e.getFile() + ": " + e.getClass().getSimpleName();
            case OutOfMemoryError _ -> "out of memory (the heap may grow to "
                    + Runtime.getRuntime().maxMemory() / (1 << 20)
                    + " MiB); give a smaller --max-memory, or more heap with FOVEA_JAVA_OPTS=-Xmx...";
            case CancellationException _, InterruptedException _ -> "interrupted; nothing was left half-written";
            default -> cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        };
    }
}
