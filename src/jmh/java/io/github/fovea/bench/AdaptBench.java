package io.github.fovea.bench;

import com.sun.management.ThreadMXBean;
import io.github.fovea.adapt.Controller;
import io.github.fovea.adapt.ControllerOptions;
import io.github.fovea.adapt.LoadTrace;
import io.github.fovea.adapt.MachineSensor;
import io.github.fovea.adapt.PointLadder;
import io.github.fovea.backend.Machine;
import io.github.fovea.backend.MachineProfile;
import io.github.fovea.backend.WeightStore;
import io.github.fovea.backend.WorkingMemory;
import io.github.fovea.frame.Frame;
import io.github.fovea.model.MetaModel;
import io.github.fovea.model.MetaPoint;
import io.github.fovea.model.ModelFile;
import io.github.fovea.model.StoredModel;
import io.github.fovea.network.MetaGraph;
import io.github.fovea.patch.Tile;
import io.github.fovea.pipeline.AdaptiveUpscaler;
import io.github.fovea.pipeline.FrameTurns;
import io.github.fovea.pipeline.LoadInjector;
import io.github.fovea.pipeline.NetworkRunner;
import io.github.fovea.pipeline.NodeTimes;
import io.github.fovea.pipeline.SessionLog;
import io.github.fovea.pipeline.Workers;
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
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/// Run-time adaptation: what a switch costs, what residency saves, how frame rates hold under injected load.
///
/// `bin/bench adapt [--tsv] [--only switch|memory|predict|points|traces|sessions] [--seconds S] [--fps N] [--threads N] [--model FILE]`
///
/// `points` measures the trained points on Set5 and Set14 beside the general models, and trains them shortly, together and
/// alone (`--steps N`, `--from MODEL`, `--all` for every point, `--data DIR`).
///
/// Frames of 480x270 become 960x540. Without a trained meta-graph (`--model`, or the bundled `adaptive-x2`) switches and memory
/// are measured on one of random weights, and loads on a ladder of the general models.
public final class AdaptBench {
    private static final int SWITCHES = 10_000;
    private static final int RELOADS = 20;
    private static final int SESSIONS = 8;

    private final List<String> given;
    private final boolean tsv;
    private final double seconds;
    private final double fps;
    private final AdaptBenchSetup setup;

    private AdaptBench(List<String> given) throws IOException {
        this.given = given;
        tsv = given.contains("--tsv");
        seconds = Double.parseDouble(option("--seconds", "60"));
        fps = Double.parseDouble(option("--fps", "24"));
        String model = option("--model", null);
        setup = new AdaptBenchSetup(model == null ? null : Path.of(model), Integer.parseInt(option("--threads",
                String.valueOf(Runtime.getRuntime().availableProcessors()))));
    }

    public static void main(String[] arguments) throws Exception {
        new AdaptBench(Arrays.asList(arguments)).run();
    }

    private String option(String name, String otherwise) {
        int at = given.indexOf(name);
        return at < 0 ? otherwise : given.get(at + 1);
    }

    private void run() throws Exception {
        String only = option("--only", "");
        if (only.isEmpty() || only.equals("switch")) {
            switches();
        }
        if (only.isEmpty() || only.equals("memory")) {
            memory();
        }
        if (only.isEmpty() || only.equals("predict")) {
            predictions();
        }
        if ((only.isEmpty() || only.equals("points")) && setup.trained.isPresent()) {
            AdaptBenchPoints points = new AdaptBenchPoints(setup.trained.get(), Path.of(option("--data", "../shared/data")), this);
            points.line(setup.threads);
            points.alone(Long.parseLong(option("--steps", "3000")), option("--from", "general-x2-fast"), given.contains("--all"),
                    setup.threads);
        }
        if (only.isEmpty() || only.equals("traces")) {
            traces();
        }
        if (only.isEmpty() || only.equals("sessions")) {
            sessions();
        }
    }

