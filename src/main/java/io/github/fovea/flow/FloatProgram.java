package io.github.fovea.flow;

import io.github.fovea.kernel.Exponentials;
import io.github.fovea.kernel.KernelTable;
import io.github.fovea.kernel.scalar.ExponentialsScalar;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A chain of element-wise float operations that runs as one: over pieces short enough for the first-level cache, so that
/// results in between never reach memory. Operands follow the broadcast rules of ONNX.
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
            chain.add(new Instruction(step.function, moved(step.a, other.inputs, inputs, all), moved(step.b, other.inputs, inputs, all)));
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

    /// {@return a kernel that runs this program}
    Kernel kernel() {
        return new Runner(this);
    }

    /// Runs a program; holds its registers.
    private static final class Runner implements Kernel {
        /// Floats in a register: with a handful of registers well inside the first-level cache.
        private static final int PIECE = 1024;

        private Exponentials exponentials = new ExponentialsScalar();
        private final int inputs;
        private final Instruction[] chain;
        private final float[][] registers;
        private final boolean[] repeated;
        private final int[] at;
        private int[][] strides = new int[0][];
        private int[] index = new int[0];

        Runner(FloatProgram program) {
            inputs = program.inputs;
            chain = program.instructions.toArray(Instruction[]::new);
            registers = new float[inputs + chain.length][];
            repeated = new boolean[inputs];
            at = new int[inputs];
        }

        @Override
        public void use(KernelTable kernels) {
            exponentials = kernels.exponentials();
        }

        @Override
        public void run(Tensor[] in, Tensor[] out) {
            Tensor result = out[0];
            int[] shape = result.shape;
            int rank = shape.length;
            int total = result.elements();
            if (total == 0) {
                return;
            }
            if (strides.length != inputs || index.length < rank) {
                strides = new int[inputs][rank];
                index = new int[rank];
            }
            int outer = split(in, shape, rank);
            int run = Tensor.elements(shape, outer, rank);
            Arrays.fill(index, 0, outer, 0);
            for (int done = 0; done < total; done += run) {
                for (int from = 0; from < run; from += PIECE) {
                    piece(in, result, done + from, from, Math.min(PIECE, run - from));
                }
                step(shape, outer);
            }
        }

        /// Sets the operands' strides and finds the axis behind which each operand runs along or repeats one element.
        private int split(Tensor[] in, int[] shape, int rank) {
            for (int i = 0; i < inputs; i++) {
                at[i] = 0;
                repeated[i] = false;
                if (in[i] == null) {
                    continue;
                }
                int[] own = in[i].shape;
                in[i].checkBroadcast(shape);
                int stride = 1;
                for (int axis = rank - 1; axis >= 0; axis--) {
                    int k = axis - rank + own.length;
                    int extent = k < 0 ? 1 : own[k];
                    strides[i][axis] = extent == 1 ? 0 : stride;
                    stride *= extent;
                }
            }
            int outer = rank;
            boolean decided = false;
            while (outer > 0 && (shape[outer - 1] == 1 || !decided || agrees(in, outer - 1))) {
                outer--;
                if (shape[outer] != 1 && !decided) {
                    decided = true;
                    for (int i = 0; i < inputs; i++) {
                        repeated[i] = in[i] != null && strides[i][outer] == 0;
                    }
                }
            }
            if (!decided) {
                Arrays.fill(repeated, false);
            }
            return outer;
        }

        private boolean agrees(Tensor[] in, int axis) {
            for (int i = 0; i < inputs; i++) {
                if (in[i] != null && repeated[i] != (strides[i][axis] == 0)) {
                    return false;
                }
            }
            return true;
        }

        private void step(int[] shape, int outer) {
            for (int axis = outer - 1; axis >= 0; axis--) {
                index[axis]++;
                for (int i = 0; i < inputs; i++) {
                    at[i] += strides[i][axis];
                }
                if (index[axis] < shape[axis]) {
                    return;
                }
                index[axis] = 0;
                for (int i = 0; i < inputs; i++) {
                    at[i] -= strides[i][axis] * shape[axis];
                }
            }
        }

        private void piece(Tensor[] in, Tensor result, int to, int from, int n) {
            for (int i = 0; i < inputs; i++) {
                if (in[i] == null) {
                    continue;
                }
                int source = in[i].from + at[i];
                if (repeated[i]) {
                    Arrays.fill(register(i), 0, n, in[i].floats[source]);
                } else {
                    System.arraycopy(in[i].floats, source + from, register(i), 0, n);
                }
            }
            for (int k = 0; k < chain.length; k++) {
                Instruction step = chain[k];
                step.function.run(registers[step.a], registers[step.b], register(inputs + k), n, exponentials);
            }
            System.arraycopy(registers[registers.length - 1], 0, result.floats, result.from + to, n);
        }

        private float[] register(int operand) {
            if (registers[operand] == null) {
                registers[operand] = new float[PIECE];
            }
            return registers[operand];
        }
    }
}
