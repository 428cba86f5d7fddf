package io.github.fovea.cli;

import io.github.fovea.backend.Backends;
import io.github.fovea.backend.Machine;
import io.github.fovea.backend.MachineProfile;
import io.github.fovea.media.AtomicOutput;
import io.github.fovea.media.VideoFiles;
import io.github.fovea.model.MetaModel;
import io.github.fovea.model.MetaPoint;
import io.github.fovea.model.ModelFile;
import io.github.fovea.model.Origin;
import io.github.fovea.model.Precision;
import io.github.fovea.network.MetaGraph;
import io.github.fovea.pipeline.NodeTimes;
import io.github.fovea.train.Loss;
import io.github.fovea.train.PointSearch;
import io.github.fovea.train.Supernet;
import io.github.fovea.train.SupernetOptions;
import io.github.fovea.train.TrainingCredits;
import io.github.fovea.train.WarmStart;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Trains a meta-graph and searches its operating points.
@Command(name = "search", mixinStandardHelpOptions = true,
        description = {
            "Trains a meta-graph, many networks that share their weights, and finds a set of them to move between "
                    + "at run time (fovea upscale --fps).",
            "First all sub-graphs are trained a little, then points are searched, then these are trained together."
        })
final class SearchCommand implements Callable<Integer> {
    /// Share of the time that training gets.
    private static final double TRAINING = 0.93;
    private static final long MEASURE_NANOS = 120_000_000_000L;
    private static final double MINUTES = 30;
    private static final int ROWS = 270;
    private static final int COLUMNS = 480;
    private static final int BAND_ROWS = 64;
    private static final int MOST_EVALUATIONS = 1_000_000;
    private static final double MOST_LAMBDA = 1000;

    @Parameters(paramLabel = "FOLDER|VIDEO", description = "Pictures to train on (PNG, JPEG, BMP, TIFF), or a video.")
    private Path pictures;

    @Option(names = {"-o", "--output"}, required = true, paramLabel = "MODEL.fovea",
            description = "The model file to write.")
    private Path output;

    @Option(names = "--meta", paramLabel = "NAME", defaultValue = "meta-f16-n10",
            description = "The meta-graph: meta-fW[-fV...]-nN[-hH], widths W, V..., N nodes, H heads (default: "
                    + "${DEFAULT-VALUE}).")
    private String meta;

    @Option(names = "--from", paramLabel = "NAME|FILE", split = ",",
            description = "A trained collapsed-fW-nN to start from, such as general-x2-fast: its layers become the "
                    + "first nodes. W must be the widest of the meta-graph, N at most its nodes. Several, with commas "
                    + "between them, take the next nodes each and a head of their own (--meta ...-hH). Or a trained "
                    + "meta-graph, whose points are trained on; then nothing is searched. Of another scale, all but "
                    + "the tails is taken.")
    private List<String> from = List.of();

    @Option(names = "--keep",
            description = "The networks of --from stay as they are, number for number; points may use their nodes as "
                    + "they find them.")
    private boolean keep;

    @Option(names = "--choose", paramLabel = "POINT", split = ",",
            description = "Trains these points instead of searching: each a head and its nodes, which are 3x3 "
                    + "convolutions, such as 0:0-2+5; a head alone has no node. By rising cost, with commas between "
                    + "them.")
    private List<String> choose = List.of();

    @Option(names = "--scale", paramLabel = "N", defaultValue = "2",
            description = "Factor, 2 to 8 (default: ${DEFAULT-VALUE}).")
    private int scale;

    @Option(names = "--points", paramLabel = "K", defaultValue = "8",
            description = "Operating points wanted, 1 to 64 (default: ${DEFAULT-VALUE}); those that another dominates "
                    + "are left out.")
    private int points;

    @Option(names = "--lambda", paramLabel = "L", defaultValue = "0.01",
            description = "dB that every node that differs between neighbouring points must bring (default: "
                    + "${DEFAULT-VALUE}).")
    private double lambda;

    @Option(names = "--cost", paramLabel = "WHAT", defaultValue = "macs",
            description = "What bounds the points: macs, or time as predicted from this machine's profile (fovea "
                    + "profile; measured now where there is none) (default: ${DEFAULT-VALUE}).")
    private Cost cost;

    /// What bounds the points.
    enum Cost { MACS, TIME }

    @Option(names = "--refine", paramLabel = "SHARE",
            description = "Share of the training that the points get once they are found, 0 to 1 (default: 0.5, with "
                    + "--from 0.9).")
    private Double refine;

    @Option(names = "--learning-rate", paramLabel = "R",
            description = "Highest learning rate (default: 0.002); with --from a quarter of that for what is taken "
                    + "over.")
    private Double learningRate;

    @Option(names = "--loss", paramLabel = "NAME", description = "l1, l2, charbonnier or psnr (default: l1).")
    private Loss loss;

    @Option(names = "--finish", paramLabel = "SHARE", defaultValue = "0.3",
            description = "Share of the points' training at its end that minimises psnr, 0 to 1 (default: "
                    + "${DEFAULT-VALUE}).")
    private double finish;

