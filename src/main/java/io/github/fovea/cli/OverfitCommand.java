package io.github.fovea.cli;

import io.github.fovea.media.AtomicOutput;
import io.github.fovea.model.Domain;
import io.github.fovea.model.DynamicModel;
import io.github.fovea.model.ModelFile;
import io.github.fovea.model.Models;
import io.github.fovea.model.Origin;
import io.github.fovea.model.Routing;
import io.github.fovea.model.Segments;
import io.github.fovea.model.StoredModel;
import io.github.fovea.network.DynamicNetwork;
import io.github.fovea.pipeline.Workers;
import io.github.fovea.report.ReportPage;
import io.github.fovea.route.DifficultyScore;
import io.github.fovea.route.Grid;
import io.github.fovea.route.RouteMap;
import io.github.fovea.route.RouteMapFile;
import io.github.fovea.route.VideoHash;
import io.github.fovea.train.ClipFrames;
import io.github.fovea.train.ClipPass;
import io.github.fovea.train.ClipScores;
import io.github.fovea.train.LowResolution;
import io.github.fovea.train.OverfitOptions;
import io.github.fovea.train.OverfitProgress;
import io.github.fovea.train.OverfittedNetwork;
import io.github.fovea.train.Overfitting;
import io.github.fovea.train.RouteLearning;
import io.github.fovea.train.SegmentTraining;
import io.github.fovea.train.WarmStart;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Overfits a network to one video.
@Command(name = "overfit", mixinStandardHelpOptions = true,
        description = {
            "Overfits a network to one video, so that a player restores the large video from a small one and the "
                    + "model file.",
            "Beside the model it writes the small video (unless --lr-video gives it) and a route map, which says "
                    + "what path every part of every frame takes. One frame in ten is never trained on; the figures "
                    + "printed at the end are for these. With --steps equal runs give equal bits, on any number of "
                    + "threads."
        })
final class OverfitCommand implements Callable<Integer> {
    private static final int DIGITS = 3;
    /// Share of the MACs of the deepest path that several paths may spend together.
    private static final double USUAL_QUALITY = 0.65;
    private static final double LEAST_SEGMENT_SECONDS = 0.01;
    private static final double MOST_SEGMENT_SECONDS = 1e6;
    /// Share of the training that goes to segments.
    private static final double SEGMENTS_SHARE = 0.25;

    @Parameters(paramLabel = "VIDEO", description = "The video to restore.")
    private Path video;

    @Option(names = {"-o", "--output"}, required = true, paramLabel = "FILE", description = "The model file to write.")
    private Path output;

    @Option(names = "--scale", paramLabel = "N", defaultValue = "2",
            description = "Factor, 2 to 4 (default: ${DEFAULT-VALUE}).")
    private int scale;

    @Option(names = "--lr-video", paramLabel = "FILE", description = "The small video, as players get it.")
    private Path lrVideo;

    @Option(names = "--crf", paramLabel = "Q",
            description = "Encodes the small video with H.264 at this quality, 0 to 51, and trains on what the decoder "
                    + "gives (default: Y4M, every sample kept).")
    private Integer crf;

    @Option(names = "--frame-rate", paramLabel = "N[/D]",
            description = "Makes a video of variable frame rate constant, by dropping and repeating frames.")
    private String frameRate;

    @Option(names = "--max-memory", paramLabel = "SIZE", converter = SizeConverter.class,
            description = "Bound of the memory for frames, such as 800M (default: a third of the heap); of longer "
                    + "clips every second frame is kept, or every fourth, ...")
    private Long maxMemoryBytes;

    @Option(names = "--quality", paramLabel = "Q",
            description = "Share of the deepest path's work that routing may spend on a frame, 0 to 1 (default: 1 for "
                    + "one path, 0.65 for several).")
    private Double quality;

    @Option(names = "--score", paramLabel = "NAME", defaultValue = "laplacian",
            description = "How a player tells difficult cells: laplacian, gradient or dct (default: ${DEFAULT-VALUE}).")
    private String score;

    @Option(names = "--cells", paramLabel = "CxR",
            description = "Cells of a frame that are routed (default: at most 20x10, of about 48x54 LR pixels).")
    private String cells;

