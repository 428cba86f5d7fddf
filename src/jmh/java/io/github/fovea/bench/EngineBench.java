package io.github.fovea.bench;

import ai.onnxruntime.OrtException;
import com.sun.management.ThreadMXBean;
import io.github.fovea.graph.Interpolation;
import io.github.fovea.graph.Op;
import java.lang.management.ManagementFactory;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// Our engine beside ONNX Runtime on the same networks, weights and pictures, floats in memory to floats in memory, in one
/// process; and beside an interpreter on the same kernels, which shows what planning and fusion are worth.
///
/// `bin/bench engine [--tsv] [--only TEXT] [--seconds S] [--rounds N]`
///
/// The engines take turns, `rounds` times for `seconds` each behind a warm-up, because the machine's speed drifts. A session
/// of ONNX Runtime exists only while it is measured: its threads spin between frames and would take the core of whoever
/// runs next. Times are medians over all rounds, the peak is that of one core's multiply-adds in the same process.
public final class EngineBench {
    private static final double WARM_SECONDS = 1.5;
    private static final double UNFUSED_TARGET = 1.7;

    private EngineBench() {}

    /// Runs one frame.
    @FunctionalInterface
    private interface Frame {
        void run() throws OrtException;
    }

    public static void main(String[] arguments) throws Exception {
        List<String> given = Arrays.asList(arguments);
        boolean tsv = given.contains("--tsv");
        String only = option(given, "--only", "");
        double seconds = Double.parseDouble(option(given, "--seconds", "1"));
        int rounds = Integer.parseInt(option(given, "--rounds", "3"));
        String[] head = {"network", "size", "threads", "ours_ms", "onnxruntime_ms", "ratio", "target", "gflops",
            "peak_percent", "max_difference", "bytes_per_frame", "unfused_ms", "fused_speed", "fused_memory"};
        System.out.println(tsv ? String.join("\t", head)
                : String.format(Locale.ROOT, "%-18s %-8s %7s %9s %9s %6s %6s %8s %6s %9s %8s %9s %6s %7s", "network", "size",
                        "threads", "ours ms", "ORT ms", "ratio", "target", "GFLOP/s", "% peak", "max diff", "B/frame",
                        "unfused", "speed", "memory"));
        for (EngineCase what : EngineCase.all()) {
            if ((what.name() + " " + what.width() + "x" + what.height() + " " + what.threads()).contains(only)) {
                line(what, seconds, rounds, tsv);
            }
        }
    }

    private static String option(List<String> given, String name, String otherwise) {
        int at = given.indexOf(name);
        return at < 0 ? otherwise : given.get(at + 1);
    }

    private static void line(EngineCase what, double seconds, int rounds, boolean tsv) throws OrtException {
        double peak = 0;
        Samples ours = new Samples();
        Samples rival = new Samples();
        Samples unfused = new Samples();
        double difference = 0;
        long allocated = 0;
        double memory = 0;
        boolean compared = what.threads() == 1;
        try (PlannedEngine engine = new PlannedEngine(what)) {
            UnfusedEngine interpreter = compared ? new UnfusedEngine(what) : null;
            for (int round = 0; round < rounds; round++) {
                peak = Math.max(peak, FmaPeak.gigaflops(30, new float[64]));
                allocated = measure(engine::run, seconds, round == 0, ours);
                if (compared) {
                    measure(interpreter::run, seconds, round == 0, unfused);
                }
                try (RivalEngine other = new RivalEngine(what)) {
                    measure(other::run, seconds, false, rival);
                    difference = Math.max(difference, difference(what, engine.run(), other.result()));
                }
            }
            if (compared) {
                memory = (double) engine.bytes() / interpreter.peakBytes();
            }
        }
        double gigaflops = what.flops() / ours.median();
        System.out.printf(Locale.ROOT, tsv ? "%s\t%s\t%d\t%.3f\t%.3f\t%.2f\t%.1f\t%.1f\t%.1f\t%.1e\t%d\t%.3f\t%.2f\t%.2f%n"
                        : "%-18s %-8s %7d %9.3f %9.3f %6.2f %6.1f %8.1f %6.1f %9.1e %8d %9.3f %6.2f %7.2f%n",
                what.name(), what.width() + "x" + what.height(), what.threads(), ours.median() / 1e6, rival.median() / 1e6,
                rival.median() / ours.median(), what.target(), gigaflops, 100 * gigaflops / (peak * what.threads()),
                difference, allocated, compared ? unfused.median() / 1e6 : 0,
                compared ? unfused.median() / ours.median() : 0, memory);
    }

    /// Runs frames for some time and keeps their times; returns the bytes that a frame allocates on all threads.
    private static long measure(Frame frame, double seconds, boolean warm, Samples into) throws OrtException {
        long begin = System.nanoTime();
        double warmNanos = (warm ? WARM_SECONDS : 0.25 * seconds) * 1e9;
        for (int i = 0; i < 2 || System.nanoTime() - begin < warmNanos; i++) {
            frame.run();
        }
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getTotalThreadAllocatedBytes();
        int frames = 0;
        begin = System.nanoTime();
        long last = begin;
        while (frames < 3 || last - begin < seconds * 1e9) {
            frame.run();
            long now = System.nanoTime();
            into.add(now - last);
            last = now;
            frames++;
        }
        return (threads.getTotalThreadAllocatedBytes() - before) / frames;
    }

    /// The largest difference. The engines continue a picture beyond its edges in different ways before they enlarge it by
    /// cubic convolution, so the pixels that see the edge are left out there.
    private static double difference(EngineCase what, float[] ours, FloatBuffer theirs) {
        int scale = what.graph().scale();
        int height = what.height() * scale;
        int width = what.width() * scale;
        boolean cubic = what.graph().nodes().stream()
                .anyMatch(node -> node.op() instanceof Op.Resize(var interpolation, _)
                        && interpolation == Interpolation.BICUBIC);
        int margin = cubic ? 2 * scale : 0;
        double largest = 0;
        for (int c = 0; c < what.graph().outputChannels(); c++) {
            for (int y = margin; y < height - margin; y++) {
                for (int x = margin; x < width - margin; x++) {
                    int i = (c * height + y) * width + x;
                    largest = Math.max(largest, Math.abs(ours[i] - theirs.get(i)));
                }
            }
        }
        return largest;
    }

    /// Times in nanoseconds.
    private static final class Samples {
        private long[] nanos = new long[4096];
        private int count;

        void add(long sample) {
            if (count < nanos.length) {
                nanos[count++] = sample;
            }
        }

        double median() {
            long[] sorted = Arrays.copyOf(nanos, count);
            Arrays.sort(sorted);
            return sorted[count / 2];
        }
    }
}
