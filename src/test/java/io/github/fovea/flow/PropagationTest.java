package io.github.fovea.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtException;
import io.github.fovea.backend.KernelTables;
import io.github.fovea.onnx.OnnxFile;
import io.github.fovea.onnx.OnnxWriter;
import io.github.fovea.tensor.RandomFloats;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// What is proven of shapes, and that what is proven is what a run gives.
class PropagationTest {
    private final SplittableRandom random = new SplittableRandom(5);

    private float[] numbers(int count) {
        return RandomFloats.of(random, count, 0.3);
    }

    private Constant picture(int... shape) {
        return Constant.of(shape, numbers(Tensor.elements(shape, 0, shape.length)));
    }

    private static FlowPlan plan(OnnxWriter writer) throws IOException {
        return FlowPlan.of(OnnxFile.read(writer.model(), "test").graph());
    }

    @Test
    void everyOperatorHasItsClass() {
        Map<OperatorClass, List<String>> wanted = new TreeMap<>(Map.of(
                OperatorClass.ISDO, List.of("ConstantOfShape", "Shape", "Size"),
                OperatorClass.ISVDOS, List.of("Expand", "Pad", "Range", "ReduceL1", "ReduceL2", "ReduceMax", "ReduceMean",
                        "ReduceMin", "ReduceProd", "ReduceSum", "ReduceSumSquare", "Reshape", "Resize", "Slice", "Split",
                        "Squeeze", "Tile", "Unsqueeze", "Upsample"),
                OperatorClass.EDO, List.of("If"),
                OperatorClass.ISDOS, List.of("Abs", "Add", "And", "ArgMax", "ArgMin", "AveragePool", "BatchNormalization", "Cast",
                        "Ceil", "Clip", "Concat", "Constant", "Conv", "ConvTranspose", "Cos", "DepthToSpace", "Div", "Dropout",
                        "Elu", "Equal", "Erf", "Exp", "Flatten", "Floor", "Gather", "Gelu", "Gemm", "GlobalAveragePool",
                        "GlobalMaxPool", "Greater", "GreaterOrEqual", "HardSigmoid", "HardSwish", "Identity",
                        "InstanceNormalization", "LayerNormalization", "LeakyRelu", "Less", "LessOrEqual", "Log", "LogSoftmax",
                        "MatMul", "Max", "MaxPool", "Min", "Mod", "Mul", "Neg", "Not", "Or", "PRelu", "Pow", "Reciprocal", "Relu",
                        "Round", "Selu", "Sigmoid", "Sign", "Sin", "Softmax", "Softplus", "Softsign", "SpaceToDepth", "Sqrt",
                        "Sub", "Tanh", "Transpose", "Where", "Xor")));
        Map<OperatorClass, List<String>> got = new TreeMap<>();
        for (OperatorClass kind : OperatorClass.values()) {
            got.put(kind, Operators.names().stream().filter(name -> Operators.operatorClass(name) == kind).toList());
        }
        assertEquals(wanted, got);
    }

    @Test
    void knownOperandsMakeAnOperatorOfClassIsvdosOneOfClassIsdos() throws IOException {
        OnnxWriter writer = new OnnxWriter().input("x", OnnxWriter.FLOAT, "n", 6).input("s", OnnxWriter.INT64, 2)
                .output("a", OnnxWriter.FLOAT).output("b", OnnxWriter.FLOAT).output("c", OnnxWriter.FLOAT)
                .constant("fixed", new long[] {-1, 3}, 2)
                .node("Reshape", "a", "x", "fixed").node("Shape", "shape", "x").node("Reshape", "b", "x", "shape")
                .node("Reshape", "c", "x", "s");
        FlowPlan plan = plan(writer);
        Map<String, OperatorClass> classes = new HashMap<>();
        plan.graph().nodes().forEach(node -> classes.put(node.outputs().getFirst(), plan.operatorClass(node)));
        assertEquals(Map.of("a", OperatorClass.ISDOS, "shape", OperatorClass.ISDO, "b", OperatorClass.ISDOS, "c",
                OperatorClass.ISVDOS), classes);
        assertEquals("[2*n,3]", plan.shape("a"));
        assertEquals("[n,6]", plan.shape("b"));
        assertEquals("[?,?]", plan.shape("c"));
    }

