package io.github.fovea.flow;

import io.github.fovea.kernel.KernelTable;

/// Computes one node, its attributes bound. May keep scratch memory, so one thread at a time uses it.
interface Kernel {
    /// Fills the outputs.
    ///
    /// @param in  the node's inputs, `null` where an optional one is left out
    /// @param out the node's outputs with their shapes set, `null` where nobody wants one
    void run(Tensor[] in, Tensor[] out);

    /// Takes what the node needs of a table from now on; until then it works by the definitions.
    default void use(KernelTable kernels) {}
}
