package io.github.fovea.bench;

import io.github.fovea.backend.Backends;
import io.github.fovea.media.VideoFiles;
import io.github.fovea.model.DynamicModel;
import io.github.fovea.model.ModelFile;
import io.github.fovea.model.Routing;
import io.github.fovea.model.StoredModel;
import io.github.fovea.network.DynamicNetwork;
import io.github.fovea.network.NetworkPath;
import io.github.fovea.network.Networks;
import io.github.fovea.pipeline.NetworkRunner;
import io.github.fovea.pipeline.Workers;
import io.github.fovea.route.RouteMap;
import io.github.fovea.train.ClipFrames;
import io.github.fovea.train.OverfitOptions;
import io.github.fovea.train.OverfittedNetwork;
import io.github.fovea.train.RouteLearning;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/// Overfits every clip of a folder and prints what that gains, on whole frames: on those that were held out of training, and
/// on all. One line per clip and way of enlarging it, and the means over the clips at the end.
///
/// A clip is a video of the folder, or `NAME/hr.mp4` as in the project's data folder. A video of variable frame rate is made
/// constant at its average rate. Nothing is kept.
public final class OverfitBench {
    private static final int SWITCHES = 9;

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
        OverfitBenchOptions options = OverfitBenchOptions.parse(args);
        Path scratch = Files.createTempDirectory("fovea-overfit-bench");
        try {
            OverfitBench bench = new OverfitBench(options, scratch);
            boolean table = !options.ablation() && options.rateDistortion().isEmpty();
            if (table) {
                bench.table.head();
            }
            for (Path clip : clips(options.clips())) {
                if (options.only().isEmpty() || options.only().stream().anyMatch(clip.toString()::contains)) {
                    bench.clip(clip);
                }
            }
            if (table) {
                bench.table.means();
            }
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
                    .filter(Files::isRegularFile).filter(VideoFiles::isVideoName).sorted().toList();
            if (clips.isEmpty()) {
                throw new IOException(folder + ": no videos; give --clips DIR");
            }
            return clips;
        }
    }

    private void clip(Path hr) throws IOException {
        OverfitBenchClip clip = OverfitBenchClip.of(options, hr, options.crf(), scratch);
        if (!table.warm() && options.steps() == 0) {
            // The JIT's work is the same for every clip and is not measured.
            clip.train(DynamicNetwork.named(options.networks().getFirst(), options.scale(), 1), Duration.ofSeconds(
                    Math.min(10, options.time().toSeconds())), OverfitOptions.Focus.HARD);
            table.setWarm();
        }
        if (!options.rateDistortion().isEmpty()) {
            OverfitRateDistortion.print(options, hr, scratch);
        }
        if (options.ablation()) {
            OverfitAblation.print(clip, options.networks().getLast());
        }
        if (!options.ablation() && options.rateDistortion().isEmpty()) {
            networks(clip);
        }
        Files.delete(clip.lr());
    }

    private void networks(OverfitBenchClip clip) throws IOException {
        OverfitBenchClip.Overfitted last = null;
        for (String network : options.networks()) {
            last = run(clip, network, "", options.time());
        }
        if (options.shortSeconds() > 0) {
            run(clip, options.networks().getFirst(), " " + options.shortSeconds() + " s", Duration.ofSeconds(options.shortSeconds()));
        }
        if (options.equalMacs()) {
            run(clip, equal(last.averageMacs()), " equal MACs", options.time());
        }
        if (options.stdo()) {
            stdo(clip, options.networks().getFirst());
        }
    }

    /// Trains one network, measures it, and prints its lines.
    private OverfitBenchClip.Overfitted run(OverfitBenchClip clip, String name, String suffix, Duration time) throws IOException {
        OverfitBenchClip.Overfitted made = clip.overfit(DynamicNetwork.named(name, options.scale(), 1), time);
        print(clip, name + suffix, made, made.pass().map());
        return made;
    }

    /// Prints the lines of a network.
    ///
    /// @param map what it is played by, or `null` where its cells go by score and a map would say nothing
    private void print(OverfitBenchClip clip, String name, OverfitBenchClip.Overfitted made, RouteMap map) throws IOException {
        DynamicModel model = made.model();
        OverfitPlayback played;
        try (Workers workers = Workers.ofThreads(options.threads())) {
            played = OverfitPlayback.of(model, map, clip.lr(), workers);
        }
        List<String> methods = made.pass().scores().methods();
        int firstPath = methods.indexOf("path 1");
        int routed = map == null ? made.byScore() : made.byMap();
        for (int i = 0; i < methods.size(); i++) {
            if (map == null && i == made.byMap()) {
                continue;
            }
            boolean ours = i >= firstPath;
            // Without a map all paths cost the same.
            double macs = methods.get(i).startsWith("path ") ? model.macsPerPixel(i - firstPath + 1)
                    : i == routed ? map == null ? model.macsPerPixel(1) : made.averageMacs() : ours ? Double.NaN
                    : i == 0 ? 0 : clip.general().getFirst().graph().macsPerPixel();
            table.row(new OverfitBenchTable.Row(clip.name(), options.scale(), options.crf(), ours ? name : "-", methods.get(i), macs,
                    ours ? made.trained().nanos() / 1e9 : 0, ours ? made.trained().steps() : 0, clip.lrBytes(),
                    ours ? made.modelBytes() : 0, i == made.byMap() ? made.mapBytes() : 0, i == routed ? played : null),
                    made.pass().scores(), i);
        }
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
    /// on its own half for half of the time. A score says which of them takes a cell.
    private void stdo(OverfitBenchClip clip, String name) throws IOException {
        DynamicNetwork single = DynamicNetwork.named(name, options.scale(), 1);
        if (single.paths().size() != 1) {
            return;
        }
        ClipFrames frames = clip.frames();
        String shape = single.paths().getFirst().network();
        Map<String, float[]> parameters = new LinkedHashMap<>();
        List<NetworkPath> paths = new ArrayList<>();
        List<DynamicModel> chunks = new ArrayList<>();
        OverfittedNetwork last = null;
        // Paths of equal cost have no name together: each half stands on its own and is renamed.
        for (int half = 0; half < 2; half++) {
            last = clip.train(single, options.time().dividedBy(2), new OverfitOptions.Focus(1, half / 2.0, (half + 1) / 2.0));
            String prefix = "half" + half + ".";
            last.parameters().forEach((parameter, values) -> parameters.put(prefix + parameter, values));
            paths.add(new NetworkPath("half" + half, shape,
                    RenamedGraph.of(single.paths().getFirst().graph(), parameter -> prefix + parameter)));
            chunks.add(clip.model(shape, single.paths(), last.parameters(), Routing.onePath()));
        }
        int columns = RouteLearning.columns(frames);
        int rows = RouteLearning.rows(frames);
        double median = RouteLearning.quantile(frames, columns, rows, "laplacian", 0.5);
        Routing.ByScore routing = new Routing.ByScore(columns, rows, "laplacian", List.of(Double.NEGATIVE_INFINITY, median),
                List.of(1.0, 1.0));
        DynamicModel model = clip.model("2 x " + shape, paths, parameters, routing);
        try (Workers workers = Workers.ofThreads(options.threads())) {
            print(clip, "STDO 2 x " + shape, clip.pass(last, model, 1, clip.general(), workers), null);
        }
        switches(clip, chunks);
    }

    /// What changing from one chunk's model to the other's costs a player that keeps one of them in memory: the file is read, the
    /// network planned and its weights packed, on kernels that are warm. A dynamic model changes paths for nothing.
    private void switches(OverfitBenchClip clip, List<DynamicModel> chunks) throws IOException {
        List<Path> files = new ArrayList<>();
        for (DynamicModel chunk : chunks) {
            Path file = scratch.resolve("chunk" + files.size() + ".fovea");
            ModelFile.write(chunk, file);
            files.add(file);
        }
        double[] millis = new double[SWITCHES];
        long weights = 0;
        for (int i = 0; i < SWITCHES; i++) {
            long start = System.nanoTime();
            StoredModel model = ModelFile.read(files.get(i % files.size()));
            NetworkRunner.compile(model, Backends.automatic(), options.threads(), OverfitPlayback.MEMORY);
            millis[i] = (System.nanoTime() - start) / 1e6;
            weights = model.parameters().values().stream().mapToLong(values -> 4L * values.length).sum();
        }
        Arrays.sort(millis);
        System.out.println(String.format(Locale.ROOT, "switch\t%s\tSTDO reloads a chunk's model\tms median %.2f, worst %.2f"
                + "\tweights of both %.3f MB, of one %.3f MB\ta path of a dynamic model: 0 ms, no load", clip.name(),
                millis[SWITCHES / 2], millis[SWITCHES - 1], 2 * weights / 1e6, weights / 1e6));
        for (Path file : files) {
            Files.delete(file);
        }
    }
}
