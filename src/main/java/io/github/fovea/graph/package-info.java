/// Level 1: networks as data. Operators are records of the sealed [io.github.fovea.graph.Op]; a graph is a list of
/// nodes in topological order. Nothing here knows layouts, kernels or files.
package io.github.fovea.graph;
