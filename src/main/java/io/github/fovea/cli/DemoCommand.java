package io.github.fovea.cli;

import io.github.fovea.error.OutputException;
import io.github.fovea.frame.Frame;
import io.github.fovea.frame.FrameFormat;
import io.github.fovea.frame.Plane;
import io.github.fovea.media.AtomicOutput;
import io.github.fovea.media.ImageFiles;
import io.github.fovea.media.Picture;
import io.github.fovea.media.WriteOptions;
import io.github.fovea.model.Models;
import io.github.fovea.pipeline.Cancellation;
import io.github.fovea.pipeline.FrameUpscaler;
import io.github.fovea.pipeline.NetworkRunner;
import io.github.fovea.pipeline.PictureUpscaler;
import io.github.fovea.pipeline.Progress;
import io.github.fovea.pipeline.Workers;
import io.github.fovea.quality.Psnr;
import io.github.fovea.quality.PsnrMeans;
import io.github.fovea.quality.PublishedProtocol;
import io.github.fovea.quality.Ssim;
import io.github.fovea.resample.ResampleKernel;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Shows what Fovea does, on a bundled picture and a clip made from it. Works without ffmpeg.
@Command(name = "demo", mixinStandardHelpOptions = true,
        description = {
            "Shrinks a bundled picture and a short clip by two, enlarges them by bicubic and by the bundled "
                    + "networks, and prints how near each comes to the original and what it costs.",
            "Leaves the pictures and clips in a folder, in place of those of an earlier demo; other files of the same names "
                    + "are not replaced."
        })
final class DemoCommand implements Callable<Integer> {
    private static final int SCALE = 2;
    /// How long the picture is enlarged again and again: the first times, loops around the network are not compiled yet.
    private static final long PICTURE_NANOS = 800_000_000L;
    private static final String SAMPLE = "/io/github/fovea/sample/harbour.png";
    private static final String ORIGINAL = "original.png";
    private static final String SMALL = "small.png";
    private static final String DETAIL_SHEET = "before-after.png";
    private static final String SMALL_CLIP = "clip-small.y4m";
    /// Left, top, width and height of the details that the before/after picture shows.
    private static final int[][] DETAILS = {{936, 108, 160, 120}, {196, 556, 160, 120}, {716, 446, 160, 120}};
    private static final int DETAIL_ZOOM = 2;
    private static final int GAP = 6;
    private static final int FRAME_RATE = 24;

    @Option(names = {"-o", "--output"}, paramLabel = "FOLDER", defaultValue = "fovea-demo",
            description = "Where the pictures and clips go (default: ${DEFAULT-VALUE}).")
    private Path folder;

    @Option(names = "--overwrite", description = "Replaces files of the same names that are no earlier demo's, too.")
    private boolean overwrite;

    @Mixin
    private EngineOptions engine;

    @Spec
    private CommandSpec spec;

    private record Row(String what, String model, double psnr, double ssim, double millis) {}

    @Override
    public Integer call() throws IOException {
        List<String> names = Models.names().stream().filter(n -> n.startsWith("general-x" + SCALE)).toList();
        if (!overwrite) {
            checkFree(folder, names);
        }
        AtomicOutput.createFolder(folder.toAbsolutePath());
        Frame large = sample();
        List<Row> rows = new ArrayList<>();
        try (Workers workers = Workers.ofThreads(engine.threads())) {
            List<NetworkRunner> networks = new ArrayList<>();
            networks.add(null);
            for (String name : names) {
                networks.add(NetworkRunner.compile(Models.open(name), engine.backend(), workers.threads(),
                        engine.maxMemoryBytes()));
            }
            for (NetworkRunner network : networks) {
                if (network != null) {
                    network.warmUp();
                }
            }
            picture(large, networks, workers, rows);
            clip(new SampleClip(large), networks, workers, rows);
        }
        print(rows);
        return ExitCode.OK;
    }

