package io.github.fovea.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtException;
import io.github.fovea.backend.Backends;
import io.github.fovea.backend.CpuBackend;
import io.github.fovea.error.MalformedFileException;
import io.github.fovea.flow.Constant;
import io.github.fovea.pipeline.TensorNetwork;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Functions of a file's own, as newer exporters write them for modules and for operators made of others.
class FunctionCallsTest {
    private static OnnxWriter model() {
        return new OnnxWriter().opset("own", 1).input("x", OnnxWriter.FLOAT, 1, 3, "h", "w").output("y", OnnxWriter.FLOAT);
    }

    private static OnnxWriter body() {
        return new OnnxWriter();
    }

    private static float[] numbers(int length) {
        SplittableRandom random = new SplittableRandom(length);
        float[] numbers = new float[length];
        for (int i = 0; i < length; i++) {
            numbers[i] = (float) random.nextDouble(-0.5, 0.5);
        }
        return numbers;
    }

    private static float[] run(byte[] model, float[] in) throws IOException {
        TensorNetwork network = TensorNetwork.of(OnnxFile.read(model, "model").graph(), "model", (CpuBackend) Backends.automatic());
        return network.run(Map.of("x", Constant.of(new int[] {1, 3, 5, 6}, in))).get("y").floats();
    }

    private static void assertAsOnnxRuntime(OnnxWriter writer) throws IOException, OrtException {
        byte[] model = writer.model();
        float[] in = numbers(3 * 5 * 6);
        assertArrayEquals(OnnxRuntime.run(model, in, 1, 3, 5, 6), run(model, in), 1e-5f);
    }

    /// A convolution and an activation whose slope is the function's attribute, 0.1 where a call says nothing.
    private static OnnxWriter block(OnnxWriter model) {
        return model.function("own", "block", List.of("v", "k", "b"), List.of("r"), body().node("Conv", "c", "v", "k", "b")
                .integers("pads", 1, 1, 1, 1).node("LeakyRelu", "r", "c").reference("alpha", 1, "slope"),
                List.of(OnnxWriter.realAttribute("slope", 0.1f)));
    }

    /// Two calls: each has its own values inside, attributes and omitted inputs.
    @Test
    void callsBecomeTheirBodies() throws Exception {
        OnnxWriter model = block(model()).constant("k", numbers(3 * 3 * 9), 3, 3, 3, 3).constant("c", new float[] {1, 2, 3}, 3)
                .node("block", "a", "x", "k", "c").domain("own").real("slope", 0.7f)
                .node("block", "y", "a", "k").domain("own");
        assertAsOnnxRuntime(model);
        assertEquals(List.of("Conv", "LeakyRelu", "Conv", "LeakyRelu"), OnnxFile.read(model.model(), "m").graph().nodes().stream()
                .map(node -> node.operator()).toList());
    }

    /// What an exporter of modules makes of a small network is one for the fast engine.
    @Test
    void networksOfFunctionsAreLowered() throws IOException {
        OnnxWriter model = block(model()).constant("k", numbers(12 * 3 * 9), 12, 3, 3, 3)
                .node("block", "a", "x", "k").domain("own").node("DepthToSpace", "y", "a").integer("blocksize", 2);
        assertInstanceOf(Lowering.Lowered.class, Lowering.of(OnnxFile.read(model.model(), "m").graph()));
    }

    /// A function that calls another with an attribute of its own caller, and branches that see the values around them.
    @Test
    void callsAndBranchesMayStandInBodies() throws Exception {
        OnnxWriter then = body().output("p", OnnxWriter.FLOAT).node("Mul", "p", "v", "half");
        OnnxWriter otherwise = body().output("q", OnnxWriter.FLOAT).node("Identity", "q", "v");
        assertAsOnnxRuntime(model()
                .function("own", "act", List.of("v"), List.of("r"), body().node("LeakyRelu", "r", "v").reference("alpha", 1, "alpha"),
                        List.of(), "alpha")
                .function("own", "pair", List.of("v", "yes"), List.of("r", "s"), body().node("Constant", "half")
                        .real("value_float", 0.5f).node("If", "t", "yes").subgraph("then_branch", then)
                        .subgraph("else_branch", otherwise).node("act", "r", "t").domain("own").reference("alpha", 1, "slope")
                        .node("Neg", "s", "t"), List.of(), "slope")
                .initializer(OnnxWriter.raw("yes", OnnxWriter.BOOL, new byte[] {1}))
                .node("", "pair", List.of("a", "n"), List.of("x", "yes")).domain("own").real("slope", 0.3f)
                .node("", "pair", List.of("b", "m"), List.of("n", "yes")).domain("own").real("slope", 0.6f)
                .node("Add", "y", "a", "b"));
    }

