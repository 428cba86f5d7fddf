package io.github.fovea.cli;

import io.github.fovea.error.OutputException;
import io.github.fovea.frame.Frame;
import io.github.fovea.frame.Plane;
import io.github.fovea.media.AtomicOutput;
import io.github.fovea.media.ExitTasks;
import io.github.fovea.media.ImageFiles;
import io.github.fovea.media.ImageFormat;
import io.github.fovea.media.Picture;
import io.github.fovea.media.PictureReader;
import io.github.fovea.media.WriteOptions;
import io.github.fovea.pipeline.Cancellation;
import io.github.fovea.pipeline.PictureRows;
import io.github.fovea.pipeline.PictureUpscaler;
import io.github.fovea.pipeline.TargetSize;
import io.github.fovea.resample.ResampleKernel;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Enlarges pictures, folders and videos.
@Command(name = "upscale", mixinStandardHelpOptions = true,
        description = {
            "Enlarges pictures, folders of pictures and videos (with ffmpeg), .y4m files, or - (Y4M from standard "
                    + "input to standard output).",
            "A factor that the model lacks is reached by one exact resampling behind it, which is stated."
        })
final class UpscaleCommand implements Callable<Integer> {
    /// Rows that a writer asks for at a time.
    private static final int WRITER_ROWS = 64;
    private static final int JPEG_QUALITY = 95;
    private static final long MOST_MEGAPIXELS = 1_000_000;

    @Parameters(paramLabel = "INPUT", arity = "1..*",
            description = "Pictures, folders (walked through; the tree is kept), videos, or - for a Y4M stream.")
    private List<String> inputs;

    @Option(names = {"-o", "--output"}, paramLabel = "OUTPUT",
            description = "The result: a file for one file, else a folder; NAME/ is a folder in any case. Left out for - "
                    + "(standard output).")
    private String output;

    @Option(names = "--scale", paramLabel = "N", description =
            "Factor, 1 to 16, fractions too (default: 2, or the model's).")
    private Double scale;

    @Option(names = "--width", paramLabel = "W", description =
            "Width of the result; the height follows unless given too.")
    private Integer width;

    @Option(names = "--height", paramLabel = "H", description =
            "Height of the result; the width follows unless given too.")
    private Integer height;

    @Option(names = "--model", paramLabel = "NAME|FILE",
            description = "A bundled model, a model file, or bicubic (default: the general model that fits the "
                    + "factor).")
    private String model;

    @Option(names = "--progress", paramLabel = "STYLE", defaultValue = "auto",
            description = "auto (a bar on a terminal, nothing for -), bar, json or none, on standard error (default: "
                    + "${DEFAULT-VALUE}).")
    private ProgressPrinter.Style progress;

    @Option(names = "--overwrite", description = "Replaces results that exist; without it they are skipped in folders.")
    private boolean overwrite;

    @Option(names = "--quality", paramLabel = "Q",
            description = "Pictures: quality of JPEG results, 1 to 100 (default: 95). Videos with --model: share of "
                    + "the multiply-adds that the model's deepest path takes for whole frames, 0 (bicubic) to 1 (default: "
                    + "as the model was made for); the parts of each frame where that gains most get it.")
    private Double quality;

    @Option(names = "--max-megapixels", paramLabel = "N", defaultValue = "400",
            description = "Larger input pictures are refused before anything is allocated (default: ${DEFAULT-VALUE}).")
    private long maxMegapixels;

    @Mixin
    private VideoOptions video;

    @Mixin
    private RangeOption range;

    @Mixin
    private EngineOptions engine;

    @Spec
    private CommandSpec spec;

    private final Cancellation cancellation = new Cancellation();

