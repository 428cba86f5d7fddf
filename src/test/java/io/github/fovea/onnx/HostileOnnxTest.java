package io.github.fovea.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.backend.KernelTables;
import io.github.fovea.error.MalformedFileException;
import io.github.fovea.flow.FlowGraph;
import io.github.fovea.flow.FlowPlan;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Files that are damaged or made to do harm end in one clear error.
class HostileOnnxTest {
    private static OnnxWriter identity() {
        return new OnnxWriter().input("x", OnnxWriter.FLOAT, 1, 3, "h", "w").output("y", OnnxWriter.FLOAT)
                .node("Identity", "y", "x");
    }

    private static MalformedFileException refused(byte[] bytes, String... parts) {
        MalformedFileException e = assertThrows(MalformedFileException.class, () -> OnnxFile.read(bytes, "evil.onnx"));
        for (String part : parts) {
            assertTrue(e.getMessage().contains(part), e.getMessage() + " names " + part);
        }
        assertTrue(e.getMessage().startsWith("evil.onnx: "), e.getMessage());
        return e;
    }

    private static MalformedFileException refused(OnnxWriter writer, String... parts) {
        return refused(writer.model(), parts);
    }

    private static byte[] small() {
        return identity().constant("w", new float[] {1, 2, 3, 4}, 2, 2)
                .initializer(OnnxWriter.typed("t", OnnxWriter.INT32, 5, true, new long[] {300, -1}, 2))
                .node("Conv", "z", "x", "w").integers("pads", 1, 1, 1, 1).real("alpha", 1).string("mode", "m").model();
    }

    @Test
    void quantisedModelsAreRefusedAsSuch() {
        OnnxWriter writer = identity().node("QuantizeLinear", "q", "x", "s").node("DequantizeLinear", "d", "q", "s");
        refused(writer, "2 nodes use operators that Fovea does not run", "the model is quantised, export it with weights of floats");
        refused(identity().node("ConvInteger", "q", "x", "s"), "the model is quantised");
        refused(identity().node("GridSample", "q", "x", "s"), "; export the model with other operators");
    }

    /// The default operator set comes last in the file, so that no shorter file is whole.
    @Test
    void everyTruncationIsRefused() throws IOException {
        byte[] whole = small();
        assertEquals(2, OnnxFile.read(whole, "whole").graph().nodes().size());
        for (int length = 0; length < whole.length; length++) {
            refused(Arrays.copyOf(whole, length));
        }
    }

    /// Whatever one byte is changed to, the file is read or refused.
    @Test
    void changedBytesNeverDoHarm() {
        byte[] whole = small();
        SplittableRandom random = new SplittableRandom(20);
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = whole.clone();
            for (int changes = random.nextInt(1, 4); changes > 0; changes--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            try {
                OnnxFile.read(bytes, "x");
            } catch (MalformedFileException e) {
                refused++;
            }
        }
        assertTrue(refused > 5_000 && refused < 20_000, refused + " of 20,000 refused");
    }

    @Test
    void lengthsBeyondTheFile() {
        byte[] bytes = identity().model();
        // ir_version (2 bytes), producer (2 + 10), then the graph's tag and length.
        assertEquals(7 << 3 | 2, bytes[14]);
        byte[] huge = new byte[bytes.length + 4];
        System.arraycopy(bytes, 0, huge, 0, 15);
        Arrays.fill(huge, 15, 19, (byte) 0xFF);
        huge[19] = 7;
        System.arraycopy(bytes, 16, huge, 20, bytes.length - 16);
        assertEquals(15, refused(huge, "are left", "truncated").offset());
    }

    @Test
    void hugeAndWrongShapesOfTensors() {
        refused(identity().initializer(OnnxWriter.raw("t", OnnxWriter.FLOAT, new byte[8], 1L << 28, 1)),
                "\"t\"", "needs 268435456 elements", "8 bytes");
        refused(identity().initializer(OnnxWriter.raw("t", OnnxWriter.FLOAT, new byte[8], 1L << 28, 1L << 28, 1L << 28)),
                "more than 268435456 elements");
        refused(identity().initializer(OnnxWriter.raw("t", OnnxWriter.FLOAT, new byte[8], 1L << 40)), "extent is 1099511627776");
        refused(identity().initializer(OnnxWriter.raw("t", OnnxWriter.FLOAT, new byte[8], -2)), "extent is -2");
        refused(identity().initializer(OnnxWriter.raw("t", OnnxWriter.FLOAT, new byte[7], 2)), "7 bytes");
        refused(identity().initializer(OnnxWriter.raw("t", OnnxWriter.FLOAT, new byte[12], 2)), "needs 2 elements", "12 bytes");
        refused(identity().initializer(OnnxWriter.typedFloats("t", true, new float[3], 2)), "needs 2", "holds 3 elements");
        refused(identity().initializer(OnnxWriter.typed("t", OnnxWriter.INT64, 5, true, new long[2], 2)), "holds 0 elements");
        long[] dims = new long[33];
        Arrays.fill(dims, 1);
        refused(identity().initializer(OnnxWriter.raw("t", OnnxWriter.FLOAT, new byte[4], dims)), "more than 32 extents");
    }

