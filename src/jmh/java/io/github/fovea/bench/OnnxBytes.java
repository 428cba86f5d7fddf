package io.github.fovea.bench;

import io.github.fovea.graph.Graph;
import io.github.fovea.graph.Interpolation;
import io.github.fovea.graph.Node;
import io.github.fovea.graph.Op;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// Writes a network as an ONNX model (opset 17, height and width symbolic), so that another engine runs the same weights.
final class OnnxBytes {
    private final ByteArrayOutputStream graph = new ByteArrayOutputStream();
    private final Map<String, float[]> parameters;

    private OnnxBytes(Map<String, float[]> parameters) {
        this.parameters = parameters;
    }

    /// {@return the bytes of the model; its input is called `x`, its result `y`}
    static byte[] of(Graph network, Map<String, float[]> parameters) {
        OnnxBytes writer = new OnnxBytes(parameters);
        network.parameters().forEach(writer::initializer);
        int last = network.nodes().size() - 1;
        for (int i = 1; i <= last; i++) {
            writer.node(network, i, i == last ? "y" : "v" + i);
        }
        text(writer.graph, 2, "network");
        bytes(writer.graph, 11, value("x", network.inputChannels(), "H", "W"));
        bytes(writer.graph, 12, value("y", network.outputChannels(), "outH", "outW"));
        ByteArrayOutputStream opset = new ByteArrayOutputStream();
        text(opset, 1, "");
        number(opset, 2, 17);
        ByteArrayOutputStream model = new ByteArrayOutputStream();
        number(model, 1, 8);
        bytes(model, 7, writer.graph.toByteArray());
        bytes(model, 8, opset.toByteArray());
        return model.toByteArray();
    }

    private void node(Graph network, int index, String result) {
        Node node = network.nodes().get(index);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int input : node.inputs()) {
            text(out, 1, input == 0 ? "x" : "v" + input);
        }
        switch (node.op()) {
            case Op.Input _ -> throw new IllegalStateException("an input inside the network");
            case Op.Conv conv -> convolution(out, conv.weights(), conv.bias(), conv.size(), 1);
            case Op.DepthwiseConv conv -> convolution(out, conv.weights(), conv.bias(), 3, conv.channels());
            case Op.Relu _ -> text(out, 4, "Relu");
            case Op.LeakyRelu(float slope) -> {
                text(out, 4, "LeakyRelu");
                real(out, "alpha", slope);
            }
            case Op.PRelu(int channels, String slopes) -> {
                // [1, C, 1, 1] is the shape that every engine takes its fast way with.
                tensor(slopes + ".4d", parameters.get(slopes), 1, channels, 1, 1);
                text(out, 1, slopes + ".4d");
                text(out, 4, "PRelu");
            }
            case Op.Add _ -> text(out, 4, "Add");
            case Op.PixelShuffle(int scale) -> {
                text(out, 4, "DepthToSpace");
                integers(out, "blocksize", 2, scale);
                string(out, "mode", "CRD");
            }
            case Op.Resize(var interpolation, int scale) -> {
                tensor(result + ".scales", new float[] {1, 1, scale, scale}, 4);
                text(out, 1, "");
                text(out, 1, result + ".scales");
                text(out, 4, "Resize");
                string(out, "mode", switch (interpolation) {
                    case NEAREST -> "nearest";
                    case BILINEAR -> "linear";
                    case BICUBIC -> "cubic";
                });
                string(out, "coordinate_transformation_mode",
                        interpolation == Interpolation.NEAREST ? "asymmetric" : "half_pixel");
                string(out, "nearest_mode", "floor");
                real(out, "cubic_coeff_a", -0.5f);
            }
        }
        text(out, 2, result);
        bytes(graph, 1, out.toByteArray());
    }

    private static void convolution(ByteArrayOutputStream out, String weights, String bias, int size, int group) {
        text(out, 1, weights);
        text(out, 1, bias);
        text(out, 4, "Conv");
        integers(out, "kernel_shape", 7, size, size);
        integers(out, "pads", 7, size / 2, size / 2, size / 2, size / 2);
        integers(out, "group", 2, group);
    }

    private void initializer(String name, int[] shape) {
        long[] extents = new long[shape.length];
        for (int i = 0; i < shape.length; i++) {
            extents[i] = shape[i];
        }
        tensor(name, parameters.get(name), extents);
    }

    private void tensor(String name, float[] values, long... shape) {
        ByteArrayOutputStream tensor = new ByteArrayOutputStream();
        for (long extent : shape) {
            number(tensor, 1, extent);
        }
        number(tensor, 2, 1);
        text(tensor, 8, name);
        bytes(tensor, 9, littleEndian(values));
        bytes(graph, 5, tensor.toByteArray());
    }

    private static byte[] value(String name, int channels, String height, String width) {
        ByteArrayOutputStream shape = new ByteArrayOutputStream();
        for (Object extent : new Object[] {1, channels, height, width}) {
            ByteArrayOutputStream dimension = new ByteArrayOutputStream();
            if (extent instanceof Integer number) {
                number(dimension, 1, number);
            } else {
                text(dimension, 2, (String) extent);
            }
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

    private static void integers(ByteArrayOutputStream node, String name, int type, long... values) {
        ByteArrayOutputStream attribute = attribute(name, type);
        for (long value : values) {
            number(attribute, type == 2 ? 3 : 8, value);
        }
        bytes(node, 5, attribute.toByteArray());
    }

    private static void real(ByteArrayOutputStream node, String name, float value) {
        ByteArrayOutputStream attribute = attribute(name, 1);
        varint(attribute, 2 << 3 | 5);
        attribute.writeBytes(littleEndian(value));
        bytes(node, 5, attribute.toByteArray());
    }

    private static void string(ByteArrayOutputStream node, String name, String value) {
        ByteArrayOutputStream attribute = attribute(name, 3);
        text(attribute, 4, value);
        bytes(node, 5, attribute.toByteArray());
    }

    private static ByteArrayOutputStream attribute(String name, int type) {
        ByteArrayOutputStream attribute = new ByteArrayOutputStream();
        text(attribute, 1, name);
        number(attribute, 20, type);
        return attribute;
    }

    private static byte[] littleEndian(float... values) {
        ByteBuffer buffer = ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
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
