package io.github.fovea.flow;

import io.github.fovea.dim.Dim;
import io.github.fovea.dim.Known;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// Operators that make shapes and operators that change only the shape.
final class Shaping {
    private static final Operator.KernelMaker COPY = _ -> (in, out) -> out[0].copyFrom(in[0]);

    private Shaping() {}

    static void register(Map<String, Operator> table) {
        table.put("Shape", Operator.byShape(Shaping::shape, Shaping::shapeKernel));
        table.put("Size", Operator.byShape(Shaping::size, _ -> (in, out) -> out[0].longs[out[0].from] =
                in[0].elements()));
        // Its shape is an operand's value, but nothing else is: SoD2 counts it under ISDO for that reason.
        table.put("ConstantOfShape", new Operator(OperatorClass.ISDO, new int[] {0}, Shaping::constantOfShape, _ -> {},
                Shaping::constantOfShapeKernel));
        table.put("Range", Operator.byValue(Shaping::range, _ -> Shaping::rangeKernel, 0, 1, 2));
        table.put("Constant", Operator.of(Shaping::constant, node -> (_, out) ->
                out[0].copyFrom(Tensor.of(value(node)))));
        table.put("Reshape", Operator.byValue(Shaping::reshape, COPY, 1));
        table.put("Flatten", Operator.of(Shaping::flatten, COPY));
        table.put("Squeeze", Operator.byValue(Shaping::squeeze, COPY, 1));
        table.put("Unsqueeze", Operator.byValue(Shaping::unsqueeze, COPY, 1));
    }

    private static int[] slice(FlowNode node, int rank) {
        Attributes attributes = new Attributes(node);
        long start = attributes.integer("start", 0);
        long end = attributes.integer("end", rank);
        int from = Math.clamp(start < 0 ? start + rank : start, 0, rank);
        int to = Math.clamp(end < 0 ? end + rank : end, 0, rank);
        return new int[] {from, Math.max(from, to)};
    }

    private static void shape(Inference n) {
        Known[] shape = n.shape(0);
        if (shape == null) {
            n.set(0, ElementType.LONG, new Known[] {Known.UNDEFINED});
            return;
        }
        int[] range = slice(n.node, shape.length);
        n.set(0, ElementType.LONG, Known.of(range[1] - range[0]));
        n.setValue(0, Arrays.copyOfRange(shape, range[0], range[1]));
    }

    private static Kernel shapeKernel(FlowNode node) {
        return (in, out) -> {
            int[] range = slice(node, in[0].rank());
            for (int axis = range[0]; axis < range[1]; axis++) {
                out[0].longs[out[0].from + axis - range[0]] = in[0].shape[axis];
            }
        };
    }

    private static void size(Inference n) {
        n.set(0, ElementType.LONG);
        if (n.shape(0) != null) {
            n.setValue(0, product(n.shape(0), 0, n.shape(0).length));
        }
    }

    /// {@return the product of the extents `[begin, end)`}
    static Known product(Known[] shape, int begin, int end) {
        Known product = Known.of(1);
        for (int i = begin; i < end; i++) {
            product = product.with(shape[i], Dim::times);
        }
        return product;
    }

    private static void constantOfShape(Inference n) {
        Constant fill = fill(n.node);
        n.set(0, fill.type(), extents(n, 0));
        int[] shape = n.out(0).shape() == null ? null : n.out(0).constantShape();
        if (shape != null && fill.longs() != null && Tensor.elements(shape, 0, shape.length) <= Fact.MAX_ELEMENTS) {
            Known[] value = new Known[Tensor.elements(shape, 0, shape.length)];
            Arrays.fill(value, Known.of(fill.longs()[0]));
            n.setValue(0, value);
        }
    }

    private static Constant fill(FlowNode node) {
        return node.attributes().get("value") instanceof Attribute.Tensor(Constant value) ? value
                : Constant.of(new int[] {1}, 0f);
    }

    private static Kernel constantOfShapeKernel(FlowNode node) {
        Constant fill = fill(node);
        return (_, out) -> {
            if (out[0].isFloat()) {
                Arrays.fill(out[0].floats, out[0].from, out[0].from + out[0].elements(), fill.floats()[0]);
            } else {
                Arrays.fill(out[0].longs, out[0].from, out[0].from + out[0].elements(), fill.longs()[0]);
            }
        };
    }

