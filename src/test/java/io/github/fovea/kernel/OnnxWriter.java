package io.github.fovea.kernel;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Encodes an ONNX model of one node, for tests: just enough protobuf (onnx.proto3, opset 17).
final class OnnxWriter {
    private final ByteArrayOutputStream node = new ByteArrayOutputStream();
    private final ByteArrayOutputStream initializers = new ByteArrayOutputStream();

    OnnxWriter(String operator, List<String> inputs) {
        for (String input : inputs) {
            text(node, 1, input);
        }
        text(node, 2, "y");
        text(node, 4, operator);
    }

    OnnxWriter integers(String name, long... values) {
        ByteArrayOutputStream attribute = attribute(name, 7);
        for (long value : values) {
            number(attribute, 8, value);
        }
        bytes(node, 5, attribute.toByteArray());
        return this;
    }

    OnnxWriter integer(String name, long value) {
        ByteArrayOutputStream attribute = attribute(name, 2);
        number(attribute, 3, value);
        bytes(node, 5, attribute.toByteArray());
        return this;
    }

    OnnxWriter real(String name, float value) {
        ByteArrayOutputStream attribute = attribute(name, 1);
        varint(attribute, 2 << 3 | 5);
        attribute.writeBytes(littleEndian(value));
        bytes(node, 5, attribute.toByteArray());
        return this;
    }

    OnnxWriter string(String name, String value) {
        ByteArrayOutputStream attribute = attribute(name, 3);
        text(attribute, 4, value);
        bytes(node, 5, attribute.toByteArray());
        return this;
    }

    OnnxWriter constant(String name, float[] values, long... shape) {
        ByteArrayOutputStream tensor = new ByteArrayOutputStream();
        for (long extent : shape) {
            number(tensor, 1, extent);
        }
        number(tensor, 2, 1);
        text(tensor, 8, name);
        bytes(tensor, 9, littleEndian(values));
        bytes(initializers, 5, tensor.toByteArray());
        return this;
    }

    /// {@return the model with input `x` and output `y` of these shapes}
    byte[] model(long[] in, long[] out) {
        ByteArrayOutputStream graph = new ByteArrayOutputStream();
        bytes(graph, 1, node.toByteArray());
        text(graph, 2, "g");
        graph.writeBytes(initializers.toByteArray());
        bytes(graph, 11, value("x", in));
        bytes(graph, 12, value("y", out));
        ByteArrayOutputStream opset = new ByteArrayOutputStream();
        text(opset, 1, "");
        number(opset, 2, 17);
        ByteArrayOutputStream model = new ByteArrayOutputStream();
        number(model, 1, 8);
        bytes(model, 7, graph.toByteArray());
        bytes(model, 8, opset.toByteArray());
        return model.toByteArray();
    }

    private static byte[] value(String name, long[] extents) {
        ByteArrayOutputStream shape = new ByteArrayOutputStream();
        for (long extent : extents) {
            ByteArrayOutputStream dimension = new ByteArrayOutputStream();
            number(dimension, 1, extent);
            bytes(shape, 1, dimension.toByteArray());
        }
        ByteArrayOutputStream tensor = new ByteArrayOutputStream();
        number(tensor, 1, 1);
        bytes(tensor, 2, shape.toByteArray());
        ByteArrayOutputStream type = new ByteArrayOutputStream();
        bytes(type, 1, tensor.toByteArray());
        ByteArrayOutputStream value = new ByteArrayOutputStream();
        text(value, 1, name);
        bytes(value, 2, type.toByteArray());
        return value.toByteArray();
    }

    private static ByteArrayOutputStream attribute(String name, int type) {
        ByteArrayOutputStream attribute = new ByteArrayOutputStream();
        text(attribute, 1, name);
        number(attribute, 20, type);
        return attribute;
    }

    private static byte[] littleEndian(float... values) {
        ByteBuffer buffer = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        buffer.asFloatBuffer().put(values);
        return buffer.array();
    }

    private static void text(ByteArrayOutputStream to, int field, String text) {
        bytes(to, field, text.getBytes(StandardCharsets.UTF_8));
    }

    private static void number(ByteArrayOutputStream to, int field, long value) {
        varint(to, (long) field << 3);
        varint(to, value);
    }

    private static void bytes(ByteArrayOutputStream to, int field, byte[] bytes) {
        varint(to, (long) field << 3 | 2);
        varint(to, bytes.length);
        to.writeBytes(bytes);
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
