package io.github.fovea.flow;

/// An operator of the table: what SoD2 needs to know of it, how shapes pass through it, and what computes it.
///
/// @param operatorClass class before constant operands are taken into account
/// @param valueOperands inputs whose values take part in the output's shape
/// @param forward       output shapes, and values of small integer tensors, from the inputs'
/// @param backward      what the node demands of its inputs' shapes
/// @param kernels       makes the kernel of a node
record Operator(OperatorClass operatorClass, int[] valueOperands, Rule forward, Rule backward, KernelMaker kernels) {
    /// A transfer function.
    interface Rule {
        /// Reads what is known and adds what follows.
        void apply(Inference node);
    }

    /// Binds attributes.
    interface KernelMaker {
        /// {@return the node's kernel}
        Kernel of(FlowNode node);
    }

    /// An operator of class ISDOS.
    static Operator of(Rule forward, KernelMaker kernels) {
        return new Operator(OperatorClass.ISDOS, new int[0], forward, _ -> {}, kernels);
    }

    /// An operator of class ISVDOS.
    static Operator byValue(Rule forward, KernelMaker kernels, int... valueOperands) {
        return new Operator(OperatorClass.ISVDOS, valueOperands, forward, _ -> {}, kernels);
    }

    /// An operator of class ISDO.
    static Operator byShape(Rule forward, KernelMaker kernels) {
        return new Operator(OperatorClass.ISDO, new int[0], forward, _ -> {}, kernels);
    }

    Operator backward(Rule rule) {
        return new Operator(operatorClass, valueOperands, forward, rule, kernels);
    }
}