    /// Refuses to replace what no demo has left in a folder. Where one was, its original lies there, and is our sample.
    ///
    /// @param folder where the pictures and clips go; need not exist
    /// @param models names of the networks
    /// @throws OutputException if a name is taken
    static void checkFree(Path folder, List<String> models) throws IOException {
        Path original = folder.resolve(ORIGINAL);
        if (Files.isRegularFile(original)) {
            byte[] own;
            try (InputStream in = DemoCommand.class.getResourceAsStream(SAMPLE)) {
                own = in.readAllBytes();
            }
            if (Files.size(original) == own.length && Arrays.equals(Files.readAllBytes(original), own)) {
                return;
            }
        }
        List<String> taken = new ArrayList<>(List.of(ORIGINAL, SMALL, DETAIL_SHEET, SMALL_CLIP));
        Stream.concat(Stream.of(ModelChoice.BICUBIC), models.stream()).forEach(name -> {
            taken.add(name + ".png");
            taken.add(clipName(name));
        });
        for (String name : taken) {
            if (Files.exists(folder.resolve(name))) {
                throw new OutputException(folder.resolve(name),
                        "exists and was left by no demo; give another folder, or use --overwrite to replace it");
            }
        }
    }

    private static String clipName(String model) {
        return "clip-" + model + ".y4m";
    }

