package io.github.fovea.backend;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// What measured times hold for: a processor, the vectors that kernels use on it, a Java, and the kernels of a build.
///
/// @param processor  the processor's model as the system calls it, or the architecture where it does not say
/// @param vectorBits width of the vectors; 0 without the Vector API
/// @param java       version of the virtual machine
/// @param kernels    digits of the kernels' sources: other kernels, other digits
public record Machine(String processor, int vectorBits, String java, String kernels) {
    private static final Path PROCESSORS = Path.of("/proc/cpuinfo");

    /// {@return this machine, as this process uses it}
    public static Machine here() {
        return here(KernelTables.vectorBits());
    }

    static Machine here(int vectorBits) {
        return new Machine(processorModel(), vectorBits, Runtime.version().toString(), KernelSources.digest());
    }

    private static String processorModel() {
        if (Files.isReadable(PROCESSORS)) {
            try (Stream<String> lines = Files.lines(PROCESSORS, StandardCharsets.ISO_8859_1)) {
                return lines.filter(line -> line.startsWith("model name")).map(line -> line.replaceFirst("[^:]*:\\s*",
                        "").strip())
                        .filter(name -> !name.isEmpty()).findFirst().orElse(System.getProperty("os.arch"));
            } catch (IOException | UncheckedIOException e) {
                return System.getProperty("os.arch");
            }
        }
        return System.getProperty("os.arch");
    }

    @Override
    public String toString() {
        return processor + ", " + (vectorBits == 0 ? "no vectors" : vectorBits + "-bit vectors") + ", Java " + java
                + ", kernels " + kernels;
    }
}