    /// The network of Dy-DCA: the file's output shape is a lie, which is not believed.
    @Test
    void wdsrOfUnknownSizeDoublesIt() throws IOException, OrtException {
        OnnxWriter writer = new OnnxWriter().input("x", OnnxWriter.FLOAT, 1, 3, "H", "W").output("y", OnnxWriter.FLOAT, 1, 3, "H", "W")
                .constant("half", new float[] {0.5f}, 1).node("Sub", "centred", "x", "half");
        conv(writer, "head", "centred", 3, 8, 3);
        String last = "head";
        for (int block = 0; block < 2; block++) {
            String wide = "wide" + block;
            conv(writer, wide, last, 8, 16, 3);
            writer.node("Relu", wide + "r", wide);
            conv(writer, "narrow" + block, wide + "r", 16, 8, 3);
            writer.node("Add", "sum" + block, "narrow" + block, last);
            last = "sum" + block;
        }
        conv(writer, "tail", last, 8, 12, 3);
        conv(writer, "skip", "centred", 3, 12, 5);
        writer.node("Add", "both", "tail", "skip").node("DepthToSpace", "shuffled", "both").integer("blocksize", 2)
                .string("mode", "CRD").node("Add", "y", "shuffled", "half");
        FlowPlan plan = plan(writer);
        assertEquals("[1,3,2*H,2*W]", plan.shape("y"));
        OracleCase.compare(writer.model(), Map.of("x", picture(1, 3, 9, 14)), 1e-5, "wdsr");
        FlowExecutable executable = plan.compile(io.github.fovea.backend.KernelTables.vector());
        Constant x = picture(1, 3, 10, 7);
        FlowExecutable plain = FlowPlan.unfused(OnnxFile.read(writer.model(), "test").graph())
                .compile(io.github.fovea.backend.KernelTables.scalar());
        OracleCase.compare(plain.run(Map.of("x", x)), executable.run(Map.of("x", x)), 1e-5, "unfused");
        assertTrue(plan.stepCount() < plan.graph().nodes().size() - 4, plan.description().toString());
        assertEquals(plan.peakBytes(Map.of("H", 10L, "W", 7L)), executable.arenaBytes());
    }

    private void conv(OnnxWriter writer, String name, String from, int in, int out, int size) {
        writer.constant(name + "w", numbers(in * out * size * size), out, in, size, size).constant(name + "b", numbers(out), out)
                .node("Conv", name, from, name + "w", name + "b").integers("pads", size / 2, size / 2, size / 2, size / 2);
    }

    /// Padding to a multiple of 4 as exporters spell it, and cutting back.
    @Test
    void modAndPadChains() throws IOException, OrtException {
        OnnxWriter writer = new OnnxWriter().input("x", OnnxWriter.FLOAT, 1, 2, "h", "w").output("padded", OnnxWriter.FLOAT)
                .output("y", OnnxWriter.FLOAT)
                .constant("four", new long[] {4}, 1).constant("two", new long[] {2}, 1).constant("three", new long[] {3}, 1)
                .constant("end", new long[] {4}, 1).constant("zeros", new long[] {0, 0, 0, 0, 0, 0}, 6)
                .constant("both", new long[] {2, 3}, 2).constant("origin", new long[] {0, 0}, 2)
                .node("Shape", "shape", "x")
                .node("Slice", "h", "shape", "two", "three").node("Slice", "w", "shape", "three", "end")
                .node("Mod", "hr", "h", "four").node("Sub", "hm", "four", "hr").node("Mod", "hp", "hm", "four")
                .node("Mod", "wr", "w", "four").node("Sub", "wm", "four", "wr").node("Mod", "wp", "wm", "four")
                .node("Concat", "pads", "zeros", "hp", "wp").integer("axis", 0)
                .node("Pad", "padded", "x", "pads").string("mode", "reflect")
                .node("Concat", "size", "h", "w").integer("axis", 0)
                .node("Slice", "y", "padded", "origin", "size", "both");
        FlowPlan plan = plan(writer);
        assertEquals("[1,2,h,w]", plan.shape("y"));
        FlowExecutable executable = plan.compile(io.github.fovea.backend.KernelTables.scalar());
        for (int[] size : new int[][] {{5, 7}, {8, 4}, {6, 9}}) {
            Constant x = picture(1, 2, size[0], size[1]);
            Map<String, Constant> got = executable.run(Map.of("x", x));
            assertEquals(0, got.get("padded").shape()[2] % 4);
            OracleCase.compare(OracleCase.runtime(writer.model(), Map.of("x", x)), got, 0, "mod and pad");
        }
        assertTrue(plan.description().stream().noneMatch(line -> line.contains("(Mod)")), plan.description().toString());
    }

    /// With fmod the remainder has the dividend's sign, which forms have not.
    @Test
    void remaindersOfNegativeExtents() throws IOException, OrtException {
        for (int fmod = 0; fmod < 2; fmod++) {
            OnnxWriter writer = new OnnxWriter().input("x", OnnxWriter.FLOAT, "h").output("y", OnnxWriter.INT64)
                    .constant("ten", new long[] {10}, 1).constant("four", new long[] {4}, 1).node("Shape", "h", "x")
                    .node("Sub", "less", "h", "ten").node("Mod", "y", "less", "four").integer("fmod", fmod);
            for (int h : new int[] {3, 8, 13}) {
                OracleCase.compare(writer.model(), Map.of("x", picture(h)), 0, "fmod " + fmod);
            }
        }
    }

