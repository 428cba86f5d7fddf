package io.github.fovea.flow;

import io.github.fovea.onnx.OnnxWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/// A random graph of convolutions and of what stands between them: windows, strides, dilations and pads of all kinds, channels
/// that fill no blocks, groups, gates, sums, concatenations, parts, pools and enlargement. Input `x [n,3,h,w]`.
final class RandomPictureGraph {
    private static final int STEPS = 14;

    private final SplittableRandom random;
    private final OnnxWriter writer = new OnnxWriter().opset(14);
    private final List<Value> values = new ArrayList<>();
    private int count;

    /// @param channels its channels
    /// @param size     equal for values of equal extents
    private record Value(String name, int channels, String size) {}

    RandomPictureGraph(long seed) {
        random = new SplittableRandom(seed);
    }

    /// {@return the bytes of an ONNX file}
    byte[] model() {
        writer.input("x", OnnxWriter.FLOAT, "n", 3, "h", "w");
        values.add(conv(new Value("x", 3, "whole")));
        for (int i = 0; i < STEPS; i++) {
            Value one = any();
            switch (random.nextInt(12)) {
                case 0 -> concat(one);
                case 1 -> sum(one);
                case 2 -> values.add(pool(one));
                case 3 -> enlarge(one);
                case 4 -> split(one);
                case 5 -> gate(one);
                case 6 -> alone(one);
                default -> values.add(conv(one));
            }
        }
        for (int i = 0; i < 3; i++) {
            Value last = values.get(values.size() - 1 - i * 2);
            // Twice the same name would be no graph.
            String name = "y" + i;
            writer.node(i == 1 ? "Flatten" : "Identity", name, last.name).output(name, OnnxWriter.FLOAT);
        }
        return writer.model();
    }

    private Value any() {
        return values.get(random.nextInt(4) > 0 ? values.size() - 1 : random.nextInt(values.size()));
    }

    private String fresh(String kind) {
        return kind + count++;
    }

    private float[] numbers(int length, double bound) {
        float[] numbers = new float[length];
        for (int i = 0; i < length; i++) {
            numbers[i] = (float) random.nextDouble(-bound, bound);
        }
        return numbers;
    }

