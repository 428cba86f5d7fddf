package io.github.fovea.flow;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtException;
import io.github.fovea.backend.KernelTables;
import io.github.fovea.onnx.OnnxFile;
import io.github.fovea.onnx.OnnxWriter;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Readers of a value want an extent that the node before them may or may not make: what is taken for proven is looked at
/// before anything is written.
class DemandedExtentTest {
    private final SplittableRandom random = new SplittableRandom(11);

    private Constant numbers(int... shape) {
        float[] numbers = new float[Tensor.elements(shape, 0, shape.length)];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) random.nextDouble(-1, 1);
        }
        return Constant.of(shape, numbers);
    }

    private static FlowExecutable executable(OnnxWriter writer) throws IOException {
        return FlowPlan.of(OnnxFile.read(writer.model(), "test").graph()).compile(KernelTables.scalar());
    }

    private static void refused(FlowExecutable executable, Map<String, Constant> inputs, String... words) {
        String message = assertThrows(IllegalArgumentException.class, () -> executable.run(inputs)).getMessage();
        for (String word : words) {
            assertTrue(message.contains(word), message);
        }
    }

    private OnnxWriter product(String before, long... extents) {
        OnnxWriter writer = new OnnxWriter().input("x", OnnxWriter.FLOAT, 1, "S", "W").output("z", OnnxWriter.FLOAT)
                .constant("b", numbers(64, 8).floats(), 64, 8);
        switch (before) {
            case "Concat" -> writer.node("Concat", "y", "x", "x").integer("axis", 2);
            case "Pad" -> writer.constant("p", extents, extents.length).node("Pad", "y", "x", "p");
            default -> writer.constant("p", extents, extents.length).constant("from", new long[] {0}, 1)
                    .constant("axis", new long[] {2}, 1).node("Slice", "y", "x", "from", "p", "axis");
        }
        return writer.node("MatMul", "z", "y", "b");
    }

    @Test
    void producersOfOtherExtentsAreNamed() throws IOException, OrtException {
        FlowExecutable concat = executable(product("Concat"));
        OracleCase.compare(product("Concat").model(), Map.of("x", numbers(1, 5, 32)), 1e-5, "Concat");
        refused(concat, Map.of("x", numbers(1, 5, 33)), "node 0 (Concat)", "value \"y\"", "66", "want 64");
        String message = assertThrows(IllegalArgumentException.class, () -> concat.prepare(5, 31)).getMessage();
        assertTrue(message.contains("node 0 (Concat)") && message.contains("62"), message);
        concat.prepare(7, 32);
        FlowExecutable pad = executable(product("Pad", 0, 0, 1, 0, 0, 1));
        OracleCase.compare(product("Pad", 0, 0, 1, 0, 0, 1).model(), Map.of("x", numbers(1, 2, 62)), 1e-5, "Pad");
        refused(pad, Map.of("x", numbers(1, 2, 64)), "node 0 (Pad)", "66", "want 64");
        FlowExecutable slice = executable(product("Slice", 64));
        refused(slice, Map.of("x", numbers(1, 2, 63)), "node 0 (Slice)", "63", "want 64");
        assertArrayEquals(new int[] {1, 2, 8}, slice.run(Map.of("x", numbers(1, 2, 70))).get("z").shape());
    }

    /// The channels that a convolution wants decide how its input lies in memory.
    @Test
    void channelsThatAConvolutionWants() throws IOException, OrtException {
        OnnxWriter writer = new OnnxWriter().input("x", OnnxWriter.FLOAT, 1, "c", "h", "w").output("z", OnnxWriter.FLOAT)
                .constant("k", numbers(16, 16, 3, 3).floats(), 16, 16, 3, 3)
                .node("Concat", "y", "x", "x").integer("axis", 1).node("Conv", "z", "y", "k").integers("pads", 1, 1, 1, 1);
        OracleCase.compare(writer.model(), Map.of("x", numbers(1, 8, 5, 6)), 1e-4, "Conv");
        refused(executable(writer), Map.of("x", numbers(1, 9, 5, 6)), "node 0 (Concat)", "18", "want 16");
    }

    /// What only a run tells is not proven by what is wanted of it.
    @Test
    void valuesOfUnknownShapeStayOpen() throws IOException {
        OnnxWriter writer = new OnnxWriter().input("x", OnnxWriter.FLOAT, "n").input("end", OnnxWriter.INT64, 1)
                .output("z", OnnxWriter.FLOAT).constant("b", numbers(64, 8).floats(), 64, 8).constant("from", new long[] {0}, 1)
                .node("Slice", "y", "x", "from", "end").node("MatMul", "z", "y", "b");
        FlowExecutable executable = executable(writer);
        Constant end = Constant.of(new int[] {1}, new long[] {64});
        assertEquals(8, executable.run(Map.of("x", numbers(70), "end", end)).get("z").elements());
        refused(executable, Map.of("x", numbers(63), "end", end), "node 1 (MatMul)", "differ");
    }

    /// Each branch may make another shape than the one that the graph around it wants.
    @Test
    void branchesOfOtherExtents() throws IOException {
        OnnxWriter then = new OnnxWriter().name("then").output("t", OnnxWriter.FLOAT).node("Relu", "t", "x");
        OnnxWriter other = new OnnxWriter().name("other").output("e", OnnxWriter.FLOAT).node("Concat", "e", "x", "x").integer("axis", 1);
        OnnxWriter writer = new OnnxWriter().input("x", OnnxWriter.FLOAT, 3, "w").input("flag", OnnxWriter.BOOL, 1)
                .output("z", OnnxWriter.FLOAT).constant("b", numbers(64, 8).floats(), 64, 8)
                .node("If", "y", "flag").subgraph("then_branch", then).subgraph("else_branch", other).node("MatMul", "z", "y", "b");
        FlowExecutable executable = executable(writer);
        for (int w : new int[] {64, 32, 50}) {
            for (long flag : new long[] {1, 0}) {
                Map<String, Constant> inputs = Map.of("x", numbers(3, w), "flag",
                        new Constant(ElementType.BOOLEAN, new int[] {1}, null, new long[] {flag}));
                if (w == (flag == 1 ? 64 : 32)) {
                    assertArrayEquals(new int[] {3, 8}, executable.run(inputs).get("z").shape());
                } else {
                    refused(executable, inputs, "node 1 (MatMul)", "differ");
                }
            }
        }
    }

    /// An input whose extent follows from another input's.
    @Test
    void inputsOfDemandedExpressions() throws IOException {
        OnnxWriter writer = new OnnxWriter().input("x", OnnxWriter.FLOAT, "n", "w").input("b", OnnxWriter.FLOAT, "", 4)
                .output("z", OnnxWriter.FLOAT).node("Concat", "y", "x", "x").integer("axis", 1).node("MatMul", "z", "y", "b");
        FlowPlan plan = FlowPlan.of(OnnxFile.read(writer.model(), "test").graph());
        assertEquals(List.of("[2*w,4]", "[n,4]"), List.of(plan.shape("b"), plan.shape("z")));
        FlowExecutable executable = plan.compile(KernelTables.scalar());
        assertArrayEquals(new int[] {2, 4}, executable.run(Map.of("x", numbers(2, 3), "b", numbers(6, 4))).get("z").shape());
        refused(executable, Map.of("x", numbers(2, 3), "b", numbers(7, 4)), "input \"b\"", "[7, 4]", "[2*w,4]");
    }
}
