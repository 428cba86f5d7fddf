package io.github.fovea.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;

/// Runs a command line inside the test's own process.
final class CommandRun {
    private CommandRun() {}

    /// What a command left.
    ///
    /// @param code exit code
    /// @param out  what it wrote to standard output
    /// @param err  what it wrote to standard error
    record Result(int code, String out, String err) {}

    /// {@return what `fovea` with these arguments does}
    ///
    /// @param arguments the words of the command line; each object's text is one word
    static Result run(Object... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.execute(new PrintWriter(out, true), new PrintWriter(err, true),
                Arrays.stream(arguments).map(Object::toString).toArray(String[]::new));
        return new Result(code, out.toString(), err.toString());
    }
}
