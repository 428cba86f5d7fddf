package io.github.fovea.adapt;

import io.github.fovea.error.MalformedFileException;
import io.github.fovea.json.JsonTree;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A recorded load: how many busy threads compete for the processors, by time.
///
/// As text one line per change, `seconds busyThreads` with times that rise from 0; empty lines and those that begin
/// with `#` are skipped:
///
/// ```
/// 0   0
/// 10  2
/// 20  0
/// ```
public final class LoadTrace {
    /// Most busy threads at a time.
    public static final int MAX_THREADS = 256;
    /// Most lines of a text.
    public static final int MAX_LINES = 100_000;

    private final double[] seconds;
    private final int[] threads;

    private LoadTrace(List<Double> seconds, List<Integer> threads) {
        this.seconds = seconds.stream().mapToDouble(Double::doubleValue).toArray();
        this.threads = threads.stream().mapToInt(Integer::intValue).toArray();
    }

    /// {@return the trace that a text holds}
    ///
    /// @param lines the text
    /// @param where name of the file, for messages
    /// @throws MalformedFileException if a line is not two numbers in range, or times do not rise
    public static LoadTrace parse(List<String> lines, String where) throws MalformedFileException {
        List<Double> seconds = new ArrayList<>();
        List<Integer> threads = new ArrayList<>();
        if (lines.size() > MAX_LINES) {
            throw new MalformedFileException(where, -1, lines.size() + " lines, wanted at most " + MAX_LINES);
        }
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            String[] words = line.split("\\s+");
            double at = words.length == 2 ? KernelText.number(words[0]) : Double.NaN;
            double busy = words.length == 2 ? KernelText.number(words[1]) : Double.NaN;
            if (!(at >= 0 && at < 1e9) || !(busy >= 0 && busy <= MAX_THREADS) || busy != Math.rint(busy)) {
                throw new MalformedFileException(where + ": line " + (i + 1), -1, "\"" + JsonTree.printable(line)
                        + "\", wanted a time in seconds and a number of busy threads, 0 to " + MAX_THREADS
                        + ", such as \"10 2\"");
            }
            if (!seconds.isEmpty() && at <= seconds.getLast()) {
                throw new MalformedFileException(where + ": line " + (i + 1), -1, "time " + at + " s is not after "
                        + seconds.getLast() + " s; sort the lines by time");
            }
            seconds.add(at);
            threads.add((int) busy);
        }
        if (seconds.isEmpty()) {
            throw new MalformedFileException(where, -1,
                    "no line says how many threads are busy, wanted lines such as \"10 2\"");
        }
        return new LoadTrace(seconds, threads);
    }

    /// {@return the busy threads at a time; 0 before the first line}
    ///
    /// @param at seconds since the start
    public int threads(double at) {
        int index = Arrays.binarySearch(seconds, at);
        int line = index >= 0 ? index : -index - 2;
        return line < 0 ? 0 : threads[line];
    }

    /// {@return the time of the next change after a time, in seconds; infinity when there is none}
    ///
    /// @param at seconds since the start
    public double nextChange(double at) {
        int index = Arrays.binarySearch(seconds, at);
        int next = index >= 0 ? index + 1 : -index - 1;
        return next < seconds.length ? seconds[next] : Double.POSITIVE_INFINITY;
    }

    /// {@return the most threads that are ever busy}
    public int mostThreads() {
        return Arrays.stream(threads).max().orElse(0);
    }
}
