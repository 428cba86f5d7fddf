package io.github.fovea.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.error.UnavailableException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackendsTest {
    @TempDir
    private Path folder;

    /// What the forked JVM runs: two automatic choices, then the same backend by name.
    public static final class Choose {
        private Choose() {}

        public static void main(String[] arguments) {
            System.out.println(Backends.automatic().name() + " " + Backends.automatic().name() + " "
                    + Backends.find("vector"));
        }
    }

    @Test
    void bothAreHere() {
        assertEquals("vector", Backends.automatic().name());
        assertEquals("scalar", Backends.require("scalar").name());
        assertEquals("vector-strict", Backends.require("vector-strict").name());
        assertInstanceOf(Lookup.Available.class, Backends.find("vector"));
    }

    @Test
    void anUnknownNameIsMissing() {
        Lookup.Missing missing = assertInstanceOf(Lookup.Missing.class, Backends.find("abacus"));
        assertEquals("choose one of vector, vector-strict, scalar", missing.remedy());
        assertThrows(UnavailableException.class, () -> Backends.require("abacus"));
    }

    @Test
    void withoutTheModuleScalarRunsAndOneLineSaysWhy() throws Exception {
        String[] printed = fork();
        assertEquals("scalar scalar Missing[name=vector, reason=module jdk.incubator.vector is not in this JVM, "
                + "remedy=start java with --add-modules jdk.incubator.vector]", printed[0]);
        List<String> lines = printed[1].lines().filter(l -> l.contains("--add-modules jdk.incubator.vector")).toList();
        assertEquals(1, lines.size(), printed[1]);
    }

    @Test
    void aWrongWidthIsNamed() throws Exception {
        String[] printed = fork("--add-modules", "jdk.incubator.vector", "-Dfovea.vectorBits=300");
        assertTrue(printed[0].contains("fovea.vectorBits=300, wanted 512, 256 or 128"), printed[0]);
    }

    private String[] fork(String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java"));
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Choose.class.getName()));
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        Process process = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        try {
            process.waitFor();
        } finally {
            process.destroyForcibly();
        }
        return new String[] {
            Files.readString(out, StandardCharsets.UTF_8).strip(), Files.readString(err, StandardCharsets.UTF_8)
        };
    }
}
