package io.github.fovea.graph;

import java.util.List;

/// One operator of a graph and where its inputs come from.
///
/// @param op     the operator
/// @param inputs indices of the nodes whose outputs it takes, each smaller than this node's own index
public record Node(Op op, List<Integer> inputs) {
    /// Copies the list.
    public Node {
        inputs = List.copyOf(inputs);
    }
}