    /// {@return extents that an operand holds; `null` where not even their number is known}
    static Known[] extents(Inference n, int operand) {
        if (n.value(operand) != null) {
            return n.value(operand);
        }
        long[] numbers = n.longs(operand);
        if (numbers != null) {
            return Arrays.stream(numbers).mapToObj(Known::of).toArray(Known[]::new);
        }
        Known[] shape = n.shape(operand);
        if (shape != null && shape.length == 1 && shape[0].dimOrNull() instanceof Dim.Constant(long rank)
                && rank <= Fact.MAX_ELEMENTS) {
            Known[] unknown = new Known[(int) rank];
            Arrays.fill(unknown, Known.VARYING);
            return unknown;
        }
        return null;
    }

    private static void range(Inference n) {
        Known count = Known.VARYING;
        if (n.type(0) == ElementType.FLOAT) {
            float[] start = n.floats(0);
            float[] limit = n.floats(1);
            float[] delta = n.floats(2);
            if (start != null && limit != null && delta != null) {
                if (delta[0] == 0) {
                    throw n.error("a step of 0");
                }
                count = Known.of((long) Math.max(0, Math.ceil(((double) limit[0] - start[0]) / delta[0])));
            }
        } else if (n.value(0) != null && n.value(1) != null && n.longs(2) != null) {
            long step = n.longs(2)[0];
            if (step == 0) {
                throw n.error("a step of 0");
            }
            Known start = n.value(0)[0];
            count = n.value(1)[0].with(start, Dim::minus).with(Known.of(step), Dim::ceilDiv).with(Known.of(0),
                    Dim::max);
            n.set(0, n.type(0), count);
            if (count.dimOrNull() instanceof Dim.Constant(long length) && length <= Fact.MAX_ELEMENTS) {
                Known[] value = new Known[(int) length];
                for (int i = 0; i < length; i++) {
                    value[i] = start.with(Known.of(i * step), Dim::plus);
                }
                n.setValue(0, value);
            }
            return;
        }
        n.set(0, n.type(0), count);
    }

    private static void rangeKernel(Tensor[] in, Tensor[] out) {
        for (int i = 0; i < out[0].elements(); i++) {
            if (out[0].isFloat()) {
                out[0].floats[out[0].from + i] = in[0].floats[in[0].from] + i * in[2].floats[in[2].from];
            } else {
                out[0].longs[out[0].from + i] = in[0].at(0) + i * in[2].at(0);
            }
        }
    }

    /// {@return the value of a `Constant` node}
    static Constant value(FlowNode node) {
        for (Map.Entry<String, Attribute> entry : node.attributes().entrySet()) {
            switch (entry.getValue()) {
                case Attribute.Tensor(Constant value) when entry.getKey().equals("value") -> {
                    return value;
                }
                case Attribute.Int(long value) when entry.getKey().equals("value_int") -> {
                    return Constant.of(new int[0], value);
                }
                case Attribute.Real(float value) when entry.getKey().equals("value_float") -> {
                    return Constant.of(new int[0], value);
                }
                case Attribute.Ints(List<Long> values) when entry.getKey().equals("value_ints") -> {
                    return Constant.of(new int[] {values.size()}, values.stream().mapToLong(Long::longValue).toArray());
                }
                case Attribute.Reals _ when entry.getKey().equals("value_floats") -> {
                    float[] values = new Attributes(node).reals("value_floats");
                    return Constant.of(new int[] {values.length}, values);
                }
                default -> { }
            }
        }
        throw new IllegalArgumentException("lacks a value of numbers");
    }

    private static void constant(Inference n) {
        Constant value = value(n.node);
        Fact fact = Fact.of(value);
        n.set(0, value.type(), fact.shape());
        if (fact.value() != null) {
            n.setValue(0, fact.value());
        }
    }

