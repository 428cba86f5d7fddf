package io.github.fovea.cli;

import io.github.fovea.backend.Backends;
import io.github.fovea.backend.Machine;
import io.github.fovea.backend.MachineProfile;
import io.github.fovea.media.AtomicOutput;
import io.github.fovea.model.MetaModel;
import io.github.fovea.model.MetaPoint;
import io.github.fovea.model.ModelFile;
import io.github.fovea.model.Origin;
import io.github.fovea.network.MetaGraph;
import io.github.fovea.pipeline.NodeTimes;
import io.github.fovea.train.PointSearch;
import io.github.fovea.train.Supernet;
import io.github.fovea.train.SupernetOptions;
import io.github.fovea.train.TrainingCredits;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Trains a meta-graph and searches its operating points.
@Command(name = "search", mixinStandardHelpOptions = true,
        description = {
            "Trains a meta-graph, many networks that share their weights, and finds a set of them to move between at run time",
            "(fovea upscale --fps). Most of the time goes into training, the rest into measuring sub-graphs."
        })
final class SearchCommand implements Callable<Integer> {
    /// Share of the time that training gets.
    private static final double TRAINING = 0.85;
    private static final double MINUTES = 30;
    private static final int ROWS = 270;
    private static final int COLUMNS = 480;
    private static final int BAND_ROWS = 64;
    private static final int MAX_POINTS = MetaModel.MAX_POINTS;

    @Parameters(paramLabel = "FOLDER", description = "Pictures to train on (PNG, JPEG, BMP, TIFF).")
    private Path folder;

    @Option(names = {"-o", "--output"}, required = true, paramLabel = "MODEL.fovea", description = "The model file to write.")
    private Path output;

    @Option(names = "--meta", paramLabel = "NAME", defaultValue = "meta-f16-n10",
            description = "The meta-graph: meta-fW[-fV...]-nN, widths W, V... and N nodes (default: ${DEFAULT-VALUE}).")
    private String meta;

    @Option(names = "--scale", paramLabel = "N", defaultValue = "2", description = "Factor, 2 to 8 (default: ${DEFAULT-VALUE}).")
    private int scale;

    @Option(names = "--points", paramLabel = "K", defaultValue = "8",
            description = "Operating points wanted, 1 to 64 (default: ${DEFAULT-VALUE}); those that another dominates are left out.")
    private int points;

    @Option(names = "--lambda", paramLabel = "L", defaultValue = "0.01",
            description = "dB that every node that differs between neighbouring points must bring (default: ${DEFAULT-VALUE}).")
    private double lambda;

    @Option(names = "--cost", paramLabel = "WHAT", defaultValue = "macs",
            description = {
                "What bounds the points: macs, or time as predicted from this machine's profile (fovea profile; measured",
                "now where there is none) (default: ${DEFAULT-VALUE})."
            })
    private Cost cost;

    /// What bounds the points.
    enum Cost { MACS, TIME }

    @Option(names = "--evaluations", paramLabel = "N", defaultValue = "400",
            description = "Sub-graphs that the search measures (default: ${DEFAULT-VALUE}).")
    private int evaluations;

    @Option(names = "--overwrite", description = "Replaces a model file that exists.")
    private boolean overwrite;

    @Mixin
    private TrainingRunOptions run;

