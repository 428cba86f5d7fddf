package io.github.fovea.cli;

import io.github.fovea.adapt.ControllerOptions;
import io.github.fovea.adapt.LoadTrace;
import io.github.fovea.adapt.MachineSensor;
import io.github.fovea.adapt.OperatingPoint;
import io.github.fovea.error.MalformedFileException;
import io.github.fovea.frame.FrameFormat;
import io.github.fovea.media.AtomicOutput;
import io.github.fovea.media.FrameSink;
import io.github.fovea.media.Ratio;
import io.github.fovea.pipeline.AdaptiveUpscaler;
import io.github.fovea.pipeline.FrameTurns;
import io.github.fovea.pipeline.LoadInjector;
import io.github.fovea.pipeline.SessionLog;
import io.github.fovea.pipeline.TextureLadder;
import io.github.fovea.report.ReportPage;
import io.github.fovea.report.SessionSections;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/// The options of `fovea upscale` that hold a frame rate.
final class FrameRateOptions {
    /// Forty bytes for each line that a trace may have.
    private static final int MOST_TRACE_BYTES = 40 * LoadTrace.MAX_LINES;

    @Option(names = "--fps", paramLabel = "N",
            description = "Keeps at least N frames per second (0.01 to 1000): takes the best that the processors free "
                    + "at the moment allow, frame by frame, of an adaptive model's operating points, of a model's "
                    + "paths, or of the general models of this factor; and plain bicubic.")
    private Double framesPerSecond;

    @Option(names = "--load-trace", paramLabel = "FILE",
            description = "With --fps: keeps processors busy as the file says, lines of \"seconds busyThreads\", to "
                    + "show it.")
    private Path loadTrace;

    @Option(names = "--timeline", paramLabel = "FILE",
            description = "With --fps: writes what happened second by second, as tab-separated values (one video).")
    private Path timeline;

    @Option(names = "--report", paramLabel = "FILE.html",
            description = "With --fps: writes a page of what happened: frames in time, operating points, load, quality "
                    + "(one video).")
    private Path report;

    @Option(names = "--reference", paramLabel = "VIDEO",
            description = "With --report: the large video, if it is known; the page then shows the PSNR against it.")
    private Path reference;

    private LoadTrace trace;
    private boolean overwrite;

    /// {@return whether a frame rate is asked for}
    boolean asked() {
        return framesPerSecond != null;
    }

    /// Checks what can be checked before any video is read, and reads the trace of the load.
    ///
    /// @param mayOverwrite whether timeline and page may replace files
    /// @throws IllegalArgumentException if an option is given that needs a frame rate, or that is out of range
    /// @throws IOException              if the trace cannot be read or is malformed, or timeline or page cannot be
    ///                                  written
    void check(boolean mayOverwrite) throws IOException {
        overwrite = mayOverwrite;
        OptionRange.check("--fps", framesPerSecond, ControllerOptions.MIN_FRAME_RATE, ControllerOptions.MAX_FRAME_RATE);
        if (framesPerSecond == null && (loadTrace != null || timeline != null || report != null)) {
            throw new IllegalArgumentException((loadTrace != null ? "--load-trace" : timeline != null ? "--timeline"
                    : "--report") + " needs --fps N, the frame rate to hold");
        }
        if (reference != null && report == null) {
            throw new IllegalArgumentException("--reference needs --report FILE.html, where the comparison is shown");
        }
        if (report != null) {
            ReportPage.requireCharts();
        }
        if (reference != null && !Files.exists(reference)) {
            throw new NoSuchFileException(reference.toString());
        }
        for (Path made : Stream.of(timeline, report).filter(Objects::nonNull).toList()) {
            AtomicOutput.check(made, overwrite);
        }
        readTrace();
    }

    /// Checks that nothing is asked for that there can be of one video only.
    ///
    /// @throws IllegalArgumentException naming the option
    void checkOne() {
        if (writes()) {
            throw new IllegalArgumentException((timeline != null ? "--timeline" : "--report")
                    + " is for one video, and several are given; upscale them one by one");
        }
    }

    /// {@return whether a timeline or a page is written}
    boolean writes() {
        return timeline != null || report != null;
    }

    /// Checks that what is written goes to files of its own.
    ///
    /// @param video what is enlarged and where to, or `null` for a stream
    /// @throws IllegalArgumentException naming two that are one
    /// @throws IOException              if that cannot be found out
    void checkApart(Inputs.Job video) throws IOException {
        FilesApart files = new FilesApart().reads("--load-trace", loadTrace).reads("--reference", reference);
        if (video != null) {
            files.reads("the input", video.input()).writes("the output", video.output());
        }
        files.writes("--timeline", timeline).writes("--report", report);
    }

    /// {@return what enlarges the frames of a video in time}
    ///
    /// @param input    format of the small frames
    /// @param large    format of the large frames
    /// @param networks the networks of the command
    /// @param points   the points to move between
    AdaptiveUpscaler stage(FrameFormat input, FrameFormat large, Networks networks,
            List<AdaptiveUpscaler.Point> points) {
        ControllerOptions options = ControllerOptions.ofFrameRate(framesPerSecond);
        return new AdaptiveUpscaler(input, large.width(), large.height(), points, networks.memory(), options,
                options.deadlineNanos(), networks.workers(), new FrameTurns(MachineSensor.ofMachine()));
    }

