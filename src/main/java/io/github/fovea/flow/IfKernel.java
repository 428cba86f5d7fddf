package io.github.fovea.flow;

import io.github.fovea.kernel.KernelTable;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Runs the branch of an `If` that the condition chooses. Each branch has a plan of its own, whose inputs are the
/// values that it sees around it.
final class IfKernel implements Kernel {
    private final List<String> inputs;
    private final FlowExecutable[] branches = new FlowExecutable[2];
    private final Branch[] plans = new Branch[2];
    private final boolean open;
    private final FlowExecutable owner;
    private final KernelTable kernels;
    /// What runs may take, or `null` where nothing bounds them.
    private BranchBudget budget;

    /// @param step    the node
    /// @param owner   runs the graph around it
    /// @param kernels the table
    /// @param open    whether the outputs take the branch's shapes
    IfKernel(PlanStep step, FlowExecutable owner, KernelTable kernels, boolean open) {
        this.open = open;
        this.owner = owner;
        this.kernels = kernels;
        inputs = step.inputs;
        Branches both = owner.weights().part(step, IfKernel.class, Branches.class, () -> {
            Attributes attributes = new Attributes(step.node);
            return new Branches(Branch.of(attributes.graph("else_branch"), owner.analysis()),
                    Branch.of(attributes.graph("then_branch"), owner.analysis()));
        });
        plans[0] = both.otherwise;
        plans[1] = both.then;
        for (int i = 0; i < 2; i++) {
            branches[i] = plans[i].plan.compile(kernels, plans[i].weights);
        }
    }

    /// A branch, as all executables of the plan around it share it.
    private record Branch(FlowGraph graph, FlowPlan plan, WeightMemory weights) {
        static Branch of(FlowGraph body, Analysis around) {
            FlowGraph graph = Scopes.closed(body, around);
            return new Branch(graph, FlowPlan.of(graph), new WeightMemory());
        }
    }

    private record Branches(Branch otherwise, Branch then) {}

    /// Bounds what the branches take, those inside them included.
    void bound(long openElements, BranchBudget budget) {
        this.budget = budget;
        for (FlowExecutable branch : branches) {
            branch.bound(openElements, budget);
        }
    }

    @Override
    public void run(Tensor[] in, Tensor[] out) {
        if (in[0].elements() != 1) {
            throw new IllegalArgumentException("condition of shape " + Arrays.toString(in[0].shape)
                    + ", wanted one element");
        }
        int branch = in[0].at(0) != 0 ? 1 : 0;
        Map<String, Constant> given = new HashMap<>();
        for (FlowInput input : plans[branch].graph.inputs()) {
            given.put(input.name(), in[inputs.lastIndexOf(input.name())].toConstant());
        }
        if (budget != null) {
            budget.take(plans[branch].plan, branches[branch].extents(given), kernels);
        }
        Map<String, Constant> results = branches[branch].run(given);
        for (int i = 0; i < out.length; i++) {
            if (out[i] == null) {
                continue;
            }
            Constant result = results.get(plans[branch].graph.outputs().get(i));
            if (open) {
                owner.claim(result.shape());
                out[i].point(result);
            } else {
                if (!Arrays.equals(result.shape(), out[i].shape)) {
                    throw new IllegalArgumentException("a branch makes shape " + Arrays.toString(result.shape())
                            + ", wanted " + Arrays.toString(out[i].shape));
                }
                out[i].copyFrom(Tensor.of(result));
            }
        }
    }
}
