package io.github.fovea.cli;

import io.github.fovea.frame.FrameFormat;
import io.github.fovea.media.EncodeOptions;
import io.github.fovea.media.FrameSink;
import io.github.fovea.media.FrameSource;
import io.github.fovea.media.PartedSink;
import io.github.fovea.media.Ratio;
import io.github.fovea.media.VideoFiles;
import io.github.fovea.media.VideoFormat;
import io.github.fovea.media.Y4mReader;
import io.github.fovea.media.Y4mWriter;
import io.github.fovea.model.DynamicModel;
import io.github.fovea.pipeline.AdaptiveUpscaler;
import io.github.fovea.pipeline.Cancellation;
import io.github.fovea.pipeline.FrameStage;
import io.github.fovea.pipeline.FrameUpscaler;
import io.github.fovea.pipeline.RoutedFrameUpscaler;
import io.github.fovea.pipeline.RoutedNetwork;
import io.github.fovea.pipeline.TargetSize;
import io.github.fovea.pipeline.TextureLadder;
import io.github.fovea.pipeline.VideoRun;
import io.github.fovea.resample.ResampleKernel;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// How `fovea upscale` does videos.
final class VideoOptions {
    private static final Set<String> NAMES = Set.of("--crf", "--preset", "--frame-rate", "--encoder", "--fps",
            "--load-trace", "--timeline", "--report", "--reference", "--routes", "--no-halo", "--reuse", "--resume");
    /// What a stream is called.
    private static final String STREAM = "standard input";
    /// The widest scale of all encoders, that of VP9 and AV1.
    private static final int MAX_CRF = 63;
    private static final List<String> PRESETS = List.of("ultrafast", "superfast", "veryfast", "faster", "fast",
            "medium", "slow", "slower", "veryslow", "placebo");

    @Option(names = "--crf", paramLabel = "Q",
            description = "Quality of the encoder, smaller is better, 0 to 51 (VP9 and AV1: 63; default: 16 for "
                    + "H.264).")
    private Integer crf;

    @Option(names = "--preset", paramLabel = "NAME", defaultValue = "",
            description = "Speed of libx264 and libx265: ultrafast to veryslow (default: medium).")
    private String preset;

    @Option(names = "--frame-rate", paramLabel = "N[/D]",
            description = "Makes a video of variable frame rate constant, by dropping and repeating frames.")
    private String frameRate;

    @Option(names = "--encoder", paramLabel = "NAME",
            defaultValue = "",
            description = "ffmpeg's encoder (default: by the container, libx264 for mp4 and mkv).")
    private String encoder;

    @Mixin
    private FrameRateOptions held;

    @Mixin
    private RoutedVideo routed;

    @Mixin
    private PartedVideo parted;

    /// {@return the options that mean something for videos only}
    static Set<String> names() {
        return NAMES;
    }

    /// Checks what can be checked before any video is read.
    ///
    /// @param overwrite whether files may be replaced
    /// @throws IllegalArgumentException naming the option that is wrong
    /// @throws IOException              if a file that an option names cannot be read or written
    void check(boolean overwrite) throws IOException {
        OptionRange.check("--crf", crf, 0, MAX_CRF);
        if (!preset.isEmpty() && !PRESETS.contains(preset)) {
            throw new IllegalArgumentException("--preset " + preset + ", wanted one of " + String.join(", ", PRESETS));
        }
        rate();
        routed.check();
        held.check(overwrite);
        if (parted.asked() && held.asked()) {
            throw new IllegalArgumentException("--resume is for work that takes long, --fps for what is watched as it "
                    + "comes; leave one of them out");
        }
        if (parted.asked()) {
            routed.checkResumable();
        }
    }

    /// Checks that nothing is asked for that there can be of one video only.
    ///
    /// @throws IllegalArgumentException naming the option
    void checkOne() {
        held.checkOne();
    }

