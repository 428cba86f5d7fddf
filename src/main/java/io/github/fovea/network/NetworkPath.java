package io.github.fovea.network;

import io.github.fovea.graph.Graph;
import java.util.Objects;

/// One path of a dynamic network: a whole network from LR picture to HR picture, whose parameters lie in one map with
/// those of the other paths. Parameters of equal names are shared.
///
/// @param name    name of the path, like `path1`
/// @param network name of its shape, like `collapsed-f16-n2`
/// @param graph   the network
public record NetworkPath(String name, String network, Graph graph) {
    /// Checks that nothing is missing.
    public NetworkPath {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(network, "network");
        Objects.requireNonNull(graph, "graph");
    }
}
