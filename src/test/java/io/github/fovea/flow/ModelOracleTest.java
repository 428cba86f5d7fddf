package io.github.fovea.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtException;
import io.github.fovea.backend.KernelTables;
import io.github.fovea.onnx.OnnxFile;
import io.github.fovea.onnx.OnnxWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Whole models of dynamic shape: a detector's backbone and a text encoder with random weights against ONNX Runtime, and
/// models that others trained against their stored results.
class ModelOracleTest {
    private static final double TOLERANCE = 1e-4;

    @Test
    void detectorBackboneOfAnyPictureSize() throws IOException, OrtException {
        byte[] model = new DetectorBackbone().model();
        FlowPlan plan = FlowPlan.of(OnnxFile.read(model, "backbone").graph());
        FlowExecutable executable = plan.compile(KernelTables.vector());
        SplittableRandom random = new SplittableRandom(3);
        for (int[] size : new int[][] {{64, 96}, {96, 64}, {32, 160}}) {
            Map<String, Constant> inputs = Map.of("images", picture(random, 1, 3, size[0], size[1]));
            OracleCase.compare(OracleCase.runtime(model, inputs), executable.run(inputs), TOLERANCE, "backbone");
        }
        // What is held is what the largest of these was announced to take; before, each node held its own.
        Map<String, Long> largest = Map.of("n", 1L, "h", 96L, "w", 64L);
        assertEquals(Math.max(plan.scratchBytes(largest, KernelTables.vector()), Math.max(
                plan.scratchBytes(Map.of("n", 1L, "h", 64L, "w", 96L), KernelTables.vector()),
                plan.scratchBytes(Map.of("n", 1L, "h", 32L, "w", 160L), KernelTables.vector()))), executable.scratchBytes());
        assertEquals("[n,24,2*ceil(h/32),2*ceil(w/32)]", plan.shape("p4"));
        Map<String, Long> bindings = Map.of("n", 1L, "h", 96L, "w", 96L);
        assertTrue(plan.peakBytes(bindings) <= 1.2 * plan.leastBytes(bindings),
                plan.peakBytes(bindings) + " bytes, at least " + plan.leastBytes(bindings));
    }

    @Test
    void textEncoderOfAnyLength() throws IOException, OrtException {
        byte[] model = new TextEncoder().model();
        FlowPlan plan = FlowPlan.of(OnnxFile.read(model, "encoder").graph());
        FlowExecutable executable = plan.compile(KernelTables.vector());
        assertEquals("[batch,length," + TextEncoder.WIDTH + "]", plan.shape("hidden"));
        SplittableRandom random = new SplittableRandom(4);
        for (int[] size : new int[][] {{1, 5}, {2, 17}, {3, 32}}) {
            long[] tokens = new long[size[0] * size[1]];
            long[] mask = new long[tokens.length];
            for (int i = 0; i < tokens.length; i++) {
                tokens[i] = random.nextInt(TextEncoder.WORDS);
                mask[i] = i % size[1] < size[1] - 1 ? 1 : 0;
            }
            Map<String, Constant> inputs = Map.of("tokens", Constant.of(size.clone(), tokens),
                    "mask", Constant.of(size.clone(), mask));
            OracleCase.compare(OracleCase.runtime(model, inputs), executable.run(inputs), TOLERANCE, "encoder");
        }
        Map<String, Long> bindings = Map.of("batch", 2L, "length", 48L);
        assertTrue(plan.peakBytes(bindings) <= 1.2 * plan.leastBytes(bindings),
                plan.peakBytes(bindings) + " bytes, at least " + plan.leastBytes(bindings));
    }

    /// 200 shapes in one stream: extents are evaluated for each, nothing is planned again, nothing is allocated.
    @Test
    void newShapesPlanNothingAndAllocateNothing() throws IOException {
        FlowExecutable executable = FlowPlan.of(OnnxFile.read(new DetectorBackbone().model(), "backbone").graph())
                .compile(KernelTables.vector());
        executable.prepare(64, 1, 512);
        executable.prepare(512, 1, 512);
        var threads = (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
        Map<String, Constant> inputs = Map.of("images", picture(new SplittableRandom(1), 1, 3, 32, 64));
        executable.run(inputs);
        long evaluations = executable.evaluations();
        long arena = executable.arenaBytes();
        long allocated = Long.MAX_VALUE;
        for (int i = 0; i < 200; i++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            executable.prepare(32 + i, 1, 300 - i);
            allocated = Math.min(allocated, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertEquals(200, executable.evaluations() - evaluations);
        assertEquals(arena, executable.arenaBytes());
        // The varargs array of three extents is the caller's.
        assertTrue(allocated <= 64, allocated + " bytes");
    }

    private static Constant picture(SplittableRandom random, int... shape) {
        float[] numbers = new float[Tensor.elements(shape, 0, shape.length)];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = random.nextFloat();
        }
        return Constant.of(shape, numbers);
    }

    @ParameterizedTest
    @CsvSource({"ESPCN_x2,1,48,60", "ESPCN_x4,1,48,60", "FSRCNN_x2,1,48,60", "realesr-animevideov3-x4,3,48,60",
        "span_ch28_x4,3,48,60", "superres_pytorch_tutorial_b,1,224,224", "waifu2x-upconv7photo-noise0_scale2.0x,3,48,60"})
    void realModels(String name, int channels, int height, int width) throws IOException, OrtException {
        Path folder = Path.of(System.getProperty("fovea.data", "../shared/data")).resolve("onnx");
        Assumptions.assumeTrue(Files.isDirectory(folder), "skipped: no models in " + folder);
        OnnxFile file = OnnxFile.read(folder.resolve(name + ".onnx"));
        FlowExecutable executable = FlowPlan.of(file.graph()).compile(KernelTables.vector());
        String input = file.graph().inputs().getFirst().name();
        String output = file.graph().outputs().getFirst();
        Constant x = Constant.of(new int[] {1, channels, height, width}, floats(folder.resolve(name + ".in.f32")));
        Constant y = executable.run(Map.of(input, x)).get(output);
        OracleCase.compare(Map.of("y", Constant.of(y.shape(), floats(folder.resolve(name + ".out.f32")))), Map.of("y", y),
                TOLERANCE, name);
        if (file.graph().inputs().getFirst().dims().getLast().matches("\\d+")) {
            return;
        }
        // Part of a picture: on noise some of these networks make 1e-4 of one rounding more or less.
        Map<String, Constant> odd = Map.of(input, corner(x, 21, 35));
        OracleCase.compare(OracleCase.runtime(Files.readAllBytes(folder.resolve(name + ".onnx")), odd), executable.run(odd),
                TOLERANCE, name);
    }

    private static Constant corner(Constant x, int height, int width) {
        int[] shape = {1, x.shape()[1], height, width};
        float[] numbers = new float[shape[1] * height * width];
        for (int row = 0; row < shape[1] * height; row++) {
            System.arraycopy(x.floats(), (row / height * x.shape()[2] + row % height) * x.shape()[3], numbers, row * width, width);
        }
        return Constant.of(shape, numbers);
    }

    private static float[] floats(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        float[] floats = new float[bytes.remaining() / Float.BYTES];
        bytes.asFloatBuffer().get(floats);
        return floats;
    }
}
