package io.github.fovea.onnx;

import io.github.fovea.flow.Attribute;
import io.github.fovea.flow.Constant;
import io.github.fovea.flow.FlowInput;
import java.util.List;
import java.util.Map;

/// A graph as it lies in a file, before its names are looked at.
///
/// @param name      name of the graph
/// @param constants initialisers, in the file's order
/// @param inputs    inputs, in the file's order
/// @param outputs   outputs, in the file's order
/// @param nodes     nodes, in the file's order
/// @param offset    byte offset of the graph in the file
record RawGraph(String name, List<TensorMessage> constants, List<FlowInput> inputs, List<String> outputs,
        List<Node> nodes, int offset) {
    /// A node.
    ///
    /// @param name       its name; may be empty
    /// @param operator   operator
    /// @param domain     operator domain; empty for the default one
    /// @param inputs     names of values
    /// @param outputs    names of values
    /// @param attributes attributes but graphs
    /// @param graphs     attributes that are graphs
    /// @param references attributes whose values are those of the function around the node, by the names there
    /// @param offset     byte offset of the node in the file
    record Node(String name, String operator, String domain, List<String> inputs, List<String> outputs,
            Map<String, Attribute> attributes, Map<String, RawGraph> graphs, Map<String, String> references,
            int offset) {
        /// {@return the node for a message}
        ///
        /// @param index its place in the file
        String at(int index) {
            return "node " + index + (name.isEmpty() ? "" : " " + ProtoReader.quoted(name)) + " ("
                    + (domain.isEmpty() ? "" : ProtoReader.quoted(domain) + " ") + ProtoReader.quoted(operator) + ")";
        }

        /// {@return the value of a node that is a constant, or `null` if it holds none that is a tensor of numbers}
        Constant constant() {
            for (Map.Entry<String, Attribute> entry : attributes.entrySet()) {
                Constant value = switch (entry.getValue()) {
                    case Attribute.Tensor(Constant tensor) when entry.getKey().equals("value") -> tensor;
                    case Attribute.Int(long number) when entry.getKey().equals("value_int") ->
                        Constant.of(new int[0], number);
                    case Attribute.Real(float number) when entry.getKey().equals("value_float") ->
                        Constant.of(new int[0], number);
                    case Attribute.Ints(List<Long> numbers) when entry.getKey().equals("value_ints") ->
                        Constant.of(new int[] {numbers.size()}, numbers.stream().mapToLong(Long::longValue).toArray());
                    case Attribute.Reals(List<Float> numbers) when entry.getKey().equals("value_floats") ->
                            reals(numbers);
                    default -> null;
                };
                if (value != null) {
                    return value;
                }
            }
            return null;
        }

        private static Constant reals(List<Float> numbers) {
            float[] floats = new float[numbers.size()];
            for (int i = 0; i < floats.length; i++) {
                floats[i] = numbers.get(i);
            }
            return Constant.of(new int[] {floats.length}, floats);
        }
    }
}
