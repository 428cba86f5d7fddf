package io.github.fovea.flow;

import io.github.fovea.onnx.OnnxWriter;
import java.util.SplittableRandom;

/// The backbone and neck of a YOLO-style detector, narrow, with random weights: convolutions with batch normalisation and
/// SiLU, stages of stride 2 with split and concatenated bottlenecks, pyramid pooling, upsampling and concatenation.
/// Input `images [n,3,h,w]` with `h` and `w` multiples of 32.
public final class DetectorBackbone {
    private final SplittableRandom random = new SplittableRandom(11);
    private final OnnxWriter writer = new OnnxWriter().opset(13);
    private final int width;

    public DetectorBackbone() {
        this(8);
    }

    /// @param width channels of the first convolution
    public DetectorBackbone(int width) {
        this.width = width;
    }

    /// {@return the bytes of an ONNX file}
    public byte[] model() {
        writer.input("images", OnnxWriter.FLOAT, "n", 3, "h", "w").output("p4", OnnxWriter.FLOAT).output("p5", OnnxWriter.FLOAT);
        String stem = conv("stem", "images", 3, width, 3, 2, true);
        String c2 = stage("s2", conv("d2", stem, width, 2 * width, 3, 2, true), 2 * width);
        String c3 = stage("s3", conv("d3", c2, 2 * width, 3 * width, 3, 2, false), 4 * width - width);
        String c4 = stage("s4", conv("d4", c3, 3 * width, 4 * width, 3, 2, true), 4 * width);
        String c5 = pyramid("sppf", conv("d5", c4, 4 * width, 4 * width, 3, 2, false), 4 * width);
        writer.constant("scales", new float[] {1, 1, 2, 2}, 4).node("Resize", "up", c5, "", "scales").string("mode", "nearest")
                .string("coordinate_transformation_mode", "asymmetric").string("nearest_mode", "floor")
                .node("Concat", "both", "up", c4).integer("axis", 1);
        String top = conv("top", "both", 8 * width, 3 * width, 1, 1, true);
        writer.node("Identity", "p4", top).node("Identity", "p5", c5);
        return writer.model();
    }

    private float[] numbers(int count, double least, double most) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) random.nextDouble(least, most);
        }
        return numbers;
    }

    private String conv(String name, String from, int in, int out, int size, int stride, boolean norm) {
        double bound = Math.sqrt(3.0 / (in * size * size));
        writer.constant(name + ".w", numbers(out * in * size * size, -bound, bound), out, in, size, size);
        String y = name + ".conv";
        if (norm) {
            writer.node("Conv", name + ".raw", from, name + ".w").integers("strides", stride, stride)
                    .integers("pads", size / 2, size / 2, size / 2, size / 2)
                    .constant(name + ".g", numbers(out, 0.5, 1.5), out).constant(name + ".b", numbers(out, -0.2, 0.2), out)
                    .constant(name + ".m", numbers(out, -0.2, 0.2), out).constant(name + ".v", numbers(out, 0.5, 1.5), out)
                    .node("BatchNormalization", y, name + ".raw", name + ".g", name + ".b", name + ".m", name + ".v");
        } else {
            writer.constant(name + ".b", numbers(out, -0.2, 0.2), out).node("Conv", y, from, name + ".w", name + ".b")
                    .integers("strides", stride, stride).integers("pads", size / 2, size / 2, size / 2, size / 2);
        }
        writer.node("Sigmoid", name + ".gate", y).node("Mul", name, y, name + ".gate");
        return name;
    }

    private String stage(String name, String from, int channels) {
        int half = channels / 2;
        String one = conv(name + ".1", from, channels, half, 1, 1, true);
        String two = conv(name + ".2", from, channels, half, 1, 1, true);
        String inner = conv(name + ".4", conv(name + ".3", one, half, half, 1, 1, true), half, half, 3, 1, true);
        writer.node("Add", name + ".sum", one, inner).node("Concat", name + ".all", name + ".sum", two).integer("axis", 1);
        return conv(name, name + ".all", 2 * half, channels, 1, 1, true);
    }

    private String pyramid(String name, String from, int channels) {
        int half = channels / 2;
        String last = conv(name + ".in", from, channels, half, 1, 1, true);
        String[] parts = {last, name + ".p1", name + ".p2", name + ".p3"};
        for (int i = 1; i < 4; i++) {
            writer.node("MaxPool", parts[i], parts[i - 1]).integers("kernel_shape", 5, 5).integers("pads", 2, 2, 2, 2)
                    .integers("strides", 1, 1);
        }
        writer.node("Concat", name + ".all", parts).integer("axis", 1);
        return conv(name, name + ".all", 4 * half, channels, 1, 1, true);
    }
}
