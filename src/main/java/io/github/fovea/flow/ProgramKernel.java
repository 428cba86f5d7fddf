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
    /// Whether only functions read an operand that take it where it lies.
    private final boolean[] placed;
    private final int[] at;
    private final int[] stored = new int[1];
    /// Where each operand lies: its array and the index of its first element.
    private final float[][] sources;
    private final int[] firsts;
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
        placed = new boolean[inputs];
        for (int i = 0; i < inputs; i++) {
            int operand = i;
            placed[i] = Arrays.stream(chain).allMatch(step -> step.function() instanceof PlacedFunction
                    || step.a() != operand && step.b() != operand);
        }
        at = new int[inputs];
        sources = new float[inputs][];
        firsts = new int[inputs];
    }

    @Override
    public void use(KernelTable kernels) {
        exponentials = kernels.exponentials();
    }

    @Override
    public void run(Tensor[] in, Tensor[] out) {
        Tensor result = out[0];
        int[] shape = extents(result);
        int rank = shape.length;
        int total = result.stored();
        if (total == 0) {
            return;
        }
        if (strides.length != inputs || index.length < rank) {
            strides = new int[inputs][rank];
            index = new int[rank];
        }
        int outer = split(in, result, shape, rank);
        int run = Tensor.elements(shape, outer, rank);
        Arrays.fill(index, 0, outer, 0);
        boolean apart = false;
        for (int i = 0; i < inputs; i++) {
            look(i, in[i] == null ? null : in[i].floats, in[i] == null ? 0 : in[i].from);
            classify(in[i], i, shape, outer);
            apart |= in[i] != null && !whole[i] && !same[i];
        }
        int runs = Math.max(1, PIECE / run);
        for (int done = 0; done < total; done += runs * run) {
            int count = Math.min(runs, (total - done) / run);
            for (int from = 0; from < run; from += PIECE) {
                int n = Math.min(PIECE, run - from);
                for (int i = 0; i < inputs; i++) {
                    if (whole[i] && !placed[i]) {
                        System.arraycopy(sources[i], firsts[i] + done + from, register(i), 0, count * n);
                    } else if (!whole[i] && same[i] && (done + from == 0 || !repeated[i] && run > PIECE)) {
                        loadSame(i, from, n, count);
                    }
                }
                for (int r = 0; apart && r < count; r++) {
                    for (int i = 0; i < inputs; i++) {
                        if (in[i] != null && !whole[i] && !same[i]) {
                            load(i, from, r * n, n);
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

    /// Runs on a part of a result in blocks. Operands are tensors that lie as the result does, or single numbers.
    ///
    /// @param in      operands; `result` among them stands for what waits in an array
    /// @param result  the result
    /// @param waiting that array
    /// @param begin   index of its first element
    /// @param element number of that element in the result, as it is stored
    /// @param count   how many
    void part(Tensor[] in, Tensor result, float[] waiting, int begin, int element, int count) {
        for (int i = 0; i < inputs; i++) {
            boolean waits = in[i] == result;
            look(i, in[i] == null || waits ? waiting : in[i].floats, waits ? begin - element : in[i] == null ? 0 : in[i].from);
            at[i] = 0;
            whole[i] = in[i] != null && in[i].blocked;
            repeated[i] = in[i] != null && !whole[i];
            if (repeated[i]) {
                load(i, 0, 0, Math.min(PIECE, count));
            }
        }
        for (int from = element; from < element + count; from += PIECE) {
            int n = Math.min(PIECE, element + count - from);
            for (int i = 0; i < inputs; i++) {
                if (whole[i] && !placed[i]) {
                    System.arraycopy(sources[i], firsts[i] + from, register(i), 0, n);
                }
            }
            compute(result, from, n);
        }
    }

    private void look(int i, float[] source, int first) {
        sources[i] = source;
        firsts[i] = first;
    }

    /// Sets the operands' strides and finds the axis behind which each operand runs along or repeats one element.
    private int split(Tensor[] in, Tensor result, int[] shape, int rank) {
        for (int i = 0; i < inputs; i++) {
            at[i] = 0;
            repeated[i] = false;
            if (in[i] == null) {
                continue;
            }
            int[] own = extents(in[i]);
            // A number meets a result in blocks whatever its rank; that one's extents here are not its own.
            boolean number = result.blocked && in[i].elements() == 1;
            if (number) {
                Arrays.fill(strides[i], 0, rank, 0);
                continue;
            }
            if (!in[i].blocked) {
                in[i].checkBroadcast(shape);
            }
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

    /// Tensors in blocks meet only those that lie as they do, and single numbers: their elements are one run.
    private int[] extents(Tensor tensor) {
        if (!tensor.blocked) {
            return tensor.shape;
        }
        stored[0] = tensor.stored();
        return stored;
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
    private void loadSame(int i, int from, int n, int count) {
        if (repeated[i]) {
            load(i, from, 0, PIECE);
            return;
        }
        for (int r = 0; r < count; r++) {
            load(i, from, r * n, n);
        }
    }

    /// Brings `n` elements of an operand's run, from element `from` on, into its register.
    private void load(int i, int from, int to, int n) {
        int source = firsts[i] + at[i];
        if (repeated[i]) {
            Arrays.fill(register(i), to, to + n, sources[i][source]);
        } else {
            System.arraycopy(sources[i], source + from, register(i), to, n);
        }
    }

    private void compute(Tensor result, int to, int n) {
        boolean written = false;
        for (int k = 0; k < chain.length; k++) {
            FloatProgram.Instruction step = chain[k];
            if (step.function() instanceof PlacedFunction function) {
                int a = step.a();
                boolean direct = a < inputs && whole[a] && placed[a];
                written = k == chain.length - 1;
                function.run(exponentials, direct ? sources[a] : registers[a], direct ? firsts[a] + to : 0,
                        written ? result.floats : register(inputs + k), written ? result.from + to : 0, n);
            } else {
                step.function().run(registers[step.a()], registers[step.b()], register(inputs + k), n, exponentials);
            }
        }
        if (!written) {
            System.arraycopy(registers[registers.length - 1], 0, result.floats, result.from + to, n);
        }
    }

    private float[] register(int operand) {
        if (registers[operand] == null) {
            registers[operand] = new float[PIECE];
        }
        return registers[operand];
    }
}
