package io.github.fovea.flow;

import io.github.fovea.dim.Dim;
import io.github.fovea.dim.Known;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// One node as a transfer function sees it: facts of its inputs, and of its outputs as far as they are known.
final class Inference {
    final FlowNode node;
    final Attributes attributes;
    private final Fact[] inputs;
    private final Fact[] outputs;
    /// Takes what readers demand beyond what the node states; `null` while demands may still be met backwards.
    private final List<Demand> demands;

    /// An extent that readers of an output demand where the node itself makes another form.
    ///
    /// @param output   which output
    /// @param stated   the node's own form of the extent
    /// @param demanded the number that readers want
    record Demand(int output, Dim stated, Dim demanded) {}

    Inference(FlowNode node, Fact[] inputs, Fact[] outputs) {
        this(node, inputs, outputs, null);
    }

    /// @param demands takes what readers demand of the outputs beyond what the node states; where it states nothing, their
    ///                demand does not count: only a run tells. `null` where demands count as known
    Inference(FlowNode node, Fact[] inputs, Fact[] outputs, List<Demand> demands) {
        this.node = node;
        this.inputs = inputs;
        this.outputs = outputs;
        this.demands = demands;
        attributes = new Attributes(node);
    }

    int inputs() {
        return inputs.length;
    }

    int outputs() {
        return outputs.length;
    }

    /// {@return whether an input is there}
    boolean has(int input) {
        return input < inputs.length && inputs[input] != null;
    }

    Fact in(int input) {
        if (!has(input)) {
            throw error("lacks input " + input);
        }
        return inputs[input];
    }

    Fact out(int output) {
        return outputs[output];
    }

    ElementType type(int input) {
        return in(input).type();
    }

    /// {@return an input's extents, or `null` while its rank is unknown}
    Known[] shape(int input) {
        return in(input).shape();
    }

    /// {@return an input's elements, or `null` where they are not tracked}
    Known[] value(int input) {
        return in(input).value();
    }

    /// {@return an input's elements as numbers, or `null` where these are not known}
    long[] longs(int input) {
        return has(input) ? in(input).constantValue() : null;
    }

    /// {@return an input's elements as floats, or `null` where these are not known}
    float[] floats(int input) {
        Constant constant = has(input) ? in(input).constant() : null;
        return constant == null ? null : constant.floats();
    }

    /// States an output's type and extents; `null` where the rank is unknown.
    void set(int output, ElementType type, Known... shape) {
        if (output >= outputs.length) {
            return;
        }
        Fact known = outputs[output];
        Known[] stated = shape == null ? null : shape.clone();
        if (known != null && known.shape() != null && stated != null && known.shape().length == stated.length) {
            for (int i = 0; i < stated.length; i++) {
                stated[i] = stated(output, stated[i], known.shape()[i]);
            }
        } else if (stated == null && known != null && demands == null) {
            stated = known.shape();
        }
        outputs[output] = new Fact(type, stated, null, null);
    }

    private Known stated(int output, Known own, Known known) {
        if (demands != null && own.dimOrNull() == null) {
            return own;
        }
        Known stronger = Fact.stronger(own, known);
        if (demands != null && !stronger.equals(own)) {
            demands.add(new Demand(output, own.dimOrNull(), stronger.dimOrNull()));
        }
        return stronger;
    }

    /// States an output's type and extents, and its elements where they are known.
    void state(int output, Fact fact) {
        set(output, fact.type(), fact.shape());
        if (fact.constant() != null) {
            outputs[output] = fact;
        } else if (fact.value() != null) {
            setValue(output, fact.value());
        }
    }

    /// States an output's elements after [#set].
    void setValue(int output, Known... value) {
        if (value.length <= Fact.MAX_ELEMENTS) {
            Fact known = outputs[output];
            outputs[output] = new Fact(known.type(), known.shape(), value, null);
        }
    }

    /// States that an input has a rank.
    void demandRank(int input, int rank) {
        if (!has(input) || inputs[input].shape() != null) {
            return;
        }
        Known[] shape = new Known[rank];
        Arrays.fill(shape, Known.UNDEFINED);
        inputs[input] = new Fact(inputs[input].type(), shape, inputs[input].value(), inputs[input].constant());
    }

