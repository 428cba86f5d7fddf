package io.github.fovea.flow;

import java.util.ArrayList;
import java.util.List;

/// What runs at once: a node, or an element-wise program, or a node whose result such a program changes in place.
final class PlanStep {
    /// Stands among the operands of a program for the result of the node.
    static final String RESULT = "";

    /// The node that gives the step its name; for a program, the last of its nodes.
    FlowNode source;
    final int index;
    /// The node whose kernel runs, or `null` for a program alone.
    FlowNode node;
    List<String> inputs;
    /// The program, or `null` for a node alone.
    FloatProgram program;
    List<String> operands = List.of();
    List<String> outputs;
    /// Whether the step works on tensors in blocks of channels; an `Identity` brings one into row-major order.
    boolean blocked;
    /// How many nodes of the graph the step does the work of.
    int nodes = 1;

    PlanStep(FlowNode source, int index, FloatProgram program) {
        this.source = source;
        this.index = index;
        this.program = program;
        outputs = source.outputs();
        if (program == null) {
            node = source;
            inputs = new ArrayList<>(source.inputs());
            inputs.addAll(Scopes.captured(source));
        } else {
            inputs = List.of();
            operands = source.inputs().subList(0, program.inputs());
        }
    }

    /// {@return the values that the step reads; empty names for operands left out}
    List<String> reads() {
        List<String> all = new ArrayList<>(inputs);
        all.addAll(operands);
        all.removeIf(String::isEmpty);
        return all;
    }

    /// Takes the work of a step over whose result is one of this program's operands.
    void take(PlanStep before) {
        String value = before.outputs.getFirst();
        int operand = operands.indexOf(value);
        List<String> all = new ArrayList<>(operands);
        if (before.program == null) {
            all.set(operand, RESULT);
        } else {
            program = program.with(operand, before.program).merge(0, operand);
            all.addAll(before.operands);
            all.remove(operand);
        }
        if (before.node != null) {
            node = before.node;
            inputs = before.inputs;
        }
        operands = all;
        mergeEqualOperands();
        nodes += before.nodes;
    }

    /// Makes operands that are one value one.
    void mergeEqualOperands() {
        List<String> all = new ArrayList<>(operands);
        for (int i = 0; i < all.size(); i++) {
            for (int k = all.size() - 1; k > i; k--) {
                if (all.get(k).equals(all.get(i))) {
                    program = program.merge(i, k);
                    all.remove(k);
                }
            }
        }
        operands = all;
    }

    /// {@return whether the step only gives a value another shape}
    boolean isView() {
        return !blocked && node != null && program == null && switch (node.operator()) {
            case "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Identity", "Dropout" ->
                outputs.stream().skip(1).allMatch(String::isEmpty);
            default -> false;
        };
    }

    /// {@return the step for a message}
    String at() {
        return source.at(index);
    }
}