    /// An old exporter's pixel shuffle.
    @Test
    void reshapeTransposeReshape() throws IOException, OrtException {
        OnnxWriter writer = new OnnxWriter().input("x", OnnxWriter.FLOAT, 1, 12, "h", "w").output("y", OnnxWriter.FLOAT)
                .constant("i2", new long[] {2}).constant("i3", new long[] {3}).constant("two", new long[] {2})
                .constant("head", new long[] {1, 3, 2, 2}, 4).constant("head2", new long[] {1, 3}, 2).constant("zero", new long[] {0}, 1)
                .node("Shape", "shape", "x").node("Gather", "h", "shape", "i2").node("Gather", "w", "shape", "i3")
                .node("Unsqueeze", "h1", "h", "zero").node("Unsqueeze", "w1", "w", "zero")
                .node("Concat", "six", "head", "h1", "w1").integer("axis", 0).node("Reshape", "r", "x", "six")
                .node("Transpose", "t", "r").integers("perm", 0, 1, 4, 2, 5, 3)
                .node("Mul", "h2", "h", "two").node("Mul", "w2", "w", "two")
                .node("Unsqueeze", "h3", "h2", "zero").node("Unsqueeze", "w3", "w2", "zero")
                .node("Concat", "four", "head2", "h3", "w3").integer("axis", 0).node("Reshape", "y", "t", "four");
        FlowPlan plan = plan(writer);
        assertEquals("[1,3,2*h,2*w]", plan.shape("y"));
        assertEquals(3, plan.stepCount(), plan.description().toString());
        OracleCase.compare(writer.model(), Map.of("x", picture(1, 12, 3, 5)), 0, "shuffle");
    }

    @Test
    void sizesComputedInFloats() throws IOException, OrtException {
        OnnxWriter writer = new OnnxWriter().input("x", OnnxWriter.FLOAT, 1, 3, "h", "w").output("y", OnnxWriter.FLOAT)
                .constant("two", new float[] {2}, 1).constant("from", new long[] {2}, 1).constant("to", new long[] {4}, 1)
                .constant("head", new long[] {1, 3}, 2).node("Shape", "shape", "x").node("Slice", "hw", "shape", "from", "to")
                .node("Cast", "real", "hw").integer("to", 1).node("Mul", "twice", "real", "two").node("Floor", "whole", "twice")
                .node("Cast", "size", "whole").integer("to", 7).node("Concat", "sizes", "head", "size").integer("axis", 0)
                .node("Resize", "y", "x", "", "", "sizes").string("mode", "linear");
        assertEquals("[1,3,2*h,2*w]", plan(writer).shape("y"));
        OracleCase.compare(writer.model(), Map.of("x", picture(1, 3, 4, 5)), 1e-5, "sizes");
    }

    /// What a resized axis reads is found when it is resized: its table may be larger than the file that asks for it is worth.
    @Test
    void scratchMemoryIsKnownWithoutTablesOfAxes() throws IOException {
        FlowPlan plan = plan(new OnnxWriter().input("x", OnnxWriter.FLOAT, 1, 3, "h", "w").output("y", OnnxWriter.FLOAT)
                .constant("scales", new float[] {1, 1, 2, 2}, 4).node("Resize", "y", "x", "", "scales").string("mode", "linear"));
        // Rows first, so that 3 channels of 8 rows wait; a table of 2^25 columns would be refused.
        assertEquals(3L * 8 * (1 << 24) * Float.BYTES,
                plan.scratchBytes(Map.of("h", 4L, "w", 1L << 24), KernelTables.scalar()));
    }

    /// Nothing is declared of the input; its consumers say that it is a picture of 3 channels.
    @Test
    void shapesPropagateBackwards() throws IOException {
        OnnxWriter writer = new OnnxWriter().input("x", OnnxWriter.FLOAT).output("y", OnnxWriter.FLOAT).node("Relu", "r", "x");
        conv(writer, "y", "r", 3, 4, 3);
        FlowPlan plan = plan(writer);
        assertEquals("[x_0,3,x_2,x_3]", plan.shape("x"));
        assertEquals("[x_0,4,x_2,x_3]", plan.shape("y"));
        assertEquals(List.of("x_0", "x_2", "x_3"), List.copyOf(plan.symbols()));
        FlowExecutable executable = plan.compile(io.github.fovea.backend.KernelTables.scalar());
        String message = assertThrows(IllegalArgumentException.class, () -> executable.run(Map.of("x", picture(1, 4, 5, 5))))
                .getMessage();
        assertTrue(message.contains("\"x\"") && message.contains("[1, 4, 5, 5]") && message.contains("[x_0,3,x_2,x_3]"), message);
    }

