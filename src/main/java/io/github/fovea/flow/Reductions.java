package io.github.fovea.flow;

import io.github.fovea.dim.Dim;
import io.github.fovea.dim.Known;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// Reductions over axes, and `Softmax`.
final class Reductions {
    private static final List<String> NAMES = List.of("ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin", "ReduceProd",
            "ReduceL1", "ReduceL2", "ReduceSumSquare");

    private Reductions() {}

    static void register(Map<String, Operator> table) {
        for (String name : NAMES) {
            table.put(name, Operator.byValue(Reductions::reduce, Reductions::reduceKernel, 1));
        }
        table.put("ArgMax", Operator.of(Reductions::arg, node -> (in, out) -> arg(node, in[0], out[0], 1)));
        table.put("ArgMin", Operator.of(Reductions::arg, node -> (in, out) -> arg(node, in[0], out[0], -1)));
        for (String name : List.of("Softmax", "LogSoftmax")) {
            table.put(name, Operator.of(Reductions::softmax, SoftmaxKernel::new).backward(n -> n.demandLikeOutput(0)));
        }
    }

    private static void reduce(Inference n) {
        Known[] in = n.shape(0);
        boolean keep = n.attributes.integer("keepdims", 1) != 0;
        boolean idle = n.attributes.integer("noop_with_empty_axes", 0) != 0;
        long[] listed = Shaping.axes(n);
        if (in == null || n.has(1) && listed == null) {
            Known[] shape = in != null && keep ? in.clone() : null;
            if (shape != null) {
                Arrays.fill(shape, Known.VARYING);
            }
            n.set(0, n.type(0), shape);
            return;
        }
        boolean none = listed == null || listed.length == 0;
        int[] axes = none ? null : n.axes(listed, in.length);
        List<Known> shape = new ArrayList<>();
        for (int i = 0; i < in.length; i++) {
            boolean reduced = none ? !idle : Arrays.binarySearch(axes, i) >= 0;
            if (!reduced || keep) {
                shape.add(reduced ? Known.of(1) : in[i]);
            }
        }
        n.set(0, n.type(0), shape.toArray(Known[]::new));
        // Element counts are computed as products of shapes.
        Known[] value = n.value(0);
        if (value != null && shape.stream().allMatch(Known.of(1)::equals) && !(none && idle)) {
            switch (n.node.operator()) {
                case "ReduceProd" -> n.setValue(0, Shaping.product(value, 0, value.length));
                case "ReduceSum" -> n.setValue(0, Arrays.stream(value)
                        .reduce(Known.of(0), (a, b) -> a.with(b, Dim::plus)));
                default -> { }
            }
        }
    }

    private static Kernel reduceKernel(FlowNode node) {
        Attributes attributes = new Attributes(node);
        long[] attributeAxes = attributes.integers("axes");
        boolean idle = attributes.integer("noop_with_empty_axes", 0) != 0;
        String kind = node.operator().substring("Reduce".length());
        return (in, out) -> {
            int rank = in[0].rank();
            long[] listed = attributeAxes != null ? attributeAxes
                    : in.length > 1 && in[1] != null ? in[1].toLongs() : new long[0];
            boolean[] reduced = new boolean[rank];
            Arrays.fill(reduced, listed.length == 0 && !idle);
            for (long axis : listed) {
                reduced[(int) (axis < 0 ? axis + rank : axis)] = true;
            }
            if (in[0].isFloat()) {
                reduce(kind, in[0], out[0], reduced);
            } else {
                reduceLongs(kind, in[0], out[0], reduced);
            }
        };
    }

    /// Distances in the output of neighbours in the input.
    private static int[] strides(int[] shape, boolean[] reduced) {
        int[] strides = new int[shape.length];
        int stride = 1;
        for (int i = shape.length - 1; i >= 0; i--) {
            strides[i] = reduced[i] ? 0 : stride;
            stride *= reduced[i] ? 1 : shape[i];
        }
        return strides;
    }

    /// Sums are kept in double precision: pictures have millions of elements.
    private static void reduce(String kind, Tensor in, Tensor out, boolean[] reduced) {
        int rank = in.rank();
        int[] strides = strides(in.shape, reduced);
        double[] sums = new double[out.elements()];
        Arrays.fill(sums, switch (kind) {
            case "Max" -> Double.NEGATIVE_INFINITY;
            case "Min" -> Double.POSITIVE_INFINITY;
            case "Prod" -> 1;
            default -> 0;
        });
        int total = in.elements();
        int run = rank == 0 ? 1 : in.shape[rank - 1];
        int step = rank == 0 ? 1 : strides[rank - 1];
        int[] index = new int[rank];
        int to = 0;
        for (int from = 0; from < total; from += run) {
            accumulate(kind, in.floats, in.from + from, run, sums, to, step);
            for (int axis = rank - 2; axis >= 0; axis--) {
                index[axis]++;
                to += strides[axis];
                if (index[axis] < in.shape[axis]) {
                    break;
                }
                to -= strides[axis] * in.shape[axis];
                index[axis] = 0;
            }
        }
        double count = sums.length == 0 ? 1 : (double) total / sums.length;
        for (int i = 0; i < sums.length; i++) {
            out.floats[out.from + i] = (float) (kind.equals("Mean") ? sums[i] / count
                    : kind.equals("L2") ? Math.sqrt(sums[i]) : sums[i]);
        }
    }

