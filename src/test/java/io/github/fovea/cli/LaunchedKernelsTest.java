package io.github.fovea.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Every vector kernel, as the first of its process and with the options that `bin/fovea` gives Java, keeps its vectors in registers.
/// C2 compiles the first kernel when it knows nothing yet of what the Vector API's own methods do, and code that came out with
/// vectors as objects stays.
class LaunchedKernelsTest {
    private static final String OPTIONS = """
            package io.github.fovea.cli;
            public class Main {
                public static void main(String[] arguments) {
                    java.lang.management.ManagementFactory.getRuntimeMXBean().getInputArguments().forEach(System.out::println);
                }
            }
            """;

    @TempDir
    private Path root;

    @TestFactory
    Stream<DynamicTest> kernelsCompiledFirstAllocateNothing() throws Exception {
        assumeTrue(ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent(), "no Vector API here");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        new Launcher(root, OPTIONS).start(Map.of("FOVEA_ARCHIVE", "off"), "x").out().lines()
                .filter(option -> !option.startsWith("-Xbootclasspath")).forEach(command::add);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), LaunchedKernel.class.getName()));
        return Stream.concat(LaunchedKernel.kernels().keySet().stream(), Stream.of(LaunchedKernel.BEHIND_PROFILE)).map(kernel -> dynamicTest(kernel, () -> {
            List<String> with = new ArrayList<>(command);
            with.add(kernel);
            Process process = new ProcessBuilder(with).redirectError(ProcessBuilder.Redirect.DISCARD).start();
            String said = new String(process.getInputStream().readAllBytes()).strip();
            assertEquals(0, process.waitFor(), said + "; " + String.join(" ", with));
        }));
    }
}
