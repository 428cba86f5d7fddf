package io.github.fovea.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

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

    /// {@return what `fovea upscale --resume` leaves that is called off, as by Ctrl-C, once the first part of a video is
    /// whole}
    ///
    /// @param parts     the folder of the parts
    /// @param arguments the words of the command line
    static Result untilFirstPart(Path parts, Object... arguments) throws IOException, InterruptedException {
        AtomicReference<Result> result = new AtomicReference<>();
        Thread thread = Thread.ofPlatform().start(() -> result.set(run(arguments)));
        while (thread.isAlive() && (!Files.isDirectory(parts) || names(parts).stream().noneMatch(
                name -> name.startsWith("part-000001-")))) {
            Thread.sleep(1);
        }
        thread.interrupt();
        thread.join();
        return result.get();
    }

    /// {@return the names of the files in a folder}
    static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
