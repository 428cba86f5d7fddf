package io.github.fovea.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.fovea.backend.KernelTables;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Runs the kernel contract for every table and every vector width. The width is fixed for the life of a JVM, so the
/// narrower ones run in one of their own.
class KernelContractTest {
    @Test
    void scalarKernels() {
        assertEquals(List.of(), KernelContract.failures(KernelTables.scalar()));
    }

    @Test
    void vectorKernels() {
        assertEquals(List.of(), KernelContract.failures(KernelTables.vector()));
    }

    @Test
    void strictVectorKernels() {
        KernelTable strict = KernelTables.vectorStrict();
        assertEquals(1, strict.conv3x3().columnTile(32, 32));
        assertEquals(List.of(), KernelContract.failures(strict));
    }

    @Test
    void quickVectorKernels() {
        assertEquals(List.of(), KernelContract.failures(KernelTables.vectorQuick()));
    }

    @Test
    void vectorKernelsOf256Bits() throws Exception {
        assertEquals("ok " + KernelCase.all().size(), fork("--add-modules", "jdk.incubator.vector", "-Dfovea.vectorBits=256",
                KernelContract.class.getName(), "vector"));
    }

    @Test
    void vectorKernelsOf128Bits() throws Exception {
        assertEquals("ok " + KernelCase.all().size(), fork("--add-modules", "jdk.incubator.vector", "-Dfovea.vectorBits=128",
                KernelContract.class.getName(), "vector"));
    }

    @Test
    void scalarKernelsWithoutTheVectorModule() throws Exception {
        assertEquals("ok " + KernelCase.all().size(), fork(KernelContract.class.getName(), "scalar"));
    }

    /// Runs a program of the test class path in another JVM; what it prints on stdout, trimmed.
    static String fork(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                System.getProperty("java.home") + "/bin/java", "-Xshare:auto", "-cp", System.getProperty("java.class.path")));
        String only = System.getProperty("fovea.case");
        if (only != null) {
            command.add("-Dfovea.case=" + only);
        }
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try {
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor(2, TimeUnit.MINUTES);
            return printed.strip();
        } finally {
            process.destroyForcibly();
        }
    }
}