    private Frame sample() throws IOException {
        // The image reader wants a file; the sample lies inside the jar.
        Path original = folder.resolve(ORIGINAL);
        try (InputStream in = DemoCommand.class.getResourceAsStream(SAMPLE)) {
            AtomicOutput.write(original, true, file -> Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING));
        }
        return ImageFiles.read(original).frame();
    }

    private static String name(NetworkRunner network) {
        return network == null ? ModelChoice.BICUBIC : network.name();
    }

    private void picture(Frame original, List<NetworkRunner> networks, Workers workers, List<Row> rows)
            throws IOException {
        int width = original.format().width();
        int height = original.format().height();
        Frame small = new PictureUpscaler(original, width / SCALE, height / SCALE, null, ResampleKernel.BICUBIC,
                workers)
                .upscale(Progress.NONE, new Cancellation());
        write(small, SMALL);
        Plane luma = PublishedProtocol.luma(original, PublishedProtocol.Grey.AS_LUMA);
        Frame before = null;
        Frame after = null;
        for (NetworkRunner network : networks) {
            Frame result = null;
            double best = Double.MAX_VALUE;
            long end = System.nanoTime() + PICTURE_NANOS;
            for (int run = 0; run < 3 || System.nanoTime() < end; run++) {
                long start = System.nanoTime();
                result = new PictureUpscaler(small, width, height, network, ResampleKernel.BICUBIC, workers)
                        .upscale(Progress.NONE, new Cancellation());
                best = Math.min(best, (System.nanoTime() - start) / 1e6);
            }
            Plane made = PublishedProtocol.luma(result, PublishedProtocol.Grey.AS_LUMA);
            rows.add(new Row("picture", name(network), Psnr.of(luma, made, SCALE), Ssim.of(luma, made, SCALE), best));
            write(result, name(network) + ".png");
            before = network == null ? result : before;
            after = network != null && after == null ? result : after;
        }
        if (after != null) {
            write(details(before, after, original), DETAIL_SHEET);
        }
    }

    /// {@return details of three pictures side by side, one row each: before, after, original}
    private static Frame details(Frame before, Frame after, Frame original) {
        int wide = DETAILS[0][2] * DETAIL_ZOOM;
        int high = DETAILS[0][3] * DETAIL_ZOOM;
        FrameFormat format = original.format().withSize(3 * wide + 2 * GAP, DETAILS.length * high
                + (DETAILS.length - 1) * GAP);
        Frame sheet = Frame.allocate(format);
        sheet.planes().forEach(plane -> java.util.Arrays.fill(plane.samples(), (short) 255));
        Frame[] columns = {before, after, original};
        for (int row = 0; row < DETAILS.length; row++) {
            for (int column = 0; column < columns.length; column++) {
                for (int p = 0; p < format.layout().planes(); p++) {
                    Plane from = columns[column].plane(p);
                    Plane to = sheet.plane(p);
                    for (int y = 0; y < high; y++) {
                        for (int x = 0; x < wide; x++) {
                            to.set(column * (wide + GAP) + x, row * (high + GAP) + y, from.get(
                                    DETAILS[row][0] + x / DETAIL_ZOOM, DETAILS[row][1] + y / DETAIL_ZOOM));
                        }
                    }
                }
            }
        }
        return sheet;
    }

    private void clip(SampleClip clip, List<NetworkRunner> networks, Workers workers, List<Row> rows)
            throws IOException {
        FrameUpscaler shrink = new FrameUpscaler(SampleClip.format(), SampleClip.WIDTH / SCALE,
                SampleClip.HEIGHT / SCALE, null, ResampleKernel.BICUBIC, workers);
        List<Frame> originals = new ArrayList<>();
        List<Frame> smalls = new ArrayList<>();
        for (int i = 0; i < SampleClip.FRAMES; i++) {
            originals.add(clip.frame(i));
            smalls.add(Frame.allocate(shrink.output()));
            shrink.upscale(originals.get(i), smalls.get(i));
        }
        VideoFrames.writeY4m(folder.resolve(SMALL_CLIP), smalls, FRAME_RATE);
        for (NetworkRunner network : networks) {
            FrameUpscaler upscaler = new FrameUpscaler(shrink.output(), SampleClip.WIDTH, SampleClip.HEIGHT, network,
                    ResampleKernel.BICUBIC, workers);
            PsnrMeans psnr = new PsnrMeans(255);
            double ssim = 0;
            List<Double> millis = new ArrayList<>();
            List<Frame> results = new ArrayList<>();
            for (int i = 0; i < SampleClip.FRAMES; i++) {
                Frame large = Frame.allocate(upscaler.output());
                long start = System.nanoTime();
                upscaler.upscale(smalls.get(i), large);
                millis.add((System.nanoTime() - start) / 1e6);
                psnr.add(Psnr.meanSquaredError(originals.get(i).plane(0), large.plane(0), 0));
                ssim += Ssim.of(originals.get(i).plane(0), large.plane(0), 0) / SampleClip.FRAMES;
                results.add(large);
            }
            millis.sort(null);
            rows.add(new Row("clip", name(network), psnr.psnrOfMeanError(), ssim, millis.get(millis.size() / 2)));
            VideoFrames.writeY4m(folder.resolve(clipName(name(network))), results, FRAME_RATE);
        }
    }

    private void write(Frame frame, String name) throws IOException {
        ImageFiles.write(new Picture(frame), folder.resolve(name), new WriteOptions(95, true));
    }

    private void print(List<Row> rows) {
        PrintWriter out = spec.commandLine().getOut();
        out.printf(Locale.ROOT, "%-8s %-18s %9s %8s %8s %10s%n", "what", "model", "Y-PSNR dB", "gain", "SSIM",
                "ms/frame");
        double base = 0;
        for (Row row : rows) {
            base = row.model().equals(ModelChoice.BICUBIC) ? row.psnr() : base;
            out.printf(Locale.ROOT, "%-8s %-18s %9.2f %+8.2f %8.4f %10.1f%n", row.what(), row.model(), row.psnr(),
                    row.psnr() - base, row.ssim(), row.millis());
        }
        PrintWriter err = spec.commandLine().getErr();
        err.println("fovea: picture 640x400 to 1280x800 in RGB, clip of " + SampleClip.FRAMES
                + " frames 320x180 to 640x360");
        err.println("fovea: look at " + folder.resolve(DETAIL_SHEET)
                + " (left bicubic, middle Fovea, right original); everything is in "
                + folder.toAbsolutePath().normalize());
    }
}
