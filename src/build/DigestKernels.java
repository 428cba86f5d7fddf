import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/// Writes a class that tells the kernels of this build from those of others, by their sources: times that were measured of
/// others say nothing about these. The file is rewritten only when its text changes.
///
/// `java DigestKernels.java OUTPUT SOURCES...`
public final class DigestKernels {
    private static final int DIGITS = 12;

    private DigestKernels() {}

    public static void main(String[] arguments) throws IOException, NoSuchAlgorithmException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        for (String folder : List.of(arguments).subList(1, arguments.length)) {
            try (Stream<Path> files = Files.walk(Path.of(folder))) {
                for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                    // Git may have changed the ends of lines.
                    String text = Files.readString(file).replace("\r\n", "\n");
                    digest.update((file.getFileName() + "\n" + text).getBytes(StandardCharsets.UTF_8));
                }
            }
        }
        String text = """
                // Made by src/build/DigestKernels.java.
                package io.github.fovea.backend;

                /// The kernels of this build.
                final class KernelSources {
                    private KernelSources() {}

                    /// {@return digits that are others where a kernel's source is another}
                    static String digest() {
                        return "%s";
                    }
                }
                """.formatted(HexFormat.of().formatHex(digest.digest()).substring(0, DIGITS));
        Path target = Path.of(arguments[0]).resolve("io/github/fovea/backend/KernelSources.java");
        Files.createDirectories(target.getParent());
        if (!Files.exists(target) || !Files.readString(target).equals(text)) {
            Files.writeString(target, text);
        }
    }
}
