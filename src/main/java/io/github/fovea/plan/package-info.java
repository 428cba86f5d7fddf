/// Level 3: from a graph to fused steps in order and a place in memory for every tensor. Takes a
/// [io.github.fovea.graph.Graph], gives a [io.github.fovea.plan.Plan]: immutable, without weights, valid for every
/// picture size.
package io.github.fovea.plan;
