package io.github.fovea.cli;

import io.github.fovea.json.JsonText;
import java.io.PrintWriter;
import java.util.ArrayDeque;
import java.util.Locale;
import java.util.function.LongSupplier;

/// Shows how far a job is: one bar on a terminal, or one JSON object a line for programs.
///
/// The estimate of the time left looks at the last ten seconds only, so that a slow start does not spoil it.
final class ProgressPrinter {
    /// How progress is shown.
    enum Style {
        /// A bar if standard error is a terminal, else nothing.
        AUTO,
        /// A bar.
        BAR,
        /// One JSON object a line.
        JSON,
        /// Nothing.
        NONE
    }

    private static final long WINDOW_NANOS = 10_000_000_000L;
    private static final int BAR_CHARACTERS = 30;

    private record Sample(long nanos, long done) {}

    private final PrintWriter err;
    private final Style style;
    private final String name;
    private final String unit;
    private final LongSupplier clock;
    private final ArrayDeque<Sample> window = new ArrayDeque<>();
    private final long begin;
    private long lastShown = Long.MIN_VALUE;
    private boolean shown;
    private long lastDone = -1;

    /// Makes a printer for one job.
    ///
    /// @param err   takes the lines
    /// @param style how progress is shown
    /// @param name  what is being worked on
    /// @param unit  what is counted, `frames` or `rows`
    /// @param clock nanoseconds, as of [System#nanoTime]
    ProgressPrinter(PrintWriter err, Style style, String name, String unit, LongSupplier clock) {
        this.err = err;
        this.style = style == Style.AUTO ? System.console() != null && System.console().isTerminal() ? Style.BAR : Style.NONE : style;
        this.name = name;
        this.unit = unit;
        this.clock = clock;
        this.begin = clock.getAsLong();
        window.add(new Sample(begin, 0));
    }

    /// Hears how far the job is; prints ten times a second at most (JSON: once), and always the end.
    ///
    /// @param done  units done, never falling
    /// @param total units in all, or -1
    void update(long done, long total) {
        if (style == Style.NONE || done < lastDone) {
            return;
        }
        long now = clock.getAsLong();
        window.add(new Sample(now, done));
        while (window.size() > 2 && now - window.peekFirst().nanos() > WINDOW_NANOS) {
            window.removeFirst();
        }
        boolean end = done == total;
        long pause = style == Style.JSON ? 1_000_000_000L : 100_000_000L;
        if (lastShown != Long.MIN_VALUE && now - lastShown < pause && !(end && done != lastDone)) {
            return;
        }
        lastShown = now;
        lastDone = done;
        shown = true;
        Sample first = window.peekFirst();
        double seconds = (now - first.nanos()) / 1e9;
        double rate = seconds > 0 ? (done - first.done()) / seconds : 0;
        double left = total >= 0 && rate > 0 ? (total - done) / rate : -1;
        if (style == Style.JSON) {
            err.println(json(done, total, rate, left, (now - begin) / 1e9));
        } else {
            err.print("\r" + bar(done, total, rate, left) + "\u001b[K");
        }
        err.flush();
    }

    /// Ends the line of the bar.
    void close() {
        if (style == Style.BAR && shown) {
            err.println();
        }
    }

    private String json(long done, long total, double rate, double left, double elapsed) {
        StringBuilder line = new StringBuilder("{\"name\":\"").append(JsonText.escape(name)).append("\",\"unit\":\"").append(unit)
                .append("\",\"done\":").append(done);
        if (total >= 0) {
            line.append(",\"total\":").append(total);
        }
        line.append(String.format(Locale.ROOT, ",\"rate\":%.3f,\"elapsedSeconds\":%.3f", rate, elapsed));
        if (left >= 0) {
            line.append(String.format(Locale.ROOT, ",\"leftSeconds\":%.1f", left));
        }
        return line.append('}').toString();
    }

    private String bar(long done, long total, double rate, double left) {
        if (total <= 0) {
            return String.format(Locale.ROOT, "%s  %d %s  %.1f/s", name, done, unit, rate);
        }
        int filled = (int) (BAR_CHARACTERS * Math.min(done, total) / total);
        return String.format(Locale.ROOT, "%s [%s%s] %3d%%  %d/%d %s  %.1f/s  %s", name, "#".repeat(filled),
                ".".repeat(BAR_CHARACTERS - filled), 100 * Math.min(done, total) / total, done, total, unit, rate,
                left < 0 ? "" : "left " + time(left));
    }

    private static String time(double seconds) {
        long whole = Math.round(seconds);
        return whole >= 3600
                ? String.format(Locale.ROOT, "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60)
                : String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60);
    }
}