    private static void reshape(Inference n) {
        Known[] wanted = extents(n, 1);
        Known[] in = n.shape(0);
        if (wanted == null) {
            n.set(0, n.type(0), (Known[]) null);
            return;
        }
        boolean zeroStays = n.attributes.integer("allowzero", 0) != 0;
        Known[] shape = wanted.clone();
        int open = -1;
        for (int i = 0; i < shape.length; i++) {
            if (shape[i].equals(Known.of(-1))) {
                if (open >= 0) {
                    throw n.error("two extents of -1 in " + new Fact(ElementType.LONG, wanted, null, null).shapeText());
                }
                open = i;
            } else if (shape[i].equals(Known.of(0)) && !zeroStays) {
                if (in != null && i >= in.length) {
                    throw n.error("extent " + i + " is taken from an input of shape " + n.text(0));
                }
                shape[i] = in == null ? Known.VARYING : in[i];
            }
        }
        if (open >= 0) {
            Known rest = Known.of(1);
            for (int i = 0; i < shape.length; i++) {
                rest = i == open ? rest : rest.with(shape[i], Dim::times);
            }
            shape[open] = in == null ? Known.VARYING : open(n, product(in, 0, in.length), rest);
        } else if (in != null) {
            n.same(product(shape, 0, shape.length), product(in, 0, in.length), "number of elements after the reshape");
        }
        n.set(0, n.type(0), shape);
        if (n.value(0) != null) {
            n.setValue(0, n.value(0));
        }
    }

    private static Known open(Inference n, Known all, Known rest) {
        if (rest.equals(Known.of(0))) {
            return Known.of(0);
        }
        if (all.dimOrNull() instanceof Dim.Constant(long elements)
                && rest.dimOrNull() instanceof Dim.Constant(long others) && elements % others != 0) {
            throw n.error(elements + " elements do not fill extents whose product is " + others);
        }
        return all.with(rest, Dim::floorDiv);
    }

    private static void flatten(Inference n) {
        Known[] in = n.shape(0);
        if (in == null) {
            n.set(0, n.type(0), Known.UNDEFINED, Known.UNDEFINED);
            return;
        }
        long axis = n.attributes.integer("axis", 1);
        int at = axis == in.length ? in.length : n.axis(axis, in.length);
        n.set(0, n.type(0), product(in, 0, at), product(in, at, in.length));
        if (n.value(0) != null) {
            n.setValue(0, n.value(0));
        }
    }

    /// {@return axes from the attribute of older opsets or from operand 1; `null` where unknown or absent}
    static long[] axes(Inference n) {
        long[] attribute = n.attributes.integers("axes");
        return attribute != null ? attribute : n.longs(1);
    }

    private static void squeeze(Inference n) {
        Known[] in = n.shape(0);
        long[] listed = axes(n);
        boolean all = listed == null && !n.has(1);
        if (in == null || listed == null && !all
                || all && Arrays.stream(in).anyMatch(extent -> !(extent.dimOrNull() instanceof Dim.Constant))) {
            n.set(0, n.type(0), (Known[]) null);
            return;
        }
        int[] axes = all ? null : n.axes(listed, in.length);
        List<Known> shape = new ArrayList<>();
        for (int i = 0; i < in.length; i++) {
            boolean gone = all ? in[i].equals(Known.of(1)) : Arrays.binarySearch(axes, i) >= 0;
            if (!gone) {
                shape.add(in[i]);
            } else {
                n.same(in[i], Known.of(1), "extent " + i + " of " + n.text(0) + " that is to be removed");
            }
        }
        n.set(0, n.type(0), shape.toArray(Known[]::new));
        if (n.value(0) != null) {
            n.setValue(0, n.value(0));
        }
    }

    private static void unsqueeze(Inference n) {
        Known[] in = n.shape(0);
        long[] listed = axes(n);
        if (in == null || listed == null) {
            n.set(0, n.type(0), (Known[]) null);
            return;
        }
        int rank = in.length + listed.length;
        int[] axes = n.axes(listed, rank);
        if (axes.length != listed.length) {
            throw n.error("axes " + Arrays.toString(listed) + " name one axis twice");
        }
        Known[] shape = new Known[rank];
        int next = 0;
        for (int i = 0; i < rank; i++) {
            shape[i] = Arrays.binarySearch(axes, i) >= 0 ? Known.of(1) : in[next++];
        }
        n.set(0, n.type(0), shape);
        if (n.value(0) != null) {
            n.setValue(0, n.value(0));
        }
    }
}
