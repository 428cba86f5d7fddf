package io.github.fovea.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;

/// `bin/fovea` in a folder of its own, around another program. Skips its test where there are no shell scripts.
final class Launcher {
    private final Path root;

    /// What a start left behind.
    record Result(int code, String out, String err) {}

    /// Copies the script and compiles the program.
    ///
    /// @param root   an empty folder
    /// @param source source text of a class `io.github.fovea.cli.Main`
    Launcher(Path root, String source) throws IOException {
        this.root = root;
        assumeTrue(Files.isExecutable(Path.of("bin/fovea")) && Files.isExecutable(Path.of("/usr/bin/env")), "no shell scripts here");
        for (String name : new String[] {"bin/fovea", "bin/find-jdk"}) {
            Files.createDirectories(root.resolve(name).getParent());
            Files.copy(Path.of(name), root.resolve(name), StandardCopyOption.COPY_ATTRIBUTES);
        }
        Files.createDirectories(root.resolve("src/main"));
        Files.createDirectories(root.resolve("models"));
        Files.createDirectories(root.resolve("target/lib"));
        Files.writeString(root.resolve("pom.xml"), "");
        Path file = Files.writeString(root.resolve("Main.java"), source);
        assertEquals(0, ToolProvider.getSystemJavaCompiler().run(null, null, null, "-d", root.resolve("classes").toString(),
                file.toString()));
        jar();
        Files.writeString(root.resolve("target/fovea.built"), "");
        Files.setLastModifiedTime(root.resolve("target/fovea.built"), FileTime.from(Instant.now().plusSeconds(5)));
    }

    /// Writes the program's jar, anew where there is one.
    void jar() throws IOException {
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(root.resolve("target/fovea.jar")))) {
            String name = "io/github/fovea/cli/Main.class";
            jar.putNextEntry(new JarEntry(name));
            jar.write(Files.readAllBytes(root.resolve("classes").resolve(name)));
            jar.closeEntry();
        }
    }

    /// Starts the script and waits for its end.
    Result start(Map<String, String> environment, String... arguments) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(root.resolve("bin/fovea").toString());
        builder.command().addAll(List.of(arguments));
        builder.environment().remove("FOVEA_JAVA_OPTS");
        builder.environment().remove("FOVEA_ARCHIVE");
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(environment);
        Path out = root.resolve("out.txt");
        Path err = root.resolve("err.txt");
        Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        assertTrue(process.waitFor(120, TimeUnit.SECONDS), "hangs");
        return new Result(process.exitValue(), Files.readString(out, StandardCharsets.UTF_8),
                Files.readString(err, StandardCharsets.UTF_8));
    }
}