    @Option(names = "--distillation", paramLabel = "SHARE", defaultValue = "0.5",
            description = "How much the others learn from the largest sub-graph's result, the rest being from the "
                    + "picture, 0 to 1 (default: ${DEFAULT-VALUE}).")
    private double distillation;

    @Option(names = "--resume",
            description = "Goes on from OUTPUT.checkpoint, where training is saved until the model is written.")
    private boolean resume;

    @Option(names = "--evaluations", paramLabel = "N", defaultValue = "400",
            description = "Sub-graphs that the search measures, 1 to 1000000 (default: ${DEFAULT-VALUE}).")
    private int evaluations;

    @Option(names = "--overwrite", description = "Replaces a model file that exists.")
    private boolean overwrite;

    @Mixin
    private TrainingRunOptions run;

    @Mixin
    private PrecisionOption precision;

    @Mixin
    private ModelFileOptions modelFile;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (!Files.isDirectory(pictures) && !(Files.isRegularFile(pictures) && VideoFiles.isVideoName(pictures))) {
            throw new NoSuchFileException(pictures.toString(), null, "a folder of pictures or a video is wanted");
        }
        check();
        MetaGraph graph = MetaGraph.named(meta, scale, 1);
        SupernetOptions options = options(graph);
        PrintWriter err = spec.commandLine().getErr();
        AtomicOutput.check(output, overwrite);
        ToDoubleFunction<int[]> costs = cost(graph);
        Supernet supernet = Supernet.train(options, (step, share, loss) -> tell(err, "all", step, share, loss));
        List<int[]> chosen = supernet.settledPoints();
        if (chosen.isEmpty()) {
            List<PointSearch.Candidate> found = search(graph, costs, supernet, err);
            found.forEach(candidate -> err.println(String.format(Locale.ROOT, "  found %s: %.0f, %.3f dB",
                    candidate.choices(), candidate.cost(), candidate.quality())));
            chosen = found.stream().map(PointSearch.Candidate::vector).toList();
        }
        List<int[]> refined = chosen;
        long[] measuredAt = {System.nanoTime()};
        chosen = supernet.refine(chosen, (step, share, loss) -> {
            tell(err, "points", step, share, loss);
            if (System.nanoTime() - measuredAt[0] > MEASURE_NANOS) {
                measuredAt[0] = System.nanoTime();
                err.println("  held out:" + refined.stream().map(vector -> String.format(Locale.ROOT, " %.3f",
                        supernet.psnr(vector))).collect(Collectors.joining()) + " dB");
                err.flush();
            }
        });
        supernet.round(precision.or(Precision.F32));
        MetaModel model = model(graph, supernet, measured(costs, supernet, chosen));
        AtomicOutput.write(output, overwrite, temporary -> ModelFile.write(model, temporary));
        Files.deleteIfExists(TrainingRunOptions.checkpoint(output));
        say(model, err);
        return ExitCode.OK;
    }

    /// What can be found out before an hour of training is found out here.
    private void check() throws IOException {
        OptionRange.check("--points", points, 1, MetaModel.MAX_POINTS);
        OptionRange.check("--evaluations", evaluations, 1, MOST_EVALUATIONS);
        OptionRange.check("--lambda", lambda, 0, MOST_LAMBDA);
        OptionRange.check("--refine", refine, 0, 1);
        OptionRange.check("--finish", finish, 0, 1);
        OptionRange.check("--distillation", distillation, 0, 1);
        if (keep && precision.or(Precision.F32) != Precision.F32) {
            throw new IllegalArgumentException("--keep leaves networks as they are, number for number, and"
                    + precision.words() + " rounds their numbers; leave one of them out");
        }
        run.check();
        modelFile.check(output);
        Path video = Files.isDirectory(pictures) ? null : pictures;
        new FilesApart().reads("the video", video).writes("-o", output)
                .writes("the checkpoint", TrainingRunOptions.checkpoint(output));
    }

    private static void tell(PrintWriter err, String what, long step, double share, double loss) {
        err.println(String.format(Locale.ROOT, "%-6s %5.1f%%  step %d  loss %.6f", what, 100 * share, step, loss));
        err.flush();
    }

    private SupernetOptions options(MetaGraph graph) throws IOException {
        SupernetOptions base = SupernetOptions.of(pictures, graph, run.seed(),
                run.threads(Runtime.getRuntime().availableProcessors()));
        Optional<MetaModel> again = from.size() == 1 ? Networks.meta(from.getFirst()) : Optional.empty();
        if (again.isPresent()) {
            base = base.from(again.get());
        } else if (!from.isEmpty()) {
            List<WarmStart> chains = new ArrayList<>();
            for (String chain : from) {
                chains.add(WarmStart.of(ModelChoice.open(chain, scale).orElseThrow(
                        () -> new IllegalArgumentException("--from bicubic: it has no weights"))));
            }
            base = base.from(chains.toArray(WarmStart[]::new));
        }
        if (!choose.isEmpty()) {
            base = base.withPoints(choose.stream().map(graph::convolutions).toList());
        }
        base = base.withKeep(keep).withCourse(refine != null ? refine : base.refinement(),
                learningRate != null ? learningRate : base.learningRate(), loss != null ? loss : base.loss(),
                distillation)
                .withFinish(finish).withCheckpoint(TrainingRunOptions.checkpoint(output), resume);
        return run.steps().isPresent() ? base.withSteps(run.steps().getAsLong())
                : base.withTime(Duration.ofMillis(Math.round(run.minutes(MINUTES) * TRAINING * 60_000)));
    }

    /// {@return the points as they are after training, without those that another dominates. The largest sub-graph,
    /// which taught them, is one of them even if the search found it no better than a smaller one}
    private static List<PointSearch.Candidate> measured(ToDoubleFunction<int[]> costs, Supernet supernet,
            List<int[]> chosen) {
        return PointSearch.withoutDominated(Stream.concat(chosen.stream(), Stream.of(supernet.nested().getLast()))
                .map(vector -> new PointSearch.Candidate(Arrays.stream(vector).boxed().toList(),
                costs.applyAsDouble(vector),
                        supernet.psnr(vector))).toList());
    }

    /// {@return the cost of a choice vector: multiply-adds per LR pixel, or nanoseconds of a frame of 480x270}
    private ToDoubleFunction<int[]> cost(MetaGraph graph) throws IOException {
        if (cost == Cost.MACS) {
            return vector -> graph.subGraph(vector).macsPerPixel();
        }
        Optional<Path> file = MachineProfile.inUse();
        MachineProfile kept = file.isPresent() ? MachineProfile.read(file.get(), Machine.here()) : null;
        MachineProfile profile = kept != null && NodeTimes.predict(kept, graph, graph.largest(), ROWS,
                COLUMNS).isPresent() ? kept
                : new MachineProfile(Machine.here(), NodeTimes.measure(graph, Backends.automatic(), BAND_ROWS,
                COLUMNS));
        return vector -> NodeTimes.predict(profile, graph, vector, ROWS, COLUMNS).orElseThrow();
    }

    private List<PointSearch.Candidate> search(MetaGraph graph, ToDoubleFunction<int[]> costs, Supernet supernet,
            PrintWriter err) {
        long start = System.nanoTime();
        PointSearch search = new PointSearch(graph, supernet.nested(), costs, supernet::psnr, lambda);
        List<PointSearch.Candidate> found = search.run(search.bounds(points), evaluations,
                new SplittableRandom(run.seed()))
                .stream().distinct().toList();
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
                    + (run.steps().isPresent() ? run.steps().getAsLong() + " steps" : run.minutes(MINUTES)
                    + " minutes"));
        }
        Origin origin = new Origin(modelFile.licence(), modelFile.trainingData(pictures), TrainingCredits.of(pictures),
                Map.of(), command(), "", "");
        return new MetaModel(modelFile.name(ModelFile.stem(output)), graph, supernet.parameters(), kept,
                "held-out PSNR", round(bicubic), origin);
    }

    /// {@return the command that makes such a model, without paths of this machine}
    private String command() {
        StringBuilder text = new StringBuilder("fovea search " + pictures.getFileName() + " --meta " + meta
                + " --scale " + scale
                + " --points " + points + " --lambda " + lambda + " --seed " + run.seed() + " --evaluations "
                + evaluations);
        text.append(run.steps().isPresent() ? " --steps " + run.steps().getAsLong() : " --minutes "
                + run.minutes(MINUTES));
        if (!from.isEmpty()) {
            text.append(" --from ").append(from.stream().map(name -> Path.of(name).getFileName().toString())
                    .collect(Collectors.joining(",")));
        }
        if (keep) {
            text.append(" --keep");
        }
        if (!choose.isEmpty()) {
            text.append(" --choose ").append(String.join(",", choose));
        }
        if (refine != null) {
            text.append(" --refine ").append(refine);
        }
        if (learningRate != null) {
            text.append(" --learning-rate ").append(learningRate);
        }
        if (loss != null) {
            text.append(" --loss ").append(loss.name().toLowerCase(Locale.ROOT));
        }
        text.append(precision.words());
        return text.append(" --finish ").append(finish).append(" --distillation ").append(distillation).toString();
    }

    private static double round(double decibel) {
        return Math.round(decibel * 1000) / 1000.0;
    }

    private void say(MetaModel model, PrintWriter err) {
        err.println(String.format(Locale.ROOT, "fovea: %s: %d operating points (held-out PSNR of bicubic %.3f dB)",
                output, model.points().size(), model.bicubic()));
        for (int i = 0; i < model.points().size(); i++) {
            MetaPoint point = model.points().get(i);
            err.println(String.format(Locale.ROOT, "  %-4s %7d MACs per LR pixel  %.3f dB  %s%s", point.name(),
                    model.meta().subGraph(point.vector()).macsPerPixel(), point.psnr(), point.choices(),
                    i == 0 ? "" : "  " + model.changedNodes(i - 1) + " nodes differ from the one before"));
        }
    }
}