    @Mixin
    private ModelFileOptions modelFile;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new NoSuchFileException(folder + " (a folder of pictures is wanted)");
        }
        if (points < 1 || points > MAX_POINTS || evaluations < 1 || evaluations > 1_000_000) {
            throw new IllegalArgumentException("--points " + points + " and --evaluations " + evaluations + ", wanted 1 to "
                    + MAX_POINTS + " and 1 to 1000000");
        }
        MetaGraph graph = MetaGraph.named(meta, scale, 1);
        PrintWriter err = spec.commandLine().getErr();
        // Found out now, not after an hour of training.
        try (AtomicOutput probe = AtomicOutput.open(output, overwrite)) {
            Supernet supernet = Supernet.train(options(graph), (step, share, loss) -> {
                err.println(String.format(Locale.ROOT, "%5.1f%%  step %d  loss %.6f", 100 * share, step, loss));
                err.flush();
            });
            MetaModel model = model(graph, supernet, search(graph, supernet, err));
            ModelFile.write(model, probe.temporary());
            probe.commit();
            say(model, err);
        }
        return ExitCode.OK;
    }

    private SupernetOptions options(MetaGraph graph) {
        SupernetOptions base = SupernetOptions.of(folder, graph, run.seed(),
                run.threads(Runtime.getRuntime().availableProcessors()));
        return run.steps().isPresent() ? base.withSteps(run.steps().getAsLong())
                : base.withTime(Duration.ofMillis(Math.round(run.minutes(MINUTES) * TRAINING * 60_000)));
    }

    /// {@return the cost of a choice vector: multiply-adds per LR pixel, or nanoseconds of a frame of 480x270}
    private ToDoubleFunction<int[]> cost(MetaGraph graph) throws IOException {
        if (cost == Cost.MACS) {
            return vector -> graph.subGraph(vector).macsPerPixel();
        }
        Path file = MachineProfile.file();
        MachineProfile kept = Files.exists(file) ? MachineProfile.read(file, Machine.here()) : null;
        MachineProfile profile = kept != null && NodeTimes.predict(kept, graph, graph.largest(), ROWS, COLUMNS).isPresent() ? kept
                : new MachineProfile(Machine.here(), NodeTimes.measure(graph, Backends.automatic(), BAND_ROWS, COLUMNS));
        return vector -> NodeTimes.predict(profile, graph, vector, ROWS, COLUMNS).orElseThrow();
    }

    private List<PointSearch.Candidate> search(MetaGraph graph, Supernet supernet, PrintWriter err) throws IOException {
        long start = System.nanoTime();
        PointSearch search = new PointSearch(graph, cost(graph), supernet::psnr, lambda);
        List<PointSearch.Candidate> found = PointSearch.withoutDominated(
                search.run(search.bounds(points), evaluations, new SplittableRandom(run.seed())));
        err.println(String.format(Locale.ROOT, "fovea: %d sub-graphs measured in %.1f minutes", evaluations,
                (System.nanoTime() - start) / 6e10));
        return found;
    }

    private MetaModel model(MetaGraph graph, Supernet supernet, List<PointSearch.Candidate> found) throws IOException {
        double bicubic = supernet.bicubic();
        List<MetaPoint> kept = new ArrayList<>();
        double last = round(bicubic);
        long macs = 0;
        for (PointSearch.Candidate candidate : found) {
            long more = graph.subGraph(candidate.vector()).macsPerPixel();
            // What rounding makes equal is no better point; and a file's points rise in multiply-adds too.
            if (round(candidate.quality()) > last && more > macs) {
                last = round(candidate.quality());
                macs = more;
                kept.add(new MetaPoint("p" + (kept.size() + 1), candidate.choices(), last));
            }
        }
        if (kept.isEmpty()) {
            throw new IllegalArgumentException("no sub-graph is better than bicubic yet; train for longer than "
                    + (run.steps().isPresent() ? run.steps().getAsLong() + " steps" : run.minutes(MINUTES) + " minutes"));
        }
        Origin origin = new Origin(modelFile.licence(), modelFile.trainingData(folder),
                TrainingCredits.of(folder), Map.of(), "fovea search --meta " + meta + " --scale " + scale + " --points " + points
                + " --lambda " + lambda + " --seed " + run.seed(), "", "");
        return new MetaModel(modelFile.name(ModelFile.stem(output)), graph, supernet.parameters(), kept,
                "held-out PSNR", round(bicubic), origin);
    }

    private static double round(double decibel) {
        return Math.round(decibel * 1000) / 1000.0;
    }

    private void say(MetaModel model, PrintWriter err) {
        err.println(String.format(Locale.ROOT, "fovea: %s: %d operating points (held-out PSNR of bicubic %.3f dB)", output,
                model.points().size(), model.bicubic()));
        for (int i = 0; i < model.points().size(); i++) {
            MetaPoint point = model.points().get(i);
            err.println(String.format(Locale.ROOT, "  %-4s %7d MACs per LR pixel  %.3f dB  %s%s", point.name(),
                    model.meta().subGraph(point.vector()).macsPerPixel(), point.psnr(), point.choices(),
                    i == 0 ? "" : "  " + model.changedNodes(i - 1) + " nodes differ from the one before"));
        }
    }
}