    private static void accumulate(String kind, float[] in, int from, int run, double[] sums, int to, int step) {
        switch (kind) {
            case "Max" -> {
                for (int i = 0; i < run; i++) {
                    sums[to + i * step] = Math.max(sums[to + i * step], in[from + i]);
                }
            }
            case "Min" -> {
                for (int i = 0; i < run; i++) {
                    sums[to + i * step] = Math.min(sums[to + i * step], in[from + i]);
                }
            }
            case "Prod" -> {
                for (int i = 0; i < run; i++) {
                    sums[to + i * step] *= in[from + i];
                }
            }
            case "L1" -> {
                for (int i = 0; i < run; i++) {
                    sums[to + i * step] += Math.abs(in[from + i]);
                }
            }
            case "L2", "SumSquare" -> {
                for (int i = 0; i < run; i++) {
                    sums[to + i * step] += (double) in[from + i] * in[from + i];
                }
            }
            default -> {
                if (step == 0) {
                    double sum = 0;
                    for (int i = 0; i < run; i++) {
                        sum += in[from + i];
                    }
                    sums[to] += sum;
                } else {
                    for (int i = 0; i < run; i++) {
                        sums[to + i * step] += in[from + i];
                    }
                }
            }
        }
    }

    private static void reduceLongs(String kind, Tensor in, Tensor out, boolean[] reduced) {
        int[] strides = strides(in.shape, reduced);
        long first = switch (kind) {
            case "Max" -> Long.MIN_VALUE;
            case "Min" -> Long.MAX_VALUE;
            case "Prod" -> 1;
            default -> 0;
        };
        Arrays.fill(out.longs, out.from, out.from + out.elements(), first);
        int total = in.elements();
        for (int i = 0; i < total; i++) {
            int to = out.from;
            int rest = i;
            for (int axis = in.rank() - 1; axis >= 0; axis--) {
                to += rest % in.shape[axis] * strides[axis];
                rest /= in.shape[axis];
            }
            long x = in.at(i);
            out.longs[to] = switch (kind) {
                case "Max" -> Math.max(out.longs[to], x);
                case "Min" -> Math.min(out.longs[to], x);
                case "Prod" -> out.longs[to] * x;
                case "L1" -> out.longs[to] + Math.abs(x);
                case "L2", "SumSquare" -> out.longs[to] + x * x;
                default -> out.longs[to] + x;
            };
        }
        long count = out.elements() == 0 ? 1 : total / out.elements();
        for (int i = out.from; i < out.from + out.elements(); i++) {
            out.longs[i] = switch (kind) {
                case "Mean" -> out.longs[i] / count;
                case "L2" -> (long) Math.sqrt(out.longs[i]);
                default -> out.longs[i];
            };
        }
    }

    private static void arg(Inference n) {
        Known[] in = n.shape(0);
        if (in == null) {
            n.set(0, ElementType.LONG, (Known[]) null);
            return;
        }
        int axis = n.axis(n.attributes.integer("axis", 0), in.length);
        List<Known> shape = new ArrayList<>(Arrays.asList(in));
        if (n.attributes.integer("keepdims", 1) != 0) {
            shape.set(axis, Known.of(1));
        } else {
            shape.remove(axis);
        }
        n.set(0, ElementType.LONG, shape.toArray(Known[]::new));
    }

    private static void arg(FlowNode node, Tensor in, Tensor out, int sign) {
        Attributes attributes = new Attributes(node);
        long listed = attributes.integer("axis", 0);
        boolean last = attributes.integer("select_last_index", 0) != 0;
        int axis = (int) (listed < 0 ? listed + in.rank() : listed);
        int outer = Tensor.elements(in.shape, 0, axis);
        int extent = in.shape[axis];
        int inner = Tensor.elements(in.shape, axis + 1, in.rank());
        for (int o = 0; o < outer; o++) {
            for (int i = 0; i < inner; i++) {
                int best = 0;
                int from = in.from + o * extent * inner + i;
                for (int k = 1; k < extent; k++) {
                    int order = in.isFloat()
                            ? Float.compare(in.floats[from + k * inner] + 0f, in.floats[from + best * inner] + 0f)
                            : Long.compare(in.longs[from + k * inner], in.longs[from + best * inner]);
                    if (sign * order > 0 || last && order == 0) {
                        best = k;
                    }
                }
                out.longs[out.from + o * inner + i] = best;
            }
        }
    }

    private static void softmax(Inference n) {
        n.set(0, n.type(0), n.shape(0));
        if (n.shape(0) != null) {
            n.axis(softmaxAxis(n.node), n.shape(0).length);
        }
    }

    /// {@return the axis of a `Softmax` or `LogSoftmax` as the node states it}
    static long softmaxAxis(FlowNode node) {
        return new Attributes(node).integer("axis", node.opset() < 13 ? 1 : -1);
    }
}
