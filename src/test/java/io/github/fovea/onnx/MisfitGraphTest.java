package io.github.fovea.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.backend.KernelTables;
import io.github.fovea.flow.Constant;
import io.github.fovea.flow.FlowPlan;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Graphs whose operands do not fit one another: refused with the node's name, before they run where that can be known. And
/// parts of results that nobody reads.
class MisfitGraphTest {
    private static OnnxWriter graph() {
        return new OnnxWriter().input("x", OnnxWriter.FLOAT, 1, 4, "h", "w").output("y", OnnxWriter.FLOAT);
    }

    private static Arguments ofExtents(String operator, long... extents) {
        OnnxWriter graph = graph().constant("s", extents, extents.length);
        return Arguments.of(operator + Arrays.toString(extents),
                operator.equals("ConstantOfShape") ? graph.node(operator, "y", "s") : graph.node(operator, "y", "x", "s"),
                "wanted extents from 0 to 2147483647");
    }

    private static Arguments conv(String operator, int bias) {
        return Arguments.of(operator + " bias " + bias, graph().constant("w", new float[4 * 4 * 9], 4, 4, 3, 3)
                .constant("b", new float[bias], bias).node(operator, "y", "x", "w", "b").integers("pads", 1, 1, 1, 1),
                "extent of the bias is " + bias + ", wanted 4");
    }

    private static Arguments resize(float first, String words) {
        return Arguments.of("Resize " + first, graph().constant("s", new float[] {first, 1, 2, 2}, 4)
                .node("Resize", "y", "x", "", "s"), words);
    }

    /// An operator with one more operand and attributes.
    private static Arguments node(String name, String words, UnaryOperator<OnnxWriter> attributes, String... operands) {
        String operator = name.split(" ")[0];
        String[] inputs = Stream.concat(Stream.of("x"), Arrays.stream(operands)).toArray(String[]::new);
        OnnxWriter graph = graph().constant("w", new float[4 * 4 * 9], 4, 4, 3, 3).constant("c", new float[4], 4)
                .constant("i", new long[] {7}, 1).constant("two", new long[] {1, 1}, 2).node(operator, "y", inputs);
        return Arguments.of(name, attributes.apply(graph), words);
    }

    private static Stream<Arguments> attributes() {
        String axis = "axis 7 of a tensor with 4 axes, wanted -4 to 3";
        return Stream.of(
                node("Softmax", axis, g -> g.integer("axis", 7)), node("LogSoftmax", axis, g -> g.integer("axis", 7)),
                node("ReduceMean", axis, g -> g, "i"), node("ReduceMax", axis, g -> g, "i"), node("Gather", axis, g -> g.integer("axis", 7), "i"),
                node("Concat", axis, g -> g.integer("axis", 7), "x"), node("Split", axis, g -> g.integer("axis", 7)),
                node("ArgMax", axis, g -> g.integer("axis", 7)), node("Squeeze", axis, g -> g, "i"), node("Flatten", axis, g -> g.integer("axis", 7)),
                node("Unsqueeze", "axis 7 of a tensor with 5 axes, wanted -5 to 4", g -> g, "i"),
                node("LayerNormalization", axis, g -> g.integer("axis", 7), "c"), node("Slice", axis, g -> g, "i", "i", "i"),
                node("Transpose", "permutation [0, 1, 2, -1]", g -> g.integers("perm", 0, 1, 2, -1)),
                node("Slice twice", "name one axis twice", g -> g, "two", "two", "two"),
                node("Conv text", "attribute pads is Text, wanted integers", g -> g.string("pads", "same"), "w"),
                node("Conv pads", "3 pads, wanted 4", g -> g.integers("pads", 1, 1, 1), "w"),
                node("Conv group", "group is 0, wanted at least 1", g -> g.integer("group", 0), "w"),
                node("Conv auto", "auto_pad is SAME, wanted", g -> g.string("auto_pad", "SAME"), "w"),
                node("ConvTranspose", "output_padding is 2, wanted less than the stride, 1", g -> g.integers("output_padding", 2, 2), "w"),
                node("ConvTranspose shape", "output_shape of 1 extents, wanted 2", g -> g.integers("output_shape", 7), "w"),
                node("MaxPool", "lacks its kernel_shape", g -> g), node("LeakyRelu", "attribute alpha is Int, wanted a number", g -> g.integer("alpha", 1)),
                node("AveragePool", "pads are [2, 0, 0, 0] beside a window of [2, 2], wanted less",
                        g -> g.integers("kernel_shape", 2, 2).integers("pads", 2, 0, 0, 0)),
                node("DepthToSpace", "mode is ABC, wanted DCR or CRD", g -> g.integer("blocksize", 2).string("mode", "ABC")),
                node("DepthToSpace channels", "4 channels, wanted a multiple of 9", g -> g.integer("blocksize", 3)),
                node("Pad", "mode is mirror, wanted constant, reflect, edge or wrap", g -> g.string("mode", "mirror"), "two"),
                node("Gelu", "approximate is erf, wanted none or tanh", g -> g.string("approximate", "erf")),
                node("Cast", "casts to element type 8, wanted", g -> g.integer("to", 8)),
                node("Mod", "fmod is 0 for operands of type FLOAT, wanted 1", g -> g, "x"),
                node("Resize", "keep_aspect_ratio_policy is larger, wanted stretch, not_larger or not_smaller",
                        g -> g.string("keep_aspect_ratio_policy", "larger"), "", "c"));
    }

