package io.github.fovea.flow;

import java.util.List;
import java.util.Map;

/// A graph of operators as a file describes it. Shapes that files declare for other values than inputs are not kept:
/// they are proven from the operators instead.
///
/// @param name      name of the graph; may be empty
/// @param inputs    values that the caller gives, without those that have a constant
/// @param outputs   names of the values that come out
/// @param constants values known from the file, by name
/// @param nodes     operators in topological order
public record FlowGraph(
        String name, List<FlowInput> inputs, List<String> outputs, Map<String, Constant> constants,
        List<FlowNode> nodes) {
    /// Copies the collections.
    public FlowGraph {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        constants = Map.copyOf(constants);
        nodes = List.copyOf(nodes);
    }
}
