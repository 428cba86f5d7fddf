package io.github.fovea.flow;

/// How much must be known of a node's inputs to know its outputs' shapes: the four classes of SoD2 (Niu et al., ASPLOS
/// 2024, arXiv 2403.00176).
public enum OperatorClass {
    /// Input Shape Determined Output: shape and value of the output follow from the shapes of the inputs.
    ISDO,
    /// Input Shape Determined Output Shape: the output's shape follows from the shapes of the inputs and from
    /// constants.
    ISDOS,
    /// Input Shape and Value Determined Output Shape: the values of some operands are needed too. Where these are
    /// constant or proven, the node counts as [#ISDOS].
    ISVDOS,
    /// Execution Determined Output: the shape is known only when the node has run.
    EDO
}
