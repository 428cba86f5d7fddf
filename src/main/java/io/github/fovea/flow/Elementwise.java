package io.github.fovea.flow;

import io.github.fovea.dim.Dim;
import io.github.fovea.dim.Known;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// Element-wise operators, with the broadcast rules of ONNX.
final class Elementwise {
    private static final List<String> UNARY = List.of("Relu", "LeakyRelu", "Elu", "Selu", "Sigmoid", "HardSigmoid",
            "HardSwish", "Tanh", "Erf", "Gelu", "Exp", "Log", "Sin", "Cos", "Softplus", "Softsign", "Round", "Floor",
            "Ceil", "Sign", "Reciprocal", "Abs", "Neg", "Sqrt", "Clip");
    private static final List<String> BINARY =
            List.of("Add", "Sub", "Mul", "Div", "Pow", "Mod", "Min", "Max", "PRelu");
    private static final List<String> COMPARISONS =
            List.of("Equal", "Greater", "Less", "GreaterOrEqual", "LessOrEqual", "And", "Or", "Xor");

    private Elementwise() {}

    static void register(Map<String, Operator> table) {
        for (String name : UNARY) {
            table.put(name, Operator.of(Elementwise::likeInput, ElementwiseKernels::of).backward(n ->
                    n.demandLikeOutput(0)));
        }
        for (String name : BINARY) {
            table.put(name, Operator.of(Elementwise::arithmetic, ElementwiseKernels::of));
        }
        for (String name : COMPARISONS) {
            table.put(name, Operator.of(Elementwise::comparison, ElementwiseKernels::of));
        }
        table.put("PRelu", table.get("PRelu").backward(Elementwise::slopes));
        table.put("Not", Operator.of(Elementwise::not, ElementwiseKernels::of).backward(n -> n.demandLikeOutput(0)));
        table.put("Where", Operator.of(Elementwise::where, ElementwiseKernels::of));
        table.put("Cast", Operator.of(Elementwise::cast, ElementwiseKernels::of).backward(n -> n.demandLikeOutput(0)));
        table.put("Identity", Operator.of(Elementwise::identity, _ -> (in, out) -> out[0].copyFrom(in[0]))
                .backward(n -> n.demandLikeOutput(0)));
        table.put("Dropout", Operator.of(Elementwise::dropout, _ -> (in, out) -> {
            if (out[0] != null) {
                out[0].copyFrom(in[0]);
            }
            if (out.length > 1 && out[1] != null) {
                Arrays.fill(out[1].longs, out[1].from, out[1].from + out[1].elements(), 1);
            }
        }).backward(n -> n.demandLikeOutput(0)));
    }

    private static void likeInput(Inference n) {
        n.set(0, n.type(0), n.shape(0));
        Known[] value = n.value(0);
        if (value == null) {
            return;
        }
        // Floats are tracked where they are whole numbers, as exporters compute sizes with them.
        switch (n.node.operator()) {
            case "Floor", "Ceil", "Round" -> n.setValue(0, value);
            case "Neg" -> n.setValue(0, Arrays.stream(value)
                    .map(v -> Known.of(0).with(v, Dim::minus)).toArray(Known[]::new));
            case "Abs", "Relu" -> {
                if (Arrays.stream(value).allMatch(v -> v.dimOrNull() != null && v.dimOrNull().isAtLeast(Dim.of(0)))) {
                    n.setValue(0, value);
                }
            }
            default -> { }
        }
    }

    private static void identity(Inference n) {
        n.set(0, n.type(0), n.shape(0));
        if (n.value(0) != null) {
            n.setValue(0, n.value(0));
        }
    }

    private static void dropout(Inference n) {
        long[] training = n.longs(2);
        if (n.has(2) && (training == null || training[0] != 0)) {
            throw n.error("training mode cannot run here; export the model for inference");
        }
        identity(n);
        if (n.outputs() > 1) {
            n.set(1, ElementType.BOOLEAN, n.shape(0));
        }
    }

    private static void slopes(Inference n) {
        Known[] slope = n.shape(1);
        if (slope != null && slope.length == 3) {
            n.demandRank(0, 4);
            if (slope[0].dimOrNull() instanceof Dim.Constant(long channels) && channels > 1) {
                n.demand(0, -3, slope[0]);
            }
        }
    }

