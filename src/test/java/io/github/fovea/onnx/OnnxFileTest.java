package io.github.fovea.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.error.UnavailableException;
import io.github.fovea.flow.Attribute;
import io.github.fovea.flow.Constant;
import io.github.fovea.flow.ElementType;
import io.github.fovea.flow.FlowGraph;
import io.github.fovea.flow.FlowInput;
import io.github.fovea.flow.FlowNode;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OnnxFileTest {
    private static OnnxWriter identity() {
        return new OnnxWriter().input("x", OnnxWriter.FLOAT, 1, 3, "h", null).output("y", OnnxWriter.FLOAT)
                .node("Identity", "y", "x");
    }

    private static FlowGraph read(OnnxWriter writer) throws IOException {
        return OnnxFile.read(writer.model(), "test").graph();
    }

    /// The one constant of a model that holds a tensor.
    private static Constant constant(byte[] tensor) throws IOException {
        return read(identity().initializer(tensor)).constants().get("t");
    }

    @Test
    void inputsKeepSymbolsAndOpenExtents() throws IOException {
        OnnxFile file = OnnxFile.read(identity().opset(13).name("net").model(), "test");
        assertEquals(13, file.opset());
        assertEquals("fovea-test", file.producer());
        assertEquals("net", file.graph().name());
        assertEquals(List.of(new FlowInput("x", ElementType.FLOAT, List.of("1", "3", "h", ""))), file.graph().inputs());
        assertEquals(List.of("y"), file.graph().outputs());
    }

    @Test
    void extentsThatAreNoNumbersStayOpen() throws IOException {
        FlowGraph graph = read(new OnnxWriter().input("x", OnnxWriter.FLOAT16, 0, -1, "4").input("n", OnnxWriter.BOOL)
                .output("y", OnnxWriter.FLOAT).node("Identity", "y", "x"));
        assertEquals(List.of("", "", "$4"), graph.inputs().get(0).dims());
        assertEquals(ElementType.BOOLEAN, graph.inputs().get(1).type());
        assertNull(graph.inputs().get(1).dims());
    }

    @Test
    void initialisersThatAreListedAsInputsAreNone() throws IOException {
        FlowGraph graph = read(identity().input("w", OnnxWriter.FLOAT, 2).constant("w", new float[] {1, 2}, 2).irVersion(3));
        assertEquals(List.of("x"), graph.inputs().stream().map(FlowInput::name).toList());
        assertArrayEquals(new float[] {1, 2}, graph.constants().get("w").floats());
    }

    @Test
    void everyTypeAsRawBytes() throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        assertArrayEquals(new float[] {1.5f, -2}, constant(OnnxWriter.floats("t", new float[] {1.5f, -2}, 2)).floats());
        assertArrayEquals(new float[] {0.5f, -3}, constant(OnnxWriter.halves("t", new float[] {0.5f, -3}, 2)).floats());
        byte[] brain = bytes.putShort(0, (short) (Float.floatToIntBits(-3) >>> 16)).array();
        assertArrayEquals(new float[] {-3}, constant(OnnxWriter.raw("t", OnnxWriter.BFLOAT16, Arrays.copyOf(brain, 2), 1)).floats());
        byte[] wide = bytes.putDouble(0, 0.25).array();
        assertArrayEquals(new float[] {0.25f}, constant(OnnxWriter.raw("t", OnnxWriter.DOUBLE, Arrays.copyOf(wide, 8), 1)).floats());
        assertArrayEquals(new long[] {-7, Long.MAX_VALUE}, constant(OnnxWriter.longs("t", new long[] {-7, Long.MAX_VALUE}, 2)).longs());
        byte[] ones = {-1, -1, -1, -1, -1, -1, -1, -1};
        assertArrayEquals(new long[] {255, 255}, constant(OnnxWriter.raw("t", OnnxWriter.UINT8, Arrays.copyOf(ones, 2), 2)).longs());
        assertArrayEquals(new long[] {-1, -1}, constant(OnnxWriter.raw("t", OnnxWriter.INT8, Arrays.copyOf(ones, 2), 2)).longs());
        assertArrayEquals(new long[] {65535}, constant(OnnxWriter.raw("t", OnnxWriter.UINT16, Arrays.copyOf(ones, 2), 1)).longs());
        assertArrayEquals(new long[] {-1}, constant(OnnxWriter.raw("t", OnnxWriter.INT16, Arrays.copyOf(ones, 2), 1)).longs());
        assertArrayEquals(new long[] {-1}, constant(OnnxWriter.raw("t", OnnxWriter.INT32, Arrays.copyOf(ones, 4), 1)).longs());
        assertArrayEquals(new long[] {0xFFFF_FFFFL}, constant(OnnxWriter.raw("t", OnnxWriter.UINT32, Arrays.copyOf(ones, 4), 1)).longs());
        Constant truth = constant(OnnxWriter.raw("t", OnnxWriter.BOOL, new byte[] {0, 1, 2}, 3));
        assertEquals(ElementType.BOOLEAN, truth.type());
        assertArrayEquals(new long[] {0, 1, 1}, truth.longs());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyTypeInItsTypedField(boolean packed) throws IOException {
        assertArrayEquals(new float[] {1.5f, -2}, constant(OnnxWriter.typedFloats("t", packed, new float[] {1.5f, -2}, 2)).floats());
        long[] numbers = {-1, 5};
        for (int type : new int[] {OnnxWriter.INT8, OnnxWriter.INT16, OnnxWriter.INT32}) {
            assertArrayEquals(numbers, constant(OnnxWriter.typed("t", type, 5, packed, numbers, 2)).longs());
        }
        assertArrayEquals(numbers, constant(OnnxWriter.typed("t", OnnxWriter.INT64, 7, packed, numbers, 2)).longs());
        assertArrayEquals(new long[] {200, 0}, constant(OnnxWriter.typed("t", OnnxWriter.UINT8, 5, packed, new long[] {200, 0}, 2)).longs());
        assertArrayEquals(new long[] {1L << 31}, constant(OnnxWriter.typed("t", OnnxWriter.UINT32, 11, packed, new long[] {1L << 31}, 1)).longs());
        long half = Float.floatToFloat16(-0.75f) & 0xFFFF;
        assertArrayEquals(new float[] {-0.75f}, constant(OnnxWriter.typed("t", OnnxWriter.FLOAT16, 5, packed, new long[] {half}, 1)).floats());
        assertArrayEquals(new float[] {0.5f, 8}, constant(OnnxWriter.typedDoubles("t", new double[] {0.5, 8}, 2)).floats());
    }

    @Test
    void scalarsAndEmptyTensors() throws IOException {
        assertEquals(0, constant(OnnxWriter.floats("t", new float[] {4})).shape().length);
        Constant empty = constant(OnnxWriter.floats("t", new float[0], 0));
        assertArrayEquals(new int[] {0}, empty.shape());
        assertEquals(0, empty.elements());
    }

    @Test
    void constantNodesBecomeConstants() throws IOException {
        FlowGraph graph = read(identity().node("Constant", "a").tensor("value", OnnxWriter.longs("", new long[] {3, 4}, 2))
                .node("Constant", "b").integer("value_int", 0).node("Constant", "c").real("value_float", 0.5f)
                .node("Constant", "d").integers("value_ints", 1, -2).node("Constant", "e").reals("value_floats", 1, -2)
                .node("Constant", "f").integers("value_ints"));
        assertEquals(List.of("Identity"), graph.nodes().stream().map(FlowNode::operator).toList());
        assertArrayEquals(new long[] {3, 4}, graph.constants().get("a").longs());
        assertEquals(0, graph.constants().get("b").longs()[0]);
        assertEquals(0, graph.constants().get("b").shape().length);
        assertArrayEquals(new float[] {0.5f}, graph.constants().get("c").floats());
        assertArrayEquals(new long[] {1, -2}, graph.constants().get("d").longs());
        assertArrayEquals(new float[] {1, -2}, graph.constants().get("e").floats());
        assertArrayEquals(new int[] {0}, graph.constants().get("f").shape());
    }

    @Test
    void everyKindOfAttribute() throws IOException {
        FlowNode node = read(identity().integer("i", 0).real("r", 0).string("s", "").integers("is", 1, 2).reals("rs", 0.5f)
                .strings("ss", "a", "b").tensor("t", OnnxWriter.floats("", new float[] {1}, 1))).nodes().getFirst();
        assertEquals(new Attribute.Int(0), node.attributes().get("i"));
        assertEquals(new Attribute.Real(0), node.attributes().get("r"));
        assertEquals(new Attribute.Text(""), node.attributes().get("s"));
        assertEquals(new Attribute.Ints(List.of(1L, 2L)), node.attributes().get("is"));
        assertEquals(new Attribute.Reals(List.of(0.5f)), node.attributes().get("rs"));
        assertEquals(new Attribute.Texts(List.of("a", "b")), node.attributes().get("ss"));
        assertInstanceOf(Attribute.Tensor.class, node.attributes().get("t"));
        assertEquals(17, node.opset());
    }

    @Test
    void nodesAreSortedAndKeepTheirOrderWhereTheyMay() throws IOException {
        FlowGraph graph = read(new OnnxWriter().input("x", OnnxWriter.FLOAT, 1).output("d", OnnxWriter.FLOAT)
                .node("Add", "d", "b", "c").node("Neg", "b", "a").node("Abs", "c", "a").node("Relu", "a", "x"));
        assertEquals(List.of("Relu", "Neg", "Abs", "Add"), graph.nodes().stream().map(FlowNode::operator).toList());
    }

    @Test
    void branchesSeeTheGraphAroundThem() throws IOException {
        OnnxWriter yes = new OnnxWriter().name("yes").output("p", OnnxWriter.FLOAT).node("Add", "p", "late", "one")
                .constant("one", new float[] {1}, 1);
        OnnxWriter no = new OnnxWriter().name("no").output("q", OnnxWriter.FLOAT).node("Identity", "q", "x");
        FlowGraph graph = read(new OnnxWriter().input("x", OnnxWriter.FLOAT, 1).input("c", OnnxWriter.BOOL)
                .output("y", OnnxWriter.FLOAT).node("If", "y", "c").subgraph("then_branch", yes).subgraph("else_branch", no)
                .node("Neg", "late", "x"));
        assertEquals(List.of("Neg", "If"), graph.nodes().stream().map(FlowNode::operator).toList(),
                "what a branch takes counts as an input of its node");
        Attribute.Subgraph branch = (Attribute.Subgraph) graph.nodes().getLast().attributes().get("then_branch");
        assertEquals("yes", branch.graph().name());
        assertEquals(List.of("p"), branch.graph().outputs());
        assertArrayEquals(new float[] {1}, branch.graph().constants().get("one").floats());
    }

    @Test
    void otherDomainsMayBeNamedButNotUsed() throws IOException {
        assertEquals(1, read(identity().opset("com.example", 3).opset("ai.onnx.ml", 2)).nodes().size());
        assertEquals(1, read(identity().domain("ai.onnx")).nodes().size());
    }

    @Test
    void theSevenModelsOfTheDataFolder() throws IOException {
        Path folder = Path.of(System.getProperty("fovea.data", "../shared/data")).resolve("onnx");
        Assumptions.assumeTrue(Files.isDirectory(folder), "no ONNX models in " + folder);
        int models = 0;
        try (var files = Files.newDirectoryStream(folder, "*.onnx")) {
            for (Path file : files) {
                OnnxFile onnx = OnnxFile.read(file);
                assertTrue(onnx.graph().nodes().size() > 5, file.toString());
                assertEquals(List.of("input"), onnx.graph().inputs().stream().map(FlowInput::name).toList(), file.toString());
                assertEquals(List.of("output"), onnx.graph().outputs(), file.toString());
                models++;
            }
        }
        assertTrue(models >= 7, models + " models in " + folder);
    }

    @Test
    void readsFilesAndPipes(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("m.onnx");
        Files.write(file, identity().model());
        assertEquals("fovea-test", OnnxFile.read(file).producer());
    }

    /// A loader that has Fovea's ONNX package, but no protobuf-java.
    @Test
    void withoutProtobufAClearError() throws ReflectiveOperationException {
        ClassLoader bare = new ClassLoader(OnnxFileTest.class.getClassLoader()) {
            @Override
            protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
                if (name.startsWith("com.google.protobuf.")) {
                    throw new ClassNotFoundException(name);
                }
                if (!name.startsWith("io.github.fovea.onnx.")) {
                    return super.loadClass(name, resolve);
                }
                Class<?> loaded = findLoadedClass(name);
                return loaded != null ? loaded : define(name);
            }

            private Class<?> define(String name) throws ClassNotFoundException {
                try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
                    byte[] bytes = in.readAllBytes();
                    return defineClass(name, bytes, 0, bytes.length);
                } catch (IOException e) {
                    throw new ClassNotFoundException(name, e);
                }
            }
        };
        Method read = Class.forName("io.github.fovea.onnx.OnnxFile", true, bare).getMethod("read", byte[].class, String.class);
        Throwable cause = assertThrows(InvocationTargetException.class, () -> read.invoke(null, new byte[1], "x")).getCause();
        assertInstanceOf(UnavailableException.class, cause);
        assertTrue(cause.getMessage().contains("com.google.protobuf:protobuf-java"), cause.getMessage());
    }
}