    /// {@return what enlarges the frames of a video in time, each texture class on a path of its own}
    ///
    /// @param input    format of the small frames
    /// @param large    format of the large frames
    /// @param networks the networks of the command
    /// @param points   the points to move between
    AdaptiveUpscaler stage(FrameFormat input, FrameFormat large, Networks networks, TextureLadder points) {
        ControllerOptions options = ControllerOptions.ofFrameRate(framesPerSecond);
        return new AdaptiveUpscaler(input, large.width(), large.height(), points, networks.memory(), options,
                options.deadlineNanos(), networks.workers(), new FrameTurns(MachineSensor.ofMachine()));
    }

    private void readTrace() throws IOException {
        if (loadTrace == null) {
            return;
        }
        String where = loadTrace.toString();
        if (Files.isDirectory(loadTrace)) {
            throw new MalformedFileException(where, -1, "is a folder, wanted a file of lines such as \"10 2\"");
        }
        try (InputStream in = Files.newInputStream(loadTrace)) {
            byte[] bytes = in.readNBytes(MOST_TRACE_BYTES + 1);
            if (bytes.length > MOST_TRACE_BYTES) {
                throw new MalformedFileException(where, -1, "longer than " + MOST_TRACE_BYTES
                        + " bytes, wanted at most " + LoadTrace.MAX_LINES + " lines such as \"10 2\"");
            }
            trace = LoadTrace.parse(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString()
                    .lines().toList(), where);
        } catch (CharacterCodingException _) {
            throw new MalformedFileException(where, -1, "not a text, wanted lines such as \"10 2\"");
        }
    }

    /// Starts the load of the trace; does nothing without one.
    ///
    /// @return ends the load when closed
    AutoCloseableLoad load() {
        if (trace == null) {
            return () -> { };
        }
        LoadInjector injector = new LoadInjector(trace);
        return injector::close;
    }

    /// {@return a sink that also compares with the reference, where one is given; else the sink itself}
    ///
    /// @param sink      where the large frames go; closed if the reference cannot be opened
    /// @param frameRate frame rate that the small video is brought to, or `null`
    /// @throws IOException if the reference cannot be read
    FrameSink referenced(FrameSink sink, Ratio frameRate) throws IOException {
        if (reference == null) {
            return sink;
        }
        try {
            return new ReferencedSink(sink, reference, frameRate);
        } catch (IOException | RuntimeException e) {
            sink.close();
            throw e;
        }
    }

    /// A load that runs until it is closed.
    @FunctionalInterface
    interface AutoCloseableLoad extends AutoCloseable {
        @Override
        void close();
    }

    /// Says which points there are, before the first frame.
    ///
    /// @param stage what enlarges the frames
    /// @param name  name of the video
    /// @param err   takes messages
    void announce(AdaptiveUpscaler stage, String name, PrintWriter err) {
        err.println(String.format(Locale.ROOT, "fovea: %s: holding %s frames/s with %s", name,
                String.valueOf(framesPerSecond), stage.ladder().points().stream()
                        .map(FrameRateOptions::describe).collect(Collectors.joining(", "))));
    }

    private static String describe(OperatingPoint point) {
        return String.format(Locale.ROOT, "%s (%.1f ms)", point.name(), point.predictedNanos() / 1e6);
    }

    /// Says what came of it, and writes timeline and page.
    ///
    /// @param stage what enlarged the frames
    /// @param sink  what took them
    /// @param name  name of the video
    /// @param err   takes messages
    /// @throws IOException if a file cannot be written
    void report(AdaptiveUpscaler stage, FrameSink sink, String name, PrintWriter err) throws IOException {
        SessionLog.Counts counts = stage.log().counts();
        err.println(String.format(Locale.ROOT,
                "fovea: %s: %s, %d late, %d rescued by bicubic, %d at bicubic for want of memory, %d switches; "
                + "a frame took %.1f ms (median), %.1f ms (99 %%); %s", name,
                counts.frames() == 1 ? "1 frame" : counts.frames() + " frames", counts.late(),
                counts.rescued(), counts.starved(), counts.switches(), counts.medianNanos() / 1e6, counts.highNanos()
                / 1e6, counts.framesByPoint().entrySet().stream().filter(entry -> entry.getValue() > 0)
                        .map(entry -> entry.getKey() + " " + entry.getValue()).collect(Collectors.joining(", "))));
        if (timeline != null) {
            write(stage.log().timeline());
        }
        if (report != null) {
            List<SessionLog.Second> seconds = stage.log().timeline();
            List<Integer> injected = trace == null || seconds.isEmpty() ? List.of()
                    : IntStream.rangeClosed(0, seconds.getLast().second()).mapToObj(trace::threads).toList();
            ReportPage.write(report, overwrite, name + " at " + framesPerSecond + " frames a second",
                    "fovea upscale --fps: the best operating point that the free processors allowed, frame by frame",
                    SessionSections.of(new SessionSections.Session(framesPerSecond, stage.ladder(), counts, seconds,
                    injected,
                            sink instanceof ReferencedSink referenced ? referenced.psnr() : List.of())));
            err.println("fovea: " + name + ": wrote " + report);
        }
    }

    private void write(List<SessionLog.Second> seconds) throws IOException {
        StringBuilder text =
                new StringBuilder("second\tframes\tlate\tpoint\texpected_psnr_db\tworst_ms\tothers_busy_cpus\n");
        for (SessionLog.Second second : seconds) {
            text.append(String.format(Locale.ROOT, "%d\t%d\t%d\t%s\t%.3f\t%.2f\t%.2f%n", second.second(),
                    second.frames(), second.late(), second.point(), second.psnr(), second.worstNanos() / 1e6,
                    second.othersBusy()));
        }
        AtomicOutput.write(timeline, overwrite, temporary -> Files.writeString(temporary, text));
    }
}
