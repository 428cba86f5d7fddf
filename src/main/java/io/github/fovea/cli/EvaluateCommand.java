package io.github.fovea.cli;

import io.github.fovea.frame.Frame;
import io.github.fovea.json.JsonText;
import io.github.fovea.media.AtomicOutput;
import io.github.fovea.media.ImageFiles;
import io.github.fovea.model.MetaModel;
import io.github.fovea.model.MetaPoint;
import io.github.fovea.pipeline.NetworkRunner;
import io.github.fovea.pipeline.PictureNetwork;
import io.github.fovea.pipeline.RunningLuma;
import io.github.fovea.pipeline.Workers;
import io.github.fovea.quality.LumaUpscaler;
import io.github.fovea.quality.PublishedProtocol;
import io.github.fovea.quality.PublishedProtocol.Grey;
import io.github.fovea.quality.PublishedProtocol.Scores;
import io.github.fovea.report.ParetoPlot;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Measures a model by the protocol that papers use.
@Command(name = "evaluate", mixinStandardHelpOptions = true,
        description = "Measures a model by the published protocol: each picture is shrunk by bicubic with antialias, "
                + "enlarged"
                    + " again, cropped by the scale, and compared by Y-PSNR and SSIM (BT.601 luma, 8 bit).")
final class EvaluateCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FOLDER|VIDEO", description = "A folder of pictures, one picture, or a video.")
    private Path input;

    @Option(names = "--scale", required = true, paramLabel = "N", description = "Factor, 1 to 16.")
    private int scale;

    @Option(names = "--model", required = true, paramLabel = "NAME|FILE",
            description = "bicubic, the name of a bundled model, or a model file.")
    private String model;

    @Option(names = "--grey-as-rgb",
            description = "Takes grey pictures as R = G = B; by default they are luma, as in the papers.")
    private boolean greyAsRgb;

    @Option(names = "--every", paramLabel = "N", defaultValue = "1",
            description = "Measures every Nth frame of a video (default: ${DEFAULT-VALUE}).")
    private int every;

    @Option(names = "--points",
            description = "Measures every operating point of a meta-graph: name, multiply-adds per LR pixel, means.")
    private boolean points;

    @Option(names = "--against", paramLabel = "NAME|FILE", split = ",",
            description = "With --points: further models to measure beside them.")
    private List<String> against = List.of();

    @Option(names = "--plot", paramLabel = "FILE.svg",
            description = "With --points: draws them and the models beside them, PSNR over cost; an older file is "
                    + "replaced.")
    private Path plot;

    @Option(names = "--record",
            description = "Writes the means into the model file as its figures, such as \"Set5 Y-PSNR x2\".")
    private boolean record;

    @Option(names = "--json", description = "Prints one JSON object: images [{name, psnrY, ssimY}], mean {psnrY, "
            + "ssimY}.")
    private boolean json;

    @Mixin
    private RangeOption range;

    @Mixin
    private EngineOptions engine;

    @Spec
    private CommandSpec spec;

    private record Row(String name, Scores scores) {}

    private record Means(double psnr, double ssim) {
        static Means of(List<Row> rows) {
            return new Means(rows.stream().mapToDouble(r -> r.scores().psnrY()).average().orElseThrow(),
                    rows.stream().mapToDouble(r -> r.scores().ssimY()).average().orElseThrow());
        }
    }

    @Override
    public Integer call() throws IOException {
        OptionRange.check("--scale", scale, 1, 16);
        OptionRange.check("--every", every, 1, Integer.MAX_VALUE);
        if (!points && (!against.isEmpty() || plot != null)) {
            throw new IllegalArgumentException("--against and --plot go with --points");
        }
        if (points && json) {
            throw new IllegalArgumentException("--json with --points: points are printed as a table only; leave one of "
                    + "them out");
        }
        if (plot != null) {
            if (!plot.toString().toLowerCase(Locale.ROOT).endsWith(".svg")) {
                throw new IllegalArgumentException("--plot " + plot + ", wanted a name that ends in .svg");
            }
            AtomicOutput.check(plot, true);
        }
        if (points && record) {
            throw new IllegalArgumentException("--record with --points: a search has measured the points already; "
                    + "leave --record out");
        }
        Optional<RecordedFigures> figures = record ? Optional.of(RecordedFigures.of(model, input, scale))
                : Optional.empty();
        try (Workers workers = Workers.ofThreads(engine.threads())) {
            if (points) {
                measurePoints(workers);
            } else {
                Optional<PictureNetwork> network = ModelChoice.network(model, scale, range.maximum(List.of(model)));
                Means means = print(rows(network.isEmpty() ? PublishedProtocol.bicubic(scale)
                        : running(network.get(), workers)));
                if (figures.isPresent()) {
                    figures.get().write(means.psnr(), means.ssim());
                }
            }
        }
        return ExitCode.OK;
    }

    private LumaUpscaler running(PictureNetwork given, Workers workers) {
        NetworkRunner network =
                NetworkRunner.compile(given, engine.backend(), workers.threads(), engine.maxMemoryBytes());
        checkScale(network.name(), network.scale());
        return new RunningLuma(network, workers);
    }

    private void checkScale(String name, int enlargesBy) {
        if (enlargesBy != scale) {
            throw new IllegalArgumentException("--scale " + scale + ": model " + name + " enlarges by " + enlargesBy);
        }
    }

    private void measurePoints(Workers workers) throws IOException {
        MetaModel meta = Networks.meta(model).orElseThrow(() -> new IllegalArgumentException("--points: " + model
                + " is no meta-graph; fovea search makes one"));
        List<PictureNetwork> beside = new ArrayList<>();
        for (String name : against) {
            beside.add(ModelChoice.network(name, scale, range.maximum(against)).orElseThrow(
                    () -> new IllegalArgumentException("--against " + name + ": it has no cost")));
        }
        beside.forEach(network -> checkScale(network.name(), network.scale()));
        checkScale(meta.name(), meta.meta().scale());
        PrintWriter out = spec.commandLine().getOut();
        out.printf(Locale.ROOT, "%-20s  %10s  %8s  %7s%n", "name", "MACs/pixel", "Y-PSNR", "SSIM");
        List<ParetoPlot.Curve> curves = new ArrayList<>();
        List<ParetoPlot.Dot> dots = new ArrayList<>();
        for (MetaPoint point : meta.points()) {
            dots.add(measured(point.name(), new PictureNetwork.Planned(meta.standAlone(point)), workers, out));
        }
        curves.add(new ParetoPlot.Curve(meta.name(), dots));
        List<ParetoPlot.Dot> others = new ArrayList<>();
        for (PictureNetwork other : beside) {
            others.add(measured(other.name(), other, workers, out));
        }
        if (plot != null) {
            others.sort(Comparator.comparingDouble(ParetoPlot.Dot::cost));
            if (!others.isEmpty()) {
                curves.add(new ParetoPlot.Curve("stand-alone", others));
            }
            String chart = new ParetoPlot(meta.name() + ": quality over cost", "multiply-adds per LR pixel",
                    input.getFileName() + " Y-PSNR, dB", curves).svg();
            AtomicOutput.write(plot, true, temporary -> Files.writeString(temporary, chart));
        }
    }

    private ParetoPlot.Dot measured(String name, PictureNetwork network, Workers workers, PrintWriter out)
            throws IOException {
        Means means = Means.of(rows(running(network, workers)));
        out.printf(Locale.ROOT, "%-20s  %10d  %8.3f  %7.4f%n", name, network.macsPerPixel(), means.psnr(),
                means.ssim());
        return new ParetoPlot.Dot(name, network.macsPerPixel(), means.psnr());
    }

    private List<Row> rows(LumaUpscaler upscaler) throws IOException {
        List<Row> rows = new ArrayList<>();
        if (!Files.exists(input)) {
            throw new NoSuchFileException(input.toString());
        }
        Inputs.Kind kind = Files.isDirectory(input) ? Inputs.Kind.IMAGE : Inputs.kind(input);
        if (kind == Inputs.Kind.VIDEO) {
            VideoFrames.forEach(input, every,
                    (number, frame) -> rows.add(row("frame " + number, input, frame, upscaler)));
        } else {
            for (Path file : Files.isDirectory(input) ? Inputs.pictures(input) : List.of(input)) {
                rows.add(row(file.getFileName().toString(), file, ImageFiles.read(file).frame(), upscaler));
            }
        }
        if (rows.isEmpty()) {
            throw new IllegalArgumentException(input + " holds no picture to measure");
        }
        return rows;
    }

    private Row row(String name, Path file, Frame frame, LumaUpscaler upscaler) {
        try {
            return new Row(name, PublishedProtocol.measure(PublishedProtocol.luma(frame, greyAsRgb ? Grey.AS_RGB
                    : Grey.AS_LUMA), scale, upscaler));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    private Means print(List<Row> rows) {
        Means means = Means.of(rows);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(JsonText.object(o -> {
                o.writeArrayFieldStart("images");
                for (Row row : rows) {
                    o.writeStartObject();
                    o.writeStringField("name", row.name());
                    JsonText.number(o, "psnrY", row.scores().psnrY());
                    JsonText.number(o, "ssimY", row.scores().ssimY());
                    o.writeEndObject();
                }
                o.writeEndArray();
                o.writeObjectFieldStart("mean");
                JsonText.number(o, "psnrY", means.psnr());
                JsonText.number(o, "ssimY", means.ssim());
                o.writeEndObject();
            }));
            return means;
        }
        int width = Math.max(4, rows.stream().mapToInt(r -> r.name().length()).max().orElse(4));
        out.printf(Locale.ROOT, "%-" + width + "s  %8s  %7s%n", "name", "Y-PSNR", "SSIM");
        for (Row row : rows) {
            out.printf(Locale.ROOT, "%-" + width + "s  %8.3f  %7.4f%n", row.name(), row.scores().psnrY(),
                    row.scores().ssimY());
        }
        out.printf(Locale.ROOT, "%-" + width + "s  %8.3f  %7.4f%n", "mean", means.psnr(), means.ssim());
        return means;
    }
}
