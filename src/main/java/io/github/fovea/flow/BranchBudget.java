package io.github.fovea.flow;

import io.github.fovea.kernel.KernelTable;
import java.util.Map;

/// What the branches of `If` nodes may take in one run of a graph, those inside one another included: the plan of the graph
/// does not count them.
final class BranchBudget {
    private final long bytes;
    private final long macs;
    private long macsLeft;

    /// @param bytes most memory of one branch
    /// @param macs  most multiply-adds of all that one run goes through
    BranchBudget(long bytes, long macs) {
        this.bytes = bytes;
        this.macs = macs;
    }

    /// Begins a run.
    void begin() {
        macsLeft = macs;
    }

    /// Takes what a branch will take.
    ///
    /// @param plan     its plan
    /// @param bindings extent of every symbol of the plan
    /// @param kernels  the table that it runs with
    /// @throws IllegalArgumentException if that is more than there is
    void take(FlowPlan plan, Map<String, Long> bindings, KernelTable kernels) {
        long taken = plan.peakBytes(bindings);
        if (taken > bytes || plan.scratchBytes(bindings, kernels) > bytes - taken) {
            throw new IllegalArgumentException("a branch takes more than " + bytes + " bytes of memory");
        }
        long sums = plan.macs(bindings);
        if (sums > macsLeft) {
            throw new IllegalArgumentException("a branch takes " + sums + " multiply-adds where " + macsLeft + " of " + macs
                    + " are left");
        }
        macsLeft -= sums;
    }
}
