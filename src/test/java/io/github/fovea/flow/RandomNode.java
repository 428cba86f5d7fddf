package io.github.fovea.flow;

import io.github.fovea.onnx.OnnxWriter;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// One node with random operands and attributes, of which a few are illegal.
final class RandomNode extends RandomChoices {
    /// What [#of] makes: groups of operators that share their rules, and single ones.
    static final List<String> KINDS = Stream.concat(RandomWindow.KINDS.stream(), Stream.of("Unary", "Binary", "Compare", "Where", "Clip", "Gelu", "Concat", "Split", "Slice",
            "Gather", "Transpose", "Expand", "Tile", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Shape", "Range",
            "ConstantOfShape", "DepthToSpace", "SpaceToDepth",
            "GlobalPool", "Reduce", "Arg", "Softmax", "BatchNormalization", "InstanceNormalization", "LayerNormalization",
            "MatMul", "Gemm", "PRelu", "Pow", "Mod", "IntegerMath", "Dropout", "Identity")).toList();

    private RandomNode(SplittableRandom random, int opset, String name) {
        super(random, opset, name);
    }

    /// {@return a node}
    ///
    /// @param kind one of [#KINDS]
    /// @param seed seed of all choices
    static OracleCase of(String kind, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int opset = random.nextInt(10, 24);
        String name = "random " + kind + " " + seed;
        return RandomWindow.KINDS.contains(kind) ? new RandomWindow(random, opset, name).make(kind)
                : new RandomNode(random, opset, name).make(kind);
    }

    private OracleCase longs(OracleCase c, int least, int most, int... shape) {
        long[] values = new long[Tensor.elements(shape, 0, shape.length)];
        for (int i = 0; i < values.length; i++) {
            values[i] = r.nextInt(least, most + 1);
        }
        return c.n(values, shape);
    }

    /// {@return a shape that broadcasts with another, mostly}
    private int[] partner(int[] shape) {
        int cut = shape.length == 0 ? 0 : r.nextInt(shape.length + 1);
        int[] other = chance(0.2) ? shape.clone() : Arrays.copyOfRange(shape, chance(0.5) ? 0 : cut, shape.length);
        for (int i = 0; i < other.length; i++) {
            // Only upwards from an extent that is no 1: then neither operand fits the other.
            other[i] = chance(0.3) ? 1 : other[i] > 1 && chance(0.02) ? other[i] + 1 : other[i];
        }
        return other;
    }