    /// {@return the extents of a broadcast, or `null` while a rank is unknown}
    static Known[] broadcast(Inference n, int... operands) {
        int rank = 0;
        for (int operand : operands) {
            if (n.shape(operand) == null) {
                return null;
            }
            rank = Math.max(rank, n.shape(operand).length);
        }
        Known[] shape = new Known[rank];
        for (int axis = 0; axis < rank; axis++) {
            shape[axis] = Known.of(1);
            for (int operand : operands) {
                Known[] own = n.shape(operand);
                int k = axis - rank + own.length;
                if (k >= 0) {
                    shape[axis] = broadcast(n, shape[axis], own[k], operands);
                }
            }
        }
        return shape;
    }

    private static Known broadcast(Inference n, Known a, Known b, int[] operands) {
        if (a.equals(Known.of(1)) || a.equals(b)) {
            return b;
        }
        if (b.equals(Known.of(1))) {
            return a;
        }
        boolean fixedA = a.dimOrNull() instanceof Dim.Constant;
        boolean fixedB = b.dimOrNull() instanceof Dim.Constant;
        if (fixedA && fixedB) {
            StringBuilder shapes = new StringBuilder();
            for (int operand : operands) {
                shapes.append(shapes.isEmpty() ? "" : " and ").append(n.text(operand));
            }
            throw n.error("shapes " + shapes + " do not broadcast: wanted extents that are equal or 1");
        }
        // An extent above 1 stays whatever the other is, as only 1 and the same extent go with it.
        if (fixedA || fixedB) {
            return fixedA ? a : b;
        }
        return a.with(b, Dim::max);
    }

    private static int[] operands(Inference n) {
        int[] operands = new int[n.inputs()];
        for (int i = 0; i < operands.length; i++) {
            operands[i] = i;
        }
        return operands;
    }

    private static void arithmetic(Inference n) {
        int[] operands = operands(n);
        if (n.node.operator().equals("Mod") && n.type(0) == ElementType.FLOAT && n.attributes.integer("fmod", 0) == 0) {
            throw n.error("fmod is 0 for operands of type FLOAT, wanted 1");
        }
        Known[] shape = n.node.operator().equals("PRelu") ? n.shape(0) : broadcast(n, operands);
        n.set(0, n.type(0), shape);
        Known[] result = n.value(0);
        for (int i = 1; i < n.inputs() && result != null && shape != null; i++) {
            result = combine(n, i == 1 ? n.shape(0) : shape, result, i, shape);
        }
        if (result != null && shape != null) {
            n.setValue(0, result);
        }
    }

    private static Known[] combine(Inference n, Known[] shapeA, Known[] a, int operand, Known[] shape) {
        Known[] b = n.value(operand);
        int[] extents = new Fact(ElementType.LONG, shape, null, null).constantShape();
        int[] extentsA = new Fact(ElementType.LONG, shapeA, null, null).constantShape();
        int[] extentsB = n.in(operand).constantShape();
        if (b == null || extents == null || extentsA == null || extentsB == null
                || Tensor.elements(extents, 0, extents.length) > Fact.MAX_ELEMENTS) {
            return null;
        }
        Known[] result = new Known[Tensor.elements(extents, 0, extents.length)];
        for (int i = 0; i < result.length; i++) {
            Known x = a[a.length == result.length ? i : element(i, extents, extentsA)];
            Known y = b[element(i, extents, extentsB)];
            result[i] = number(n, x, y);
        }
        return result;
    }

