package io.github.fovea.flow;

/// Kernels of element-wise operators: floats run as a [FloatProgram], all else element by element.
final class ElementwiseKernels {
    private interface LongFunction {
        long of(long a, long b);
    }

    private interface Comparison {
        boolean of(double a, double b);
    }

    private ElementwiseKernels() {}

    static Kernel of(FlowNode node) {
        return switch (node.operator()) {
            case "Where" -> ElementwiseKernels::where;
            case "Cast" -> Casts.kernel(node);
            case "Not" -> (in, out) -> {
                for (int i = 0; i < out[0].elements(); i++) {
                    out[0].longs[out[0].from + i] = 1 - in[0].at(i);
                }
            };
            case "Equal" -> comparison((a, b) -> a == b, (a, b) -> a == b ? 1 : 0);
            case "Greater" -> comparison((a, b) -> a > b, (a, b) -> a > b ? 1 : 0);
            case "Less" -> comparison((a, b) -> a < b, (a, b) -> a < b ? 1 : 0);
            case "GreaterOrEqual" -> comparison((a, b) -> a >= b, (a, b) -> a >= b ? 1 : 0);
            case "LessOrEqual" -> comparison((a, b) -> a <= b, (a, b) -> a <= b ? 1 : 0);
            case "And" -> comparison(null, (a, b) -> a & b);
            case "Or" -> comparison(null, (a, b) -> a | b);
            case "Xor" -> comparison(null, (a, b) -> a ^ b);
            default -> arithmetic(node);
        };
    }

    private static Kernel arithmetic(FlowNode node) {
        FloatProgram program = FloatProgram.of(node);
        Kernel floats = program.kernel();
        boolean truncated = new Attributes(node).integer("fmod", 0) != 0;
        return (in, out) -> {
            if (out[0].isFloat()) {
                floats.run(floats(in), out);
            } else {
                longs(node, truncated, in, out[0]);
            }
        };
    }

    /// `Pow` takes a whole exponent for a float base.
    private static Tensor[] floats(Tensor[] in) {
        for (int i = 1; i < in.length; i++) {
            if (in[i] != null && !in[i].isFloat()) {
                Tensor[] converted = in.clone();
                converted[i] = Tensor.allocate(ElementType.FLOAT, in[i].shape);
                Casts.run(in[i], converted[i], DataType.FLOAT);
                return converted;
            }
        }
        return in;
    }

    private static void longs(FlowNode node, boolean truncated, Tensor[] in, Tensor out) {
        switch (node.operator()) {
            case "Abs" -> each(in[0], in[0], out, (a, _) -> Math.abs(a));
            case "Neg" -> each(in[0], in[0], out, (a, _) -> -a);
            case "Sign" -> each(in[0], in[0], out, (a, _) -> Long.signum(a));
            case "Relu" -> each(in[0], in[0], out, (a, _) -> Math.max(a, 0));
            case "Clip" -> {
                long low = in.length > 1 && in[1] != null ? in[1].at(0) : Long.MIN_VALUE;
                long high = in.length > 2 && in[2] != null ? in[2].at(0) : Long.MAX_VALUE;
                each(in[0], in[0], out, (a, _) -> Math.min(Math.max(a, low), high));
            }
            case "Pow" -> power(in[0], in[1], out);
            case "Min", "Max", "Add", "Sub", "Mul", "Div", "Mod" -> {
                LongFunction function = function(node, truncated);
                each(in[0], in.length > 1 ? in[1] : in[0], out, in.length > 1 ? function : (a, _) -> a);
                for (int i = 2; i < in.length; i++) {
                    each(out, in[i], out, function);
                }
            }
            default -> throw new AssertionError(node.operator() + " of whole numbers, which OperandTypes refuses");
        }
    }

    /// A power of whole numbers is computed in double precision and cut to a whole number.
    private static void power(Tensor base, Tensor exponent, Tensor out) {
        if (!exponent.isFloat()) {
            each(base, exponent, out, (a, b) -> (long) Math.pow(a, b));
            return;
        }
        base.checkBroadcast(out.shape);
        exponent.checkBroadcast(out.shape);
        for (int i = 0; i < out.elements(); i++) {
            float b = exponent.floats[exponent.from + Elementwise.element(i, out.shape, exponent.shape)];
            out.longs[out.from + i] = (long) Math.pow(base.at(Elementwise.element(i, out.shape, base.shape)), b);
        }
    }

    private static LongFunction function(FlowNode node, boolean truncated) {
        return switch (node.operator()) {
            case "Add" -> (a, b) -> a + b;
            case "Sub" -> (a, b) -> a - b;
            case "Mul" -> (a, b) -> a * b;
            case "Min" -> Math::min;
            case "Max" -> Math::max;
            case "Div" -> (a, b) -> a / nonZero(b);
            default -> truncated ? (a, b) -> a % nonZero(b) : (a, b) -> Math.floorMod(a, nonZero(b));
        };
    }

    private static long nonZero(long divisor) {
        if (divisor == 0) {
            throw new IllegalArgumentException("integer division by 0");
        }
        return divisor;
    }

    private static void each(Tensor a, Tensor b, Tensor out, LongFunction function) {
        int n = out.elements();
        boolean plain = a.elements() == n && b.elements() == n;
        a.checkBroadcast(out.shape);
        b.checkBroadcast(out.shape);
        for (int i = 0; i < n; i++) {
            int x = plain ? i : Elementwise.element(i, out.shape, a.shape);
            int y = plain ? i : Elementwise.element(i, out.shape, b.shape);
            out.longs[out.from + i] = function.of(a.at(x), b.at(y));
        }
    }

    private static Kernel comparison(Comparison floats, LongFunction longs) {
        return (in, out) -> {
            Tensor a = in[0];
            Tensor b = in[1];
            if (!a.isFloat()) {
                each(a, b, out[0], longs);
                return;
            }
            int n = out[0].elements();
            a.checkBroadcast(out[0].shape);
            b.checkBroadcast(out[0].shape);
            for (int i = 0; i < n; i++) {
                float x = a.floats[a.from + Elementwise.element(i, out[0].shape, a.shape)];
                float y = b.floats[b.from + Elementwise.element(i, out[0].shape, b.shape)];
                out[0].longs[out[0].from + i] = floats.of(x, y) ? 1 : 0;
            }
        };
    }

    private static void where(Tensor[] in, Tensor[] out) {
        Tensor result = out[0];
        int n = result.elements();
        for (Tensor operand : in) {
            operand.checkBroadcast(result.shape);
        }
        for (int i = 0; i < n; i++) {
            Tensor chosen = in[0].at(Elementwise.element(i, result.shape, in[0].shape)) != 0 ? in[1] : in[2];
            int at = chosen.from + Elementwise.element(i, result.shape, chosen.shape);
            if (result.isFloat()) {
                result.floats[result.from + i] = chosen.floats[at];
            } else {
                result.longs[result.from + i] = chosen.longs[at];
            }
        }
    }
}
