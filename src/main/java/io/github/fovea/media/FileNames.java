package io.github.fovea.media;

import java.io.IOException;
import java.nio.file.Path;

/// Names of files as ImageIO and ffmpeg take them: as texts, which not all bytes are.
final class FileNames {
    private FileNames() {}

    /// Checks that a file that is there is found by its name's text too.
    ///
    /// @param file the file; it is there
    /// @throws IOException if the bytes of its name are no text
    static void check(Path file) throws IOException {
        if (!file.toFile().exists()) {
            throw new IOException(file + ": the bytes of its name are no text in "
                    + System.getProperty("sun.jnu.encoding", "the charset of this Java") + "; rename it");
        }
    }
}
