package io.github.fovea.onnx;

import io.github.fovea.flow.Attribute;
import io.github.fovea.flow.Constant;
import io.github.fovea.flow.FlowNode;
import java.util.Arrays;
import java.util.List;

/// Convolutions of a file as convolutions of the engine: of stride 1, sizes 1, 3 and 5, padded to keep the size.
/// Smaller and dilated kernels are laid into larger ones with zeros, groups likewise.
final class Convolutions {
    /// Farthest tap from the centre.
    private static final int REACH = 2;
    /// Most weights that groups or dilation may become.
    private static final long MAX_WEIGHTS = 1 << 26;

    private Convolutions() {}

    /// Where a kernel's taps lie: offset of tap `k` from the pixel that is made is `k * dilation - before`.
    private record Axis(int taps, int dilation, int before) {
        int offset(int tap) {
            return tap * dilation - before;
        }

        boolean within(int reach) {
            return offset(0) >= -reach && offset(taps - 1) <= reach;
        }
    }

    /// {@return the layer of a `Conv` node}
    ///
    /// @param node    the node
    /// @param in      what it reads
    /// @param padding zeros that a `Pad` before it adds: top, left, bottom, right
    /// @param weights `[out][in / groups][rows][columns]`
    /// @param bias    `[out]`, or `null`
    static Layer conv(FlowNode node, Layer in, int[] padding, Constant weights, Constant bias) throws Unlowered {
        int[] shape = weights.shape();
        if (shape.length != 4) {
            throw new Unlowered("is no convolution of pictures: its weights are " + Arrays.toString(shape));
        }
        long groups = integer(node, "group", 1);
        int out = NetworkLowering.checkedChannels(shape[0]);
        int[] strides = ints(node, "strides", 1, 1);
        int[] dilations = ints(node, "dilations", 1, 1);
        int[] pads = pads(node, shape, dilations);
        if (strides[0] != 1 || strides[1] != 1) {
            throw new Unlowered("has strides " + Arrays.toString(strides));
        }
        if (groups < 1 || out % groups != 0 || shape[1] * groups != in.channels()) {
            throw new Unlowered("has " + groups + " groups of " + shape[1] + " channels, its input " + in.channels());
        }
        for (int axis = 0; axis < 2; axis++) {
            long reach = (shape[2 + axis] - 1L) * dilations[axis];
            if (pads[axis] + padding[axis] + pads[axis + 2] + padding[axis + 2] != reach) {
                throw new Unlowered("changes the picture's size");
            }
        }
        Axis rows = new Axis(shape[2], dilations[0], pads[0] + padding[0]);
        Axis columns = new Axis(shape[3], dilations[1], pads[1] + padding[1]);
        int reach = reach(rows, columns);
        float[] biases = bias == null ? new float[out] : bias.floats();
        if (biases == null || biases.length != out || weights.floats() == null) {
            throw new Unlowered("has weights or a bias that do not fit it");
        }
        boolean depthwise = groups > 1 && groups == in.channels() && out == in.channels() && reach <= 1;
        int size = depthwise ? 3 : 2 * reach + 1;
        int inPerGroup = shape[1];
        int planes = depthwise ? 1 : in.channels();
        if ((long) out * planes * size * size > MAX_WEIGHTS) {
            throw new Unlowered("needs too many weights without groups");
        }
        float[] laid = new float[out * planes * size * size];
        int outPerGroup = (int) (out / groups);
        for (int o = 0; o < out; o++) {
            for (int i = 0; i < inPerGroup; i++) {
                int plane = depthwise ? 0 : o / outPerGroup * inPerGroup + i;
                for (int ky = 0; ky < rows.taps(); ky++) {
                    for (int kx = 0; kx < columns.taps(); kx++) {
                        int y = rows.offset(ky) + size / 2;
                        int x = columns.offset(kx) + size / 2;
                        laid[((o * planes + plane) * size + y) * size + x] =
                                weights.floats()[((o * inPerGroup + i) * rows.taps() + ky) * columns.taps() + kx];
                    }
                }
            }
        }
        return depthwise ? new Layer.Depthwise(in, laid, biases) : new Layer.Conv(in, out, size, laid, biases);
    }