    @Override
    public Integer call() throws IOException {
        size();
        OptionRange.check("--max-megapixels", maxMegapixels, 1, MOST_MEGAPIXELS);
        video.check(overwrite);
        try (Networks networks = new Networks(model, range.maximum(Stream.ofNullable(model).toList()), engine,
                RunLength.of(inputs, output))) {
            if (inputs.contains("-")) {
                if (inputs.size() > 1 || output != null && !output.equals("-")) {
                    throw new IllegalArgumentException("- stands alone: one Y4M stream from standard input to standard "
                            + "output");
                }
                if (overwrite && !video.writesBeside()) {
                    err().println("fovea: standard input: --overwrite says nothing about a stream, which replaces no file");
                }
                // Not System.out, which hides that nobody reads any more.
                video.stream(System.in, new FileOutputStream(FileDescriptor.out), size(), networks, videoQuality(),
                        progress, err());
                return ExitCode.OK;
            }
            if (output == null) {
                throw new IllegalArgumentException("-o OUTPUT is missing: a file, or a folder for several inputs");
            }
            if (output.isEmpty()) {
                throw new IllegalArgumentException("-o '', wanted the name of a file or folder");
            }
            if (inputs.contains("")) {
                throw new IllegalArgumentException("an INPUT is empty, wanted the name of a file or folder");
            }
            boolean folder = output.endsWith("/") || output.endsWith(File.separator);
            Inputs.Expansion expansion = Inputs.expand(inputs.stream().map(Path::of).toList(), Path.of(output), folder);
            checkFor(expansion.jobs());
            if (inputs.size() > 1 || Files.isDirectory(Path.of(inputs.getFirst()))) {
                return runAll(expansion, networks);
            }
            if (folder) {
                AtomicOutput.createFolder(Path.of(output).toAbsolutePath());
            }
            return run(expansion.jobs().getFirst(), networks);
        }
    }

    /// Checks the options that mean something for one kind of input only.
    private void checkFor(List<Inputs.Job> jobs) {
        int videos = 0;
        for (Inputs.Job job : jobs) {
            switch (job.kind()) {
                case IMAGE, OTHER -> jpegQuality();
                case VIDEO -> {
                    videoQuality();
                    videos++;
                }
            }
        }
        if (videos > 1) {
            video.checkOne();
        }
        if (videos == 0 && !jobs.isEmpty()) {
            spec.commandLine().getParseResult().matchedOptions().stream().map(OptionSpec::longestName)
                    .filter(VideoOptions.names()::contains).findFirst().ifPresent(option -> {
                        throw new IllegalArgumentException(option
                                + " is for videos, and no input is one; leave it out");
                    });
        }
    }

    private PrintWriter err() {
        return spec.commandLine().getErr();
    }

    /// Does every job, goes on after those that fail, and says at the end how many did.
    private int runAll(Inputs.Expansion expansion, Networks networks) {
        List<Inputs.Job> jobs = expansion.jobs();
        int failed = 0;
        int skipped = 0;
        expansion.problems().forEach(problem -> err().println("fovea: " + problem));
        expansion.unreadNote().ifPresent(note -> err().println("fovea: " + note));
        for (Inputs.Job job : jobs) {
            if (Files.exists(job.output()) && !overwrite) {
                skipped++;
                continue;
            }
            try {
                AtomicOutput.createFolder(job.output().toAbsolutePath().getParent());
                run(job, networks);
            } catch (IOException | RuntimeException e) {
                if (ExitTasks.ending() || Failure.code(e) == ExitCode.SOFTWARE || Failure.code(e) == ExitCode.INTERRUPTED) {
                    throw e instanceof RuntimeException r ? r : new UncheckedIOException((IOException) e);
                }
                failed++;
                err().println("fovea: " + Failure.sentence(e));
            } catch (OutOfMemoryError e) {
                // What one picture takes says nothing of the next.
                failed++;
                err().println("fovea: " + job.input() + ": " + Failure.sentence(e));
            }
        }
        err().println(String.format(Locale.ROOT, "fovea: %d done, %d skipped because their results exist, %d failed",
                jobs.size() - failed - skipped, skipped, failed + expansion.problems().size()));
        return failed + expansion.problems().size() == 0 ? ExitCode.OK : ExitCode.PARTIAL;
    }