    /// Enlarges a video file.
    ///
    /// @param job          the file and where its result goes
    /// @param size         the size asked for, or `null`
    /// @param networks     the networks of the command
    /// @param quality      what `--quality` said, or `null`
    /// @param overwrite    whether a result that exists is replaced
    /// @param progress     how progress is shown
    /// @param cancellation looked at between frames
    /// @param err          takes messages
    /// @throws IllegalArgumentException if two files to write, or one to write and one to read, are one
    /// @throws IOException              if reading or writing fails
    void file(Inputs.Job job, TargetSize size, Networks networks, Double quality, boolean overwrite,
            ProgressPrinter.Style progress, Cancellation cancellation, PrintWriter err) throws IOException {
        held.checkApart(job);
        RoutedNetwork paths = warm(size, networks, quality);
        String name = job.input().getFileName().toString();
        try (FrameSource source = VideoFiles.open(job.input(), rate())) {
            Plan plan = plan(source.format(), size, networks, paths, job, quality, name, err);
            noteWithoutEffect(VideoFiles.isY4mName(job.input()), VideoFiles.isY4mName(job.output()), name, err);
            EncodeOptions options = new EncodeOptions(encoder, crf == null ? -1 : crf, preset, overwrite);
            ProgressPrinter printer = new ProgressPrinter(err, progress, name, "frames", System::nanoTime);
            try {
                if (parted.asked()) {
                    inParts(job, source, plan, options, List.of(PartedVideo.model(networks),
                            "routes: " + routed.line(quality, paths, networks.model()), "kernels: " + networks.kernels()),
                            name, printer, cancellation, err);
                } else {
                    parted.remind(job.output(), name, err);
                    inOneGo(job, source, plan, options, name, printer, cancellation, err);
                }
            } catch (IOException | RuntimeException e) {
                printer.close();
                throw e;
            }
        }
    }

    /// Says which options that are given change nothing.
    private void noteWithoutEffect(boolean fromY4m, boolean toY4m, String name, PrintWriter err) {
        if (toY4m && (crf != null || !encoder.isEmpty() || !preset.isEmpty())) {
            err.println("fovea: " + name
                    + ": --crf, --preset and --encoder say nothing about .y4m, which holds frames as they are");
        }
        if (fromY4m && frameRate != null) {
            err.println("fovea: " + name + ": --frame-rate says nothing about .y4m, whose rate is constant");
        }
    }

    private void inOneGo(Inputs.Job job, FrameSource source, Plan plan, EncodeOptions options, String name,
            ProgressPrinter printer, Cancellation cancellation, PrintWriter err) throws IOException {
        try (FrameSink sink = held.referenced(VideoFiles.create(job.output(), plan.output(), source, options), rate());
                FrameRateOptions.AutoCloseableLoad _ = held.load()) {
            VideoRun.Statistics statistics = VideoRun.run(source, sink, plan.upscaler(), printer::update, cancellation);
            printer.close();
            say(statistics, plan.upscaler(), sink, name, err);
        }
    }

    private void inParts(Inputs.Job job, FrameSource source, Plan plan, EncodeOptions options, List<String> how,
            String name, ProgressPrinter printer, Cancellation cancellation, PrintWriter err) throws IOException {
        try (PartedSink sink = parted.begin(job, plan.output(), source, options, how, name, err)) {
            long found = sink.found();
            if (plan.upscaler() instanceof RoutedFrameUpscaler paths) {
                paths.seek(Math.toIntExact(found));
            }
            printer.goOnFrom(found);
            VideoRun.Statistics statistics = VideoRun.run(source, sink, plan.upscaler(),
                    (done, total) -> printer.update(done + found, total == done ? total + found : total), cancellation);
            printer.close();
            if (statistics.frames() == 0 && found > 0) {
                err.println("fovea: " + name + ": all " + found + " frames were there");
            } else {
                say(statistics, plan.upscaler(), sink, name, err);
            }
        }
    }

    private Ratio rate() {
        return rate(frameRate);
    }

