package io.github.fovea.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// The files of one command, named before any work: none that is written may be one that is read, or another that is
/// written.
final class FilesApart {
    private final Map<String, Path> taken = new LinkedHashMap<>();

    /// Adds a file that is read.
    ///
    /// @param what how to call it in errors
    /// @param file the file, or `null` where there is none
    FilesApart reads(String what, Path file) {
        if (file != null) {
            taken.put(what, file);
        }
        return this;
    }

    /// Adds a file that is written.
    ///
    /// @param what how to call it in errors
    /// @param file the file, or `null` where there is none
    /// @throws IllegalArgumentException if it is another file of the command
    /// @throws IOException              if that cannot be found out
    FilesApart writes(String what, Path file) throws IOException {
        if (file != null) {
            for (Map.Entry<String, Path> other : taken.entrySet()) {
                if (same(file, other.getValue())) {
                    throw new IllegalArgumentException(what + " " + file + " is " + other.getKey()
                            + " as well; give it a name of its own");
                }
            }
            taken.put(what, file);
        }
        return this;
    }

    private static boolean same(Path a, Path b) throws IOException {
        return a.toAbsolutePath().normalize().equals(b.toAbsolutePath().normalize())
                || Files.exists(a) && Files.exists(b) && Files.isSameFile(a, b);
    }
}