    private OracleCase make(String kind) {
        return switch (kind) {
            case "Unary" -> unary();
            case "Binary" -> {
                int[] a = shape(0, 4);
                int[] b = partner(a);
                OracleCase c = op(pick(List.of("Add", "Sub", "Mul", "Div", "Min", "Max")));
                yield chance(0.5) ? given(c.x(a), b) : given(c.x(b), a);
            }
            case "Compare" -> compare();
            case "Where" -> {
                int[] a = shape(0, 4);
                int[] b = partner(a);
                int[] k = partner(a);
                long[] condition = r.longs(Tensor.elements(k, 0, k.length), 0, 2).toArray();
                yield given(given(op("Where").b(condition, k), a), b);
            }
            case "Clip" -> clip();
            case "Gelu" -> {
                OracleCase c = OracleCase.of(r.nextInt(20, 24), "Gelu", name).x(shape(0, 3));
                yield chance(0.6) ? c.text("approximate", pick(List.of("none", "tanh", chance(0.1) ? "erf" : "tanh"))) : c;
            }
            case "Concat" -> concat();
            case "Split" -> split();
            case "Slice" -> slice();
            case "Gather" -> gather();
            case "Transpose" -> transpose();
            case "Expand" -> {
                int[] a = shape(0, 4);
                int[] b = partner(a);
                yield chance(0.5) ? ints(op("Expand").x(b), wide(a)) : ints(op("Expand").x(a), wide(b));
            }
            case "Tile" -> {
                int[] a = shape(1, 4);
                long[] repeats = r.longs(chance(0.05) ? a.length + 1 : a.length, chance(0.1) ? 0 : 1, 4).toArray();
                yield ints(op("Tile").x(a), repeats);
            }
            case "Reshape" -> reshape();
            case "Flatten" -> {
                int[] a = shape(0, 4);
                OracleCase c = op("Flatten").x(a);
                yield chance(0.8) ? c.integer("axis", chance(0.1) ? a.length : axis(a.length)) : c;
            }
            case "Squeeze" -> squeeze();
            case "Unsqueeze" -> {
                int[] a = shape(0, 3);
                int[] axes = distinctAxes(a.length + r.nextInt(1, 3));
                OracleCase c = op("Unsqueeze").x(a);
                yield opset < 13 ? c.integers("axes", wide(axes)) : ints(c, wide(axes));
            }
            case "Shape" -> {
                OracleCase c = op("Shape").x(shape(0, 4)).type(OnnxWriter.INT64);
                if (opset >= 15 && chance(0.6)) {
                    c.integer("start", r.nextInt(-6, 6));
                }
                yield opset >= 15 && chance(0.6) ? c.integer("end", r.nextInt(-6, 6)) : c;
            }
            case "Range" -> chance(0.5)
                    ? op("Range").n(new long[] {r.nextInt(-5, 5)}).n(new long[] {r.nextInt(-5, 15)})
                            .n(new long[] {r.nextInt(-3, 4)}).type(OnnxWriter.INT64)
                    : op("Range").x(new float[] {r.nextInt(-5, 5) / 4f}).x(new float[] {r.nextInt(-5, 15) / 3f})
                            .x(new float[] {r.nextInt(-3, 4) / 2f});
            case "ConstantOfShape" -> {
                OracleCase c = op("ConstantOfShape");
                ints(c, r.longs(r.nextInt(0, 4), 0, 4).toArray());
                yield chance(0.5) ? c : chance(0.5)
                        ? c.tensor("value", OnnxWriter.longs("v", new long[] {7}, 1)).type(OnnxWriter.INT64)
                        : c.tensor("value", OnnxWriter.floats("v", new float[] {-0.5f}, 1));
            }
            case "DepthToSpace", "SpaceToDepth" -> {
                int b = r.nextInt(1, 4);
                boolean depth = kind.equals("DepthToSpace");
                OracleCase c = op(kind).x(r.nextInt(1, 3), r.nextInt(1, 4) * (depth ? b * b : 1) + (chance(0.05) ? 1 : 0),
                        r.nextInt(1, 4) * (depth ? 1 : b), r.nextInt(1, 4) * (depth ? 1 : b)).integer("blocksize", b);
                yield depth && opset >= 11 && chance(0.7)
                        ? c.text("mode", pick(List.of("DCR", "CRD", chance(0.1) ? "DRC" : "CRD"))) : c;
            }
            case "GlobalPool" -> op(pick(List.of("GlobalAveragePool", "GlobalMaxPool"))).x(shape(2, 4));
            case "Reduce" -> reduce();
            case "Arg" -> {
                int[] a = shape(1, 4);
                OracleCase c = op(pick(List.of("ArgMax", "ArgMin")));
                if (chance(0.5)) {
                    float[] coarse = new float[Tensor.elements(a, 0, a.length)];
                    for (int i = 0; i < coarse.length; i++) {
                        coarse[i] = r.nextInt(3);
                    }
                    c.x(coarse, a);
                } else {
                    c.x(a);
                }
                c.type(OnnxWriter.INT64);
                if (chance(0.8)) {
                    c.integer("axis", axis(a.length));
                }
                if (chance(0.5)) {
                    c.integer("keepdims", r.nextInt(2));
                }
                yield opset >= 12 && chance(0.3) ? c.integer("select_last_index", r.nextInt(2)) : c;
            }
            case "Softmax" -> {
                int[] a = shape(1, 4);
                OracleCase c = op(pick(List.of("Softmax", "LogSoftmax"))).x(a);
                yield chance(0.7) ? c.integer("axis", axis(a.length)) : c;
            }
            case "BatchNormalization" -> {
                int[] a = shape(2, 4);
                float[] variance = new float[a[1]];
                Arrays.fill(variance, 0.7f);
                OracleCase c = op(kind).x(a).w(a[1]).w(a[1]).w(a[1]).w(variance, a[1]);
                yield chance(0.5) ? c.real("epsilon", 0.1f) : c;
            }
            case "InstanceNormalization" -> {
                int[] a = shape(3, 4);
                a[2]++; // of one pixel alone ONNX Runtime is off by rounding
                OracleCase c = op(kind).x(a).w(a[1]).w(a[1]);
                yield chance(0.5) ? c.real("epsilon", 0.1f) : c;
            }
            case "LayerNormalization" -> layerNorm();
            case "MatMul" -> matMul();
            case "Gemm" -> gemm();
            case "PRelu" -> {
                int[] a = shape(1, 4);
                int[] slope = a.length == 4 && chance(0.5) ? new int[] {a[1], 1, 1} : partner(a);
                yield given(op("PRelu").x(a), slope);
            }
            case "Pow" -> {
                int[] a = shape(0, 3);
                int[] b = partner(a);
                yield switch (r.nextInt(3)) {
                    case 0 -> op("Pow").x(a).w(new float[] {pick(List.of(0f, 1f, 2f, 3f, -1f, 0.5f, -2f))});
                    case 1 -> longs(OracleCase.of(Math.max(12, opset), "Pow", name).x(a), 0, 4, b);
                    default -> longs(longs(OracleCase.of(Math.max(12, opset), "Pow", name), -4, 4, a), 0, 4, b)
                            .type(OnnxWriter.INT64);
                };
            }
            case "Mod" -> {
                int[] a = shape(0, 3);
                int[] b = partner(a);
                if (chance(0.5)) {
                    OracleCase c = op("Mod").x(a).x(b);
                    yield chance(0.9) ? c.integer("fmod", 1) : c;
                }
                OracleCase c = longs(longs(op("Mod"), -9, 9, a), 1, 5, b).type(OnnxWriter.INT64);
                yield chance(0.6) ? c.integer("fmod", r.nextInt(2)) : c;
            }
            case "IntegerMath" -> {
                int[] a = shape(0, 3);
                int[] b = partner(a);
                String operator = pick(List.of("Add", "Sub", "Mul", "Div", "Min", "Max", "Abs", "Neg", "Sign", "Relu", "ReduceMean",
                        "ReduceSum", "ReduceMax", "ReduceMin", "ReduceProd", "ReduceL1", "ReduceL2", "ReduceSumSquare", "Pow"));
                OracleCase c = OracleCase.of(Math.max(14, opset), operator, name).type(OnnxWriter.INT64);
                longs(c, -9, 9, a);
                yield switch (operator) {
                    case "Abs", "Neg", "Sign", "Relu" -> c;
                    case "Pow" -> c.x(b);
                    default -> operator.startsWith("Reduce") ? c : longs(c, operator.equals("Div") ? 1 : -9, 9, b);
                };
            }
            case "Dropout" -> op("Dropout").x(shape(0, 3));
            default -> op("Identity").x(shape(0, 3));
        };
    }

