package io.github.fovea.flow;

import io.github.fovea.kernel.KernelTable;

/// Computes one node, its attributes bound. Works in scratch memory, so one thread at a time uses it.
interface Kernel {
    /// Fills the outputs.
    ///
    /// @param in  the node's inputs, `null` where an optional one is left out
    /// @param out the node's outputs with their shapes set, `null` where nobody wants one
    void run(Tensor[] in, Tensor[] out);

    /// Takes what the node needs of a table from now on; until then it works by the definitions.
    default void use(KernelTable kernels) {}

    /// Works in the given memory from now on; until then in its own.
    default void use(Scratch scratch) {}

    /// {@return the floats of [Scratch] that [#run] takes}
    ///
    /// @param in  inputs with their shapes, and values where they are constant; `null` as for [#run]
    /// @param out outputs with their shapes
    default long scratchElements(Tensor[] in, Tensor[] out) {
        return 0;
    }
}
