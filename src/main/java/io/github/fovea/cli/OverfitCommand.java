package io.github.fovea.cli;

import io.github.fovea.media.AtomicOutput;
import io.github.fovea.model.Domain;
import io.github.fovea.model.DynamicModel;
import io.github.fovea.model.ModelFile;
import io.github.fovea.model.Models;
import io.github.fovea.model.Origin;
import io.github.fovea.model.StoredModel;
import io.github.fovea.network.DynamicNetwork;
import io.github.fovea.pipeline.Workers;
import io.github.fovea.train.ClipEvaluation;
import io.github.fovea.train.ClipFrames;
import io.github.fovea.train.ClipScores;
import io.github.fovea.train.LowResolution;
import io.github.fovea.train.OverfitOptions;
import io.github.fovea.train.OverfitProgress;
import io.github.fovea.train.OverfittedNetwork;
import io.github.fovea.train.Overfitting;
import io.github.fovea.train.WarmStart;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
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
            "Overfits a network to one video, so that a player restores the large video from a small one and the model file.",
            "Writes the small video beside the model (unless --lr-video gives it). One frame in ten is never trained on; the",
            "figures printed at the end are for these. With --steps equal runs give equal bits, on any number of threads."
        })
final class OverfitCommand implements Callable<Integer> {
    /// Most trained frames that are measured at the end.
    private static final int MEASURED_FRAMES = 30;

    @Parameters(paramLabel = "VIDEO", description = "The video to restore.")
    private Path video;

    @Option(names = {"-o", "--output"}, required = true, paramLabel = "FILE", description = "The model file to write.")
    private Path output;

    @Option(names = "--scale", paramLabel = "N", defaultValue = "2", description = "Factor, 2 to 4 (default: ${DEFAULT-VALUE}).")
    private int scale;

    @Option(names = "--lr-video", paramLabel = "FILE", description = "The small video, as players get it.")
    private Path lrVideo;

    @Option(names = "--crf", paramLabel = "Q",
            description = "Encodes the small video with H.264 at this quality, 0 to 51, and trains on what the decoder gives"
                    + " (default: Y4M, every sample kept).")
    private Integer crf;

    @Option(names = "--frame-rate", paramLabel = "N[/D]",
            description = "Makes a video of variable frame rate constant, by dropping and repeating frames.")
    private String frameRate;

    @Option(names = "--max-memory", paramLabel = "SIZE", converter = SizeConverter.class,
            description = "Bound of the memory for frames, such as 800M (default: a third of the heap); of longer clips every"
                    + " second frame is kept, or every fourth, ...")
    private Long maxMemoryBytes;

    @Option(names = "--report", paramLabel = "FILE", description = "Writes a page with figures, charts and pictures (.html).")
    private Path report;

