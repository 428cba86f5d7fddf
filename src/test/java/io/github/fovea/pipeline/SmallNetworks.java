package io.github.fovea.pipeline;

import io.github.fovea.graph.Graph;
import io.github.fovea.graph.Interpolation;
import io.github.fovea.graph.Op;
import io.github.fovea.graph.RandomParameters;
import io.github.fovea.model.Domain;
import io.github.fovea.model.StoredModel;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// Networks small enough for tests: two convolutions and a shuffle, added to bicubic.
final class SmallNetworks {
    private SmallNetworks() {}

    /// {@return a network whose last layer has weights of a size; 0 makes it plain bicubic}
    ///
    /// @param channels 1 or 3
    /// @param scale    the factor
    /// @param tail     standard deviation of the last layer's weights
    static StoredModel of(int channels, int scale, double tail) {
        Graph.Builder builder = new Graph.Builder();
        int in = builder.add(new Op.Input(channels));
        int head = builder.add(new Op.Conv(channels, 12, 3, "head.weight", "head.bias"), in);
        int relu = builder.add(new Op.Relu(), head);
        int out = builder.add(new Op.Conv(12, channels * scale * scale, 3, "tail.weight", "tail.bias"), relu);
        int shuffled = builder.add(new Op.PixelShuffle(scale), out);
        int skip = builder.add(new Op.Resize(Interpolation.BICUBIC, scale), in);
        builder.add(new Op.Add(), shuffled, skip);
        Graph graph = builder.build();
        Map<String, float[]> parameters = RandomParameters.of(graph.parameters(), new SplittableRandom(7),
                (name, shape) -> name.startsWith("tail") ? tail : 0.3);
        return new StoredModel("small", "small", channels == 1 ? Domain.LUMA : Domain.RGB, graph, parameters, "", "", List.of(),
                Map.of(), "test");
    }
}
