package io.github.fovea.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtException;
import io.github.fovea.backend.KernelTables;
import io.github.fovea.kernel.KernelTable;
import io.github.fovea.onnx.OnnxFile;
import io.github.fovea.onnx.OnnxWriter;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Graphs whose values lie in blocks of channels against the same graphs node by node, and against ONNX Runtime.
class BlockingTest {
    private static final int GRAPHS = 24;
    private static final String MARK = "in blocks";
    private static final String COPY = "in row-major order";
    /// Every kind of step that works on blocks.
    private static final List<String> KINDS = List.of("Conv", "Concat", "Split", "MaxPool", "Resize", "Mul", "Identity");

    private static Constant picture(SplittableRandom random, int... shape) {
        float[] numbers = new float[Tensor.elements(shape, 0, shape.length)];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) random.nextDouble(-1, 1);
        }
        return Constant.of(shape, numbers);
    }

    private static long marked(FlowPlan plan, String operator) {
        return plan.description().stream().filter(line -> (line.contains(MARK) || line.contains(COPY)) && line.contains(operator)).count();
    }

    /// Results, and memory that is announced exactly, for two shapes one after the other.
    @Test
    void randomGraphsEqualThoseNodeByNode() throws IOException, OrtException {
        Map<String, Long> blocks = new HashMap<>();
        for (int seed = 0; seed < GRAPHS; seed++) {
            byte[] model = new RandomPictureGraph(seed).model();
            FlowGraph graph = OnnxFile.read(model, "random").graph();
            FlowPlan plan = FlowPlan.of(graph);
            FlowExecutable plain = FlowPlan.unfused(graph).compile(KernelTables.scalar());
            SplittableRandom random = new SplittableRandom(seed);
            KINDS.forEach(kind -> blocks.merge(kind, marked(plan, kind), Long::sum));
            for (KernelTable table : seed % 3 == 0 ? List.of(KernelTables.vector(), KernelTables.scalar())
                    : List.of(KernelTables.vector())) {
                FlowExecutable executable = plan.compile(table);
                for (int run = 0; run < 2; run++) {
                    int n = random.nextInt(1, 3);
                    int h = random.nextInt(run == 0 ? 16 : 24, 32);
                    int w = random.nextInt(run == 0 ? 16 : 24, 32);
                    Map<String, Constant> inputs = Map.of("x", picture(random, n, 3, h, w));
                    Map<String, Constant> got = executable.run(inputs);
                    String name = "graph " + seed + " by " + table.name() + " on " + n + "x" + h + "x" + w;
                    OracleCase.compare(plain.run(inputs), got, 1e-4, name);
                    if (run == 0) {
                        Map<String, Long> bindings = Map.of("n", (long) n, "h", (long) h, "w", (long) w);
                        assertEquals(plan.peakBytes(bindings), executable.arenaBytes(), name);
                        assertEquals(plan.scratchBytes(bindings, table), executable.scratchBytes(), name);
                        if (seed % 3 == 1 && table == KernelTables.vector()) {
                            OracleCase.compare(OracleCase.runtime(model, inputs), got, 1e-4, name + " beside ONNX Runtime");
                        }
                    }
                }
            }
        }
        KINDS.forEach(kind -> assertTrue(blocks.get(kind) > 0, "steps in blocks: " + blocks));
    }

    private static OnnxWriter conv(OnnxWriter writer, String name, String from, int in, int out, int size) {
        SplittableRandom random = new SplittableRandom(name.hashCode());
        float[] weights = new float[out * in * size * size];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (float) random.nextDouble(-0.2, 0.2);
        }
        return writer.constant(name + "w", weights, out, in, size, size).node("Conv", name, from, name + "w")
                .integers("pads", size / 2, size / 2, size / 2, size / 2);
    }

    /// What only convolutions of single pixels read is not joined; what another step, or the caller, reads is.
    @Test
    void concatenationsAreReadInParts() throws IOException {
        for (String reader : List.of("pixel", "window", "output")) {
            OnnxWriter writer = new OnnxWriter().input("x", OnnxWriter.FLOAT, "n", 3, "h", "w").output("y", OnnxWriter.FLOAT);
            conv(writer, "a", "x", 3, 24, 3);
            conv(writer, "b", "a", 24, 24, 1);
            writer.node("Concat", "all", "a", "b").integer("axis", 1);
            conv(writer, "c", "all", 48, 32, reader.equals("window") ? 3 : 1);
            conv(writer, "y", "c", 32, 16, 1);
            if (reader.equals("output")) {
                writer.output("all", OnnxWriter.FLOAT);
            }
            FlowGraph graph = OnnxFile.read(writer.model(), reader).graph();
            FlowPlan plan = FlowPlan.of(graph);
            assertEquals(reader.equals("pixel") ? 0 : 1, marked(plan, "Concat"), reader + ": " + plan.description());
            Map<String, Constant> inputs = Map.of("x", picture(new SplittableRandom(2), 2, 3, 9, 13));
            OracleCase.compare(FlowPlan.unfused(graph).compile(KernelTables.scalar()).run(inputs),
                    plan.compile(KernelTables.vector()).run(inputs), 1e-4, reader);
        }
    }

    /// A single number has any rank; in blocks it meets one long row.
    @Test
    void numbersOfAnyRankMeetBlocks() throws IOException {
        for (int rank = 0; rank <= 4; rank++) {
            long[] ones = new long[rank];
            Arrays.fill(ones, 1);
            OnnxWriter writer = new OnnxWriter().input("x", OnnxWriter.FLOAT, "n", 3, "h", "w").output("y", OnnxWriter.FLOAT)
                    .constant("k", new float[] {0.7f}, ones);
            conv(writer, "a", "x", 3, 16, 3).node("Mul", "b", "a", "k");
            conv(writer, "c", "b", 16, 16, 3).node("Add", "d", "c", "a");
            conv(writer, "e", "d", 16, 3, 3).node("Tanh", "y", "e");
            FlowGraph graph = OnnxFile.read(writer.model(), "number").graph();
            FlowPlan plan = FlowPlan.of(graph);
            assertTrue(marked(plan, "Mul") > 0, plan.description().toString());
            Map<String, Constant> inputs = Map.of("x", picture(new SplittableRandom(3), 2, 3, 9, 13));
            OracleCase.compare(FlowPlan.unfused(graph).compile(KernelTables.scalar()).run(inputs),
                    plan.compile(KernelTables.vector()).run(inputs), 1e-4, "rank " + rank);
        }
    }

    /// A lone convolution, and those between steps that know no blocks, stay in row-major order: two copies would be for nothing.
    @Test
    void loneConvolutionsStayInRowMajorOrder() throws IOException {
        OnnxWriter writer = new OnnxWriter().input("x", OnnxWriter.FLOAT, "n", 16, "h", "w").output("y", OnnxWriter.FLOAT);
        conv(writer, "a", "x", 16, 32, 1);
        writer.node("ReduceMax", "m", "a").integers("axes", 2).integer("keepdims", 1);
        conv(writer, "y", "m", 32, 16, 1);
        FlowPlan plan = FlowPlan.of(OnnxFile.read(writer.model(), "lone").graph());
        assertEquals(0, marked(plan, ""), plan.description().toString());
    }
}
