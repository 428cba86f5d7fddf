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
    public Plan plan(Graph graph, WeightStore weights) {
        return Plan.of(graph, weights.kernels());
    }

    @Override
    public WeightStore weights(Map<String, int[]> shapes, Map<String, float[]> parameters) {
        return new WeightStore(table, shapes, parameters);
    }

    @Override
    public Executable compile(Plan plan, WeightStore weights) {
        if (weights.kernels().table() != table) {
            throw new IllegalArgumentException("the weights were packed for other kernels; make them with the weights "
                    + "method of backend " + name());
        }
        if (!plan.runsOn(weights.kernels())) {
            throw new IllegalArgumentException("the plan was made for other kernels, with " + plan.kernelNeeds()
                    + "; make it with the plan method of backend " + name() + ", for these weights");
        }
        return new CpuExecutable(plan, weights);
    }

    @Override
    public void warmUp(Plan plan) {
        new WarmUp(plan).run();
    }
}