    private OracleCase unary() {
        String operator = pick(List.of("Relu", "LeakyRelu", "Elu", "Selu", "Sigmoid", "HardSigmoid", "HardSwish", "Tanh", "Erf", "Exp",
                "Sin", "Cos", "Softplus", "Softsign", "Round", "Floor", "Ceil", "Sign", "Reciprocal", "Abs", "Neg", "Sqrt", "Log"));
        int since = operator.equals("Round") ? 11 : operator.equals("HardSwish") ? 14 : 10;
        OracleCase c = OracleCase.of(Math.max(since, opset), operator, name);
        if (chance(0.4)) {
            c.x(new float[] {-0f, 0f, 1e-30f, -1e-30f, 1e30f, -1e30f, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 0.5f,
                1.5f, 2.5f, -0.5f, -1.5f, 88, -88, 3, -3}, 18);
        } else {
            c.x(shape(0, 4));
        }
        switch (operator) {
            case "LeakyRelu" -> real(c, "alpha");
            case "Elu" -> real(c, "alpha");
            case "Selu", "HardSigmoid" -> {
                real(c, "alpha");
                real(c, operator.equals("Selu") ? "gamma" : "beta");
            }
            default -> { }
        }
        return c;
    }

    private void real(OracleCase c, String attribute) {
        if (chance(0.5)) {
            c.real(attribute, r.nextInt(-10, 20) / 8f);
        }
    }

    private OracleCase compare() {
        int[] a = shape(0, 4);
        int[] b = partner(a);
        String operator = pick(List.of("Equal", "Greater", "Less", "GreaterOrEqual", "LessOrEqual", "And", "Or", "Xor"));
        OracleCase c = OracleCase.of(Math.max(operator.endsWith("OrEqual") ? 12 : 11, opset), operator, name)
                .type(OnnxWriter.BOOL);
        if (List.of("And", "Or", "Xor").contains(operator)) {
            return c.b(r.longs(Tensor.elements(a, 0, a.length), 0, 2).toArray(), a)
                    .b(r.longs(Tensor.elements(b, 0, b.length), 0, 2).toArray(), b);
        }
        return chance(0.5) ? longs(longs(c, -2, 2, a), -2, 2, b) : given(c.x(a), b);
    }

