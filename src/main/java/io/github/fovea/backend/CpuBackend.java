package io.github.fovea.backend;

import io.github.fovea.graph.Graph;
import io.github.fovea.kernel.KernelTable;
import io.github.fovea.plan.Plan;
import java.util.Map;

/// Runs plans with the kernels of a table.
public final class CpuBackend implements Backend {
    private final KernelTable table;

    /// Makes the backend.
    ///
    /// @param table its kernels; the backend takes the table's name
    public CpuBackend(KernelTable table) {
        this.table = table;
    }

    @Override
    public String name() {
        return table.name();
    }

    /// {@return the kernels}
    public KernelTable table() {
        return table;
    }

    @Override
    public Plan plan(Graph graph) {
        return Plan.of(graph, table);
    }

    @Override
    public Executable compile(Plan plan, Map<String, float[]> parameters) {
        if (!plan.serves(table)) {
            throw new IllegalArgumentException("the plan was made for other kernels, with " + plan.kernelNeeds()
                    + "; make it with the plan method of backend " + name());
        }
        plan.graph().parameters().forEach((name, shape) -> {
            long wanted = 1;
            for (int extent : shape) {
                wanted *= extent;
            }
            float[] got = parameters.get(name);
            if (got == null || got.length != wanted) {
                throw new IllegalArgumentException("parameter " + name + ": "
                        + (got == null ? "missing" : "holds " + got.length + " floats") + ", wanted " + wanted + " as "
                        + java.util.Arrays.toString(shape));
            }
        });
        return new CpuExecutable(plan, table, parameters);
    }
}