    /// {@return a frame rate of the command line, or `null` where there is none}
    ///
    /// @param frameRate what was given, or `null`
    static Ratio rate(String frameRate) {
        if (frameRate == null) {
            return null;
        }
        return Ratio.parse(frameRate.contains("/") ? frameRate : frameRate + "/1").filter(Ratio::isKnown)
                .orElseThrow(() -> new IllegalArgumentException(
                        "--frame-rate " + frameRate + ", wanted frames per second such as 25 or 30000/1001"));
    }

    /// {@return whether files are written beside the video}
    boolean writesBeside() {
        return held.writes();
    }

    /// Enlarges a Y4M stream into another.
    ///
    /// @param in       the stream to read
    /// @param out      the stream to write
    /// @param size     the size asked for, or `null`
    /// @param networks the networks of the command
    /// @param quality  what `--quality` said, or `null`
    /// @param progress how progress is shown
    /// @param err      takes messages
    /// @throws IOException if reading or writing fails
    void stream(InputStream in, OutputStream out, TargetSize size, Networks networks, Double quality,
            ProgressPrinter.Style progress, PrintWriter err) throws IOException {
        held.checkApart(null);
        if (parted.asked()) {
            throw new IllegalArgumentException("--resume goes on with a file, which a stream is not; leave it out");
        }
        noteWithoutEffect(true, true, STREAM, err);
        RoutedNetwork paths = warm(size, networks, quality);
        // Whoever plays the stream has the terminal, so a bar is only shown to those who ask for one.
        ProgressPrinter printer = new ProgressPrinter(err, progress == ProgressPrinter.Style.AUTO
                ? ProgressPrinter.Style.NONE : progress, STREAM, "frames", System::nanoTime);
        try (FrameSource source = Y4mReader.open(in, STREAM, Y4mReader.DEFAULT_MAX_PIXELS)) {
            Plan plan = plan(source.format(), size, networks, paths, null, quality, STREAM, err);
            try (FrameSink sink = held.referenced(Y4mWriter.open(out, plan.output()), null);
                    FrameRateOptions.AutoCloseableLoad _ = held.load()) {
                VideoRun.Statistics statistics = VideoRun.run(source, sink, plan.upscaler(), printer::update,
                        new Cancellation());
                printer.close();
                say(statistics, plan.upscaler(), sink, STREAM, err);
            }
        } catch (IOException | RuntimeException e) {
            printer.close();
            throw e;
        }
    }

    /// Begins to warm the kernels up. Gives the paths of a model to route over, `null` where one network does all.
    private RoutedNetwork warm(TargetSize size, Networks networks, Double quality) throws IOException {
        boolean points = held.asked() && networks.meta().isPresent();
        if (points) {
            routed.checkNotAsked(networks.model(), quality);
        }
        Optional<DynamicModel> model = points ? Optional.empty() : routed.model(networks.model(), quality);
        if (model.isEmpty()) {
            networks.warmUpInBackground(size);
            return null;
        }
        RoutedNetwork paths = networks.routed(model.get());
        paths.warmUpInBackground();
        return paths;
    }

    /// What is done to every frame.
    private record Plan(FrameStage upscaler, VideoFormat output) {}