    private OracleCase clip() {
        OracleCase c = op("Clip").x(shape(0, 3));
        if (opset < 11) {
            if (chance(0.6)) {
                c.real("min", -0.7f);
            }
            return chance(0.6) ? c.real("max", chance(0.2) ? -0.9f : 0.9f) : c;
        }
        boolean low = chance(0.6);
        boolean high = chance(0.6);
        float top = chance(0.2) ? -0.9f : 0.9f;
        if (low) {
            c.w(new float[] {-0.7f});
        } else if (high) {
            c.none();
        }
        return high ? c.w(new float[] {top}) : c;
    }

    private OracleCase concat() {
        int[] a = shape(1, 4);
        int axis = r.nextInt(a.length);
        OracleCase c = op("Concat").integer("axis", chance(0.06) ? axis(a.length) : chance(0.5) ? axis - a.length : axis);
        int count = r.nextInt(1, 5);
        for (int i = 0; i < count; i++) {
            int[] part = a.clone();
            part[axis] = r.nextInt(1, 4);
            if (chance(0.02)) {
                part[r.nextInt(part.length)]++;
            }
            if (i == 0) {
                c.x(part);
            } else {
                given(c, part);
            }
        }
        return c;
    }

    private OracleCase split() {
        int[] a = shape(1, 4);
        int axis = r.nextInt(a.length);
        int count = r.nextInt(1, 4);
        boolean listed = chance(0.5);
        long[] parts = r.longs(count, chance(0.1) ? 0 : 1, 4).toArray();
        parts[0] = Math.max(1, parts[0]); // inputs have no empty axes
        a[axis] = listed ? (int) Arrays.stream(parts).sum() + (chance(0.05) ? 1 : 0)
                : opset >= 18 ? r.nextInt(1, 9) : count * r.nextInt(1, 4);
        OracleCase c = op("Split").x(a).outputs(count);
        if (axis != 0 || chance(0.5)) {
            c.integer("axis", chance(0.06) ? axis(a.length) : chance(0.5) ? axis - a.length : axis);
        }
        if (!listed) {
            return opset >= 18 ? c.integer("num_outputs", count) : c;
        }
        return opset < 13 ? c.integers("split", parts) : ints(c, parts);
    }

    private OracleCase slice() {
        int[] a = shape(1, 4);
        int[] axes = distinctAxes(a.length);
        boolean noAxes = chance(0.3);
        int n = noAxes ? r.nextInt(1, a.length + 1) : axes.length;
        long[] starts = new long[n];
        long[] ends = new long[n];
        long[] steps = new long[n];
        for (int i = 0; i < n; i++) {
            steps[i] = chance(0.5) ? 1 : pick(List.of(2L, -1L, -2L, 3L, chance(0.1) ? 0L : 1L, Long.MAX_VALUE, Long.MIN_VALUE));
            starts[i] = chance(0.1) ? pick(List.of(Long.MAX_VALUE, Long.MIN_VALUE)) : r.nextInt(-7, 8);
            ends[i] = chance(0.3) ? pick(List.of(Long.MAX_VALUE, Long.MIN_VALUE)) : r.nextInt(-7, 8);
        }
        OracleCase c = ints(ints(op("Slice").x(a), starts), ends);
        boolean stepped = chance(0.6);
        if (noAxes) {
            if (stepped) {
                c.none();
            }
        } else {
            ints(c, wide(axes));
        }
        return stepped ? ints(c, steps) : c;
    }

    private OracleCase gather() {
        int[] a = shape(1, 4);
        int axis = axis(a.length);
        OracleCase c = op("Gather").x(a);
        int at = axis < 0 ? axis + a.length : axis;
        int extent = at < 0 || at >= a.length ? 1 : a[at];
        int[] indices = shape(0, 2);
        longs(c, -extent - (chance(0.04) ? 1 : 0), extent - 1 + (chance(0.04) ? 1 : 0), indices);
        return axis == 0 && chance(0.5) ? c : c.integer("axis", axis);
    }

    private OracleCase transpose() {
        int[] a = shape(0, 5);
        OracleCase c = op("Transpose").x(a);
        if (a.length == 0 || chance(0.3)) {
            return c;
        }
        long[] perm = r.ints(200, 0, a.length).distinct().limit(a.length).asLongStream().toArray();
        if (chance(0.06)) {
            perm[0] = r.nextInt(-1, a.length + 1);
        }
        return c.integers("perm", perm);
    }