    @Option(names = "--resume", description = "Goes on from the checkpoint OUTPUT.checkpoint where there is one.")
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
        // Found out now, not after an hour of training.
        try (AtomicOutput model = AtomicOutput.open(output, overwrite)) {
            Path small = smallVideo(err);
            ClipFrames clip = ClipFrames.read(small, video, VideoOptions.rate(frameRate), scale,
                    maxMemoryBytes != null ? maxMemoryBytes : Runtime.getRuntime().maxMemory() / 3);
            say(clip, err);
            Path checkpoint = output.resolveSibling(output.getFileName() + ".checkpoint");
            OverfitOptions options = training.options(network, starts(), checkpoint, resume);
            OverfittedNetwork trained = Overfitting.run(options, clip, progress -> {
                err.println(line(progress));
                err.flush();
                return true;
            });
            DynamicModel made = model(trained, small);
            try (Workers workers = Workers.ofThreads(options.threads())) {
                ClipScores scores = ClipEvaluation.measure(clip, general(), made, MEASURED_FRAMES, false, workers);
                ModelFile.write(made, model.temporary());
                model.commit();
                Files.deleteIfExists(checkpoint);
                print(scores, trained);
            }
        }
        return ExitCode.OK;
    }

    private void check() throws IOException {
        if (scale < 2 || scale > 4) {
            throw new IllegalArgumentException("--scale " + scale + ", wanted 2, 3 or 4");
        }
        if (lrVideo != null && crf != null) {
            throw new IllegalArgumentException("give --lr-video or --crf, not both");
        }
        if (crf != null && (crf < 0 || crf > 51)) {
            throw new IllegalArgumentException("--crf " + crf + ", wanted 0 to 51");
        }
        for (Path input : lrVideo == null ? List.of(video) : List.of(video, lrVideo)) {
            if (!Files.exists(input)) {
                throw new NoSuchFileException(input.toString());
            }
            if (Inputs.kind(input) != Inputs.Kind.VIDEO) {
                throw new IllegalArgumentException(input + ": the name does not end like a video's");
            }
        }
        if (report != null && Files.exists(report) && !overwrite) {
            throw new FileAlreadyExistsException(report.toString());
        }
    }

    /// The small video is committed before training starts: a training that dies goes on with the same one.
    private Path smallVideo(PrintWriter err) throws IOException {
        if (lrVideo != null) {
            return lrVideo;
        }
        String name = output.getFileName().toString();
        Path small = output.resolveSibling((name.endsWith(".fovea") ? name.substring(0, name.length() - 6) : name)
                + (crf == null ? "-lr.y4m" : "-lr.mp4"));
        if (resume && Files.exists(small)) {
            return small;
        }
        long frames = LowResolution.make(video, VideoOptions.rate(frameRate), small, scale, crf == null ? -1 : crf, overwrite);
        err.println(String.format(Locale.ROOT, "fovea: %s: %d frames, %,d bytes", small, frames, Files.size(small)));
        return small;
    }

    private static void say(ClipFrames clip, PrintWriter err) {
        err.println(String.format(Locale.ROOT, "fovea: LR %dx%d, %d of %d frames in memory%s, %d trained on, %d held out%s",
                clip.width(), clip.height(), clip.trainedFrames() + clip.heldOutFrames(), clip.frames(),
                clip.stride() == 1 ? "" : ", every " + clip.stride() + "th", clip.trainedFrames(), clip.heldOutFrames(),
                clip.heldOutFrames() > 0 ? "" : " (the clip is too short); figures are for frames that were trained on"));
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

    private DynamicModel model(OverfittedNetwork trained, Path small) throws IOException {
        Map<String, String> figures = new LinkedHashMap<>();
        for (int i = 0; i < trained.network().paths().size(); i++) {
            figures.put("held-out PSNR-Y of path " + (i + 1),
                    String.format(Locale.ROOT, "%.3f", trained.curve().getLast().psnr().get(i)));
        }
        figures.put("held-out PSNR-Y of bicubic", String.format(Locale.ROOT, "%.3f", trained.bicubicPsnr()));
        String file = output.getFileName().toString();
        String command = "fovea overfit --scale " + scale + " --network " + trained.network().name() + " --seed "
                + training.seed() + " (" + trained.steps() + " steps)";
        return new DynamicModel(file.endsWith(".fovea") ? file.substring(0, file.length() - 6) : file, trained.network().name(),
                Domain.LUMA, trained.network().paths(), trained.parameters(), OverfitTraining.deepest(trained.network()),
                new Origin("", video.getFileName().toString(), List.of(), figures, command, "", VideoHash.of(small)));
    }

    private void print(ClipScores scores, OverfittedNetwork trained) {
        PrintWriter out = spec.commandLine().getOut();
        ClipScores.Part part = scores.frames().stream().anyMatch(ClipScores.FrameScore::heldOut) ? ClipScores.Part.HELD_OUT
                : ClipScores.Part.ALL;
        out.printf(Locale.ROOT, "%-16s %14s %14s %10s   %s%n", part == ClipScores.Part.HELD_OUT ? "held-out frames" : "all frames",
                "PSNR-Y, mean MSE", "mean of PSNRs", "gain", "all measured frames, mean MSE");
        double bicubic = scores.psnr(0, part).psnrOfMeanError();
        for (int i = 0; i < scores.methods().size(); i++) {
            double psnr = scores.psnr(i, part).psnrOfMeanError();
            out.printf(Locale.ROOT, "%-16s %13.3f dB %11.3f dB %+7.3f dB   %.3f dB%n", scores.methods().get(i), psnr,
                    scores.psnr(i, part).meanOfPsnrs(), psnr == bicubic ? 0 : psnr - bicubic,
                    scores.psnr(i, ClipScores.Part.ALL).psnrOfMeanError());
        }
        out.printf(Locale.ROOT, "%s: %,d parameters, %d steps in %.1f minutes%s%n", output,
                trained.network().parameterElements(), trained.steps(), trained.nanos() / 6e10,
                trained.plateau() ? ", ended early: held-out frames gained no more" : "");
        out.flush();
    }

    private static String line(OverfitProgress progress) {
        long left = progress.remainingNanos() / 1_000_000_000L;
        StringBuilder psnr = new StringBuilder();
        for (double value : progress.last().psnr()) {
            psnr.append(psnr.isEmpty() ? "" : " / ").append(String.format(Locale.ROOT, "%.3f", value));
        }
        return String.format(Locale.ROOT, "%5.1f%%  step %d  loss %.3e  held out %s dB (bicubic %.3f)  %.1f steps/s  left %d:%02d%s",
                100 * progress.share(), progress.step(), progress.loss(), psnr, progress.bicubicPsnr(),
                progress.stepsPerSecond(), left / 60, left % 60, progress.cooling() ? "  cooling down" : "");
    }
}
