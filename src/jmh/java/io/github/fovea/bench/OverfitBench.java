package io.github.fovea.bench;

import io.github.fovea.media.FfmpegTools;
import io.github.fovea.media.Ratio;
import io.github.fovea.media.VideoProbe;
import io.github.fovea.model.Domain;
import io.github.fovea.model.DynamicModel;
import io.github.fovea.model.ModelFile;
import io.github.fovea.model.Models;
import io.github.fovea.model.Origin;
import io.github.fovea.model.Routing;
import io.github.fovea.model.StoredModel;
import io.github.fovea.network.DynamicNetwork;
import io.github.fovea.network.NetworkPath;
import io.github.fovea.network.Networks;
import io.github.fovea.pipeline.Progress;
import io.github.fovea.pipeline.Workers;
import io.github.fovea.route.RouteMapFile;
import io.github.fovea.route.VideoHash;
import io.github.fovea.train.ClipFrames;
import io.github.fovea.train.ClipPass;
import io.github.fovea.train.LowResolution;
import io.github.fovea.train.OverfitListener;
import io.github.fovea.train.OverfitOptions;
import io.github.fovea.train.OverfittedNetwork;
import io.github.fovea.train.Overfitting;
import io.github.fovea.train.RouteLearning;
import io.github.fovea.train.TrainingOptions;
import io.github.fovea.train.WarmStart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Overfits every clip of a folder and prints what that gains, on whole frames: on those that were held out of training, and
/// on all. One line per clip and way of enlarging it, and the means over the clips at the end.
///
/// A clip is a video of the folder, or `NAME/hr.mp4` as in the project's data folder. A video of variable frame rate is made
/// constant at its average rate. Nothing is kept.
public final class OverfitBench {
    private final OverfitBenchOptions options;
    private final OverfitBenchTable table;
    private final Path scratch;

    private OverfitBench(OverfitBenchOptions options, Path scratch) {
        this.options = options;
        this.scratch = scratch;
        table = new OverfitBenchTable(options.tsv());
    }