    @Option(names = "--segment", paramLabel = "SECONDS",
            description = "Cuts a long video into segments and fits less than one in a hundred of the model's numbers "
                    + "to each. A quarter of the time, or of the steps, goes there, the rest to the model that they "
                    + "share.")
    private Double segmentSeconds;

    @Option(names = "--report", paramLabel = "FILE", description =
            "Writes a page with figures, charts and pictures (.html).")
    private Path report;

    @Option(names = "--resume",
            description = "Goes on from OUTPUT.checkpoint, where training is saved until the model is written.")
    private boolean resume;

    @Option(names = "--overwrite", description = "Replaces files that exist.")
    private boolean overwrite;

    @Mixin
    private OverfitTraining training;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        check();
        PrintWriter err = spec.commandLine().getErr();
        DynamicNetwork network = training.network(scale);
        training.check(network);
        List<WarmStart> starts = starts();
        boolean before = lrVideo != null || Files.exists(sibling(smallEnding()));
        Path small = smallVideo(err);
        Path checkpoint = TrainingRunOptions.checkpoint(output);
        try {
            overfit(network, starts, small, checkpoint);
        } catch (IOException | RuntimeException e) {
            // Without a checkpoint nothing goes on with the small video that was made.
            if (!before && !Files.exists(checkpoint)) {
                Files.deleteIfExists(small);
            }
            throw e;
        }
        Files.deleteIfExists(checkpoint);
        return ExitCode.OK;
    }

    /// What takes long is not lost where the disk is full: the checkpoint stays.
    private void write(ClipPass.Result result, DynamicModel made) throws IOException {
        Path routes = sibling(".routes");
        boolean before = Files.exists(routes);
        try (AtomicOutput model = AtomicOutput.open(output, overwrite)) {
            RouteMapFile.write(result.map(), routes);
            ModelFile.write(made, model.temporary());
            model.commit();
        } catch (IOException e) {
            if (!before) {
                Files.deleteIfExists(routes);
            }
            throw new IOException(output + ": model and route map cannot be written: " + Failure.sentence(e)
                    + "; the training is kept in " + TrainingRunOptions.checkpoint(output)
                    + ", run the command again with --resume when there is room", e);
        }
    }

    private void overfit(DynamicNetwork network, List<WarmStart> starts, Path small, Path checkpoint)
            throws IOException {
        PrintWriter err = spec.commandLine().getErr();
        ClipFrames clip = ClipFrames.read(small, video, VideoOptions.rate(frameRate), scale,
                maxMemoryBytes != null ? maxMemoryBytes : Runtime.getRuntime().maxMemory() / 3);
        say(clip, err);
        List<Integer> segments = segments(clip, network, err);
        checkMap(clip);
        OverfitOptions asked = training.options(network, starts, clip, checkpoint, resume);
        OverfitOptions options = segments.isEmpty() ? asked : asked.with(asked.schedule().part(1 - SEGMENTS_SHARE));
        OverfittedNetwork trained = Overfitting.run(options, clip, progress -> {
            err.println(line(progress, clip));
            err.flush();
            return true;
        });
        SegmentTraining.Result changes = segments.isEmpty() ? null : SegmentTraining.run(trained, options,
                asked.schedule().part(SEGMENTS_SHARE / segments.size()), clip, segments, (done, all) -> {
                    err.println("fovea: segment " + done + " of " + all + " is trained");
                    err.flush();
                });
        finish(trained, changes, clip, small, options.threads());
    }

    /// The frame with which each segment begins; none where the video is one segment.
    private List<Integer> segments(ClipFrames clip, DynamicNetwork network, PrintWriter err) {
        if (segmentSeconds == null) {
            return List.of();
        }
        int length = Math.clamp(Math.round(segmentSeconds * clip.framesPerSecond()), 1, Integer.MAX_VALUE / 2);
        List<Integer> starts = SegmentTraining.starts(clip.frames(), length);
        if (starts.size() > 1) {
            try {
                Segments.checkNumbers(starts.size(), SegmentTraining.numbers(network));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("--segment " + segmentSeconds + ": " + e.getMessage()
                        + "; give longer segments", e);
            }
            return starts;
        }
        err.println(String.format(Locale.ROOT,
                "fovea: %s is %.1f seconds long: one segment, whose weights are the model's", video,
                clip.frames() / clip.framesPerSecond()));
        return List.of();
    }

    private void checkMap(ClipFrames clip) {
        try {
            RouteMap.checkCells(clip.frames(), grid(clip));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(video + ": " + e.getMessage() + "; give fewer --cells", e);
        }
    }

    /// Learns the routes, measures, and writes everything; the model last, so that what it names is there.
    private void finish(OverfittedNetwork trained, SegmentTraining.Result changes, ClipFrames clip, Path small,
            int threads)
            throws IOException {
        PrintWriter err = spec.commandLine().getErr();
        String hash = VideoHash.of(small);
        try (Workers workers = Workers.ofThreads(threads)) {
            DynamicModel made = model(trained, clip, routing(trained, clip, workers), hash)
                    .with(changes == null ? Segments.NONE : changes.segments());
            ProgressPrinter printer = new ProgressPrinter(err, ProgressPrinter.Style.AUTO, "measuring", "frames",
                    System::nanoTime);
            ClipPass.Result result;
            try {
                result = ClipPass.run(small, video, VideoOptions.rate(frameRate), clip, made, hash, general(),
                        quality(trained, clip), workers, printer::update);
            } finally {
                printer.close();
            }
            write(result, made);
            print(result, trained, Files.size(sibling(".routes")));
            if (changes != null) {
                spec.commandLine().getOut().printf(Locale.ROOT,
                        "%d segments, each changes %,d of %,d numbers: the deepest path has %.3f dB on some %s frames "
                        + "of each, %.3f dB without%n", changes.segments().count(), changes.segments().numbers(),
                        trained.network().parameterElements(), changes.psnr(), measured(clip), changes.basePsnr());
                spec.commandLine().getOut().flush();
            }
            if (report != null) {
                report(new OverfitReport(small, video, VideoOptions.rate(frameRate), made, result, trained, workers));
            }
        }
    }

    /// Everything else is written by now.
    private void report(OverfitReport page) throws IOException {
        try {
            page.write(report, overwrite, output, sibling(".routes"));
        } catch (IOException e) {
            throw new IOException(report + ": the page cannot be written: " + Failure.sentence(e) + "; model and route map "
                    + "are, and the training is kept in " + TrainingRunOptions.checkpoint(output) + ": run the command "
                    + "again with --resume --overwrite for the page", e);
        }
    }

    private Routing routing(OverfittedNetwork trained, ClipFrames clip, Workers workers) {
        if (training.router() == OverfitTraining.RouterKind.size) {
            return RouteLearning.bySize(trained.network(), clip, columns(clip), rows(clip), score,
                    quality(trained, clip));
        }
        Routing.ByScore byScore = RouteLearning.learn(trained, clip, columns(clip), rows(clip), score,
                quality(trained, clip), workers);
        return training.router() == OverfitTraining.RouterKind.map ? new Routing.ByMap(byScore) : byScore;
    }

    private double quality(OverfittedNetwork trained, ClipFrames clip) {
        boolean undivided = grid(clip).cells().size() == 1;
        return quality != null ? quality : trained.network().paths().size() == 1 || undivided ? 1 : USUAL_QUALITY;
    }

    private Grid grid(ClipFrames clip) {
        return Grid.of(clip.width(), clip.height(), columns(clip), rows(clip));
    }

    private int columns(ClipFrames clip) {
        return cells == null ? RouteLearning.columns(clip) : Integer.parseInt(cells.substring(0, cells.indexOf('x')));
    }

    private int rows(ClipFrames clip) {
        return cells == null ? RouteLearning.rows(clip) : Integer.parseInt(cells.substring(cells.indexOf('x') + 1));
    }

    private Path sibling(String ending) {
        return output.resolveSibling(ModelFile.stem(output) + ending);
    }

    /// What can be found out before an hour of training is found out here.
    private void check() throws IOException {
        OptionRange.check("--scale", scale, 2, 4);
        OptionRange.check("--crf", crf, 0, 51);
        OptionRange.check("--segment", segmentSeconds, LEAST_SEGMENT_SECONDS, MOST_SEGMENT_SECONDS);
        OptionRange.check("--quality", quality, 0, 1);
        VideoOptions.rate(frameRate);
        StoredModel.checkName("model", ModelFile.stem(output));
        ModelFileOptions.checkEnding(output);
        if (lrVideo != null && crf != null) {
            throw new IllegalArgumentException("give --lr-video or --crf, not both");
        }
        if (cells != null && (!cells.matches("[1-9]\\d{0,2}x[1-9]\\d{0,2}")
                || Arrays.stream(cells.split("x")).anyMatch(count -> Integer.parseInt(count) > Routing.MAX_CELLS))) {
            throw new IllegalArgumentException("--cells " + cells + ", wanted columns x rows such as 20x10, each at most "
                    + Routing.MAX_CELLS);
        }
        DifficultyScore.named(score);
        if (report != null) {
            ReportPage.requireCharts();
        }
        for (Path input : lrVideo == null ? List.of(video) : List.of(video, lrVideo)) {
            if (!Files.exists(input)) {
                throw new NoSuchFileException(input.toString());
            }
            if (Inputs.kind(input) != Inputs.Kind.VIDEO) {
                throw new IllegalArgumentException(input + ": the name does not end like a video's");
            }
        }
        new FilesApart().reads("the video", video).reads("--lr-video", lrVideo).writes("-o", output)
                .writes("the route map", sibling(".routes"))
                .writes("the small video", lrVideo == null ? sibling(smallEnding()) : null).writes("--report", report);
        for (Path made : report == null ? List.of(output, sibling(".routes")) : List.of(output, sibling(".routes"),
                report)) {
            AtomicOutput.check(made, overwrite);
        }
    }

    /// Small videos of different quality have different names, so that none is gone on with as another.
    private String smallEnding() {
        return crf == null ? "-lr.y4m" : "-lr-crf" + crf + ".mp4";
    }

    /// The small video is committed before training starts: a training that dies goes on with the same one.
    private Path smallVideo(PrintWriter err) throws IOException {
        if (lrVideo != null) {
            return lrVideo;
        }
        Path small = sibling(smallEnding());
        if (resume && Files.exists(small)) {
            return small;
        }
        long frames = LowResolution.make(video, VideoOptions.rate(frameRate), small, scale, crf == null ? -1 : crf,
                overwrite);
        err.println(String.format(Locale.ROOT, "fovea: %s: %d frames, %,d bytes", small, frames, Files.size(small)));
        return small;
    }

    private void say(ClipFrames clip, PrintWriter err) {
        if (clip.cutColumns() > 0 || clip.cutRows() > 0) {
            err.println(String.format(Locale.ROOT, "fovea: %s: %d columns at the right and %d rows at the bottom are left "
                    + "out, LR pixels would hold a part of them; what is restored has %dx%d pixels", video,
                    clip.cutColumns(), clip.cutRows(), clip.width() * scale, clip.height() * scale));
        }
        err.println(String.format(Locale.ROOT,
                "fovea: LR %dx%d, %d of %d frames in memory%s, %d trained on, %d held out%s", clip.width(),
                clip.height(), clip.trainedFrames() + clip.heldOutFrames(), clip.frames(), clip.stride() == 1 ? ""
                : ", every " + clip.stride() + "th", clip.trainedFrames(), clip.heldOutFrames(), clip.heldOutFrames()
                > 0 ? "" : " (the clip is too short); figures are for frames that were trained on"));
        err.flush();
    }

    private List<WarmStart> starts() throws IOException {
        List<WarmStart> starts = new ArrayList<>();
        for (StoredModel model : training.starts(scale)) {
            starts.add(WarmStart.of(model));
        }
        return starts;
    }

    private List<StoredModel> general() throws IOException {
        String name = ModelChoice.general(scale);
        StoredModel model = Models.open(name);
        return model.scale() == scale ? List.of(model) : List.of();
    }

    /// {@return the checksum of the model that all paths were begun with; empty where there is none, or several}
    private String base(OverfittedNetwork trained) throws IOException {
        List<String> names = trained.starts().stream().distinct().toList();
        for (StoredModel model : training.starts(scale)) {
            if (names.equals(List.of(model.name()))) {
                return ModelFile.checksum(model);
            }
        }
        return "";
    }

    /// {@return what the frames are that quality is measured on while training goes on}
    private static String measured(ClipFrames clip) {
        return clip.heldOutFrames() > 0 ? "held-out" : "trained";
    }

    private DynamicModel model(OverfittedNetwork trained, ClipFrames clip, Routing routing, String hash)
            throws IOException {
        Map<String, String> figures = new LinkedHashMap<>();
        for (int i = 0; i < trained.network().paths().size(); i++) {
            figures.put(measured(clip) + " PSNR-Y of path " + (i + 1),
                    String.format(Locale.ROOT, "%.3f", trained.curve().getLast().psnr().get(i)));
        }
        figures.put(measured(clip) + " PSNR-Y of bicubic", String.format(Locale.ROOT, "%.3f", trained.bicubicPsnr()));
        String command = "fovea overfit --scale " + scale + " --network " + trained.network().name() + " --seed "
                + training.seed() + " (" + trained.steps() + " steps)";
        return new DynamicModel(ModelFile.stem(output), trained.network().name(),
                Domain.LUMA, trained.network().paths(), trained.parameters(), routing,
                new Origin("", video.getFileName().toString(), List.of(), figures, command,
                        base(trained), hash));
    }

    private void print(ClipPass.Result result, OverfittedNetwork trained, long mapBytes) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        ClipScores scores = result.scores();
        ClipScores.Part part = scores.frames().stream().anyMatch(ClipScores.FrameScore::heldOut)
                ? ClipScores.Part.HELD_OUT : ClipScores.Part.ALL;
        out.printf(Locale.ROOT, "%-18s %17s %15s %8s %9s   %s%n",
                part == ClipScores.Part.HELD_OUT ? "held-out frames" : "all frames", "PSNR-Y, mean MSE",
                "mean of PSNRs", "gain", "SSIM", "PSNR-Y of all frames");
        double bicubic = scores.psnr(0, part).psnrOfMeanError();
        for (int i = 0; i < scores.methods().size(); i++) {
            double psnr = scores.psnr(i, part).psnrOfMeanError();
            String gain = psnr == bicubic || Double.isFinite(psnr - bicubic)
                    ? String.format(Locale.ROOT, "%+.3f", psnr == bicubic ? 0 : psnr - bicubic) : "-";
            out.printf(Locale.ROOT, "%-18s %17s %15s %8s %9.5f %17s%n", scores.methods().get(i), PsnrText.of(psnr, DIGITS),
                    PsnrText.mean(scores.psnr(i, part), DIGITS), gain, scores.ssim(i, part),
                    PsnrText.of(scores.psnr(i, ClipScores.Part.ALL).psnrOfMeanError(), DIGITS));
        }
        StringBuilder shares = new StringBuilder();
        for (int path = 0; path < result.shares().size(); path++) {
            shares.append(String.format(Locale.ROOT, "%s%s %.1f %%", path == 0 ? "" : ", ", path == 0 ? "bicubic"
                    : "path " + path, 100 * result.shares().get(path)));
        }
        out.printf(Locale.ROOT, "pixels by map: %s; route map %,d bytes, %.3f bit a cell%n", shares, mapBytes,
                8.0 * mapBytes / Math.max(1, (long) result.map().frames() * result.map().grid().cells().size()));
        out.printf(Locale.ROOT, "%s: %,d parameters, %,d bytes, %d steps in %.1f minutes%s%n", output,
                trained.network().parameterElements(), Files.size(output), trained.steps(), trained.nanos() / 6e10,
                trained.plateau() ? ", ended early: held-out frames gained no more" : "");
        out.flush();
    }

    private static String number(double psnr) {
        return PsnrText.number(psnr, DIGITS);
    }

    private static String line(OverfitProgress progress, ClipFrames clip) {
        long left = progress.remainingNanos() / 1_000_000_000L;
        StringBuilder psnr = new StringBuilder();
        for (double value : progress.last().psnr()) {
            psnr.append(psnr.isEmpty() ? "" : " / ").append(number(value));
        }
        return String.format(Locale.ROOT,
                "%5.1f%%  step %d  loss %.3e  %s %s dB (bicubic %s)  %.1f steps/s  left %d:%02d%s",
                100 * progress.share(), progress.step(), progress.loss(), measured(clip), psnr, number(progress.bicubicPsnr()),
                progress.stepsPerSecond(), left / 60, left % 60, progress.cooling() ? "  cooling down" : "");
    }
}