    /// Functions put branches inside one another that no file's messages could.
    @Test
    void branchesInsideOneAnotherAreBounded() throws IOException {
        for (int depth : new int[] {7, 8, 31}) {
            OnnxWriter model = model().input("c", OnnxWriter.BOOL).node("f1", "y", "x", "c").domain("own");
            for (int i = 1; i <= depth; i++) {
                OnnxWriter then = body().output("p", OnnxWriter.FLOAT);
                then = i == depth ? then.node("Relu", "p", "v") : then.node("f" + (i + 1), "p", "v", "c").domain("own");
                model.function("own", "f" + i, List.of("v", "c"), List.of("r"), body().node("If", "r", "c")
                        .subgraph("then_branch", then).subgraph("else_branch", body().output("q", OnnxWriter.FLOAT)
                        .node("Identity", "q", "v")), List.of());
            }
            byte[] bytes = model.model();
            if (depth == 7) {
                OnnxFile.read(bytes, "m");
            } else {
                String message = assertThrows(MalformedFileException.class, () -> OnnxFile.read(bytes, "m")).getMessage();
                assertTrue(message.contains("more than 8 deep"), message);
            }
        }
    }

    /// An output that is an input has two names outside; one that nobody wants has none. ONNX Runtime takes neither.
    @Test
    void valuesMayPassThroughAndEndInside() throws IOException {
        byte[] model = model().function("own", "through", List.of("v"), List.of("v", "r", "unwanted"),
                body().node("Relu", "r", "v").node("Neg", "unwanted", "v"), List.of())
                .node("", "through", List.of("same", "r"), List.of("x")).domain("own")
                .node("", "through", List.of("", "s"), List.of("same")).domain("own")
                .node("Sub", "t", "same", "r").node("Sub", "y", "t", "s").model();
        float[] in = numbers(3 * 5 * 6);
        float[] wanted = new float[in.length];
        for (int i = 0; i < in.length; i++) {
            wanted[i] = in[i] - 2 * Math.max(0, in[i]);
        }
        assertArrayEquals(wanted, run(model, in), 1e-6f);
    }

    private static void refused(OnnxWriter writer, String... parts) {
        MalformedFileException e = assertThrows(MalformedFileException.class, () -> OnnxFile.read(writer.model(), "evil.onnx"));
        for (String part : parts) {
            assertTrue(e.getMessage().startsWith("evil.onnx: ") && e.getMessage().contains(part), e.getMessage() + " names " + part);
        }
    }

    @Test
    void badCallsAreRefused() {
        refused(block(model()).node("block", "y", "x", "x", "x", "x").domain("own"), "4 inputs", "its function 3");
        refused(block(model()).node("", "block", List.of("y", "z"), List.of("x")).domain("own"), "2 outputs");
        refused(block(model()).opset(18).node("block", "y", "x").domain("own"), "operator set 17, the file is for 18");
        refused(model().node("LeakyRelu", "y", "x").reference("alpha", 1, "slope"), "\"alpha\" from a function, and stands in none");
        refused(block(block(model())).node("Relu", "y", "x"), "function \"block\" twice");
        refused(model().function("own", "f", List.of("v"), List.of("r"), body().node("Pad3", "r", "v").domain("own"), List.of())
                .node("f", "y", "x").domain("own"), "1 node uses an operator that Fovea does not run", "Pad3");
    }

    /// A function that calls itself, and a few that stand for more nodes than any memory holds.
    @Test
    void endlessCallsAreRefused() {
        refused(model().function("own", "f", List.of("v"), List.of("r"), body().node("f", "r", "v").domain("own"), List.of())
                .node("f", "y", "x").domain("own"), "perhaps it calls itself");
        OnnxWriter many = model();
        for (int level = 0; level < 20; level++) {
            OnnxWriter ten = body();
            for (int i = 0; i < 10; i++) {
                ten.node(level == 0 ? "Relu" : "f" + (level - 1), i == 9 ? "r" : "v" + (i + 1), i == 0 ? "v" : "v" + i)
                        .domain(level == 0 ? "" : "own");
            }
            many.function("own", "f" + level, List.of("v"), List.of("r"), ten, List.of());
        }
        refused(many.node("f19", "y", "x").domain("own"), "more than 100000 nodes");
    }
}
