package io.github.fovea.bench;

import com.sun.management.ThreadMXBean;
import io.github.fovea.backend.Machine;
import io.github.fovea.backend.MachineProfile;
import io.github.fovea.backend.WeightStore;
import io.github.fovea.model.MetaModel;
import io.github.fovea.model.MetaPoint;
import io.github.fovea.model.ModelFile;
import io.github.fovea.model.StoredModel;
import io.github.fovea.network.MetaGraph;
import io.github.fovea.patch.Tile;
import io.github.fovea.pipeline.NetworkRunner;
import io.github.fovea.pipeline.NodeTimes;
import io.github.fovea.plan.Plan;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Run-time adaptation: what a switch costs, what residency saves, how frame rates hold under injected load.
///
/// `points` measures the trained points on Set5 and Set14 beside the general models, and trains them shortly, together and
/// alone.
///
/// Frames of 480x270 become 960x540; the film is the given clip, the arena clip of the data folder where there is one, else parts
/// of the sample picture. Without a trained meta-graph (`--model`, or the bundled `adaptive-x2`) switches and memory are measured
/// on one of random weights, and loads on a ladder of the general models. Traces take S seconds for the adaptive run of each, and
/// the shorter time for each of about five runs beside it.
public final class AdaptBench {
    private static final int SWITCHES = 10_000;
    private static final int RELOADS = 20;
    private static final int SUB_GRAPHS = 16;

    private final BenchOptions options;
    private final boolean tsv;
    private final double seconds;
    private final double fps;
    private final AdaptBenchSetup setup;

    private AdaptBench(BenchOptions options) throws IOException {
        this.options = options;
        tsv = options.tsv();
        seconds = options.number("--seconds");
        fps = options.number("--fps");
        setup = new AdaptBenchSetup(options.path("--model"), options.threadCount(), options.text("--clip"));
    }

    public static void main(String[] arguments) throws Exception {
        new AdaptBench(new BenchOptions("adapt", "Run-time adaptation: switches, memory, predictions, points, traces of load, sessions.")
                .only("switch", "memory", "predict", "points", "traces", "sessions")
                .value("--seconds", "S", "60", "Time for the adaptive run of each trace.")
                .value("--baseline-seconds", "S", "20", "Time for each run beside it.")
                .value("--fps", "N", "24", "Frame rate of the traces.")
                .value("--traces", "A,B", "steps,ramp,nasty", "Traces.")
                .value("--frames", "FOLDER", null, "Where to write what every frame of the traces took.")
                .value("--session-fps", "N", "12", "Frame rate of the eight sessions.")
                .threads()
                .value("--model", "FILE", null, "A meta-graph instead of adaptive-x2.")
                .value("--clip", "FILE", null, "The film.")
                .value("--data", "DIR", BenchOptions.data(), "Test sets of the points.")
                .value("--steps", "N", "3000", "Steps of training the points.")
                .value("--from", "A,B", "general-x2-fast,general-x2-medium,general-x2", "Models that training starts from.")
                .flag("--all", "Train every point alone.")
                .parse(arguments)).run();
    }

    private void run() throws Exception {
        if (options.measures("switch")) {
            switches();
        }
        if (options.measures("memory")) {
            memory();
        }
        if (options.measures("predict")) {
            predictions();
        }
        if (options.measures("points") && setup.trained.isPresent()) {
            AdaptBenchPoints points = new AdaptBenchPoints(setup.trained.get(), options.path("--data"), this);
            points.line(setup.threads);
            points.alone(options.whole("--steps"), options.text("--from"), options.given("--all"), setup.threads);
        }
        if (options.measures("traces")) {
            traces();
        }
        if (options.measures("sessions")) {
            new AdaptBenchSessions(setup, Math.min(seconds, 20), options.number("--session-fps"), this).run();
        }
    }