    static Stream<Arguments> graphs() {
        return Stream.concat(attributes(), Stream.of(
                ofExtents("ConstantOfShape", -1), ofExtents("ConstantOfShape", 1L << 40), ofExtents("ConstantOfShape", 2, Long.MIN_VALUE),
                ofExtents("Expand", 1, 1, -2, 1, 1, 1), ofExtents("Expand", 1L << 40, 4, 1, 1), ofExtents("Reshape", -2, 4),
                ofExtents("Reshape", 1L << 62, 4), ofExtents("Tile", 1, -1, 1, 1), ofExtents("Tile", 1L << 40, 1, 1, 1),
                ofExtents("Pad", 0, -3, 0, 0, 0, -3, 0, 0),
                conv("Conv", 0), conv("Conv", 3), conv("Conv", 5), conv("ConvTranspose", 0), conv("ConvTranspose", 9),
                resize(-1, "wanted more than 0"), resize(0, "wanted more than 0"), resize(Float.NaN, "wanted more than 0"),
                Arguments.of("Resize axes", graph().constant("s", new float[] {2, 2}, 2).node("Resize", "y", "x", "", "s")
                        .integers("axes", 7, -9), "axis 7"),
                Arguments.of("Slice steps", graph().constant("s", new long[] {0, 0}, 2).constant("e", new long[] {5, 5}, 2)
                        .constant("a", new long[] {2, 3}, 2).constant("p", new long[] {1}, 1)
                        .node("Slice", "y", "x", "s", "e", "a", "p"), "not equally many")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("graphs")
    void areRefusedWithTheirNode(String name, OnnxWriter graph, String words) throws IOException {
        var read = OnnxFile.read(graph.opset(18).model(), "evil.onnx").graph();
        String message = assertThrows(IllegalArgumentException.class, () -> FlowPlan.of(read)).getMessage();
        assertTrue(message.startsWith("node 0 (" + name.split("[ \\[]")[0] + ")") && message.contains(words), message);
    }

    private static Map<String, Constant> run(OnnxWriter graph, int h, int w) throws IOException {
        float[] x = new float[4 * h * w];
        for (int i = 0; i < x.length; i++) {
            x[i] = i;
        }
        return FlowPlan.of(OnnxFile.read(graph.model(), "evil.onnx").graph()).compile(KernelTables.scalar())
                .run(Map.of("x", Constant.of(new int[] {1, 4, h, w}, x)));
    }

    /// Extents that only the input tells: nothing is cut off to make them fit.
    @Test
    void inputsThatDoNotFitAreRefused() throws IOException {
        OnnxWriter rows = graph().constant("s", new long[] {7, -1}, 2).node("Reshape", "y", "x", "s");
        assertArrayEquals(new int[] {7, 4}, run(rows, 7, 1).get("y").shape());
        String message = assertThrows(IllegalArgumentException.class, () -> run(rows, 6, 6)).getMessage();
        assertTrue(message.contains("\"y\"") && message.contains("[7, 20]"), message);
        OnnxWriter more = graph().constant("s", new long[] {1, 4, 6}, 3).node("Expand", "y", "x", "s");
        assertArrayEquals(new int[] {1, 4, 4, 6}, run(more, 1, 6).get("y").shape());
        String wide = assertThrows(IllegalArgumentException.class, () -> run(more, 6, 6)).getMessage();
        assertTrue(wide.contains("(Expand)") && wide.contains("[1, 4, 4, 6]"), wide);
    }

    /// What fits some pictures only is said when one comes that it does not fit: which node, got, wanted.
    @Test
    void picturesThatAreTooSmallAreRefused() throws IOException {
        OnnxWriter conv = graph().constant("w", new float[4 * 9], 1, 4, 3, 3).node("Conv", "y", "x", "w").integers("strides", 4, 4);
        assertArrayEquals(new int[] {1, 1, 1, 1}, run(conv, 3, 3).get("y").shape());
        refused(conv, 3, 2, "node 0 (Conv)", "a window of 3 columns on 2 with pads of [0, 0, 0, 0]");
        OnnxWriter pool = graph().node("MaxPool", "y", "x").integers("kernel_shape", 2, 2).integers("dilations", 4, 1);
        refused(pool, 4, 4, "node 0 (MaxPool)", "a window of 5 rows on 4");
        OnnxWriter split = graph().constant("s", new long[] {1, 2}, 2).node("n", "Split", List.of("y", "z"), List.of("x", "s"))
                .integer("axis", 2);
        assertArrayEquals(new int[] {1, 4, 1, 5}, run(split, 3, 5).get("y").shape());
        refused(split, 4, 5, "node 0 \"n\" (Split)", "parts of 3 elements together, wanted 4");
        refused(graph().node("SpaceToDepth", "y", "x").integer("blocksize", 2), 4, 3, "(SpaceToDepth)", "3 columns, wanted a multiple of 2");
        OnnxWriter wide = graph().constant("w", new float[4 * 4], 4, 4, 1, 1).node("ConvTranspose", "y", "x", "w")
                .integers("output_shape", 9, 9);
        refused(wide, 2, 9, "(ConvTranspose)", "output_shape is [9, 9], but 2 rows reach no further than 2");
        OnnxWriter less = graph().constant("p", new long[] {0, 0, -3, 0, 0, 0, 0, 0}, 8).node("Pad", "y", "x", "p");
        refused(less, 2, 9, "node 0 (Pad)", "value \"y\" of shape [1,4,h-3,w] would get an extent of -1");
    }

    /// Extents that no plan knows: looked at before anything is multiplied.
    @Test
    void productsOfMatricesThatDoNotFitAreRefused() throws IOException {
        for (String operator : List.of("MatMul", "Gemm")) {
            OnnxWriter graph = new OnnxWriter().input("a", OnnxWriter.FLOAT, "k", "m").input("b", OnnxWriter.FLOAT, "q", "n")
                    .output("y", OnnxWriter.FLOAT);
            if (operator.equals("Gemm")) {
                graph.node("Gemm", "y", "a", "b").integer("transA", 1);
            } else {
                graph.node("Transpose", "t", "a").integers("perm", 1, 0).node("MatMul", "y", "t", "b");
            }
            var executable = FlowPlan.of(OnnxFile.read(graph.model(), "evil.onnx").graph()).compile(KernelTables.scalar());
            Constant a = Constant.of(new int[] {3, 2}, new float[6]);
            assertArrayEquals(new int[] {2, 5}, executable.run(Map.of("a", a, "b", Constant.of(new int[] {3, 5}, new float[15])))
                    .get("y").shape());
            String message = assertThrows(IllegalArgumentException.class,
                    () -> executable.run(Map.of("a", a, "b", Constant.of(new int[] {4, 5}, new float[20])))).getMessage();
            assertTrue(message.contains(operator), message);
        }
        OnnxWriter batches = new OnnxWriter().input("a", OnnxWriter.FLOAT, "p", 2, 3).input("b", OnnxWriter.FLOAT, "q", 3, 4)
                .output("y", OnnxWriter.FLOAT).node("MatMul", "y", "a", "b");
        var executable = FlowPlan.of(OnnxFile.read(batches.model(), "evil.onnx").graph()).compile(KernelTables.scalar());
        for (int p = 1; p < 4; p++) {
            for (int q = 1; q < 4; q++) {
                Map<String, Constant> inputs = Map.of("a", Constant.of(new int[] {p, 2, 3}, new float[p * 6]), "b",
                        Constant.of(new int[] {q, 3, 4}, new float[q * 12]));
                if (p == q || p == 1 || q == 1) {
                    assertArrayEquals(new int[] {Math.max(p, q), 2, 4}, executable.run(inputs).get("y").shape());
                } else {
                    String message = assertThrows(IllegalArgumentException.class, () -> executable.run(inputs)).getMessage();
                    assertTrue(message.contains("(MatMul)") && message.contains("wanted 1 or 3"), message);
                }
            }
        }
    }

    /// Taps times dilations that wrap around to a window of one row.
    @Test
    void windowsThatWouldWrapAroundAreRefused() throws IOException {
        OnnxWriter conv = graph().initializer(OnnxWriter.raw("w", OnnxWriter.FLOAT, new byte[4 * 4 * 4097], 1, 4, 4097, 1))
                .node("Conv", "y", "x", "w").integers("dilations", 1 << 20, 1);
        var read = OnnxFile.read(conv.model(), "evil.onnx").graph();
        String message = assertThrows(IllegalArgumentException.class, () -> FlowPlan.of(read)).getMessage();
        assertTrue(message.contains("node 0 (Conv)") && message.contains("a window of " + ((1L << 32) + 1) + " rows"), message);
    }

    /// Kernels walk through axes by recursion.
    @Test
    void valuesOfManyAxesAreRefused() throws IOException {
        long[] axes = new long[100_000];
        Arrays.setAll(axes, i -> i);
        OnnxWriter known = graph().constant("axes", axes, axes.length).node("Unsqueeze", "u", "x", "axes").node("Transpose", "y", "u");
        var read = OnnxFile.read(known.opset(13).model(), "evil.onnx").graph();
        String message = assertThrows(IllegalArgumentException.class, () -> FlowPlan.of(read)).getMessage();
        assertTrue(message.contains("node 0 (Unsqueeze)") && message.contains("100004 axes, wanted at most 32"), message);
        OnnxWriter open = new OnnxWriter().opset(13).input("x", OnnxWriter.FLOAT, "n").input("axes", OnnxWriter.INT64, "r")
                .output("y", OnnxWriter.FLOAT).node("Unsqueeze", "u", "x", "axes").node("Transpose", "y", "u");
        var executable = FlowPlan.of(OnnxFile.read(open.model(), "evil.onnx").graph()).compile(KernelTables.scalar());
        Map<String, Constant> inputs = Map.of("x", Constant.of(new int[] {3}, new float[3]), "axes",
                Constant.of(new int[] {40}, Arrays.copyOf(axes, 40)));
        String late = assertThrows(IllegalArgumentException.class, () -> executable.run(inputs)).getMessage();
        assertTrue(late.contains("(Unsqueeze)") && late.contains("41 axes"), late);
    }

    /// Sizes that a division by zero, or more than 64 bits, leave without a number.
    @Test
    void picturesWithoutASizeAreRefused() throws IOException {
        OnnxWriter parts = graph().constant("minus", new long[] {-1}, 1).constant("two", new long[] {2}, 1)
                .constant("three", new long[] {3}, 1).constant("eight", new long[] {8}, 1).node("Shape", "shape", "x")
                .node("Slice", "rows", "shape", "two", "three").node("Sub", "less", "rows", "eight")
                .node("Concat", "wanted", "minus", "less").integer("axis", 0).node("Reshape", "y", "x", "wanted");
        assertArrayEquals(new int[] {36, 4}, run(parts, 12, 3).get("y").shape());
        refused(parts, 8, 3, "(Reshape)", "value \"y\" of shape");
        OnnxWriter power = graph().node("Reshape", "a", "x", "flat").constant("flat", new long[] {-1}, 1)
                .node("Shape", "n", "a");
        power.node("Mul", "square", "n", "n").node("Expand", "y", "a", "square");
        var executable = FlowPlan.of(OnnxFile.read(power.model(), "evil.onnx").graph()).compile(KernelTables.scalar());
        String message = assertThrows(IllegalArgumentException.class, () -> executable.prepare(1L << 20, 1L << 20)).getMessage();
        assertTrue(message.contains("(Expand)") && message.contains("value \"y\" of shape") && message.contains("overflow"), message);
    }

    private static void refused(OnnxWriter graph, int h, int w, String node, String words) {
        String message = assertThrows(IllegalArgumentException.class, () -> run(graph, h, w)).getMessage();
        assertTrue(message.contains(node) && message.contains(words), message);
    }

    @Test
    void partsThatNobodyReadsKeepTheirPlace() throws IOException {
        for (int asked = 0; asked < 3; asked++) {
            String[] names = {"a", "b", "c"};
            names[asked] = "y";
            OnnxWriter graph = graph().constant("s", new long[] {1, 2, 1}, 3)
                    .node("parts", "Split", Arrays.asList(names), Arrays.asList("x", "s")).integer("axis", 1);
            Constant part = run(graph, 1, 1).get("y");
            assertArrayEquals(asked == 1 ? new float[] {1, 2} : new float[] {asked == 0 ? 0 : 3}, part.floats());
        }
    }
}