    private OnnxWriter branches(boolean equalShapes) {
        OnnxWriter small = new OnnxWriter().name("small").output("t", OnnxWriter.FLOAT).node("Relu", "t", "x");
        OnnxWriter large = new OnnxWriter().name("large").output("e", OnnxWriter.FLOAT);
        if (equalShapes) {
            large.node("Neg", "e", "x");
        } else {
            large.node("Concat", "e", "x", "x").integer("axis", 1);
        }
        return new OnnxWriter().input("x", OnnxWriter.FLOAT, "n", "m").input("flag", OnnxWriter.BOOL, 1).output("y", OnnxWriter.FLOAT)
                .node("If", "chosen", "flag").subgraph("then_branch", small).subgraph("else_branch", large)
                .node("Abs", "y", "chosen");
    }

    private static Constant truth(boolean value) {
        return new Constant(ElementType.BOOLEAN, new int[] {1}, null, new long[] {value ? 1 : 0});
    }

    @Test
    void branchesOfEqualShapesCombine() throws IOException, OrtException {
        assertEquals("[n,m]", plan(branches(true)).shape("y"));
        for (boolean flag : new boolean[] {true, false}) {
            OracleCase.compare(branches(true).model(), Map.of("x", picture(3, 4), "flag", truth(flag)), 0, "If");
        }
    }

    @Test
    void branchesOfOtherShapesVary() throws IOException, OrtException {
        assertEquals("[n,?]", plan(branches(false)).shape("y"));
        for (boolean flag : new boolean[] {true, false}) {
            OracleCase.compare(branches(false).model(), Map.of("x", picture(3, 4), "flag", truth(flag)), 0, "If");
        }
    }

    /// The extent is proven, so only one branch counts, and no If is left.
    @Test
    void aProvenConditionChoosesItsBranch() throws IOException, OrtException {
        OnnxWriter then = new OnnxWriter().name("then").output("t", OnnxWriter.FLOAT).constant("axes", new long[] {1}, 1)
                .node("Squeeze", "t", "x", "axes");
        OnnxWriter other = new OnnxWriter().name("other").output("e", OnnxWriter.FLOAT).node("Identity", "e", "x");
        OnnxWriter writer = new OnnxWriter().input("x", OnnxWriter.FLOAT, "n", 1, "m").output("y", OnnxWriter.FLOAT)
                .constant("one", new long[] {1}).constant("axis", new long[] {1}).node("Shape", "shape", "x")
                .node("Gather", "extent", "shape", "axis").node("Equal", "flag", "extent", "one")
                .node("If", "chosen", "flag").subgraph("then_branch", then).subgraph("else_branch", other)
                .node("Relu", "y", "chosen");
        FlowPlan plan = plan(writer);
        assertEquals("[n,m]", plan.shape("y"));
        assertTrue(plan.graph().nodes().stream().noneMatch(node -> node.operator().equals("If")));
        OracleCase.compare(writer.model(), Map.of("x", picture(3, 1, 4)), 0, "If");
    }

    @Test
    void contradictionsNameTheNode() {
        OnnxWriter writer = new OnnxWriter().input("x", OnnxWriter.FLOAT, 1, 5, "h", "w").output("y", OnnxWriter.FLOAT);
        conv(writer, "y", "x", 3, 4, 3);
        String message = assertThrows(IllegalArgumentException.class, () -> plan(writer)).getMessage();
        assertTrue(message.contains("node 0 (Conv)") && message.contains("is 5, wanted 3"), message);
    }

    @Test
    void shapesThatOnlyARunShowsAreChecked() throws IOException {
        OnnxWriter writer = new OnnxWriter().input("a", OnnxWriter.FLOAT, "n").input("b", OnnxWriter.FLOAT, "m")
                .output("y", OnnxWriter.FLOAT).node("sum", "Add", List.of("y"), List.of("a", "b"));
        FlowPlan plan = plan(writer);
        FlowExecutable executable = plan.compile(io.github.fovea.backend.KernelTables.scalar());
        assertEquals(3, executable.run(Map.of("a", picture(3), "b", picture(1))).get("y").elements());
        String message = assertThrows(IllegalArgumentException.class,
                () -> executable.run(Map.of("a", picture(3), "b", picture(2)))).getMessage();
        assertTrue(message.contains("\"sum\" (Add)") && message.contains("[2]") && message.contains("[3]"), message);
        assertTrue(Arrays.equals(new int[] {4}, executable.run(Map.of("a", picture(4), "b", picture(4))).get("y").shape()));
    }
}
