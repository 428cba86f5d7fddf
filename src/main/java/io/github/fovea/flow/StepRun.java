package io.github.fovea.flow;

import io.github.fovea.dim.Known;
import io.github.fovea.kernel.KernelTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A step bound to tensors and kernels.
final class StepRun {
    private final PlanStep step;
    private final FlowExecutable owner;
    private final Kernel kernel;
    private final Tensor[] in;
    private final Tensor[] out;
    private final ProgramKernel program;
    /// Whether the node's kernel hands its results to the program.
    private final boolean pours;
    private final Tensor[] operands;
    /// Whether the shapes of the outputs must be found at each run.
    private final boolean open;

    StepRun(PlanStep step, FlowExecutable owner, KernelTable kernels) {
        this.step = step;
        this.owner = owner;
        in = tensors(step.inputs, owner);
        out = tensors(step.outputs, owner);
        open = step.outputs.stream().anyMatch(name -> !name.isEmpty() && !owner.fact(name).isProven());
        kernel = step.node == null ? null : step.node.operator().equals("If")
                ? new IfKernel(step, owner, kernels, open)
                : make(step);
        if (kernel != null) {
            use(kernel, step, owner.analysis(), kernels);
            kernel.use(owner.scratch());
        }
        if (kernel instanceof ConvKernel conv && isFixed(step, owner.analysis())) {
            conv.pack(constant(step, 1, owner.analysis()), constant(step, 2, owner.analysis()), in[0].blocked,
                    out[0].blocked, owner.weights(), step);
        }
        program = step.program == null ? null : step.program.kernel();
        if (program != null) {
            program.use(kernels);
        }
        operands = new Tensor[step.operands.size()];
        for (int i = 0; i < operands.length; i++) {
            operands[i] = step.operands.get(i).equals(PlanStep.RESULT) ? out[0] : owner.tensor(step.operands.get(i));
        }
        pours = step.blocked && program != null && kernel instanceof ConvKernel;
        if (pours) {
            ((ConvKernel) kernel).pour((from, at, element, count) -> program.part(operands, out[0], from, at, element,
                    count));
        }
    }

    /// {@return the kernel of a step with a node}
    private static Kernel make(PlanStep step) {
        Kernel inBlocks = step.blocked ? BlockedOperators.of(step.node) : null;
        return inBlocks != null ? inBlocks : Operators.of(step.node.operator()).kernels().of(step.node);
    }

    /// Gives a kernel the table, and tells it of weights that never change.
    private static void use(Kernel kernel, PlanStep step, Analysis analysis, KernelTable kernels) {
        kernel.use(kernels);
        if (kernel instanceof ConvKernel conv && isFixed(step, analysis)) {
            conv.fix(kernels);
        }
    }

    static boolean isFixed(PlanStep step, Analysis analysis) {
        boolean biased = step.inputs.size() > 2 && !step.inputs.get(2).isEmpty();
        return constant(step, 1, analysis) != null && (!biased || constant(step, 2, analysis) != null);
    }

    static Constant constant(PlanStep step, int input, Analysis analysis) {
        return step.inputs.size() <= input || step.inputs.get(input).isEmpty() ? null
                : Analysis.constant(analysis.fact(step.inputs.get(input)));
    }

    /// {@return the floats of [Scratch] that a step takes; 0 for an `If`, whose branches have memory of their own}
    ///
    /// @param step     a step that is no view
    /// @param in       its inputs with their shapes
    /// @param out      its outputs likewise
    /// @param analysis what is known of its graph
    /// @param kernels  the table that it will be bound to
    static long scratchElements(PlanStep step, Tensor[] in, Tensor[] out, Analysis analysis, KernelTable kernels) {
        if (step.node == null || step.node.operator().equals("If")) {
            return 0;
        }
        Kernel kernel = make(step);
        use(kernel, step, analysis, kernels);
        return kernel.scratchElements(in, out);
    }

    private static Tensor[] tensors(List<String> names, FlowExecutable owner) {
        return names.stream().map(owner::tensor).toArray(Tensor[]::new);
    }

    /// Bounds what the branches of an `If` take.
    void bound(long openElements, BranchBudget budget) {
        if (kernel instanceof IfKernel branches) {
            branches.bound(openElements, budget);
        }
    }

    void run() {
        try {
            if (open && !(kernel instanceof IfKernel)) {
                shapes();
            }
            if (kernel != null) {
                kernel.run(in, out);
            }
            if (program != null && !pours) {
                program.run(operands, out);
            }
        } catch (IllegalArgumentException | IndexOutOfBoundsException | ArithmeticException e) {
            throw new IllegalArgumentException(step.at() + " of inputs " + text() + ": " + e.getMessage(), e);
        }
    }

    private List<String> text() {
        List<String> shapes = new ArrayList<>();
        for (Tensor tensor : kernel == null ? operands : in) {
            shapes.add(tensor == null ? "none" : tensor.toString());
        }
        return shapes;
    }

    /// The transfer function once more, with the shapes and small values that are there now.
    private void shapes() {
        Tensor[] given = kernel == null ? operands : in;
        Fact[] facts = new Fact[given.length];
        for (int i = 0; i < given.length; i++) {
            facts[i] = given[i] == null ? null : fact(given[i]);
        }
        Fact[] results = new Fact[out.length];
        FlowNode node = step.source;
        Operators.of(node.operator()).forward().apply(new Inference(node, facts, results));
        for (int i = 0; i < out.length; i++) {
            if (out[i] == null) {
                continue;
            }
            int[] shape = results[i] == null || results[i].shape() == null ? null : results[i].constantShape();
            if (shape == null) {
                throw new IllegalArgumentException("output " + i + " would have shape "
                        + (results[i] == null ? "?" : results[i].shapeText())
                        + ", wanted extents from 0 on that follow from the inputs");
            }
            Fact.checkRank(shape.length);
            owner.claim(shape);
            out[i].shape = shape;
            out[i].allocate();
        }
    }

    private static Fact fact(Tensor tensor) {
        int elements = tensor.elements();
        if (elements <= Fact.MAX_ELEMENTS) {
            return Fact.of(tensor.toConstant());
        }
        Known[] shape = Arrays.stream(tensor.shape).mapToObj(Known::of).toArray(Known[]::new);
        return new Fact(tensor.type, shape, null, null);
    }
}
