package io.github.fovea.onnx;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Encodes ONNX models for tests (onnx.proto3), independent of the reader. Attributes go to the node added last:
///
/// ```
/// byte[] model = new OnnxWriter().opset(17).input("x", OnnxWriter.FLOAT, 1, 3, "h", "w").output("y", OnnxWriter.FLOAT)
///         .constant("w", weights, 8, 3, 3, 3).node("Conv", "y", "x", "w").integers("pads", 1, 1, 1, 1).model();
/// ```
public final class OnnxWriter {
    public static final int FLOAT = 1;
    public static final int UINT8 = 2;
    public static final int INT8 = 3;
    public static final int UINT16 = 4;
    public static final int INT16 = 5;
    public static final int INT32 = 6;
    public static final int INT64 = 7;
    public static final int STRING = 8;
    public static final int BOOL = 9;
    public static final int FLOAT16 = 10;
    public static final int DOUBLE = 11;
    public static final int UINT32 = 12;
    public static final int UINT64 = 13;
    public static final int BFLOAT16 = 16;

    private final List<Node> nodes = new ArrayList<>();
    private final ByteArrayOutputStream values = new ByteArrayOutputStream();
    private final ByteArrayOutputStream opsets = new ByteArrayOutputStream();
    private final ByteArrayOutputStream functions = new ByteArrayOutputStream();
    private String name = "g";
    private int version = 17;
    private int irVersion = 8;

    /// A node and its attributes, both still growing.
    private static final class Node {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    }

    /// Sets the version of the default operator set; 17 without.
    public OnnxWriter opset(int opset) {
        version = opset;
        return this;
    }

    /// Names one more operator set.
    public OnnxWriter opset(String domain, long opset) {
        bytes(opsets, 8, operatorSet(domain, opset));
        return this;
    }

    /// Sets the version of the file format; 8 without.
    public OnnxWriter irVersion(int newVersion) {
        irVersion = newVersion;
        return this;
    }

    /// Names the graph.
    public OnnxWriter name(String graph) {
        name = graph;
        return this;
    }

    /// Adds a node with one output.
    public OnnxWriter node(String operator, String output, String... inputs) {
        return node("", operator, List.of(output), List.of(inputs));
    }

    /// Adds a named node.
    public OnnxWriter node(String nodeName, String operator, List<String> outputs, List<String> inputs) {
        Node node = new Node();
        for (String input : inputs) {
            text(node.bytes, 1, input);
        }
        for (String output : outputs) {
            text(node.bytes, 2, output);
        }
        if (!nodeName.isEmpty()) {
            text(node.bytes, 3, nodeName);
        }
        text(node.bytes, 4, operator);
        nodes.add(node);
        return this;
    }

    /// Gives the last node an operator domain.
    public OnnxWriter domain(String domain) {
        text(nodes.getLast().bytes, 7, domain);
        return this;
    }

    public OnnxWriter integer(String attribute, long value) {
        ByteArrayOutputStream bytes = attribute(attribute, 2);
        number(bytes, 3, value);
        return attribute(bytes);
    }

    public OnnxWriter real(String attribute, float value) {
        return attribute(realAttribute(attribute, value));
    }

    static ByteArrayOutputStream realAttribute(String attribute, float value) {
        ByteArrayOutputStream bytes = attribute(attribute, 1);
        fixed32(bytes, 2, value);
        return bytes;
    }

    public OnnxWriter string(String attribute, String value) {
        ByteArrayOutputStream bytes = attribute(attribute, 3);
        text(bytes, 4, value);
        return attribute(bytes);
    }

    public OnnxWriter integers(String attribute, long... numbers) {
        ByteArrayOutputStream bytes = attribute(attribute, 7);
        for (long value : numbers) {
            number(bytes, 8, value);
        }
        return attribute(bytes);
    }

    public OnnxWriter reals(String attribute, float... numbers) {
        ByteArrayOutputStream bytes = attribute(attribute, 6);
        for (float value : numbers) {
            fixed32(bytes, 7, value);
        }
        return attribute(bytes);
    }

    public OnnxWriter strings(String attribute, String... texts) {
        ByteArrayOutputStream bytes = attribute(attribute, 8);
        for (String text : texts) {
            text(bytes, 9, text);
        }
        return attribute(bytes);
    }

    /// Adds a tensor attribute, encoded by one of the tensor methods below.
    public OnnxWriter tensor(String attribute, byte[] tensor) {
        ByteArrayOutputStream bytes = attribute(attribute, 4);
        bytes(bytes, 5, tensor);
        return attribute(bytes);
    }

