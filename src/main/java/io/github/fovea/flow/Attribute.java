package io.github.fovea.flow;

import java.util.List;

/// The value of a node's attribute.
public sealed interface Attribute {
    /// One integer.
    ///
    /// @param value the integer
    record Int(long value) implements Attribute {}

    /// One number.
    ///
    /// @param value the number
    record Real(float value) implements Attribute {}

    /// One text.
    ///
    /// @param value the text
    record Text(String value) implements Attribute {}

    /// Integers.
    ///
    /// @param values the integers
    record Ints(List<Long> values) implements Attribute {}

    /// Numbers.
    ///
    /// @param values the numbers
    record Reals(List<Float> values) implements Attribute {}

    /// Texts.
    ///
    /// @param values the texts
    record Texts(List<String> values) implements Attribute {}

    /// A tensor.
    ///
    /// @param value the tensor
    record Tensor(Constant value) implements Attribute {}

    /// A graph that the node runs, like a branch of `If`; it also sees the values of the graphs around it.
    ///
    /// @param graph the graph
    record Subgraph(FlowGraph graph) implements Attribute {}
}
