package io.github.fovea.adapt;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// The small text files in which a Linux kernel reports: `/proc` and `/sys`.
@FunctionalInterface
public interface KernelFiles {
    /// More than this of a file is not looked at, in bytes: `/proc/stat` has a line of 60 for each processor, and a
    /// machine may have thousands.
    int MAX_BYTES = 1 << 20;

    /// {@return the text of a file; empty where it is absent or cannot be read}
    ///
    /// @param path absolute path, like `/proc/loadavg`
    Optional<String> read(String path);

    /// {@return this machine's files}
    static KernelFiles ofMachine() {
        return path -> {
            Path file = Path.of(path);
            if (!Files.isReadable(file)) {
                return Optional.empty();
            }
            try (var in = Files.newInputStream(file)) {
                return Optional.of(new String(in.readNBytes(MAX_BYTES), StandardCharsets.US_ASCII));
            } catch (IOException e) {
                // It was there a moment ago, or the kernel refuses: as good as absent.
                return Optional.empty();
            }
        };
    }
}
