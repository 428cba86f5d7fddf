package io.github.fovea.media;

import io.github.fovea.error.OutputException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import javax.imageio.IIOException;

/// An output file that appears under its name only when it is whole.
///
/// Whoever writes, writes to [#temporary], a hidden sibling with the same ending; [#commit] moves it into place.
/// [#close] without a commit deletes it, and so does the end of the virtual machine, Ctrl-C included.
///
/// Not safe for use by several threads.
public final class AtomicOutput implements AutoCloseable {
    /// How much of a file's name is in that of its temporary file.
    private static final int START_CHARACTERS = 40;

    private final Path target;
    /// The file to replace: the target, or what it links to.
    private final Path place;
    private final Path temporary;
    private final boolean overwrite;
    private final ExitTasks.Task cleaning;
    private boolean done;

    private AtomicOutput(Path target, Path place, Path temporary, boolean overwrite) {
        this.target = target;
        this.place = place;
        this.temporary = temporary;
        this.overwrite = overwrite;
        this.cleaning = ExitTasks.add(ExitTasks.Order.FILES, () -> Files.deleteIfExists(temporary));
    }

    /// Makes an empty temporary file next to `target`, which proves that the folder can be written. Where the target is
    /// a link, the link stays and the file that it leads to is the one replaced.
    ///
    /// @param target    the file to make
    /// @param overwrite whether a file of that name may be replaced
    /// @return the output
    /// @throws FileAlreadyExistsException if the file exists and may not be replaced
    /// @throws OutputException            if it is a folder, a device, a pipe or a link that leads nowhere, or its
    ///                                    folder is missing or read-only
    /// @throws IOException                if the temporary file cannot be made for another reason
    public static AtomicOutput open(Path target, boolean overwrite) throws IOException {
        Objects.requireNonNull(target, "target");
        Path whole = place(target);
        Path folder = whole.getParent();
        if (folder == null || whole.getFileName() == null || Files.isDirectory(whole)) {
            throw new OutputException(target, "is a folder; name a file in it");
        }
        if (!Files.exists(folder)) {
            throw new OutputException(target, "folder " + folder + " does not exist; create it first");
        }
        if (!Files.isDirectory(folder)) {
            throw new OutputException(target, folder + " is not a folder");
        }
        checkFree(target, overwrite);
        String name = whole.getFileName().toString();
        int dot = name.lastIndexOf('.');
        String ending = dot > 0 ? name.substring(dot) : "";
        String random = Long.toHexString(ThreadLocalRandom.current().nextLong());
        String start = start(dot > 0 ? name.substring(0, dot) : name);
        Path temporary = folder.resolve("." + start + "." + random + ".part" + ending);
        AtomicOutput output = new AtomicOutput(target, whole, temporary, overwrite);
        try {
            Files.newByteChannel(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE).close();
        } catch (AccessDeniedException e) {
            output.close();
            throw withCause(new OutputException(target, "folder " + folder
                    + " cannot be written; change its permissions, or choose another"), e);
        } catch (IOException e) {
            output.close();
            throw new IOException(target + ": cannot be created in " + folder + ": " + e.getMessage(), e);
        }
        return output;
    }

    /// {@return the start of a name, to recognise a file by: with all of a long one there may be no room for the rest}
    ///
    /// @param name a name without its ending
    static String start(String name) {
        int end = Math.min(name.length(), START_CHARACTERS);
        // Half of a pair of surrogates is no character, and no part of a path.
        return name.substring(0, end > 0 && end < name.length() && Character.isHighSurrogate(name.charAt(end - 1)) ? end - 1
                : end);
    }

    private static Path place(Path target) throws IOException {
        Path whole = target.toAbsolutePath();
        if (Files.isSymbolicLink(whole)) {
            if (!Files.exists(whole)) {
                throw new OutputException(target, "is a link to " + Files.readSymbolicLink(whole)
                        + ", which does not exist; remove the link, or name another file");
            }
            whole = whole.toRealPath();
        }
        if (Files.exists(whole) && !Files.isRegularFile(whole) && !Files.isDirectory(whole)) {
            // Moving a file into its place would replace the device itself.
            throw new OutputException(target, "is a device or a pipe; name a file");
        }
        return whole;
    }

    /// Finds out whether an output can be made, and leaves nothing: before work so long that a process killed meanwhile
    /// should not leave an empty temporary file.
    ///
    /// @param target    the file to make later
    /// @param overwrite whether a file of that name may be replaced
    /// @throws IOException as [#open] does
    public static void check(Path target, boolean overwrite) throws IOException {
        open(target, overwrite).close();
    }

    /// Writes the content of a file.
    @FunctionalInterface
    public interface Content {
        /// Writes the content.
        ///
        /// @param file the file to write to; it is there and empty
        /// @throws IOException if it cannot be written
        void write(Path file) throws IOException;
    }

    /// Makes a file at once.
    ///
    /// @param target    the file to make
    /// @param overwrite whether a file of that name may be replaced
    /// @param content   writes what is in it
    /// @throws IOException as [#open] does; or if the content cannot be written, which the message says of `target`
    public static void write(Path target, boolean overwrite, Content content) throws IOException {
        try (AtomicOutput output = open(target, overwrite)) {
            try {
                content.write(output.temporary);
            } catch (IOException e) {
                // ImageIO hides the reason, a full disk for example, in the cause.
                Throwable reason = e instanceof IIOException && e.getCause() != null ? e.getCause() : e;
                throw new IOException(target + ": cannot be written: " + reason.getMessage(), e);
            }
            output.commit();
        }
    }

    /// Makes a folder for outputs, and those around it, where they are not there yet.
    ///
    /// @param folder the folder
    /// @throws OutputException if it cannot be made
    public static void createFolder(Path folder) throws OutputException {
        try {
            Files.createDirectories(folder);
        } catch (FileAlreadyExistsException e) {
            throw withCause(new OutputException(folder, e.getFile()
                    + " is a file where a folder is wanted; choose another"), e);
        } catch (IOException e) {
            throw withCause(new OutputException(folder,
                    "the folder cannot be made; choose another, or change permissions"), e);
        }
    }

    private static <E extends IOException> E withCause(E exception, Throwable cause) {
        exception.initCause(cause);
        return exception;
    }

    private static void checkFree(Path target, boolean overwrite) throws IOException {
        if (!overwrite && Files.exists(target)) {
            throw new FileAlreadyExistsException(target.toString(), null,
                    "exists already; allow overwriting or choose another name");
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
            Files.move(temporary, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(temporary, place, StandardCopyOption.REPLACE_EXISTING);
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
