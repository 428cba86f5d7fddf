package io.github.fovea.flow;

import io.github.fovea.kernel.Exponentials;
import io.github.fovea.kernel.KernelTable;
import io.github.fovea.kernel.scalar.ExponentialsScalar;
import java.util.Arrays;

/// Runs a [FloatProgram] piece by piece; holds its registers.
///
/// From some axis on, each operand runs along with the result or repeats one element: such a run is copied, or filled,
/// at once. Where runs are short a piece holds several of them.
final class ProgramKernel implements Kernel {
    /// Floats in a register: with a handful of registers well inside the first-level cache.
    private static final int PIECE = 1024;

    private final int inputs;
    private final FloatProgram.Instruction[] chain;
    private final float[][] registers;
    /// Whether an operand repeats one element along a run.
    private final boolean[] repeated;
    /// Whether an operand has a number for each of the result's, so that its runs lie behind each other.
    private final boolean[] whole;
    /// Whether an operand is the same for all runs.
    private final boolean[] same;
    private final int[] at;
    private Exponentials exponentials = new ExponentialsScalar();
    private int[][] strides = new int[0][];
    private int[] index = new int[0];

    ProgramKernel(FloatProgram program) {
        inputs = program.inputs();
        chain = program.instructions().toArray(FloatProgram.Instruction[]::new);
        registers = new float[inputs + chain.length][];
        repeated = new boolean[inputs];
        whole = new boolean[inputs];
        same = new boolean[inputs];
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
        boolean apart = false;
        for (int i = 0; i < inputs; i++) {
            classify(in[i], i, shape, outer);
            apart |= in[i] != null && !whole[i] && !same[i];
        }
        int runs = Math.max(1, PIECE / run);
        for (int done = 0; done < total; done += runs * run) {
            int count = Math.min(runs, (total - done) / run);
            for (int from = 0; from < run; from += PIECE) {
                int n = Math.min(PIECE, run - from);
                for (int i = 0; i < inputs; i++) {
                    if (whole[i]) {
                        System.arraycopy(in[i].floats, in[i].from + done + from, register(i), 0, count * n);
                    } else if (same[i] && (done + from == 0 || !repeated[i] && run > PIECE)) {
                        loadSame(in[i], i, from, n, count);
                    }
                }
                for (int r = 0; apart && r < count; r++) {
                    for (int i = 0; i < inputs; i++) {
                        if (in[i] != null && !whole[i] && !same[i]) {
                            load(in[i], i, from, r * n, n);
                        }
                    }
                    if (from + n == run) {
                        step(shape, outer);
                    }
                }
                compute(result, done + from, count * n);
            }
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

    private void classify(Tensor operand, int i, int[] shape, int outer) {
        whole[i] = operand != null && !repeated[i];
        same[i] = operand != null;
        for (int axis = 0; axis < outer; axis++) {
            if (shape[axis] != 1) {
                whole[i] &= strides[i][axis] != 0;
                same[i] &= strides[i][axis] == 0;
            }
        }
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

    /// Brings what all runs share into a register, as often as a piece has runs; it stays there where it is all of a
    /// run.
    private void loadSame(Tensor operand, int i, int from, int n, int count) {
        if (repeated[i]) {
            load(operand, i, from, 0, PIECE);
            return;
        }
        for (int r = 0; r < count; r++) {
            load(operand, i, from, r * n, n);
        }
    }

    /// Brings `n` elements of an operand's run, from element `from` on, into its register.
    private void load(Tensor operand, int i, int from, int to, int n) {
        int source = operand.from + at[i];
        if (repeated[i]) {
            Arrays.fill(register(i), to, to + n, operand.floats[source]);
        } else {
            System.arraycopy(operand.floats, source + from, register(i), to, n);
        }
    }

    private void compute(Tensor result, int to, int n) {
        for (int k = 0; k < chain.length; k++) {
            FloatProgram.Instruction step = chain[k];
            step.function().run(registers[step.a()], registers[step.b()], register(inputs + k), n, exponentials);
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