    /// How a file's frames, or where `job` is `null` a stream's, are enlarged.
    private Plan plan(VideoFormat input, TargetSize size, Networks networks, RoutedNetwork paths, Inputs.Job job,
            Double quality, String name, PrintWriter err) throws IOException {
        FrameFormat frame = input.frame();
        if (paths != null) {
            TargetSize wanted = size != null ? size : TargetSize.ofFactor(paths.scale());
            int width = wanted.widthFor(frame.width(), frame.height());
            int height = wanted.heightFor(frame.width(), frame.height());
            FrameFormat large = fitting(job, frame, width, height);
            Path video = job == null ? null : job.input();
            String even = evenSizes(frame, width, height, large);
            if (!even.isEmpty()) {
                err.println("fovea: " + name + ": " + size(large) + even);
            }
            if (held.asked()) {
                return adaptive(input, large, TextureLadder.of(paths, routed.options(paths.model(), video, quality,
                        networks, name, err)), networks, name, err);
            }
            FrameStage stage = routed.stage(paths, frame, large, wanted, video, quality, networks, name, err);
            return new Plan(stage, input.withFrame(stage.output()));
        }
        Networks.Target wanted = networks.target(size, frame.width(), frame.height());
        FrameFormat large = fitting(job, frame, wanted.width(), wanted.height());
        Networks.Target target = wanted.withSize(large.width(), large.height());
        String even = evenSizes(frame, wanted.width(), wanted.height(), large);
        target.note(name).or(() -> even.isEmpty() ? Optional.empty() : Optional.of(name + ": " + size(large)))
                .ifPresent(note -> err.println("fovea: " + note + even));
        FrameStage upscaler;
        if (held.asked()) {
            if (target.network() == null) {
                throw new IllegalArgumentException("--fps moves between networks, and " + name
                        + " is to be resampled only; leave --fps out, or ask for a factor above 1");
            }
            Optional<TextureLadder> textures = networks.textures(target.network().scale());
            if (textures.isPresent()) {
                return adaptive(input, large, textures.get(), networks, name, err);
            }
            AdaptiveUpscaler adaptive = held.stage(frame, large, networks, networks.points(target.network()));
            held.announce(adaptive, name, err);
            upscaler = adaptive;
        } else {
            upscaler = new FrameUpscaler(frame, large.width(), large.height(), target.network(),
                    ResampleKernel.BICUBIC, networks.workers()).keepUnchanged();
        }
        return new Plan(upscaler, input.withFrame(upscaler.output()));
    }

    /// Why the result has another size than the one asked for; empty where it has that.
    private static String evenSizes(FrameFormat frame, int width, int height, FrameFormat large) {
        return width == large.width() && height == large.height() ? ""
                : String.format(Locale.ROOT, ", not %dx%d, because %s", width, height, frame.layout().chromaShiftY() > 0
                        ? "4:2:0 video needs even sizes" : "4:2:2 video needs even widths");
    }

    private static String size(FrameFormat format) {
        return String.format(Locale.ROOT, "%dx%d", format.width(), format.height());
    }

    private static FrameFormat fitting(Inputs.Job job, FrameFormat frame, int width, int height) {
        FrameFormat large = frame.withSize(width, height);
        return job == null ? large : VideoFiles.fitting(job.output(), large);
    }

    private Plan adaptive(VideoFormat input, FrameFormat large, TextureLadder points, Networks networks, String name,
            PrintWriter err) {
        AdaptiveUpscaler stage = held.stage(input.frame(), large, networks, points);
        held.announce(stage, name, err);
        return new Plan(stage, input.withFrame(stage.output()));
    }

    private void say(VideoRun.Statistics statistics, FrameStage stage, FrameSink sink, String name, PrintWriter err)
            throws IOException {
        if (stage instanceof AdaptiveUpscaler adaptive) {
            adaptive.close();
            held.report(adaptive, sink, name, err);
        }
        if (stage instanceof RoutedFrameUpscaler paths) {
            err.println("fovea: " + name + ": " + paths.statistics().line());
        }
        if (stage instanceof FrameUpscaler whole && whole.keptShare() > 0) {
            err.println(String.format(Locale.ROOT, "fovea: %s: %.1f %% of the pixels were as in the frame before and not "
                    + "computed again", name, 100 * whole.keptShare()));
        }
        if (statistics.frames() == 0) {
            err.println("fovea: " + name + ": holds no frames, so the result holds none");
            return;
        }
        double frames = statistics.frames();
        String counted = statistics.frames() == 1 ? "1 frame" : statistics.frames() + " frames";
        err.println(String.format(Locale.ROOT,
                "fovea: %s: %s in %.1f s, %.1f frames/s (alone: decode %.1f, network %.1f, encode %.1f frames/s)",
                name, counted, statistics.wallNanos() / 1e9, frames / (statistics.wallNanos() / 1e9),
                frames / (Math.max(1, statistics.decodeNanos()) / 1e9), frames / (Math.max(1,
                statistics.networkNanos()) / 1e9), frames / (Math.max(1, statistics.encodeNanos()) / 1e9)));
    }
}
