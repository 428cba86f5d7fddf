package io.github.fovea.route;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// What binds a route map and an overfitted model to a video: the SHA-256 of its file.
public final class VideoHash {
    private VideoHash() {}

    /// {@return the SHA-256 of a file's bytes, 64 digits 0-9 a-f}
    ///
    /// @param video the LR video
    /// @throws IOException if it cannot be read
    public static String of(Path video) throws IOException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
        byte[] chunk = new byte[1 << 16];
        try (InputStream in = Files.newInputStream(video)) {
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                digest.update(chunk, 0, n);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
