package io.github.fovea.backend;

import io.github.fovea.kernel.KernelTable;
import io.github.fovea.plan.Plan;

/// Runs the kernels of a plan until they are compiled.
final class WarmUp {
    WarmUp(Plan plan, KernelTable table) {}

    void run() {}
}