    private int run(Inputs.Job job, Networks networks) throws IOException {
        if (Files.exists(job.output()) && Files.isSameFile(job.input(), job.output())) {
            throw new OutputException(job.output(), "is the input itself; give another output");
        }
        if (Files.exists(job.output()) && !overwrite) {
            throw new OutputException(job.output(), "exists; use --overwrite to replace it");
        }
        Path parent = job.output().toAbsolutePath().getParent();
        if (!Files.isDirectory(parent)) {
            throw new OutputException(job.output(), "folder " + parent + " does not exist; create it first");
        }
        if (!Files.isWritable(parent)) {
            throw new OutputException(job.output(), "folder " + parent
                    + " cannot be written; change its permissions, or give another output");
        }
        switch (job.kind()) {
            case IMAGE, OTHER -> picture(job, networks);
            case VIDEO -> video.file(job, size(), networks, videoQuality(), overwrite, progress, cancellation, err());
        }
        return ExitCode.OK;
    }

    private int jpegQuality() {
        if (quality == null) {
            return JPEG_QUALITY;
        }
        if (!(quality == Math.rint(quality) && quality >= 1 && quality <= 100)) {
            throw new IllegalArgumentException("--quality " + quality
                    + " of a picture, wanted a whole number from 1 to 100");
        }
        return quality.intValue();
    }

    private Double videoQuality() {
        if (quality != null && !(quality >= 0 && quality <= 1)) {
            throw new IllegalArgumentException("--quality " + quality
                    + " of a video, wanted 0 (bicubic) to 1 (the deepest path everywhere); the encoder's is --crf");
        }
        return quality;
    }

    /// {@return the size asked for, or `null` for the model's own factor}
    private TargetSize size() {
        OptionRange.check("--scale", scale, 1, TargetSize.MAX_FACTOR);
        OptionRange.check("--width", width, 1, Plane.MAX_EXTENT);
        OptionRange.check("--height", height, 1, Plane.MAX_EXTENT);
        if (scale == null && width == null && height == null) {
            return null;
        }
        return new TargetSize(scale == null ? 0 : scale, width == null ? 0 : width, height == null ? 0 : height);
    }

    private void picture(Inputs.Job job, Networks networks) throws IOException {
        if (ImageFormat.ofName(job.output()).filter(format -> format != ImageFormat.GIF).isEmpty()) {
            throw new IllegalArgumentException(job.output()
                    + ": the name's ending must say the format: .png, .jpg, .tif or .bmp for a picture");
        }
        networks.warmUpInBackground(size());
        Picture picture;
        try (PictureReader reader = PictureReader.open(job.input(), maxMegapixels * 1_000_000L)) {
            picture = reader.read();
            if (reader.holdsMore()) {
                err().println("fovea: " + job.input() + ": holds several pictures; the first one is enlarged");
            }
        }
        Frame small = ImageFiles.fitting(picture.frame(), job.output());
        int inWidth = small.format().width();
        int inHeight = small.format().height();
        Networks.Target target = networks.target(size(), inWidth, inHeight);
        target.note(job.input().toString()).ifPresent(note -> err().println("fovea: " + note));
        ProgressPrinter printer = new ProgressPrinter(err(), progress, job.input().getFileName().toString(), "rows",
                System::nanoTime);
        try {
            PictureUpscaler upscaler = new PictureUpscaler(small, target.width(), target.height(), target.network(),
                    ResampleKernel.BICUBIC, networks.workers());
            try (PictureRows rows = new PictureRows(upscaler, printer::update, cancellation)) {
                ImageFiles.write(upscaler.format(), picture.metadata()
                                .scaled((double) target.width() / inWidth, (double) target.height() / inHeight),
                        WRITER_ROWS, rows, job.output(), new WriteOptions(jpegQuality(), overwrite));
            }
        } finally {
            printer.close();
        }
    }
}
