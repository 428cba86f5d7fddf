package io.github.fovea.media;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/// The first bytes of a file, which tell a person what a file that cannot be read is instead.
final class FileStart {
    /// Bytes that are shown.
    static final int BYTES = 8;

    private FileStart() {}

    /// {@return the first bytes of a file for a message}
    ///
    /// @param file the file
    /// @throws IOException if it cannot be read
    static String shown(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return shown(in.readNBytes(BYTES));
        }
    }

    /// {@return bytes for a message, as numbers and as text}
    ///
    /// @param start the bytes
    static String shown(byte[] start) {
        StringBuilder text = new StringBuilder();
        StringBuilder hex = new StringBuilder();
        for (byte b : start) {
            text.append(b >= 32 && b < 127 ? (char) b : '.');
            hex.append(hex.isEmpty() ? "" : " ").append(String.format(Locale.ROOT, "%02x", b));
        }
        return "bytes " + hex + " (\"" + text + "\")";
    }
}
