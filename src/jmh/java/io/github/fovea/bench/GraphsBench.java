package io.github.fovea.bench;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.github.fovea.backend.KernelTables;
import io.github.fovea.flow.Constant;
import io.github.fovea.flow.DetectorBackbone;
import io.github.fovea.flow.FlowExecutable;
import io.github.fovea.flow.FlowPlan;
import io.github.fovea.flow.TextEncoder;
import io.github.fovea.onnx.OnnxFile;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/// Graphs beyond super-resolution beside ONNX Runtime, one thread each: a detector's backbone and a text encoder with random
/// weights, each compiled once and run on several shapes.
///
/// The engines take turns ([Turns]); printed are medians over the rounds and the quartiles of the ratio. Both take
/// their inputs from memory and give new results, so both allocate.
public final class GraphsBench {
    private static final double WARM_SECONDS = 6;
    private static final int DETECTOR_WIDTH = 16;

    private GraphsBench() {}

    /// Prints the table.
    ///
    /// @param arguments options; `--help` lists them
    public static void main(String[] arguments) throws IOException, OrtException, InterruptedException {
        BenchOptions options = new BenchOptions("graphs", "A detector's backbone and a text encoder beside ONNX Runtime.")
                .value("--seconds", "S", "5", "Time for each row.")
                .parse(arguments);
        boolean tsv = options.tsv();
        double seconds = options.number("--seconds");
        System.out.println(tsv ? "graph\tshape\tours_ms\tonnxruntime_ms\tratio\tratio_q1\tratio_q3\tmax_difference"
                : "graph              shape  ours ms  ONNX Runtime ms  ratio  quartiles      max difference");
        SplittableRandom random = new SplittableRandom(1);
        try (Both detector = new Both("detector backbone", new DetectorBackbone(DETECTOR_WIDTH).model())) {
            for (int[] size : new int[][] {{256, 256}, {192, 320}, {320, 320}}) {
                detector.line(size[0] + "x" + size[1], Map.of("images", picture(random, size[0], size[1])), seconds, tsv);
            }
        }
        try (Both encoder = new Both("text encoder", new TextEncoder().model())) {
            for (int[] size : new int[][] {{8, 32}, {1, 64}, {1, 17}}) {
                encoder.line(size[0] + "x" + size[1], text(random, size[0], size[1]), seconds, tsv);
            }
        }
    }

    private static Constant picture(SplittableRandom random, int height, int width) {
        float[] numbers = new float[3 * height * width];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) random.nextDouble();
        }
        return Constant.of(new int[] {1, 3, height, width}, numbers);
    }

    private static Map<String, Constant> text(SplittableRandom random, int batch, int length) {
        long[] tokens = random.longs((long) batch * length, 0, TextEncoder.WORDS).toArray();
        long[] mask = new long[tokens.length];
        Arrays.fill(mask, 1);
        int[] shape = {batch, length};
        return Map.of("tokens", Constant.of(shape, tokens), "mask", Constant.of(shape.clone(), mask));
    }

    /// One graph in both engines.
    private static final class Both implements AutoCloseable {
        private final String name;
        private final FlowExecutable ours;
        private final OrtEnvironment environment = Rival.onnxRuntime();
        private final OrtSession theirs;

        Both(String name, byte[] model) throws IOException, OrtException {
            this.name = name;
            ours = FlowPlan.of(OnnxFile.read(model, name).graph()).compile(KernelTables.vector());
            try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
                options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
                options.setIntraOpNumThreads(1);
                theirs = environment.createSession(model, options);
            }
        }

        void line(String shape, Map<String, Constant> inputs, double seconds, boolean tsv)
                throws OrtException, IOException, InterruptedException {
            Map<String, OnnxTensor> tensors = new HashMap<>();
            for (Map.Entry<String, Constant> input : inputs.entrySet()) {
                tensors.put(input.getKey(), tensor(input.getValue()));
            }
            Slice slice = new Slice();
            Slice.Frame own = () -> ours.run(inputs);
            Slice.Frame rival = () -> theirs.run(tensors).close();
            slice.run(own, WARM_SECONDS);
            slice.run(rival, WARM_SECONDS / 3);
            double difference = difference(ours.run(inputs), tensors);
            Turns turns = new Turns(slice);
            long begin = System.nanoTime();
            while (turns.rounds() < Turns.MAX_ROUNDS && (turns.rounds() == 0 || System.nanoTime() - begin < seconds * 1e9)) {
                turns.round(own, time -> slice.run(rival, time));
            }
            tensors.values().forEach(OnnxTensor::close);
            System.out.printf(Locale.ROOT, tsv ? "%s\t%s\t%.3f\t%.3f\t%.2f\t%.2f\t%.2f\t%.1e%n"
                    : "%-17s %6s  %7.3f  %15.3f  %5.2f  %.2f to %.2f  %14.1e%n", name, shape,
                    turns.ours() / 1e6, turns.rival() / 1e6, turns.ratio(0.5), turns.ratio(0.25), turns.ratio(0.75), difference);
        }

        private OnnxTensor tensor(Constant value) throws OrtException {
            long[] shape = Arrays.stream(value.shape()).asLongStream().toArray();
            return value.floats() != null ? OnnxTensor.createTensor(environment, FloatBuffer.wrap(value.floats()), shape)
                    : OnnxTensor.createTensor(environment, LongBuffer.wrap(value.longs()), shape);
        }

        /// The largest difference over all results.
        private double difference(Map<String, Constant> results, Map<String, OnnxTensor> tensors) throws OrtException {
            double largest = 0;
            try (OrtSession.Result expected = theirs.run(tensors)) {
                for (Map.Entry<String, Constant> result : results.entrySet()) {
                    FloatBuffer values = ((OnnxTensor) expected.get(result.getKey()).orElseThrow()).getFloatBuffer();
                    float[] got = result.getValue().floats();
                    if (values.remaining() != got.length) {
                        throw new IllegalStateException(result.getKey() + ": " + got.length + " numbers, wanted " + values.remaining());
                    }
                    for (int i = 0; i < got.length; i++) {
                        largest = Math.max(largest, Math.abs(got[i] - values.get(i)));
                    }
                }
            }
            return largest;
        }

        @Override
        public void close() throws OrtException {
            theirs.close();
        }
    }
}