    void line(Object... cells) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < cells.length; i++) {
            String text = cells[i] instanceof Double value ? String.format(Locale.ROOT, "%.3f", value) : cells[i].toString();
            texts.add(tsv ? text : String.format(Locale.ROOT, i == 0 ? "%-24s" : "%11s", text));
        }
        System.out.println(String.join(tsv ? "\t" : " ", texts));
    }

    /// The work that a change of the point costs: every worker's memory is laid out for other kernels.
    private void switches() throws IOException {
        List<NetworkRunner> points = setup.compile(setup.memory());
        List<List<Tile>> tiles = points.stream()
                .map(point -> point.tiles(AdaptBenchSetup.WIDTH, AdaptBenchSetup.HEIGHT)).toList();
        SplittableRandom random = new SplittableRandom(1);
        int[] order = random.ints(2 * SWITCHES, 0, points.size()).toArray();
        long[] nanos = new long[SWITCHES];
        ThreadMXBean bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long allocated = 0;
        for (int i = 0; i < order.length; i++) {
            // The first half warms up.
            long bytes = bean.getCurrentThreadAllocatedBytes();
            long before = System.nanoTime();
            for (int worker = 0; worker < setup.threads; worker++) {
                points.get(order[i]).prepare(tiles.get(order[i]).getFirst(), worker);
            }
            long after = System.nanoTime();
            if (i >= SWITCHES) {
                nanos[i - SWITCHES] = after - before;
                allocated += bean.getCurrentThreadAllocatedBytes() - bytes;
            }
        }
        Arrays.sort(nanos);
        Path file = Files.createTempFile("fovea-bench", ".fovea");
        try {
            ModelFile.write(setup.meta, file);
            long[] reloads = new long[RELOADS];
            for (int i = 0; i < RELOADS; i++) {
                long before = System.nanoTime();
                reload(setup, file, random.nextInt(points.size()));
                reloads[i] = System.nanoTime() - before;
            }
            Arrays.sort(reloads);
            line("switch", "median_us", "99%_us", "worst_us", "bytes_each");
            line("resident (" + points.size() + " points)", nanos[SWITCHES / 2] / 1e3, nanos[SWITCHES * 99 / 100] / 1e3,
                    nanos[SWITCHES - 1] / 1e3, (double) allocated / SWITCHES);
            line("reload", reloads[RELOADS / 2] / 1e3, reloads[RELOADS - 2] / 1e3, reloads[RELOADS - 1] / 1e3, Double.NaN);
        } finally {
            Files.delete(file);
        }
    }

    /// What a program does that keeps one network at a time: reads it, packs its weights, allocates its memory.
    static NetworkRunner reload(AdaptBenchSetup setup, Path file, int point) throws IOException {
        MetaModel model = ModelFile.readMeta(file).orElseThrow();
        StoredModel network = model.standAlone(model.points().get(point));
        NetworkRunner runner = NetworkRunner.compile(network, setup.backend, setup.threads, 512L << 20);
        for (int worker = 0; worker < setup.threads; worker++) {
            runner.prepare(runner.tiles(AdaptBenchSetup.WIDTH, AdaptBenchSetup.HEIGHT).getFirst(), worker);
        }
        return runner;
    }

    private void memory() {
        WeightStore shared = setup.backend.weights(setup.meta.shapes(), setup.meta.parameters());
        long ensembleWeights = 0;
        long ensembleWork = 0;
        long work = 0;
        List<NetworkRunner> runners = setup.compile(setup.memory());
        for (int i = 0; i < runners.size(); i++) {
            MetaPoint point = setup.meta.points().get(i);
            setup.backend.compile(setup.backend.plan(setup.meta.meta().subGraph(point.vector()), shared), shared);
            StoredModel alone = setup.meta.standAlone(point);
            WeightStore own = setup.backend.weights(alone.graph().parameters(), alone.parameters());
            setup.backend.compile(setup.backend.plan(alone.graph(), own), own);
            ensembleWeights += own.bytes();
            long peak = runners.get(i).peakBytes(AdaptBenchSetup.WIDTH, AdaptBenchSetup.HEIGHT);
            ensembleWork += peak;
            work = Math.max(work, peak);
        }
        line("memory", "weights_kB", "work_kB", "sum_kB", "of_ensemble");
        line("shared", shared.bytes() / 1e3, work / 1e3, (shared.bytes() + work) / 1e3,
                (double) (shared.bytes() + work) / (ensembleWeights + ensembleWork));
        line("shared, weights alone", shared.bytes() / 1e3, 0.0, shared.bytes() / 1e3, (double) shared.bytes() / ensembleWeights);
        line("ensemble", ensembleWeights / 1e3, ensembleWork / 1e3, (ensembleWeights + ensembleWork) / 1e3, 1.0);
    }

    /// Random sub-graphs: the sum of their parts beside the clock, on one thread and a band of a frame; as the parts were
    /// measured, and by what one sub-graph says about the machine's speed now, as a session's frames do.
    private void predictions() {
        MetaGraph meta = setup.meta.meta();
        int rows = 96;
        MachineProfile profile = new MachineProfile(Machine.here(),
                NodeTimes.measure(meta, setup.backend, rows, AdaptBenchSetup.WIDTH));
        SplittableRandom random = new SplittableRandom(3);
        List<int[]> vectors = new ArrayList<>();
        vectors.add(running(meta));
        for (int i = 0; i < SUB_GRAPHS; i++) {
            vectors.add(IntStream.range(0, meta.choices()).map(k -> random.nextInt(meta.options(k))).toArray());
        }
        long[] nanos = NodeTimes.times(meta, vectors, setup.backend,
                setup.backend.weights(meta.parameters(), AdaptBenchSetup.randomParameters(meta)), rows, AdaptBenchSetup.WIDTH);
        double[] predicted = vectors.stream().mapToDouble(vector ->
                NodeTimes.predict(profile, meta, vector, rows, AdaptBenchSetup.WIDTH).orElseThrow()).toArray();
        double slowness = nanos[0] / predicted[0];
        double[] worst = new double[2];
        double[] sum = new double[2];
        line("sub-graph", "measured_us", "predicted_us", "error_%", "at_this_speed_%");
        for (int i = 1; i < nanos.length; i++) {
            double[] errors = {100 * (predicted[i] / nanos[i] - 1), 100 * (slowness * predicted[i] / nanos[i] - 1)};
            for (int k = 0; k < errors.length; k++) {
                worst[k] = Math.max(worst[k], Math.abs(errors[k]));
                sum[k] += Math.abs(errors[k]) / SUB_GRAPHS;
            }
            line(Arrays.toString(vectors.get(i)).replace(" ", ""), nanos[i] / 1e3, predicted[i] / 1e3, errors[0], errors[1]);
        }
        line("mean of magnitudes", 0.0, 0.0, sum[0], sum[1]);
        line("worst", 0.0, 0.0, worst[0], worst[1]);
    }

    /// The sub-graph that a session is taken to run: what its frames take tells how fast the machine is now.
    private static int[] running(MetaGraph meta) {
        int[] vector = meta.smallest();
        Arrays.fill(vector, 1, 1 + Math.min(8, meta.nodes()), MetaGraph.Candidate.CONV.ordinal());
        return vector;
    }

    private void traces() throws IOException {
        List<String> names = options.list("--traces");
        new AdaptBenchTraces(setup, seconds, Math.min(seconds, options.number("--baseline-seconds")), fps,
                options.path("--frames"), this).run(names);
    }
}