    /// {@return the layer of a `ConvTranspose` node that enlarges by its stride: a convolution that makes the pixels
    /// that come of one pixel, and a shuffle}
    ///
    /// @param node    the node
    /// @param in      what it reads
    /// @param weights `[in][out][rows][columns]`
    /// @param bias    `[out]`, or `null`
    static Layer transposed(FlowNode node, Layer in, Constant weights, Constant bias) throws Unlowered {
        int[] shape = weights.shape();
        int[] strides = ints(node, "strides", 1, 1);
        int[] dilations = ints(node, "dilations", 1, 1);
        int[] extra = ints(node, "output_padding", 0, 0);
        if (shape.length != 4 || shape[0] != in.channels() || weights.floats() == null || integer(node, "group", 1) != 1
                || dilations[0] != 1 || dilations[1] != 1 || strides[0] != strides[1] || strides[0] < 2
                || strides[0] > 16 || node.attributes().containsKey("output_shape")) {
            throw new Unlowered("has groups, dilations, unequal strides or a given size");
        }
        int[] pads = pads(node, shape, dilations);
        int factor = strides[0];
        for (int axis = 0; axis < 2; axis++) {
            if (shape[2 + axis] + extra[axis] - pads[axis] - pads[axis + 2] != factor) {
                throw new Unlowered("does not make exactly " + factor + " times the size");
            }
        }
        int out = NetworkLowering.checkedChannels((long) shape[1] * factor * factor) / (factor * factor);
        float[] biases = bias == null ? new float[out] : bias.floats();
        if (biases == null || biases.length != out) {
            throw new Unlowered("has a bias that does not fit it");
        }
        int size = 2 * REACH + 1;
        if ((long) out * factor * factor * shape[0] * size * size > MAX_WEIGHTS) {
            throw new Unlowered("needs too many weights");
        }
        float[] laid = new float[out * factor * factor * shape[0] * size * size];
        float[] laidBias = new float[out * factor * factor];
        for (int o = 0; o < laidBias.length; o++) {
            laidBias[o] = biases[o / (factor * factor)];
        }
        for (int i = 0; i < shape[0]; i++) {
            for (int o = 0; o < out; o++) {
                for (int ky = 0; ky < shape[2]; ky++) {
                    for (int kx = 0; kx < shape[3]; kx++) {
                        // Output row factor * y + phase takes input row y + (phase + pad - ky) / factor.
                        int phaseY = Math.floorMod(ky - pads[0], factor);
                        int phaseX = Math.floorMod(kx - pads[1], factor);
                        int y = (phaseY + pads[0] - ky) / factor + REACH;
                        int x = (phaseX + pads[1] - kx) / factor + REACH;
                        if (y < 0 || y >= size || x < 0 || x >= size) {
                            throw new Unlowered("reaches more than " + REACH + " pixels far");
                        }
                        int plane = (o * factor + phaseY) * factor + phaseX;
                        laid[((plane * shape[0] + i) * size + y) * size + x] =
                                weights.floats()[((i * out + o) * shape[2] + ky) * shape[3] + kx];
                    }
                }
            }
        }
        return new Layer.Shuffle(new Layer.Conv(in, laidBias.length, size, laid, laidBias), factor);
    }

    private static int reach(Axis rows, Axis columns) throws Unlowered {
        for (int reach = 0; reach <= REACH; reach++) {
            if (rows.within(reach) && columns.within(reach)) {
                return reach;
            }
        }
        throw new Unlowered("reaches more than " + REACH + " pixels far");
    }

    private static int[] pads(FlowNode node, int[] shape, int[] dilations) throws Unlowered {
        String auto = node.attributes().get("auto_pad") instanceof Attribute.Text(String text) ? text : "NOTSET";
        int[] pads = ints(node, "pads", 0, 0, 0, 0);
        return switch (auto) {
            case "NOTSET" -> pads;
            case "VALID" -> new int[4];
            case "SAME_UPPER", "SAME_LOWER" -> {
                if (node.operator().equals("ConvTranspose")) {
                    throw new Unlowered("pads by itself");
                }
                int y = sameReach(shape[2], dilations[0]);
                int x = sameReach(shape[3], dilations[1]);
                yield auto.equals("SAME_UPPER") ? new int[] {y / 2, x / 2, y - y / 2, x - x / 2}
                        : new int[] {y - y / 2, x - x / 2, y / 2, x / 2};
            }
            default -> throw new Unlowered("pads by " + auto);
        };
    }

    private static int sameReach(int taps, int dilation) throws Unlowered {
        long reach = (taps - 1L) * dilation;
        if (reach < 0 || reach > 2 * REACH) {
            throw new Unlowered("reaches more than " + REACH + " pixels far");
        }
        return (int) reach;
    }

    /// {@return an attribute of small whole numbers}
    ///
    /// @param node     the node
    /// @param name     the attribute
    /// @param defaults what it is where it is missing
    static int[] ints(FlowNode node, String name, int... defaults) throws Unlowered {
        if (!node.attributes().containsKey(name)) {
            return defaults;
        }
        if (!(node.attributes().get(name) instanceof Attribute.Ints(List<Long> values))
                || values.size() != defaults.length || values.stream().anyMatch(value -> value < 0 || value > 1024)) {
            throw new Unlowered("has " + name + " that do not fit a picture");
        }
        return values.stream().mapToInt(Long::intValue).toArray();
    }

    /// {@return an attribute that is a whole number}
    ///
    /// @param node     the node
    /// @param name     the attribute
    /// @param fallback what it is where it is missing
    static long integer(FlowNode node, String name, long fallback) {
        return node.attributes().get(name) instanceof Attribute.Int(long value) ? value : fallback;
    }
}
