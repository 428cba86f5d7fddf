package io.github.fovea.media;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;

/// An output file that appears under its name only when it is whole.
///
/// Whoever writes, writes to [#temporary], a hidden sibling with the same ending; [#commit] moves it into place.
/// [#close] without a commit deletes it, and so does the end of the virtual machine, Ctrl-C included.
///
/// Not safe for use by several threads.
public final class AtomicOutput implements AutoCloseable {
    private final Path target;
    private final Path temporary;
    private final boolean overwrite;
    private final ExitTasks.Task cleaning;
    private boolean done;

    private AtomicOutput(Path target, Path temporary, boolean overwrite) {
        this.target = target;
        this.temporary = temporary;
        this.overwrite = overwrite;
        this.cleaning = ExitTasks.add(ExitTasks.Order.FILES, () -> Files.deleteIfExists(temporary));
    }

    /// Makes an empty temporary file next to `target`, which proves that the folder can be written.
    ///
    /// @param target    the file to make
    /// @param overwrite whether a file of that name may be replaced
    /// @return the output
    /// @throws IOException if the file exists and may not be replaced, is a folder, or its folder is missing or read-only
    public static AtomicOutput open(Path target, boolean overwrite) throws IOException {
        Objects.requireNonNull(target, "target");
        Path whole = target.toAbsolutePath();
        Path folder = whole.getParent();
        if (folder == null || whole.getFileName() == null || Files.isDirectory(whole)) {
            throw new FileAlreadyExistsException(target + ": is a folder; name a file in it");
        }
        if (!Files.exists(folder)) {
            throw new NoSuchFileException(target + ": folder " + folder + " does not exist; create it first");
        }
        if (!Files.isDirectory(folder)) {
            throw new NotDirectoryException(target + ": " + folder + " is not a folder");
        }
        checkFree(target, overwrite);
        String name = whole.getFileName().toString();
        int dot = name.lastIndexOf('.');
        String ending = dot > 0 ? name.substring(dot) : "";
        String random = Long.toHexString(ThreadLocalRandom.current().nextLong());
        // Long names may leave no room for the prefix, so only the start of the name is kept, to be recognised by.
        String start = name.substring(0, Math.min(dot > 0 ? dot : name.length(), 40));
        Path temporary = folder.resolve("." + start + "." + random + ".part" + ending);
        AtomicOutput output = new AtomicOutput(target, temporary, overwrite);
        try {
            Files.newByteChannel(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE).close();
        } catch (AccessDeniedException e) {
            output.close();
            throw withCause(new AccessDeniedException(target + ": folder " + folder + " cannot be written; choose another"), e);
        } catch (IOException e) {
            output.close();
            throw new IOException(target + ": cannot be created in " + folder + ": " + e.getMessage(), e);
        }
        return output;
    }

    /// Finds out whether an output can be made, and leaves nothing: before work so long that a process killed meanwhile should
    /// not leave an empty temporary file.
    ///
    /// @param target    the file to make later
    /// @param overwrite whether a file of that name may be replaced
    /// @throws IOException as [#open] does
    public static void check(Path target, boolean overwrite) throws IOException {
        open(target, overwrite).close();
    }

    private static IOException withCause(IOException exception, Throwable cause) {
        exception.initCause(cause);
        return exception;
    }

    private static void checkFree(Path target, boolean overwrite) throws IOException {
        if (!overwrite && Files.exists(target)) {
            throw new FileAlreadyExistsException(target + ": exists already; allow overwriting or choose another name");
        }
    }

    /// {@return the file that will exist after [#commit]}
    public Path target() {
        return target;
    }

    /// {@return the file to write until then}
    public Path temporary() {
        return temporary;
    }

    /// Moves the temporary file into place. All writers must have closed it.
    ///
    /// @throws IOException if it cannot be moved; then it is deleted by [#close]
    public void commit() throws IOException {
        if (done) {
            throw new IllegalStateException(target + ": already committed or closed");
        }
        checkFree(target, overwrite);
        try {
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(temporary, target, StandardCopyOption.REPLACE_EXISTING);
        }
        done = true;
        cleaning.forget();
    }

    /// Deletes the temporary file unless it was committed.
    @Override
    public void close() throws IOException {
        if (!done) {
            done = true;
            Files.deleteIfExists(temporary);
            cleaning.forget();
        }
    }
}