    void line(Object... cells) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < cells.length; i++) {
            String text = cells[i] instanceof Double value ? String.format(Locale.ROOT, "%.3f", value) : cells[i].toString();
            texts.add(tsv ? text : String.format(Locale.ROOT, i == 0 ? "%-24s" : "%14s", text));
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
                reload(file, random.nextInt(points.size()));
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
    private NetworkRunner reload(Path file, int point) throws IOException {
        MetaModel model = ModelFile.readMeta(file).orElseThrow();
        StoredModel network = model.standAlone(model.points().get(point));
        NetworkRunner runner = NetworkRunner.compile(network, setup.backend, setup.threads, 512L << 20);
        for (int worker = 0; worker < setup.threads; worker++) {
            runner.prepare(runner.tiles(AdaptBenchSetup.WIDTH, AdaptBenchSetup.HEIGHT).getFirst(), worker);
        }
        return runner;
    }

    private void memory() {
        WeightStore shared = setup.backend.weights(setup.meta.meta().parameters(), setup.meta.parameters());
        long ensembleWeights = 0;
        long ensembleWork = 0;
        long work = 0;
        List<NetworkRunner> runners = setup.compile(setup.memory());
        for (int i = 0; i < runners.size(); i++) {
            MetaPoint point = setup.meta.points().get(i);
            Plan plan = setup.backend.plan(setup.meta.meta().subGraph(point.vector()));
            setup.backend.compile(plan, shared);
            StoredModel alone = setup.meta.standAlone(point);
            WeightStore own = setup.backend.weights(alone.graph().parameters(), alone.parameters());
            setup.backend.compile(plan, own);
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

    /// Random sub-graphs: the sum of their parts beside the clock, on one thread and a band of a frame.
    private void predictions() {
        MetaGraph meta = setup.meta.meta();
        int rows = 96;
        MachineProfile profile = new MachineProfile(Machine.here(),
                NodeTimes.measure(meta, setup.backend, rows, AdaptBenchSetup.WIDTH));
        SplittableRandom random = new SplittableRandom(3);
        List<int[]> vectors = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            int[] vector = new int[meta.choices()];
            for (int k = 0; k < vector.length; k++) {
                vector[k] = random.nextInt(meta.options(k));
            }
            vectors.add(vector);
        }
        long[] nanos = NodeTimes.times(meta, vectors, setup.backend,
                setup.backend.weights(meta.parameters(), setup.meta.parameters()), rows, AdaptBenchSetup.WIDTH);
        double worst = 0;
        double sum = 0;
        line("sub-graph", "measured_us", "predicted_us", "error_percent");
        for (int i = 0; i < nanos.length; i++) {
            double predicted = NodeTimes.predict(profile, meta, vectors.get(i), rows, AdaptBenchSetup.WIDTH).orElseThrow();
            double error = 100 * (predicted - nanos[i]) / nanos[i];
            worst = Math.max(worst, Math.abs(error));
            sum += Math.abs(error);
            line(Arrays.toString(vectors.get(i)).replace(" ", ""), nanos[i] / 1e3, predicted / 1e3, error);
        }
        line("mean and worst error", sum / nanos.length, worst, 0.0);
    }

    private void traces() throws Exception {
        line("trace", "way", "frames", "late", "late_percent", "fps", "psnr_db", "switches", "99%_ms");
        List<List<String>> loads = List.of(List.of("steps", square(seconds / 6, 2)), List.of("ramp",
                "0 0\n" + seconds / 5 + " 1\n" + 2 * seconds / 5 + " 2\n" + 3 * seconds / 5 + " 1\n" + 4 * seconds / 5 + " 0"),
                List.of("nasty", square(1.05, 2)));
        for (List<String> load : loads) {
            LoadTrace trace = LoadTrace.parse(List.of(load.get(1).split("\n")), load.get(0));
            for (String way : List.of("adaptive", "reload", "largest", "smallest")) {
                play(load.get(0), trace, way);
            }
        }
    }

    private String square(double half, int threads) {
        StringBuilder text = new StringBuilder("0 0");
        for (int i = 1; i * half < seconds; i++) {
            text.append('\n').append(i * half).append(' ').append(i % 2 == 0 ? 0 : threads);
        }
        return text.toString();
    }

    /// Plays the film at its rate. A frame whose successor has come before it was begun is dropped, which counts as late.
    private void play(String name, LoadTrace trace, String way) throws Exception {
        List<WorkingMemory> memory = setup.memory();
        ControllerOptions options = ControllerOptions.ofFrameRate(fps);
        long period = options.deadlineNanos();
        try (Workers workers = Workers.ofThreads(setup.threads);
                AdaptiveUpscaler session = new AdaptiveUpscaler(setup.small, setup.large.width(), setup.large.height(),
                        setup.points(memory), memory, options, period, workers, new FrameTurns(MachineSensor.ofMachine()))) {
            PointLadder ladder = session.ladder();
            Frame large = Frame.allocate(session.output());
            double[][] psnr = quality(session, large);
            Controller reloading = new Controller(ladder, options);
            Path file = Files.createTempFile("fovea-bench", ".fovea");
            ModelFile.write(setup.meta, file);
            List<Long> latencies = new ArrayList<>();
            long late = 0;
            long frames = 0;
            double sum = 0;
            long switches = 0;
            int at = -1;
            try (LoadInjector _ = new LoadInjector(trace)) {
                long start = System.nanoTime();
                for (long k = 0; k < seconds * fps; k++) {
                    long arrival = start + k * period;
                    long now = System.nanoTime();
                    if (now - arrival >= period) {
                        late++;
                        continue;
                    }
                    LockSupport.parkNanos(Math.max(0, arrival - now));
                    while (System.nanoTime() < arrival) {
                        Thread.onSpinWait();
                    }
                    Frame small = setup.smallFrames.get((int) (k % AdaptBenchSetup.FRAMES));
                    int ran;
                    switch (way) {
                        case "adaptive" -> {
                            session.upscale(small, large, arrival);
                            ran = session.ran();
                        }
                        case "reload" -> {
                            long begin = System.nanoTime();
                            ran = reloading.begin(begin, 0, Long.MAX_VALUE, null, false);
                            if (ran != at) {
                                reload(file, Math.min(Math.max(0, ran - 1), setup.meta.points().size() - 1));
                                at = ran;
                            }
                            session.upscaleAt(small, large, ran);
                            long end = System.nanoTime();
                            reloading.end(end, end - begin, end - begin);
                        }
                        case "largest" -> session.upscaleAt(small, large, ran = ladder.top());
                        default -> session.upscaleAt(small, large, ran = 1);
                    }
                    long latency = System.nanoTime() - arrival;
                    latencies.add(latency);
                    late += latency > period ? 1 : 0;
                    sum += psnr[ran][(int) (k % AdaptBenchSetup.FRAMES)];
                    frames++;
                }
            } finally {
                Files.delete(file);
            }
            switches = way.equals("adaptive") ? session.log().counts().switches() : way.equals("reload") ? reloading.switches() : 0;
            long[] sorted = latencies.stream().mapToLong(Long::longValue).sorted().toArray();
            long all = (long) Math.ceil(seconds * fps);
            line(name, way, all, late, 100.0 * late / all, frames / seconds, sum / Math.max(1, frames), switches,
                    sorted.length == 0 ? Double.NaN : sorted[sorted.length * 99 / 100] / 1e6);
        }
    }

    /// The quality of every point on every frame of the film, measured beforehand.
    private double[][] quality(AdaptiveUpscaler session, Frame large) {
        double[][] psnr = new double[session.ladder().size()][AdaptBenchSetup.FRAMES];
        for (int point = 0; point < psnr.length; point++) {
            for (int k = 0; k < AdaptBenchSetup.FRAMES; k++) {
                session.upscaleAt(setup.smallFrames.get(k), large, point);
                psnr[point][k] = setup.psnr(large, k);
            }
        }
        return psnr;
    }

    /// Eight streams on one set of threads, each at an eighth of what one could have.
    private void sessions() throws Exception {
        double each = Double.parseDouble(option("--session-fps", "6"));
        ControllerOptions options = ControllerOptions.ofFrameRate(each);
        List<WorkingMemory> memory = setup.memory();
        FrameTurns turns = new FrameTurns(MachineSensor.ofMachine());
        List<AdaptiveUpscaler.Point> points = setup.points(memory);
        try (Workers workers = Workers.ofThreads(setup.threads)) {
            List<AdaptiveUpscaler> all = IntStream.range(0, SESSIONS).mapToObj(_ -> new AdaptiveUpscaler(setup.small,
                    setup.large.width(), setup.large.height(), points, memory, options, options.deadlineNanos(), workers, turns))
                    .toList();
            List<Thread> threads = all.stream().map(session -> Thread.ofPlatform().start(() -> stream(session, options))).toList();
            for (Thread thread : threads) {
                thread.join();
            }
            line("sessions", "frames", "late", "fps", "psnr_expected", "switches", "stands_at");
            for (int i = 0; i < SESSIONS; i++) {
                SessionLog.Counts counts = all.get(i).log().counts();
                line("session " + (i + 1), counts.frames(), counts.late(), counts.framesPerSecond(), counts.meanPsnr(),
                        counts.switches(), counts.point());
                all.get(i).close();
            }
        }
    }

    private void stream(AdaptiveUpscaler session, ControllerOptions options) {
        Frame large = Frame.allocate(session.output());
        long start = System.nanoTime();
        long frames = Math.round(seconds * 1e9 / options.deadlineNanos());
        for (long k = 0; k < frames; k++) {
            long arrival = start + k * options.deadlineNanos();
            for (long left = arrival - System.nanoTime(); left > 0; left = arrival - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            session.upscale(setup.smallFrames.get((int) (k % AdaptBenchSetup.FRAMES)), large, arrival);
        }
    }
}