    @Test
    void typesThatAreNotRead() {
        refused(identity().initializer(OnnxWriter.raw("t", OnnxWriter.STRING, new byte[0], 0)), "STRING", "FLOAT16");
        refused(identity().initializer(OnnxWriter.raw("t", 14, new byte[8], 1)), "COMPLEX64");
        refused(identity().initializer(OnnxWriter.raw("t", 0, new byte[0], 0)), "UNDEFINED");
        refused(identity().input("s", OnnxWriter.STRING, 1), "\"s\"", "no tensor of numbers");
        refused(identity().initializer(OnnxWriter.external("t", OnnxWriter.FLOAT, "../../etc/passwd", 4)),
                "another file", "save the model in one file");
    }

    @Test
    void cyclesNameTheirNodes() {
        MalformedFileException e = refused(new OnnxWriter().input("x", OnnxWriter.FLOAT, 1).output("y", OnnxWriter.FLOAT)
                .node("Add", "a", "x", "c").node("Relu", "b", "a").node("Neg", "c", "b").node("Abs", "y", "c"),
                "wait for one another", "node 0 (\"Add\")", "node 1 (\"Relu\")", "node 2 (\"Neg\")");
        assertTrue(!e.getMessage().contains("Abs"), e.getMessage());
        refused(new OnnxWriter().input("x", OnnxWriter.FLOAT, 1).output("y", OnnxWriter.FLOAT).node("Add", "y", "x", "y"),
                "node 0 (\"Add\")");
        OnnxWriter yes = new OnnxWriter().output("p", OnnxWriter.FLOAT).node("Identity", "p", "y");
        OnnxWriter no = new OnnxWriter().output("q", OnnxWriter.FLOAT).node("Identity", "q", "x");
        refused(new OnnxWriter().input("x", OnnxWriter.FLOAT, 1).input("c", OnnxWriter.BOOL).output("y", OnnxWriter.FLOAT)
                .node("If", "y", "c").subgraph("then_branch", yes).subgraph("else_branch", no), "wait for one another", "\"If\"");
    }

    @Test
    void namesThatAreMissingOrTwice() {
        refused(identity().node("Relu", "z", "nothing"), "node 1 (\"Relu\")", "\"nothing\"", "no node, input or initialiser");
        refused(identity().output("z", OnnxWriter.FLOAT), "output \"z\"", "made by no node");
        refused(identity().node("Relu", "y", "x"), "\"y\"", "defined twice", "node 0 (\"Identity\")", "node 1 (\"Relu\")");
        refused(identity().node("Relu", "x", "y"), "\"x\"", "defined twice", "an input");
        refused(identity().constant("w", new float[1], 1).constant("w", new float[1], 1), "\"w\"", "defined twice");
        refused(identity().input("x", OnnxWriter.FLOAT, 1), "\"x\"", "twice");
        refused(new OnnxWriter().input("x", OnnxWriter.FLOAT, 1).node("Relu", "y", "x"), "no outputs");
        refused(identity().node("Constant", "k"), "\"Constant\"", "holds no numbers");
        refused(identity().node("Constant", "k").string("value_string", "text"), "holds no numbers");
        OnnxWriter branch = new OnnxWriter().output("x", OnnxWriter.FLOAT).node("Identity", "x", "c");
        refused(identity().input("c", OnnxWriter.BOOL).node("If", "z", "c").subgraph("then_branch", branch)
                .subgraph("else_branch", branch), "\"x\"", "the graph around it");
    }

