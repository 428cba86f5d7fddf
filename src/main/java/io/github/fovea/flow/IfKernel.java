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
    private final FlowGraph[] graphs = new FlowGraph[2];
    private final boolean open;

    /// @param step    the node
    /// @param scope   facts of the graph around it
    /// @param kernels the table
    /// @param open    whether the outputs take the branch's shapes
    IfKernel(PlanStep step, Analysis scope, KernelTable kernels, boolean open) {
        this.open = open;
        inputs = step.inputs;
        Attributes attributes = new Attributes(step.node);
        for (int i = 0; i < 2; i++) {
            graphs[i] = Scopes.closed(attributes.graph(i == 0 ? "else_branch" : "then_branch"), scope);
            branches[i] = FlowPlan.of(graphs[i]).compile(kernels);
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
        for (FlowInput input : graphs[branch].inputs()) {
            given.put(input.name(), in[inputs.lastIndexOf(input.name())].toConstant());
        }
        Map<String, Constant> results = branches[branch].run(given);
        for (int i = 0; i < out.length; i++) {
            if (out[i] == null) {
                continue;
            }
            Constant result = results.get(graphs[branch].outputs().get(i));
            if (open) {
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
