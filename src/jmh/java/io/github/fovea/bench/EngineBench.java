package io.github.fovea.bench;

import ai.onnxruntime.OrtException;
import io.github.fovea.graph.Interpolation;
import io.github.fovea.graph.Op;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.Locale;

/// Our engine beside ONNX Runtime on the same networks, weights and pictures, floats in memory to floats in memory, in one
/// process; and beside an interpreter on the same kernels, which shows what planning and fusion are worth.
///
/// The engines take turns ([Turns]). Printed are medians over the rounds and the quartiles of the ratio. All sessions stay alive,
/// and one runs at a time. The peak is that of one core's multiply-adds in the same process. With `--rival` a program takes ONNX
/// Runtime's place ([ProgramEngine]).
public final class EngineBench {
    /// What each of the three gets by itself.
    private static final double WARM_SECONDS = 1.5;
    private static final int MIN_ROUNDS = 5;
    /// The interpreter runs in every so manieth round.
    private static final int UNFUSED_ROUNDS = 3;
    private static final String[] HEAD = {"network", "size", "threads", "ours_ms", "rival_ms", "ratio", "ratio_q1",
        "ratio_q3", "target", "gflops", "peak_percent", "max_difference", "bytes_per_frame", "unfused_ms", "fused_speed",
        "fused_memory"};
    private static final String TEXT = "%-16s %7s %7d %8.3f %9.3f %5.2f %8.2f %8.2f %6.1f %6.1f %12.1f %14.1e %15d %10.3f "
            + "%11.2f %12.2f";

    private EngineBench() {}

    public static void main(String[] arguments) throws Exception {
        BenchOptions options = new BenchOptions("engine", "Our engine beside ONNX Runtime, or another, and an interpreter.")
                .value("--only", "TEXT", "", "Rows whose network, size and threads contain this.")
                .value("--seconds", "S", "8", "Time for each row.")
                .value("--rival", "COMMAND", "", "A program that takes ONNX Runtime's place, see ProgramEngine.")
                .parse(arguments);
        boolean tsv = options.tsv();
        String only = options.text("--only");
        double seconds = options.number("--seconds");
        String program = options.text("--rival");
        System.out.println(tsv ? String.join("\t", HEAD) : String.format(Locale.ROOT, TEXT.replaceAll("\\.\\d", "")
                .replaceAll("[def]", "s"), (Object[]) HEAD));
        for (EngineCase what : EngineCase.all()) {
            if ((what.name() + " " + what.width() + "x" + what.height() + " " + what.threads()).contains(only)) {
                line(what, program, seconds, tsv);
            }
        }
    }

    private static void line(EngineCase what, String program, double seconds, boolean tsv)
            throws OrtException, IOException, InterruptedException {
        boolean compared = what.threads() == 1;
        double peak = FmaPeak.gigaflops(30, new float[64]);
        double memory = 0;
        double difference;
        double[] unfused = new double[Turns.MAX_ROUNDS];
        int compares = 0;
        Slice slice = new Slice();
        Turns turns = new Turns(slice);
        try (PlannedEngine engine = new PlannedEngine(what);
                Rival other = program.isEmpty() ? new RivalEngine(what) : new ProgramEngine(program, what)) {
            UnfusedEngine interpreter = compared ? new UnfusedEngine(what) : null;
            slice.run(engine::run, WARM_SECONDS);
            other.nanos(WARM_SECONDS);
            if (compared) {
                slice.run(interpreter::run, WARM_SECONDS);
                memory = (double) engine.bytes() / interpreter.peakBytes();
            }
            difference = difference(what, engine.run(), other.result());
            long begin = System.nanoTime();
            while (turns.rounds() < MIN_ROUNDS
                    || turns.rounds() < Turns.MAX_ROUNDS && System.nanoTime() - begin < seconds * 1e9) {
                turns.round(engine::run, other::nanos);
                if (compared && turns.rounds() % UNFUSED_ROUNDS == 1) {
                    unfused[compares++] = slice.run(interpreter::run, Turns.SLICE_SECONDS) / turns.latest();
                }
            }
        }
        double median = turns.ours();
        double fused = compared ? Slice.quantile(unfused, compares, 0.5) : 0;
        double gigaflops = what.flops() / median;
        System.out.printf(Locale.ROOT, (tsv ? TEXT.replaceAll("%-?\\d+", "%").replace(" ", "\t") : TEXT) + "%n",
                what.name(), what.width() + "x" + what.height(), what.threads(), median / 1e6,
                turns.rival() / 1e6, turns.ratio(0.5), turns.ratio(0.25), turns.ratio(0.75), program.isEmpty() ? what.target() : 0,
                gigaflops, 100 * gigaflops / (peak * what.threads()), difference, turns.allocatedBytes(), fused * median / 1e6, fused, memory);
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
}