    @Test
    void deepNesting() {
        OnnxWriter graph = new OnnxWriter().output("p", OnnxWriter.FLOAT).node("Identity", "p", "x");
        for (int depth = 0; depth < 8; depth++) {
            graph = new OnnxWriter().output("p", OnnxWriter.FLOAT).node("If", "p", "c").subgraph("then_branch", graph);
        }
        refused(identity().input("c", OnnxWriter.BOOL).node("If", "z", "c").subgraph("then_branch", graph),
                "more than 8 deep");
    }

    /// Unknown fields as groups inside groups: what they hold is passed over, by recursion inside protobuf.
    @Test
    void deepGroups() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < 100_000; i++) {
            bytes.write(15 << 3 | 3);
        }
        refused(bytes.toByteArray(), "at byte");
    }

    @Test
    void unsupportedOperatorsAreListedTogether() {
        OnnxWriter branch = new OnnxWriter().output("p", OnnxWriter.FLOAT).node("Bar", "p", "x");
        MalformedFileException e = refused(identity().input("c", OnnxWriter.BOOL)
                .node("n7", "Foo", List.of("a"), List.of("x")).node("Conv", "b", "x", "x").domain("com.example")
                .node("If", "d", "c").subgraph("then_branch", branch), "3 nodes use operators", "node 1 \"n7\" (\"Foo\")",
                "node 2 (\"com.example\" \"Conv\")", "node 0 (\"Bar\") in \"then_branch\" of node 3");
        assertTrue(!e.getMessage().contains("Identity"), e.getMessage());
        refused(identity().node("Evil\u001b[2J", "a", "x"), "Evil?[2J");
    }

    /// A few bytes that ask for much memory get none before the graph runs: only the first of these constants is computed in advance.
    @Test
    void hugeConstantsStaySteps() throws IOException {
        OnnxWriter graph = new OnnxWriter().input("x", OnnxWriter.FLOAT, "n").constant("many", new long[] {3_000_000}, 1);
        for (int i = 0; i < 3; i++) {
            graph.node("ConstantOfShape", "c" + i, "many").output("c" + i, OnnxWriter.FLOAT);
        }
        FlowPlan plan = FlowPlan.of(OnnxFile.read(graph.model(), "evil.onnx").graph());
        assertEquals(2, plan.stepCount());
        FlowGraph endless = OnnxFile.read(new OnnxWriter().input("x", OnnxWriter.FLOAT, "n").output("c", OnnxWriter.FLOAT)
                .constant("many", new long[] {Integer.MAX_VALUE, Integer.MAX_VALUE, 4}, 3).node("ConstantOfShape", "c", "many")
                .model(), "evil.onnx").graph();
        String message = assertThrows(IllegalArgumentException.class, () -> FlowPlan.of(endless)).getMessage();
        assertTrue(message.contains("\"c\" of shape [2147483647,2147483647,4]"), message);
    }

    /// What a network of pictures takes for a small one is known before it is tried.
    @Test
    void networksThatTakeTooMuchForASmallPictureAreNotTried() throws IOException {
        FlowGraph graph = OnnxFile.read(new OnnxWriter().input("x", OnnxWriter.FLOAT, 1, 1, "h", "w").output("y", OnnxWriter.FLOAT)
                .constant("times", new long[] {1, 1 << 20, 1, 1}, 4).node("Tile", "t", "x", "times").node("Tanh", "u", "t")
                .node("ReduceMax", "y", "u").integers("axes", 1).model(), "evil.onnx").graph();
        String message = assertThrows(MalformedFileException.class, () -> GeneralNetwork.of(graph, Path.of("evil.onnx"), "",
                OnnxModels.INFERRED, KernelTables.scalar())).getMessage();
        assertTrue(message.contains("bytes of memory for a picture of 24 rows of 32"), message);
    }

    /// A file of some hundred bytes can ask for hours of work.
    @Test
    void networksThatComputeTooMuchForASmallPictureAreNotTried() throws IOException {
        FlowGraph graph = OnnxFile.read(new OnnxWriter().input("x", OnnxWriter.FLOAT, 1, 1, "h", "w").output("y", OnnxWriter.FLOAT)
                .constant("times", new long[] {1, 1, 256, 192}, 4).node("Tile", "a", "x", "times")
                .constant("equal", new long[] {1, 1, 192, 192}, 4).node("Transpose", "r", "x").integers("perm", 0, 1, 3, 2)
                .node("MatMul", "s", "r", "x").node("Tile", "b", "s", "equal").node("MatMul", "c", "a", "b")
                .node("MaxPool", "y", "c").integers("kernel_shape", 1, 1).integers("strides", 128, 96).model(), "evil.onnx").graph();
        String message = assertThrows(MalformedFileException.class, () -> GeneralNetwork.of(graph, Path.of("evil.onnx"), "",
                OnnxModels.INFERRED, KernelTables.scalar())).getMessage();
        assertTrue(message.contains(6144L * 6144 * 6144 + 32 * 24 * 32 + " multiply-adds for a picture of 24 rows of 32"), message);
    }

    /// So can one ask for scratch memory: a convolution of a few taps that lie far apart brings rows together.
    @Test
    void networksThatTakeTooMuchScratchMemoryAreNotTried() throws IOException {
        for (int rows : new int[] {16, 256}) {
            FlowGraph graph = OnnxFile.read(new OnnxWriter().input("x", OnnxWriter.FLOAT, 1, 1, "h", "w").output("y", OnnxWriter.FLOAT)
                    .constant("v", new float[16 * 9], 16, 1, 3, 3).node("Conv", "a", "x", "v").integers("pads", 1, 1, 1, 1)
                    .constant("w", new float[16 * 9], 1, 16, 3, 3).node("Conv", "b", "a", "w")
                    .integers("dilations", rows, 1 << 19).integers("pads", rows, 1 << 19, rows, 1 << 19)
                    .node("ReduceMax", "m", "a").integers("axes", 1).node("Add", "y", "m", "b").model(), "evil.onnx").graph();
            String message = assertThrows(MalformedFileException.class, () -> GeneralNetwork.of(graph, Path.of("evil.onnx"), "",
                    OnnxModels.INFERRED, KernelTables.vector())).getMessage();
            assertTrue(message.contains(rows == 16 ? "bytes of memory for a picture of 24 rows of 32"
                    : "more scratch memory than one array holds"), message);
        }
    }

    private static String triedWith(OnnxWriter then) throws IOException {
        OnnxWriter otherwise = new OnnxWriter().output("q", OnnxWriter.FLOAT).node("Identity", "q", "x");
        FlowGraph graph = OnnxFile.read(new OnnxWriter().input("x", OnnxWriter.FLOAT, 1, 1, "h", "w").output("y", OnnxWriter.FLOAT)
                .constant("zero", new float[] {0}, 1).node("ReduceMax", "r", "x").integers("axes", 1, 2, 3).integer("keepdims", 0)
                .node("Greater", "c", "r", "zero").node("If", "y", "c").subgraph("then_branch", then)
                .subgraph("else_branch", otherwise).model(), "evil.onnx").graph();
        return assertThrows(MalformedFileException.class, () -> GeneralNetwork.of(graph, Path.of("evil.onnx"), "",
                OnnxModels.INFERRED, KernelTables.scalar())).getMessage();
    }

    /// What a branch takes is bounded as what the graph takes.
    @Test
    void branchesThatTakeTooMuchAreNotTried() throws IOException {
        String memory = triedWith(new OnnxWriter().output("p", OnnxWriter.FLOAT).constant("times", new long[] {1, 1 << 20, 1, 1}, 4)
                .node("Tile", "t", "x", "times").node("Tanh", "u", "t").node("ReduceMax", "p", "u").integers("axes", 1));
        assertTrue(memory.contains("(If)") && memory.contains("a branch takes more than 536870912 bytes"), memory);
        String work = triedWith(new OnnxWriter().output("p", OnnxWriter.FLOAT).constant("times", new long[] {1, 1, 256, 192}, 4)
                .node("Tile", "a", "x", "times").constant("equal", new long[] {1, 1, 192, 192}, 4)
                .node("Transpose", "d", "x").integers("perm", 0, 1, 3, 2).node("MatMul", "s", "d", "x").node("Tile", "b", "s", "equal")
                .node("MatMul", "e", "a", "b").node("MaxPool", "p", "e").integers("kernel_shape", 1, 1).integers("strides", 128, 96));
        assertTrue(work.contains("(If)") && work.contains("multiply-adds"), work);
        String open = triedWith(new OnnxWriter().output("p", OnnxWriter.FLOAT).constant("many", new float[] {2e9f}, 1)
                .constant("ones", new long[] {1, 1}, 2).constant("four", new long[] {4}, 1).node("Mul", "m", "r", "many")
                .node("Cast", "n", "m").integer("to", OnnxWriter.INT64).node("Concat", "shape", "ones", "n", "four").integer("axis", 0)
                .node("Expand", "p", "many", "shape"));
        assertTrue(open.contains("only a run can tell"), open);
    }

    /// A size that no array has is told, not computed with.
    @Test
    void networksThatMakePicturesOfAnyHeightAreRefused() throws IOException {
        for (long rows : new long[] {17, Integer.MAX_VALUE}) {
            FlowGraph graph = OnnxFile.read(new OnnxWriter().input("x", OnnxWriter.FLOAT, 1, 1, "h", "w").output("y", OnnxWriter.FLOAT)
                    .constant("times", new long[] {1, 1, rows, 1}, 4).node("Tile", "y", "x", "times").model(), "evil.onnx").graph();
            String message = assertThrows(MalformedFileException.class, () -> GeneralNetwork.of(graph, Path.of("evil.onnx"), "",
                    OnnxModels.INFERRED, KernelTables.scalar())).getMessage();
            assertTrue(message.contains(24 * rows + " rows of 32 for a picture of 24 rows of 32"), message);
        }
    }

    /// A value whose size only a run can tell is bounded while a network is tried.
    @Test
    void sizesThatOnlyATrialTellsAreBounded() throws IOException {
        FlowGraph graph = OnnxFile.read(new OnnxWriter().input("x", OnnxWriter.FLOAT, 1, 1, "h", "w").output("y", OnnxWriter.FLOAT)
                .constant("many", new float[] {2e9f}, 1).constant("ones", new long[] {1, 1}, 2).constant("four", new long[] {4}, 1)
                .node("ReduceMax", "r", "x").integers("axes", 1, 2, 3).integer("keepdims", 0)
                .node("Mul", "m", "r", "many").node("Cast", "n", "m").integer("to", OnnxWriter.INT64)
                .node("Concat", "shape", "ones", "n", "four").integer("axis", 0)
                .node("Expand", "y", "many", "shape").model(), "evil.onnx").graph();
        String message = assertThrows(MalformedFileException.class, () -> GeneralNetwork.of(graph, Path.of("evil.onnx"), "",
                OnnxModels.INFERRED, KernelTables.scalar())).getMessage();
        assertTrue(message.contains("[1, 1, 1000000000, 4]") && message.contains("only a run can tell"), message);
    }

    /// So is the table of what a resized axis reads, which may be larger than the value.
    @Test
    void axesThatOnlyATrialTellsAreBounded() throws IOException {
        FlowGraph graph = OnnxFile.read(new OnnxWriter().input("x", OnnxWriter.FLOAT, 1, 1, "h", "w").output("y", OnnxWriter.FLOAT)
                .constant("many", new float[] {1 << 24}, 1).constant("ones", new long[] {1, 1}, 2).constant("one", new long[] {1}, 1)
                .node("ReduceMax", "r", "x").integers("axes", 1, 2, 3).integer("keepdims", 0)
                .node("Pow", "p", "r", "zero").constant("zero", new float[] {0}, 1)
                .node("Mul", "m", "p", "many").node("Cast", "n", "m").integer("to", OnnxWriter.INT64)
                .node("Concat", "sizes", "ones", "n", "one").integer("axis", 0)
                .node("Resize", "y", "x", "", "", "sizes").string("mode", "cubic").model(), "evil.onnx").graph();
        String message = assertThrows(MalformedFileException.class, () -> GeneralNetwork.of(graph, Path.of("evil.onnx"), "",
                OnnxModels.INFERRED, KernelTables.scalar())).getMessage();
        assertTrue(message.contains("reads 4 for each, wanted a table of at most 16777216"), message);
    }

    @Test
    void operatorSets() {
        refused(identity().opset(9), "operator set 9", "wanted 10 to 23");
        refused(identity().opset(24), "operator set 24");
        refused(identity().opset(0), "no version");
        refused("not a model at all, just a text of some length".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    @Test
    void nodesThatMakeNothing() {
        refused(identity().node("idle", "Conv", List.of(), List.of("x", "x")), "\"idle\"", "has no outputs");
    }

    @Test
    void namesThatAreTooLong() {
        refused(identity().node("n".repeat(5000), "Relu", List.of("z"), List.of("x")), "name of a node", "5000 bytes");
    }

    @Test
    void attributesThatContradictThemselves() {
        refused(identity().attribute(OnnxWriter.attribute("a", 4)), "\"a\"", "type 4");
        refused(identity().attribute(OnnxWriter.attribute("a", 12)), "type 12");
        refused(identity().integer("a", 1).integer("a", 2), "\"a\"", "twice");
    }
}
