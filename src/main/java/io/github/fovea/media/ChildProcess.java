package io.github.fovea.media;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;

/// A program run by Fovea. Its error output is drained all the time and only the end of it kept; it is killed when
/// closed and when the virtual machine ends.
final class ChildProcess implements AutoCloseable {
    private static final int KEPT_LINES = 12;
    private static final int KEPT_CHARS = 400;
    /// Exit codes of programs that were hung up on, interrupted or told to end; ffmpeg's own is 255.
    private static final Set<Integer> BY_SIGNAL = Set.of(129, 130, 143, 255);
    private static final int NOTICE_SECONDS = 10;

    private final Process process;
    private final String program;
    private final ExitTasks.Task killing;
    private final Thread drain;
    private final ArrayDeque<String> lastLines = new ArrayDeque<>();

    private ChildProcess(Process process, String program) {
        this.process = process;
        this.program = program;
        this.killing = ExitTasks.add(ExitTasks.Order.CHILDREN, () -> {
            process.destroyForcibly();
            process.waitFor(2, TimeUnit.SECONDS);
        });
        this.drain = Thread.ofVirtual().name("fovea-stderr").start(this::drainErrors);
    }

    static ChildProcess start(List<String> command) throws IOException {
        return new ChildProcess(new ProcessBuilder(command).start(), command.getFirst());
    }

    /// Starts a program in a folder.
    static ChildProcess start(List<String> command, Path folder) throws IOException {
        return new ChildProcess(new ProcessBuilder(command).directory(folder.toFile()).start(), command.getFirst());
    }

    private void drainErrors() {
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
            StringBuilder line = new StringBuilder();
            int c;
            while ((c = reader.read()) >= 0) {
                if (c == '\n') {
                    keep(line.toString());
                    line.setLength(0);
                } else if (line.length() < KEPT_CHARS) {
                    line.append((char) c);
                }
            }
            keep(line.toString());
        } catch (IOException e) {
            // The stream closes under the reader when the process is killed.
            keep("");
        }
    }

    private void keep(String line) {
        if (!line.isBlank()) {
            synchronized (lastLines) {
                if (lastLines.size() == KEPT_LINES) {
                    lastLines.removeFirst();
                }
                lastLines.addLast(line.strip());
            }
        }
    }

    InputStream stdout() {
        return process.getInputStream();
    }

    OutputStream stdin() {
        return process.getOutputStream();
    }

    /// Waits for the end of the program and of its error output.
    ///
    /// @return the exit code
    /// @throws CancellationException if it was ended because this process ends, so that what it said or wrote tells nothing
    /// @throws IOException           if waiting is interrupted
    int waitFor() throws IOException {
        try {
            int code = process.waitFor();
            drain.join(5000);
            if (BY_SIGNAL.contains(code)) {
                // A terminal tells this process of Ctrl-C too, but it may notice later.
                long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(NOTICE_SECONDS);
                while (!ExitTasks.ending() && System.nanoTime() < end) {
                    Thread.sleep(5);
                }
            }
            if (ExitTasks.ending()) {
                throw new CancellationException("ended while " + program + " ran");
            }
            return code;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for " + program, e);
        }
    }

    /// {@return the last lines of the error output, one under the other; an empty text where there are none}
    String errors() {
        synchronized (lastLines) {
            return String.join("\n", lastLines);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        killing.forget();
    }
}