    /// Adds a graph attribute, like `then_branch`.
    public OnnxWriter subgraph(String attribute, OnnxWriter graph) {
        ByteArrayOutputStream bytes = attribute(attribute, 5);
        bytes(bytes, 6, graph.graph());
        return attribute(bytes);
    }

    /// Gives the last node an attribute whose value is that of the function around it.
    public OnnxWriter reference(String attribute, int type, String ofFunction) {
        ByteArrayOutputStream bytes = attribute(attribute, type);
        text(bytes, 21, ofFunction);
        return attribute(bytes);
    }

    /// Adds a function to the model, whose body are the nodes of another writer.
    ///
    /// @param defaults attributes that a call may leave out, as their bytes
    public OnnxWriter function(String domain, String functionName, List<String> inputs, List<String> outputs, OnnxWriter body,
            List<ByteArrayOutputStream> defaults, String... attributes) {
        ByteArrayOutputStream function = new ByteArrayOutputStream();
        text(function, 1, functionName);
        inputs.forEach(input -> text(function, 4, input));
        outputs.forEach(output -> text(function, 5, output));
        for (String attribute : attributes) {
            text(function, 6, attribute);
        }
        body.nodes.forEach(node -> bytes(function, 7, node.bytes.toByteArray()));
        bytes(function, 9, operatorSet("", body.version));
        bytes(function, 9, operatorSet("own", 1));
        text(function, 10, domain);
        defaults.forEach(attribute -> bytes(function, 11, attribute.toByteArray()));
        bytes(functions, 25, function.toByteArray());
        return this;
    }

    private static byte[] operatorSet(String domain, long opset) {
        ByteArrayOutputStream entry = new ByteArrayOutputStream();
        text(entry, 1, domain);
        number(entry, 2, opset);
        return entry.toByteArray();
    }

    /// Adds an attribute as its bytes.
    public OnnxWriter attribute(ByteArrayOutputStream attribute) {
        bytes(nodes.getLast().bytes, 5, attribute.toByteArray());
        return this;
    }

    /// Adds an initialiser of floats, as raw bytes.
    public OnnxWriter constant(String constant, float[] numbers, long... shape) {
        return initializer(floats(constant, numbers, shape));
    }

    /// Adds an initialiser of 64-bit integers, as raw bytes.
    public OnnxWriter constant(String constant, long[] numbers, long... shape) {
        return initializer(longs(constant, numbers, shape));
    }

    /// Adds an initialiser, encoded by one of the tensor methods below.
    public OnnxWriter initializer(byte[] tensor) {
        bytes(values, 5, tensor);
        return this;
    }

    /// Adds an input. Extents: numbers, names of symbols, or `null` for one left open; none at all leaves the rank open.
    public OnnxWriter input(String input, int type, Object... extents) {
        bytes(values, 11, value(input, type, extents));
        return this;
    }

    /// Adds an output; extents as in [#input].
    public OnnxWriter output(String output, int type, Object... extents) {
        bytes(values, 12, value(output, type, extents));
        return this;
    }

