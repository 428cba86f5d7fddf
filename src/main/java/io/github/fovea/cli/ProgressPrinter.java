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
    private static final int SHORT_BAR_CHARACTERS = 10;
    private static final int USUAL_COLUMNS = 80;

    private record Sample(long nanos, long done) {}

    private final PrintWriter err;
    private final Style style;
    private final String name;
    private final String unit;
    private final LongSupplier clock;
    private final int columns;
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
        this(err, style, name, unit, clock, columns(System.getenv("COLUMNS")));
    }

    /// As above, for a terminal of `columns` columns.
    ProgressPrinter(PrintWriter err, Style style, String name, String unit, LongSupplier clock, int columns) {
        this.err = err;
        this.style = style != Style.AUTO ? style
                : terminal(System.getProperty("fovea.terminal")) ? Style.BAR : Style.NONE;
        this.name = name;
        this.unit = unit;
        this.clock = clock;
        this.columns = columns;
        this.begin = clock.getAsLong();
        window.add(new Sample(begin, 0));
    }

    /// Hears that an earlier job had come so far: what that took says nothing of what is left.
    ///
    /// @param done units done
    void goOnFrom(long done) {
        window.clear();
        window.add(new Sample(clock.getAsLong(), done));
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
        StringBuilder line = new StringBuilder("{\"name\":\"").append(JsonText.escape(name)).append("\",\"unit\":\"")
                .append(unit)
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
        // The last column stays free: at it, some terminals begin a new line.
        if (total <= 0) {
            String counted = String.format(Locale.ROOT, "  %d %s  %.1f/s", done, unit, rate);
            return shortened(name, columns - 1 - counted.length()) + counted;
        }
        String counted = String.format(Locale.ROOT, "] %3d%%  %d/%d %s  %.1f/s%s", 100 * Math.min(done, total) / total,
                done, total, unit, rate, left < 0 ? "" : "  left " + time(left));
        int room = columns - 1 - " [".length() - counted.length();
        int bar = Math.clamp(room - name.codePointCount(0, name.length()),
                Math.clamp(room / 2, 0, SHORT_BAR_CHARACTERS), BAR_CHARACTERS);
        int filled = (int) (bar * Math.min(done, total) / total);
        return shortened(name, room - bar) + " [" + "#".repeat(filled) + ".".repeat(bar - filled) + counted;
    }

    /// {@return a text's start and end, at most `length` code points and the dots between them}
    private static String shortened(String text, int length) {
        int[] points = text.codePoints().map(point -> Character.isISOControl(point) ? '?' : point).toArray();
        if (points.length <= length) {
            return new String(points, 0, points.length);
        }
        int kept = Math.max(0, length - "...".length());
        return new String(points, 0, kept - kept / 2) + "..." + new String(points, points.length - kept / 2, kept / 2);
    }

    /// {@return the columns of the terminal}
    ///
    /// @param variable what the environment says of them, or `null`
    static int columns(String variable) {
        return variable != null && variable.matches("[1-9]\\d{0,3}") ? Integer.parseInt(variable) : USUAL_COLUMNS;
    }

    /// {@return whether standard error is a terminal}
    ///
    /// @param told what the starting script found out, which Java cannot: its console is standard input and output; or
    ///             `null`
    static boolean terminal(String told) {
        return told != null ? told.equals("true") : System.console() != null && System.console().isTerminal();
    }

    private static String time(double seconds) {
        long whole = Math.round(seconds);
        return whole >= 3600
                ? String.format(Locale.ROOT, "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60)
                : String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60);
    }
}
