package io.github.fovea.bench;

import io.github.fovea.adapt.LoadTrace;
import io.github.fovea.pipeline.LoadInjector;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Keeps processors busy from another process, as other programs of a machine do: so that the sensor of the measured process
/// sees them as others, and the kernel's scheduler too.
final class AdaptBenchLoad implements AutoCloseable {
    private final Process process;

    /// Starts the process, which waits.
    ///
    /// @param trace lines of `seconds busyThreads`
    AdaptBenchLoad(String trace) throws IOException {
        process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx32m",
                "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"),
                AdaptBenchLoad.class.getName(), trace.replace('\n', ';')).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        if (process.getInputStream().read() != '+') {
            process.destroy();
            throw new IOException("the process that makes the load did not start");
        }
    }

    /// Begins the trace now.
    void begin() throws IOException {
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        process.destroy();
    }

    /// The process: says that it is there, waits for a byte, loads until its input ends.
    public static void main(String[] arguments) throws IOException {
        LoadTrace trace = LoadTrace.parse(List.of(arguments[0].split(";")), "the trace");
        System.out.print('+');
        System.out.flush();
        if (System.in.read() >= 0) {
            try (LoadInjector _ = new LoadInjector(trace)) {
                System.in.read();
            }
        }
    }
}