    private int pick(int... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private Value conv(Value from) {
        String name = fresh("conv");
        int out = pick(5, 12, 16, 16, 24, 31, 32, 32, 48);
        int group = random.nextInt(8) == 0 && from.channels % 4 == 0 && out % 4 == 0 ? 4 : 1;
        int ky = pick(1, 1, 3, 3, 3, 5);
        int kx = random.nextInt(5) == 0 ? pick(1, 2, 3) : ky;
        int sy = pick(1, 1, 1, 2);
        int sx = random.nextInt(6) == 0 ? pick(1, 2, 3) : sy;
        int dilation = pick(1, 1, 1, 2);
        int before = ky / 2 * dilation;
        int left = kx / 2 * dilation;
        boolean even = random.nextInt(5) > 0;
        int in = from.channels / group;
        double bound = Math.sqrt(3.0 / (in * ky * kx));
        writer.constant(name + "w", numbers(out * in * ky * kx, bound), out, in, ky, kx);
        if (random.nextInt(4) > 0) {
            writer.constant(name + "b", numbers(out, 0.3), out).node("Conv", name, from.name, name + "w", name + "b");
        } else {
            writer.node("Conv", name, from.name, name + "w");
        }
        boolean same = even && ky % 2 == 1 && kx % 2 == 1;
        writer.integers("strides", sy, sx).integers("dilations", dilation, dilation).integer("group", group)
                .integers("pads", before, left, before + (even ? 0 : 1), left + (even ? 0 : 1));
        String size = same && sy == 1 && sx == 1 ? from.size
                : String.format(Locale.ROOT, "%s %d %d %d %d %d %d %s", from.size, ky, kx, sy, sx, before, left, even);
        return new Value(activated(name, out), out, size);
    }

    private String activated(String from, int channels) {
        String name = fresh("act");
        switch (random.nextInt(8)) {
            case 0 -> writer.node("Relu", name, from);
            case 1 -> writer.node("LeakyRelu", name, from).real("alpha", 0.1f);
            case 2 -> writer.constant(name + "s", numbers(channels, 0.5), channels, 1, 1).node("PRelu", name, from, name + "s");
            case 3 -> writer.node("HardSwish", name, from);
            case 4 -> {
                return from;
            }
            default -> writer.node("Sigmoid", name + "g", from).node("Mul", name, random.nextBoolean() ? from : name + "g",
                    random.nextBoolean() ? name + "g" : from);
        }
        return name;
    }

    private List<Value> alike(Value value, boolean channels) {
        return values.stream().filter(other -> other.size.equals(value.size) && (!channels || other.channels == value.channels))
                .toList();
    }

    private void concat(Value one) {
        List<Value> others = alike(one, false);
        Value two = others.get(random.nextInt(others.size()));
        Value three = others.get(random.nextInt(others.size()));
        String name = fresh("concat");
        writer.node("Concat", name, one.name, two.name, three.name).integer("axis", 1);
        values.add(new Value(name, one.channels + two.channels + three.channels, one.size));
        if (random.nextBoolean()) {
            values.add(conv(values.getLast()));
        }
    }

    private void sum(Value one) {
        List<Value> others = alike(one, true);
        String name = fresh("sum");
        writer.node(random.nextBoolean() ? "Add" : "Mul", name, one.name, others.get(random.nextInt(others.size())).name);
        values.add(new Value(activated(name, one.channels), one.channels, one.size));
    }

    private Value pool(Value one) {
        String name = fresh("pool");
        int size = pick(2, 3, 5);
        int stride = pick(1, 2);
        int dilation = pick(1, 1, 2);
        int before = size / 2;
        writer.node(random.nextInt(4) == 0 && dilation == 1 ? "AveragePool" : "MaxPool", name, one.name)
                .integers("kernel_shape", size, size).integers("strides", stride, stride)
                .integers("pads", before, before, before, before);
        return new Value(name, one.channels, one.size + " pool " + size + " " + stride);
    }

    private void enlarge(Value one) {
        String name = fresh("resize");
        writer.constant(name + "s", new float[] {1, 1, 2, 1.5f}, 4).node("Resize", name, one.name, "", name + "s")
                .string("mode", random.nextBoolean() ? "nearest" : "linear").string("nearest_mode", "floor")
                .string("coordinate_transformation_mode", random.nextBoolean() ? "asymmetric" : "half_pixel");
        values.add(new Value(name, one.channels, one.size + " resize " + name));
    }

    private void split(Value one) {
        if (one.channels < 8) {
            return;
        }
        String name = fresh("split");
        int first = random.nextBoolean() && one.channels > 16 ? 16 : random.nextInt(1, one.channels);
        writer.constant(name + "s", new long[] {first, one.channels - first}, 2).node(name, "Split",
                List.of(name + "a", name + "b"), List.of(one.name, name + "s")).integer("axis", 1);
        values.add(new Value(name + "a", first, one.size));
        values.add(new Value(name + "b", one.channels - first, one.size));
    }

    private void gate(Value one) {
        String name = fresh("gate");
        writer.node("GlobalAveragePool", name + "p", one.name).node("Sigmoid", name + "s", name + "p")
                .node("Mul", name, one.name, name + "s");
        values.add(new Value(name, one.channels, one.size));
    }

    /// A function that no convolution takes in, with a single number.
    private void alone(Value one) {
        String name = fresh("alone");
        long[] extents = new long[pick(0, 1, 2, 3, 4)];
        Arrays.fill(extents, 1);
        writer.constant(name + "c", new float[] {0.7f}, extents)
                .node("Mul", name + "m", one.name, name + "c").node("Sigmoid", name, name + "m");
        values.add(new Value(name, one.channels, one.size));
    }
}