    /// Prints the table.
    ///
    /// @param args see [OverfitBenchOptions]; `--help` lists them
    /// @throws IOException if a clip cannot be read
    public static void main(String[] args) throws IOException {
        if (List.of(args).contains("--help")) {
            System.out.println(OverfitBenchOptions.HELP);
            return;
        }
        OverfitBenchOptions options = OverfitBenchOptions.parse(args);
        Path scratch = Files.createTempDirectory("fovea-overfit-bench");
        try {
            OverfitBench bench = new OverfitBench(options, scratch);
            bench.table.head();
            List<Path> clips = clips(options.clips());
            for (Path clip : clips) {
                if (options.only().isEmpty() || options.only().stream().anyMatch(clip.toString()::contains)) {
                    bench.clip(clip);
                }
            }
            bench.table.means();
        } finally {
            try (Stream<Path> files = Files.walk(scratch)) {
                for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private static List<Path> clips(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> clips = files.map(file -> Files.isRegularFile(file.resolve("hr.mp4")) ? file.resolve("hr.mp4") : file)
                    .filter(Files::isRegularFile).filter(io.github.fovea.media.VideoFiles::isVideoName).sorted().toList();
            if (clips.isEmpty()) {
                throw new IOException(folder + ": no videos; give --clips DIR");
            }
            return clips;
        }
    }

    /// One clip made ready.
    private record Ready(String name, Path hr, Path lr, Ratio rate, ClipFrames frames, String hash, long lrBytes) {}

    private void clip(Path hr) throws IOException {
        String name = hr.getFileName().toString().equals("hr.mp4") ? hr.getParent().getFileName().toString()
                : hr.getFileName().toString();
        Ratio rate = null;
        if (!io.github.fovea.media.VideoFiles.isY4mName(hr)) {
            VideoProbe probe = VideoProbe.read(FfmpegTools.find(), hr);
            rate = probe.variableRate() ? probe.frameRate() : null;
        }
        Path lr = scratch.resolve(name + (options.crf() < 0 ? ".y4m" : ".mp4"));
        LowResolution.make(hr, rate, lr, options.scale(), options.crf(), true);
        ClipFrames frames = ClipFrames.read(lr, hr, rate, options.scale(), Runtime.getRuntime().maxMemory() / 2);
        Ready ready = new Ready(name, hr, lr, rate, frames, VideoHash.of(lr), Files.size(lr));
        if (!table.warm()) {
            // The JIT's work is the same for every clip and is not measured.
            train(ready, DynamicNetwork.named(options.networks().getFirst(), options.scale(), 1), Duration.ofSeconds(10),
                    OverfitOptions.Focus.HARD);
            table.setWarm();
        }
        Duration time = Duration.ofMillis(Math.round(options.minutes() * 60_000));
        double averageMacs = 0;
        for (String network : options.networks()) {
            averageMacs = run(ready, network, "", time);
        }
        if (options.shortSeconds() > 0) {
            run(ready, options.networks().getFirst(), " " + options.shortSeconds() + " s",
                    Duration.ofSeconds(options.shortSeconds()));
        }
        if (options.equalMacs()) {
            run(ready, equal(averageMacs), " equal MACs", time);
        }
        if (options.stdo()) {
            stdo(ready, options.networks().getFirst(), time);
        }
        Files.delete(lr);
    }

    private OverfittedNetwork train(Ready clip, DynamicNetwork network, Duration time, OverfitOptions.Focus focus)
            throws IOException {
        List<WarmStart> starts = new ArrayList<>();
        for (String name : Models.names()) {
            StoredModel model = Models.open(name);
            if (model.scale() == options.scale()) {
                starts.add(WarmStart.of(model));
            }
        }
        OverfitOptions base = OverfitOptions.of(network).withSeed(options.seed(), options.threads()).withStarts(starts);
        OverfitOptions.Sampling sampling = base.sampling();
        int batch = options.batch() > 0 ? options.batch() : sampling.batch();
        return Overfitting.run(base.with(new TrainingOptions.Schedule(0, time, options.learningRate(), 100))
                .with(new OverfitOptions.Sampling(batch, List.of(new OverfitOptions.PatchSize(options.patch(), options.patch())),
                        options.margin(), focus)).withPlateau(false), clip.frames(), OverfitListener.silent());
    }

    /// Trains one network, measures it, and prints its lines.
    ///
    /// @return average MACs per LR pixel of the routed network
    private double run(Ready clip, String name, String suffix, Duration time) throws IOException {
        DynamicNetwork network = DynamicNetwork.named(name, options.scale(), 1);
        OverfittedNetwork trained = train(clip, network, time, options.focus());
        double quality = network.paths().size() == 1 ? 1 : options.quality();
        try (Workers workers = Workers.ofThreads(options.threads())) {
            Routing.ByScore routing = RouteLearning.learn(trained, clip.frames(), RouteLearning.columns(clip.frames()),
                    RouteLearning.rows(clip.frames()), "laplacian", quality, workers);
            DynamicModel model = model(network, trained.parameters(), routing, clip.hash());
            ClipPass.Result result = ClipPass.run(clip.lr(), clip.hr(), clip.rate(), clip.frames(), model, clip.hash(), general(),
                    quality, workers, Progress.NONE);
            return print(clip, name + suffix, model, trained, result, workers);
        }
    }

    private List<StoredModel> general() throws IOException {
        String name = "general-x" + options.scale();
        return Models.names().contains(name) ? List.of(Models.open(name)) : List.of();
    }

    private static DynamicModel model(DynamicNetwork network, Map<String, float[]> parameters, Routing routing, String hash) {
        return new DynamicModel("bench", network.name(), Domain.LUMA, network.paths(), parameters, routing,
                new Origin("", "", List.of(), Map.of(), "bench", "", hash));
    }

    private double print(Ready clip, String name, DynamicModel model, OverfittedNetwork trained, ClipPass.Result result,
            Workers workers) throws IOException {
        Path file = scratch.resolve("model.fovea");
        ModelFile.write(model, file);
        long modelBytes = Files.size(file);
        long mapBytes = RouteMapFile.bytes(result.map()).length;
        double average = 0;
        for (int path = 0; path < result.shares().size(); path++) {
            average += result.shares().get(path) * model.macsPerPixel(path);
        }
        List<String> methods = result.scores().methods();
        int firstPath = methods.indexOf("path 1");
        for (int i = 0; i < methods.size(); i++) {
            boolean ours = i >= firstPath;
            double macs = methods.get(i).startsWith("path ") ? model.macsPerPixel(i - firstPath + 1)
                    : methods.get(i).startsWith("routed by map") ? average : ours ? Double.NaN
                    : i == 0 ? 0 : general().getFirst().graph().macsPerPixel();
            table.row(new OverfitBenchTable.Row(clip.name(), options.scale(), options.crf(), ours ? name : "-", methods.get(i), macs,
                    ours ? trained.nanos() / 1e9 : 0, ours ? trained.steps() : 0, clip.lrBytes(), ours ? modelBytes : 0,
                    ours && methods.get(i).contains("map") ? mapBytes : 0), result.scores(), i);
        }
        return average;
    }

    /// A network of one path whose MACs come nearest to the routed one's.
    private String equal(double averageMacs) {
        String best = null;
        double distance = Double.POSITIVE_INFINITY;
        for (int blocks = 1; blocks <= 16; blocks++) {
            String name = "collapsed-f16-n" + blocks;
            double off = Math.abs(Networks.named(name, options.scale(), 1).macsPerPixel() - averageMacs);
            if (off < distance) {
                distance = off;
                best = name;
            }
        }
        return best;
    }

    /// STDO (CVPR 2023): two models of one shape, one for the easier half of the cells and one for the harder half, each trained
    /// on its own half for half of the time.
    private void stdo(Ready clip, String name, Duration time) throws IOException {
        DynamicNetwork single = DynamicNetwork.named(name, options.scale(), 1);
        if (single.paths().size() != 1) {
            return;
        }
        String shape = single.paths().getFirst().network();
        Map<String, float[]> parameters = new LinkedHashMap<>();
        List<NetworkPath> paths = new ArrayList<>();
        OverfittedNetwork last = null;
        // Paths of equal cost have no name together: each half stands on its own and is renamed.
        for (int half = 0; half < 2; half++) {
            last = train(clip, single, time.dividedBy(2), new OverfitOptions.Focus(1, half / 2.0, (half + 1) / 2.0));
            String prefix = "half" + half + ".";
            last.parameters().forEach((parameter, values) -> parameters.put(prefix + parameter, values));
            paths.add(new NetworkPath("half" + half, shape,
                    RenamedGraph.of(single.paths().getFirst().graph(), parameter -> prefix + parameter)));
        }
        double median = RouteLearning.quantile(clip.frames(), RouteLearning.columns(clip.frames()), RouteLearning.rows(clip.frames()), "laplacian", 0.5);
        Routing.ByScore routing = new Routing.ByScore(RouteLearning.columns(clip.frames()), RouteLearning.rows(clip.frames()), "laplacian", List.of(Double.NEGATIVE_INFINITY, median),
                List.of(1.0, 1.0));
        DynamicModel model = new DynamicModel("stdo", "2 x " + shape, Domain.LUMA, paths, parameters, routing,
                new Origin("", "", List.of(), Map.of(), "bench", "", clip.hash()));
        try (Workers workers = Workers.ofThreads(options.threads())) {
            ClipPass.Result result = ClipPass.run(clip.lr(), clip.hr(), clip.rate(), clip.frames(), model, clip.hash(), List.of(),
                    1, workers, Progress.NONE);
            print(clip, "STDO 2 x " + shape, model, last, result, workers);
        }
    }
}
