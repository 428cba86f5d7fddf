package io.github.fovea.flow;

import java.util.ArrayList;
import java.util.List;

/// A chain of element-wise float operations that runs as one: over pieces short enough for the first-level cache, so
/// that results in between never reach memory. Operands follow the broadcast rules of ONNX.
///
/// @param inputs       number of operands from outside
/// @param instructions operations in order; the last gives the result
record FloatProgram(int inputs, List<Instruction> instructions) {
    /// One operation. Operand `i` is input `i`, or the result of instruction `i - inputs`.
    ///
    /// @param function what it computes
    /// @param a        its first operand
    /// @param b        its second operand; the first again where it takes one
    record Instruction(RowFunction function, int a, int b) {}

    /// {@return a node's program, or `null` where the node is no element-wise operation of floats}
    ///
    /// @param node the node
    static FloatProgram of(FlowNode node) {
        int inputs = node.inputs().size();
        RowFunction unary = FloatFunctions.unary(node);
        if (unary != null) {
            return new FloatProgram(1, List.of(new Instruction(unary, 0, 0)));
        }
        if (node.operator().equals("Clip")) {
            return clip(node);
        }
        RowFunction binary = FloatFunctions.BINARY.get(node.operator());
        if (binary == null) {
            return null;
        }
        List<Instruction> chain = new ArrayList<>();
        if (inputs == 1) {
            chain.add(new Instruction((a, _, out, n, _) -> System.arraycopy(a, 0, out, 0, n), 0, 0));
        }
        for (int i = 1; i < inputs; i++) {
            chain.add(new Instruction(binary, i == 1 ? 0 : inputs + i - 2, i));
        }
        return new FloatProgram(inputs, chain);
    }

    private static FloatProgram clip(FlowNode node) {
        Attributes attributes = new Attributes(node);
        if (node.opset() < 11) {
            return new FloatProgram(1, List.of(new Instruction(FloatFunctions.clip(
                    attributes.real("min", -Float.MAX_VALUE), attributes.real("max", Float.MAX_VALUE)), 0, 0)));
        }
        int inputs = node.inputs().size();
        List<Instruction> chain = new ArrayList<>();
        boolean low = inputs > 1 && !node.inputs().get(1).isEmpty();
        boolean high = inputs > 2 && !node.inputs().get(2).isEmpty();
        if (low) {
            chain.add(new Instruction(FloatFunctions.BINARY.get("Max"), 0, 1));
        }
        if (high) {
            chain.add(new Instruction(FloatFunctions.BINARY.get("Min"), low ? inputs : 0, 2));
        }
        if (!low && !high) {
            chain.add(new Instruction(FloatFunctions.clip(-Float.MAX_VALUE, Float.MAX_VALUE), 0, 0));
        }
        return new FloatProgram(inputs, chain);
    }

    /// {@return this program with the result of another in place of one operand}
    ///
    /// @param operand which operand of this program
    /// @param other   the program that computes it; its operands follow this one's
    FloatProgram with(int operand, FloatProgram other) {
        int all = inputs + other.inputs;
        List<Instruction> chain = new ArrayList<>();
        for (Instruction step : other.instructions) {
            chain.add(new Instruction(step.function, moved(step.a, other.inputs, inputs, all),
                    moved(step.b, other.inputs, inputs, all)));
        }
        int result = all + other.instructions.size() - 1;
        int shift = all + other.instructions.size() - inputs;
        for (Instruction step : instructions) {
            int a = step.a == operand ? result : step.a < inputs ? step.a : step.a + shift;
            int b = step.b == operand ? result : step.b < inputs ? step.b : step.b + shift;
            chain.add(new Instruction(step.function, a, b));
        }
        return new FloatProgram(all, chain);
    }

    private static int moved(int operand, int inputs, int first, int all) {
        return operand < inputs ? first + operand : all + operand - inputs;
    }

    /// {@return this program with two operands known to be the same made one}
    ///
    /// @param kept the operand that stays
    /// @param same the operand that goes; those behind it move down
    FloatProgram merge(int kept, int same) {
        List<Instruction> chain = new ArrayList<>();
        for (Instruction step : instructions) {
            chain.add(new Instruction(step.function, merged(step.a, kept, same), merged(step.b, kept, same)));
        }
        return new FloatProgram(inputs - 1, chain);
    }

    private static int merged(int operand, int kept, int same) {
        return operand == same ? kept : operand > same ? operand - 1 : operand;
    }

    /// {@return this program with a number's product with its sigmoid made one instruction, where nothing else reads
    /// the sigmoid}
    FloatProgram joined() {
        for (int k = 0; k < instructions.size() - 1; k++) {
            int gate = inputs + k;
            int x = instructions.get(k).a;
            List<Instruction> readers = instructions.stream().filter(step -> step.a == gate || step.b == gate).toList();
            Instruction product = readers.size() == 1 ? readers.getFirst() : null;
            if (instructions.get(k).function == FloatFunctions.SIGMOID && product != null
                    && product.function == FloatFunctions.BINARY.get("Mul") && product.a + product.b == x + gate) {
                return without(k, product, new Instruction(FloatFunctions.SILU, x, x)).joined();
            }
        }
        return this;
    }

    /// This program with an instruction left out that only one other reads, and that one another.
    private FloatProgram without(int left, Instruction reader, Instruction other) {
        List<Instruction> chain = new ArrayList<>();
        for (int k = 0; k < instructions.size(); k++) {
            Instruction step = instructions.get(k) == reader ? other : instructions.get(k);
            if (k != left) {
                int gap = inputs + left;
                chain.add(new Instruction(step.function, step.a > gap ? step.a - 1 : step.a,
                        step.b > gap ? step.b - 1 : step.b));
            }
        }
        return new FloatProgram(inputs, chain);
    }

    /// {@return a kernel that runs this program}
    ProgramKernel kernel() {
        return new ProgramKernel(joined());
    }
}
