package io.github.fovea.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.backend.KernelTables;
import io.github.fovea.flow.Constant;
import io.github.fovea.flow.FlowPlan;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
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

    static Stream<Arguments> graphs() {
        return Stream.of(
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
                        .node("Slice", "y", "x", "s", "e", "a", "p"), "not equally many"));
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
