package io.github.fovea.bench;

import io.github.fovea.backend.Backend;
import io.github.fovea.backend.Backends;
import io.github.fovea.backend.Executable;
import io.github.fovea.backend.Workspace;
import io.github.fovea.graph.Graph;
import io.github.fovea.graph.Interpolation;
import io.github.fovea.graph.Op;
import io.github.fovea.patch.Tile;
import io.github.fovea.patch.Tiling;
import io.github.fovea.plan.Plan;
import io.github.fovea.tensor.TensorView;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicLong;

/// Time of a network of the shape of general-x2 (3x3 convolutions 1->16, 6 times 16->16, 16->4, shuffle x2, bicubic skip)
/// on a picture, against the machine's FMA peak in the same run.
///
/// `java --add-modules jdk.incubator.vector -cp CLASSES io.github.fovea.bench.EngineBench [--tsv] [--seconds N]
/// [--height H] [--width W]`
public final class EngineBench {
    private static final int CHANNELS = 16;
    private static final int BODY = 6;

    private EngineBench() {}

    /// One line of the table.
    private record Row(int threads, int tiles, double millis, double gigaflops, double percentOfPeak, long bytes,
                       double workspaceMegabytes) {}

    public static void main(String[] arguments) throws Exception {
        List<String> given = Arrays.asList(arguments);
        boolean tsv = given.contains("--tsv");
        int height = option(given, "--height", 270);
        int width = option(given, "--width", 480);
        int seconds = option(given, "--seconds", 3);
        Graph graph = network();
        Backend backend = Backends.require("vector");
        Plan plan = backend.plan(graph);
        Executable executable = backend.compile(plan, parameters(graph));
        executable.warmUp();
        double peak = FmaPeak.gigaflops(30, new float[64]);
        if (tsv) {
            System.out.println("threads\ttiles\tms\tgflops\tpeak_percent\tbytes_per_frame\tworkspace_mb");
        } else {
            System.out.printf(Locale.ROOT, "%dx%d, %d thousand multiply-adds a pixel, FMA peak of one core %.1f GFLOP/s%n",
                    width, height, graph.macsPerPixel() / 1000, peak);
            System.out.println("threads  tiles      ms  GFLOP/s  % of peak  bytes/frame  workspace MB");
        }
        for (int threads : new int[] {1, 2}) {
            for (int tiles : new int[] {threads, 2 * threads, 4 * threads, 8 * threads}) {
                print(measure(executable, height, width, threads, tiles, seconds, peak), tsv);
            }
        }
    }

    private static void print(Row row, boolean tsv) {
        System.out.printf(Locale.ROOT, tsv ? "%d\t%d\t%.3f\t%.1f\t%.1f\t%d\t%.2f%n"
                        : "%7d %6d %7.2f %8.1f %10.1f %12d %13.2f%n",
                row.threads, row.tiles, row.millis, row.gigaflops, row.percentOfPeak, row.bytes, row.workspaceMegabytes);
    }

    private static int option(List<String> given, String name, int otherwise) {
        int at = given.indexOf(name);
        return at < 0 ? otherwise : Integer.parseInt(given.get(at + 1));
    }

    private static Graph network() {
        Graph.Builder b = new Graph.Builder();
        int input = b.add(new Op.Input(1));
        int x = b.add(new Op.Relu(), b.add(new Op.Conv(1, CHANNELS, 3, "head.w", "head.b"), input));
        for (int i = 0; i < BODY; i++) {
            x = b.add(new Op.Relu(), b.add(new Op.Conv(CHANNELS, CHANNELS, 3, i + ".w", i + ".b"), x));
        }
        x = b.add(new Op.PixelShuffle(2), b.add(new Op.Conv(CHANNELS, 4, 3, "tail.w", "tail.b"), x));
        b.add(new Op.Add(), x, b.add(new Op.Resize(Interpolation.BICUBIC, 2), input));
        return b.build();
    }

    private static Map<String, float[]> parameters(Graph graph) {
        SplittableRandom random = new SplittableRandom(1);
        Map<String, float[]> parameters = new HashMap<>();
        graph.parameters().forEach((name, shape) -> {
            float[] values = new float[Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextDouble(-0.15, 0.15);
            }
            parameters.put(name, values);
        });
        return parameters;
    }

    /// Threads meet at a barrier before and after each frame; tiles are dealt out in turn.
    private static Row measure(
            Executable executable, int height, int width, int threads, int count, int seconds, double peak)
            throws Exception {
        List<Tile> tiles = bands(executable.plan(), height, width, count);
        CyclicBarrier barrier = new CyclicBarrier(threads + 1);
        AtomicLong allocated = new AtomicLong();
        AtomicLong workspaceBytes = new AtomicLong();
        boolean[] stop = new boolean[1];
        var bean = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        Thread[] workers = new Thread[threads];
        for (int t = 0; t < threads; t++) {
            int first = t;
            workers[t] = Thread.ofPlatform().start(() -> {
                Workspace workspace = executable.newWorkspace();
                try {
                    barrier.await();
                    while (!stop[0]) {
                        long before = bean.getCurrentThreadAllocatedBytes();
                        for (int i = first; i < tiles.size(); i += threads) {
                            Tile tile = tiles.get(i);
                            workspace.prepare(tile.read().height(), tile.read().width());
                            fill(workspace.input());
                            workspace.run();
                        }
                        allocated.set(bean.getCurrentThreadAllocatedBytes() - before);
                        workspaceBytes.set(workspace.bytes());
                        barrier.await();
                        barrier.await();
                    }
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
        }
        double[] millis = new double[100_000];
        int frames = 0;
        long end = System.nanoTime() + seconds * 1_500_000_000L;
        long warm = System.nanoTime() + seconds * 500_000_000L;
        while (System.nanoTime() < end) {
            long start = System.nanoTime();
            barrier.await();
            barrier.await();
            if (start > warm) {
                millis[frames++] = (System.nanoTime() - start) / 1e6;
            }
        }
        stop[0] = true;
        barrier.await();
        for (Thread worker : workers) {
            worker.join();
        }
        Arrays.sort(millis, 0, frames);
        double median = millis[frames / 2];
        double gigaflops = 2e-6 * executable.plan().graph().macsPerPixel() * height * width / median;
        return new Row(threads, count, median, gigaflops, 100 * gigaflops / (peak * threads), allocated.get(),
                workspaceBytes.get() / 1048576.0);
    }

    private static List<Tile> bands(Plan plan, int height, int width, int count) {
        for (long budget = Tiling.of(plan, height, width, Long.MAX_VALUE, 1).workspaceBytes();; budget -= budget / 50) {
            List<Tile> tiles = Tiling.of(plan, height, width, budget, 1).tiles();
            if (tiles.size() >= count) {
                return tiles;
            }
        }
    }

    private static void fill(TensorView in) {
        for (int y = 0; y < in.height(); y++) {
            int row = in.index(0, y, 0);
            for (int x = 0; x < in.width(); x++) {
                in.data()[row + x] = ((x * 7 + y * 13) & 255) / 255f;
            }
        }
    }
}