    private OracleCase reshape() {
        int[] a = shape(0, 4);
        int total = Tensor.elements(a, 0, a.length);
        long[] to;
        if (chance(0.5) && a.length > 0) {
            to = wide(a);
            for (int i = 0; i < to.length; i++) {
                to[i] = chance(0.4) ? 0 : to[i];
            }
            if (chance(0.6)) {
                to[r.nextInt(to.length)] = -1;
            }
        } else {
            long first = chance(0.5) ? 1 : total;
            to = chance(0.5) ? new long[] {first, -1} : new long[] {total / first, 1, first};
        }
        if (chance(0.03)) {
            to[0] = 7;
        }
        OracleCase c = ints(op("Reshape").x(a), to);
        return opset >= 14 && chance(0.3) ? c.integer("allowzero", r.nextInt(2)) : c;
    }

    private OracleCase squeeze() {
        int[] a = shape(0, 5);
        for (int i = 0; i < a.length; i++) {
            a[i] = chance(0.5) ? 1 : a[i];
        }
        OracleCase c = op("Squeeze").x(a);
        if (chance(0.3)) {
            return c;
        }
        long[] axes = IntStream.range(0, a.length).filter(i -> a[i] == 1 && chance(0.7))
                .mapToLong(i -> chance(0.5) ? i : i - a.length).toArray();
        if (axes.length > 0 && chance(0.06)) {
            axes[0] = axis(a.length);
        }
        if (axes.length == 0) {
            return c;
        }
        return opset < 13 ? c.integers("axes", axes) : ints(c, axes);
    }

    private OracleCase reduce() {
        int[] a = shape(0, 4);
        String operator = pick(List.of("ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin", "ReduceProd", "ReduceL1", "ReduceL2",
                "ReduceSumSquare"));
        OracleCase c = op(operator).x(a);
        boolean operand = opset >= (operator.equals("ReduceSum") ? 13 : 18);
        int[] axes = distinctAxes(a.length);
        if (axes.length > 0 && chance(0.7)) {
            if (operand) {
                ints(c, wide(axes));
            } else {
                c.integers("axes", wide(axes));
            }
        } else if (operand && chance(0.2)) {
            c.ints();
        }
        if (chance(0.5)) {
            c.integer("keepdims", r.nextInt(2));
        }
        return operand && chance(0.3) ? c.integer("noop_with_empty_axes", r.nextInt(2)) : c;
    }

    private OracleCase layerNorm() {
        int[] a = shape(1, 4);
        int axis = r.nextInt(a.length);
        int[] scale = Arrays.copyOfRange(a, axis, a.length);
        OracleCase c = OracleCase.of(Math.max(17, opset), "LayerNormalization", name).x(a).w(scale);
        if (chance(0.5)) {
            c.w(scale);
        }
        c.outputs(pick(List.of(1, 1, 2, 3)));
        if (axis != a.length - 1 || chance(0.5)) {
            c.integer("axis", chance(0.05) ? axis(a.length) : chance(0.5) ? axis : axis - a.length);
        }
        return chance(0.5) ? c.real("epsilon", 0.1f) : c;
    }

    private OracleCase matMul() {
        int k = r.nextInt(1, 9);
        int[] outer = shape(0, 2);
        int[] left = chance(0.5) ? outer : partner(outer);
        int[] right = left == outer ? partner(outer) : outer;
        int[] a = chance(0.2) ? new int[] {k} : Arrays.copyOf(left, left.length + 2);
        int[] b = chance(0.2) ? new int[] {k} : Arrays.copyOf(right, right.length + 2);
        if (a.length > 1) {
            a[a.length - 2] = r.nextInt(1, 6);
            a[a.length - 1] = k;
        }
        if (b.length > 1) {
            b[b.length - 2] = k + (chance(0.03) ? 1 : 0);
            b[b.length - 1] = r.nextInt(1, 6);
        }
        return given(op("MatMul").x(a), b);
    }

    private OracleCase gemm() {
        int m = r.nextInt(1, 7);
        int n = r.nextInt(1, 7);
        int k = r.nextInt(1, 7);
        boolean ta = chance(0.4);
        boolean tb = chance(0.4);
        OracleCase c = op("Gemm").x(ta ? new int[] {k, m} : new int[] {m, k});
        given(c, tb ? new int[] {n, k} : new int[] {k, n});
        switch (r.nextInt(6)) {
            case 0 -> given(c, m, n);
            case 1 -> given(c, n);
            case 2 -> given(c, m, 1);
            case 3 -> given(c, 1);
            case 4 -> c.w(new float[] {0.5f});
            default -> { }
        }
        if (ta) {
            c.integer("transA", 1);
        }
        if (tb) {
            c.integer("transB", 1);
        }
        if (chance(0.5)) {
            c.real("alpha", 0.5f);
        }
        return chance(0.5) ? c.real("beta", -1.5f) : c;
    }
}