    /// {@return the index in a broadcast operand of element `i` of the result}
    static int element(int i, int[] shape, int[] operand) {
        int index = 0;
        int stride = 1;
        int rest = i;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            int at = rest % shape[axis];
            rest /= shape[axis];
            int k = axis - shape.length + operand.length;
            if (k >= 0) {
                index += operand[k] == 1 ? 0 : at * stride;
                stride *= operand[k];
            }
        }
        return index;
    }

    private static Known number(Inference n, Known x, Known y) {
        ElementType type = n.type(0);
        return switch (n.node.operator()) {
            case "Add" -> x.with(y, Dim::plus);
            case "Sub" -> x.with(y, Dim::minus);
            case "Mul" -> x.with(y, Dim::times);
            case "Min" -> x.with(y, Dim::min);
            case "Max" -> x.with(y, Dim::max);
            // With fmod the sign is the dividend's, as it is of floats.
            case "Mod" -> positive(y) && (nonNegative(x) || type == ElementType.LONG
                    && n.attributes.integer("fmod", 0) == 0) ? x.with(y, Dim::mod) : Known.VARYING;
            case "Div" -> {
                if (!nonNegative(x) || !positive(y)) {
                    yield Known.VARYING;
                }
                Known quotient = x.with(y, Dim::floorDiv);
                // A quotient of floats is tracked only where nothing is rounded.
                yield type == ElementType.LONG || quotient.with(y, Dim::times).equals(x) ? quotient : Known.VARYING;
            }
            default -> Known.VARYING;
        };
    }

    private static boolean nonNegative(Known x) {
        return x.dimOrNull() != null && x.dimOrNull().isAtLeast(Dim.of(0));
    }

    private static boolean positive(Known x) {
        return x.dimOrNull() != null && x.dimOrNull().isAtLeast(Dim.of(1));
    }

    private static void comparison(Inference n) {
        Known[] shape = broadcast(n, 0, 1);
        n.set(0, ElementType.BOOLEAN, shape);
        if (shape == null || n.value(0) == null || n.value(1) == null || n.type(0) == ElementType.FLOAT) {
            return;
        }
        int[] extents = n.out(0).constantShape();
        int[] extentsA = n.in(0).constantShape();
        int[] extentsB = n.in(1).constantShape();
        if (extents == null || extentsA == null || extentsB == null
                || Tensor.elements(extents, 0, extents.length) > Fact.MAX_ELEMENTS) {
            return;
        }
        Known[] result = new Known[Tensor.elements(extents, 0, extents.length)];
        for (int i = 0; i < result.length; i++) {
            result[i] = compare(n.node.operator(), n.value(0)[element(i, extents, extentsA)],
                    n.value(1)[element(i, extents, extentsB)]);
        }
        n.setValue(0, result);
    }

    private static Known compare(String operator, Known x, Known y) {
        Dim a = x.dimOrNull();
        Dim b = y.dimOrNull();
        if (a == null || b == null) {
            return Known.VARYING;
        }
        boolean more = a.isAtLeast(b.plus(1));
        boolean less = b.isAtLeast(a.plus(1));
        return switch (operator) {
            case "Equal" -> a.equals(b) ? Known.of(1) : more || less ? Known.of(0) : Known.VARYING;
            case "Greater" -> more ? Known.of(1) : b.isAtLeast(a) ? Known.of(0) : Known.VARYING;
            case "Less" -> less ? Known.of(1) : a.isAtLeast(b) ? Known.of(0) : Known.VARYING;
            case "GreaterOrEqual" -> a.isAtLeast(b) ? Known.of(1) : less ? Known.of(0) : Known.VARYING;
            case "LessOrEqual" -> b.isAtLeast(a) ? Known.of(1) : more ? Known.of(0) : Known.VARYING;
            case "And" -> x.with(y, Dim::min);
            case "Or" -> x.with(y, Dim::max);
            default -> Known.VARYING;
        };
    }

    private static void not(Inference n) {
        n.set(0, ElementType.BOOLEAN, n.shape(0));
        if (n.value(0) != null) {
            n.setValue(0, Arrays.stream(n.value(0)).map(v -> Known.of(1).with(v, Dim::minus)).toArray(Known[]::new));
        }
    }

    private static void where(Inference n) {
        Known[] shape = broadcast(n, 0, 1, 2);
        n.set(0, n.type(1), shape);
        long[] condition = n.longs(0);
        int[] extents = shape == null ? null : n.out(0).constantShape();
        if (condition == null || extents == null || n.value(1) == null || n.value(2) == null
                || Tensor.elements(extents, 0, extents.length) > Fact.MAX_ELEMENTS) {
            return;
        }
        Known[] result = new Known[Tensor.elements(extents, 0, extents.length)];
        for (int i = 0; i < result.length; i++) {
            int operand = condition[element(i, extents, n.in(0).constantShape())] != 0 ? 1 : 2;
            result[i] = n.value(operand)[element(i, extents, n.in(operand).constantShape())];
        }
        n.setValue(0, result);
    }

    private static void cast(Inference n) {
        DataType to = Casts.target(n.node);
        ElementType type = to.elements();
        n.set(0, type, n.shape(0));
        // Extents pass where the type has them all; narrower types round or wrap, which a form cannot say. Numbers are
        // folded.
        boolean exact = switch (to) {
            case FLOAT, DOUBLE, INT32, INT64 -> true;
            default -> type == n.type(0) && type == ElementType.BOOLEAN;
        };
        if (n.value(0) != null && exact) {
            n.setValue(0, n.value(0));
        }
    }
}
