package io.github.fovea.flow;

import java.util.List;
import java.util.Map;

/// One operator of a graph, as the file has it.
///
/// @param name       the node's name; may be empty
/// @param operator   ONNX operator, like `Conv`; of the default domain
/// @param opset      version of the operator set that the file names
/// @param inputs     names of values; empty where an optional input is left out
/// @param outputs    names of values; empty where an optional output is not wanted
/// @param attributes attributes by name
public record FlowNode(String name, String operator, int opset, List<String> inputs, List<String> outputs,
        Map<String, Attribute> attributes) {
    /// Copies the collections.
    public FlowNode {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        attributes = Map.copyOf(attributes);
    }

    /// {@return the node for a message, like `node 12 "conv_1" (Conv)`}
    ///
    /// @param index its place in the graph
    public String at(int index) {
        return "node " + index + (name.isEmpty() ? "" : " \"" + name + "\"") + " (" + operator + ")";
    }
}
