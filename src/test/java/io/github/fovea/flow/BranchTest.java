package io.github.fovea.flow;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.backend.KernelTables;
import io.github.fovea.onnx.OnnxFile;
import io.github.fovea.onnx.OnnxWriter;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Branches: inside one another, beside one another, of different kinds.
class BranchTest {
    private static OnnxWriter graph() {
        return new OnnxWriter().input("x", OnnxWriter.FLOAT, "n").output("y", OnnxWriter.FLOAT);
    }

    private static OnnxWriter body(String output) {
        return new OnnxWriter().output(output, OnnxWriter.FLOAT);
    }

    private static Constant truth(boolean value) {
        return new Constant(ElementType.BOOLEAN, new int[] {1}, null, new long[] {value ? 1 : 0});
    }

    /// As deep as a file may have them: each branch is followed a few times for each graph around it, not for each visit of
    /// each graph around it.
    @Test
    void nestedBranchesArePlannedSoon() throws IOException {
        OnnxWriter inner = body("v7").node("Neg", "v7", "x");
        for (int depth = 6; depth > 0; depth--) {
            inner = body("v" + depth).node("If", "v" + depth, "c").subgraph("then_branch", inner)
                    .subgraph("else_branch", body("w" + depth).node("Concat", "w" + depth, "x", "x").integer("axis", 0));
        }
        OnnxWriter graph = graph().input("c", OnnxWriter.BOOL, 1).node("If", "y", "c").subgraph("then_branch", inner)
                .subgraph("else_branch", body("w0").node("Abs", "w0", "x"));
        FlowGraph read = OnnxFile.read(graph.model(), "nested").graph();
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            FlowPlan plan = FlowPlan.of(read);
            assertEquals("[?]", plan.shape("y"));
            FlowExecutable executable = plan.compile(KernelTables.scalar());
            Constant x = Constant.of(new int[] {2}, new float[] {1, -2});
            assertArrayEquals(new float[] {-1, 2}, executable.run(Map.of("x", x, "c", truth(true))).get("y").floats());
            assertArrayEquals(new float[] {1, 2}, executable.run(Map.of("x", x, "c", truth(false))).get("y").floats());
        });
    }

    /// Values of two inlined branches have one name in the file; the second takes the place that the first had in its graph.
    @Test
    void inlinedBranchesKeepTheirValuesApart() throws IOException {
        OnnxWriter deep = body("t").node("Neg", "t", "q");
        OnnxWriter first = body("d").node("Relu", "q", "x").node("If", "d", "yes").subgraph("then_branch", deep)
                .subgraph("else_branch", body("u").node("Identity", "u", "q"));
        OnnxWriter second = body("t").node("Abs", "t", "x");
        OnnxWriter graph = graph().initializer(OnnxWriter.raw("yes", OnnxWriter.BOOL, new byte[] {1}))
                .node("If", "a", "yes").subgraph("then_branch", first).subgraph("else_branch", body("r").node("Identity", "r", "x"))
                .node("If", "b", "yes").subgraph("then_branch", second).subgraph("else_branch", body("s").node("Identity", "s", "x"))
                .node("Add", "y", "a", "b");
        FlowExecutable executable = FlowPlan.of(OnnxFile.read(graph.model(), "beside").graph()).compile(KernelTables.scalar());
        assertArrayEquals(new float[] {0, 3, 0}, executable.run(Map.of("x", Constant.of(new int[] {3}, new float[] {2, -3, 0})))
                .get("y").floats());
    }

    @Test
    void branchesOfDifferentTypesAreRefused() throws IOException {
        OnnxWriter graph = graph().input("c", OnnxWriter.BOOL, 1).node("If", "y", "c")
                .subgraph("then_branch", body("p").node("Neg", "p", "x"))
                .subgraph("else_branch", new OnnxWriter().output("q", OnnxWriter.INT64).node("Shape", "q", "x"));
        FlowGraph read = OnnxFile.read(graph.model(), "types").graph();
        String message = assertThrows(IllegalArgumentException.class, () -> FlowPlan.of(read)).getMessage();
        assertTrue(message.contains("node 0 (If)") && message.contains("FLOAT as output 0") && message.contains("LONG"), message);
    }
}
