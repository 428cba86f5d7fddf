package io.github.fovea.cli;

/// Entry point of the command line.
public final class Main {
    private Main() {}

    /// Runs one command and ends the JVM with its exit code.
    ///
    /// @param arguments the command and its options
    public static void main(String[] arguments) {
        System.err.println("fovea");
    }
}
