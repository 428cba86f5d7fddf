package io.github.fovea.onnx;

import io.github.fovea.flow.FlowGraph;
import io.github.fovea.graph.Graph;
import java.util.Map;

/// What an operator graph is to the planned engine.
public sealed interface Lowering {
    /// A plain super-resolution network: one picture of 1 to 4 channels in, one out, made of the engine's operators. It
    /// takes and gives samples as the file does; pictures of any size, also where the file declares one. It computes in
    /// float throughout: casts to half precision round nothing here.
    ///
    /// @param graph      the network
    /// @param parameters its weights by name, as [Graph#parameters()] wants them
    /// @param low        the file's graph ends by raising smaller results to this; negative infinity if it does not
    /// @param high       the file's graph ends by lowering larger results to this; infinity if it does not
    /// @param result     the last layer
    record Lowered(Graph graph, Map<String, float[]> parameters, float low, float high, Result result)
            implements Lowering {}

    /// Another graph; package `flow` runs it.
    ///
    /// @param reason the first node that has no counterpart, and why
    record General(String reason) implements Lowering {}

    /// The layers of a lowered network, for those who bring it into other units.
    final class Result {
        private final Layer last;

        Result(Layer last) {
            this.last = last;
        }

        Layer last() {
            return last;
        }
    }

    /// {@return what a graph is to the planned engine}
    ///
    /// @param graph an operator graph
    static Lowering of(FlowGraph graph) {
        try {
            return new NetworkLowering(graph).lower();
        } catch (Unlowered e) {
            return new General(e.getMessage());
        }
    }
}