    /// {@return a tensor of floats as raw bytes}
    public static byte[] floats(String name, float[] numbers, long... shape) {
        ByteBuffer raw = ByteBuffer.allocate(4 * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
        raw.asFloatBuffer().put(numbers);
        return raw(name, FLOAT, raw.array(), shape);
    }

    /// {@return a tensor of 64-bit integers as raw bytes}
    public static byte[] longs(String name, long[] numbers, long... shape) {
        ByteBuffer raw = ByteBuffer.allocate(8 * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
        raw.asLongBuffer().put(numbers);
        return raw(name, INT64, raw.array(), shape);
    }

    /// {@return a tensor of half-precision floats as raw bytes}
    public static byte[] halves(String name, float[] numbers, long... shape) {
        ByteBuffer raw = ByteBuffer.allocate(2 * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float number : numbers) {
            raw.putShort(Float.floatToFloat16(number));
        }
        return raw(name, FLOAT16, raw.array(), shape);
    }

    /// {@return a tensor of any type, as raw bytes}
    public static byte[] raw(String name, int type, byte[] data, long... shape) {
        ByteArrayOutputStream tensor = tensorHead(name, type, shape);
        bytes(tensor, 9, data);
        return tensor.toByteArray();
    }

    /// {@return a tensor whose numbers lie in `int32_data` (field 5), `int64_data` (7) or `uint64_data` (11)}
    public static byte[] typed(String name, int type, int field, boolean packed, long[] numbers, long... shape) {
        ByteArrayOutputStream tensor = tensorHead(name, type, shape);
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        for (long number : numbers) {
            if (packed) {
                varint(data, number);
            } else {
                number(tensor, field, number);
            }
        }
        if (packed) {
            bytes(tensor, field, data.toByteArray());
        }
        return tensor.toByteArray();
    }

    /// {@return a tensor whose numbers lie in `float_data`}
    public static byte[] typedFloats(String name, boolean packed, float[] numbers, long... shape) {
        ByteArrayOutputStream tensor = tensorHead(name, FLOAT, shape);
        if (packed) {
            ByteBuffer data = ByteBuffer.allocate(4 * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
            data.asFloatBuffer().put(numbers);
            bytes(tensor, 4, data.array());
        } else {
            for (float number : numbers) {
                fixed32(tensor, 4, number);
            }
        }
        return tensor.toByteArray();
    }

    /// {@return a tensor whose numbers lie in `double_data`, packed}
    public static byte[] typedDoubles(String name, double[] numbers, long... shape) {
        ByteArrayOutputStream tensor = tensorHead(name, DOUBLE, shape);
        ByteBuffer data = ByteBuffer.allocate(8 * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
        data.asDoubleBuffer().put(numbers);
        bytes(tensor, 10, data.array());
        return tensor.toByteArray();
    }

    /// {@return a tensor whose data lie in another file}
    public static byte[] external(String name, int type, String location, long... shape) {
        ByteArrayOutputStream tensor = tensorHead(name, type, shape);
        ByteArrayOutputStream entry = new ByteArrayOutputStream();
        text(entry, 1, "location");
        text(entry, 2, location);
        bytes(tensor, 13, entry.toByteArray());
        number(tensor, 14, 1);
        return tensor.toByteArray();
    }

    /// {@return the graph without a model around it}
    public byte[] graph() {
        ByteArrayOutputStream graph = new ByteArrayOutputStream();
        for (Node node : nodes) {
            bytes(graph, 1, node.bytes.toByteArray());
        }
        text(graph, 2, name);
        graph.writeBytes(values.toByteArray());
        return graph.toByteArray();
    }

    /// {@return the whole model}
    public byte[] model() {
        ByteArrayOutputStream model = new ByteArrayOutputStream();
        number(model, 1, irVersion);
        text(model, 2, "fovea-test");
        bytes(model, 7, graph());
        bytes(model, 8, operatorSet("", version));
        model.writeBytes(opsets.toByteArray());
        model.writeBytes(functions.toByteArray());
        return model.toByteArray();
    }

    private static ByteArrayOutputStream tensorHead(String name, int type, long... shape) {
        ByteArrayOutputStream tensor = new ByteArrayOutputStream();
        for (long extent : shape) {
            number(tensor, 1, extent);
        }
        number(tensor, 2, type);
        text(tensor, 8, name);
        return tensor;
    }

    private static byte[] value(String name, int elementType, Object... extents) {
        ByteArrayOutputStream tensor = new ByteArrayOutputStream();
        number(tensor, 1, elementType);
        if (extents.length > 0) {
            ByteArrayOutputStream shape = new ByteArrayOutputStream();
            for (Object extent : extents) {
                ByteArrayOutputStream dimension = new ByteArrayOutputStream();
                if (extent instanceof Number number) {
                    number(dimension, 1, number.longValue());
                } else if (extent instanceof String symbol) {
                    text(dimension, 2, symbol);
                }
                bytes(shape, 1, dimension.toByteArray());
            }
            bytes(tensor, 2, shape.toByteArray());
        }
        ByteArrayOutputStream type = new ByteArrayOutputStream();
        bytes(type, 1, tensor.toByteArray());
        ByteArrayOutputStream value = new ByteArrayOutputStream();
        text(value, 1, name);
        bytes(value, 2, type.toByteArray());
        return value.toByteArray();
    }

    /// {@return an attribute to be filled by hand}
    static ByteArrayOutputStream attribute(String name, int type) {
        ByteArrayOutputStream attribute = new ByteArrayOutputStream();
        text(attribute, 1, name);
        number(attribute, 20, type);
        return attribute;
    }

    static void text(ByteArrayOutputStream to, int field, String text) {
        bytes(to, field, text.getBytes(StandardCharsets.UTF_8));
    }

    static void number(ByteArrayOutputStream to, int field, long value) {
        varint(to, (long) field << 3);
        varint(to, value);
    }

    static void bytes(ByteArrayOutputStream to, int field, byte[] bytes) {
        varint(to, (long) field << 3 | 2);
        varint(to, bytes.length);
        to.writeBytes(bytes);
    }

    private static void fixed32(ByteArrayOutputStream to, int field, float value) {
        varint(to, (long) field << 3 | 5);
        to.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(value).array());
    }

    private static void varint(ByteArrayOutputStream to, long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            to.write((int) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        to.write((int) rest);
    }
}