    /// States an extent of an input whose rank is known; a negative axis counts from the end.
    void demand(int input, int axis, Known extent) {
        if (!has(input) || inputs[input].shape() == null || inputs[input].constant() != null) {
            return;
        }
        Known[] shape = inputs[input].shape().clone();
        int index = axis < 0 ? axis + shape.length : axis;
        if (index >= 0 && index < shape.length) {
            shape[index] = Fact.stronger(shape[index], extent);
            inputs[input] = new Fact(inputs[input].type(), shape, inputs[input].value(), null);
        }
    }

    /// States that an input has the extents that are known of the output.
    void demandLikeOutput(int input) {
        if (outputs[0] != null && outputs[0].shape() != null) {
            demandRank(input, outputs[0].shape().length);
            for (int axis = 0; axis < outputs[0].shape().length; axis++) {
                demand(input, axis, outputs[0].shape()[axis]);
            }
        }
    }

    /// {@return the axis from 0; negative ones count from the end}
    int axis(long axis, int rank) {
        long from0 = axis < 0 ? axis + rank : axis;
        if (from0 < 0 || from0 >= rank) {
            throw error("axis " + axis + " of a tensor with " + rank + " axes, wanted -" + rank + " to " + (rank - 1));
        }
        return (int) from0;
    }

    /// {@return axes from 0 in ascending order}
    int[] axes(long[] axes, int rank) {
        return Arrays.stream(axes).mapToInt(axis -> axis(axis, rank)).sorted().distinct().toArray();
    }

    /// Checks that two extents can be equal.
    void same(Known got, Known wanted, String what) {
        if (got.dimOrNull() instanceof Dim.Constant a && wanted.dimOrNull() instanceof Dim.Constant b && !a.equals(b)) {
            throw error(what + " is " + a + ", wanted " + b);
        }
    }

    /// {@return the error that a node cannot be; whoever applies the transfer function names the node}
    IllegalArgumentException error(String what) {
        return new IllegalArgumentException(what);
    }

    /// {@return the extents for a message}
    String text(int input) {
        return in(input).shapeText();
    }

    /// Tracks the elements of an operator that only moves them: its kernel runs on numbers that stand for the elements.
    ///
    /// @param kernels the operator's
    /// @param data    operands that are moved; all others must be known
    void moveValues(Operator.KernelMaker kernels, int... data) {
        int[][] shapes = new int[outputs.length][];
        long all = 0;
        for (int i = 0; i < outputs.length; i++) {
            shapes[i] = outputs[i] == null || outputs[i].shape() == null ? null : outputs[i].constantShape();
            if (shapes[i] == null) {
                return;
            }
            long elements = 1;
            for (int extent : shapes[i]) {
                elements *= extent;
            }
            all = Math.max(all, elements);
        }
        if (all > Fact.MAX_ELEMENTS) {
            return;
        }
        Tensor[] in = new Tensor[inputs.length];
        List<Known> table = new ArrayList<>();
        for (int i = 0; i < inputs.length; i++) {
            int operand = i;
            if (inputs[i] == null) {
                continue;
            }
            if (Arrays.stream(data).anyMatch(d -> d == operand)) {
                Known[] value = value(i);
                int[] shape = inputs[i].shape() == null ? null : inputs[i].constantShape();
                if (value == null || shape == null) {
                    return;
                }
                in[i] = Tensor.allocate(ElementType.LONG, shape);
                for (int k = 0; k < value.length; k++) {
                    in[i].longs[k] = table.size();
                    table.add(value[k]);
                }
            } else {
                long[] numbers = longs(i);
                int[] shape = inputs[i].constantShape();
                if (numbers == null || shape == null) {
                    return;
                }
                in[i] = new Tensor(ElementType.LONG, 0);
                in[i].shape = shape;
                in[i].longs = numbers;
            }
        }
        Tensor[] out = new Tensor[outputs.length];
        for (int i = 0; i < out.length; i++) {
            out[i] = Tensor.allocate(ElementType.LONG, shapes[i]);
        }
        kernels.of(node).run(in, out);
        for (int i = 0; i < out.length; i++) {
            Known[] moved = new Known[out[i].longs.length];
            for (int k = 0; k < moved.length; k++) {
                moved[k] = table.get((int) out[i].longs[k]);
            }
            setValue(i, moved);
        }
    }
}
