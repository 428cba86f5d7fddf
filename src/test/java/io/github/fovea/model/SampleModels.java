package io.github.fovea.model;

import io.github.fovea.graph.Graph;
import io.github.fovea.graph.Interpolation;
import io.github.fovea.graph.Op;
import io.github.fovea.graph.RandomParameters;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// Models for tests of the model file.
final class SampleModels {
    private SampleModels() {}

    /// {@return a model whose graph has every operator}
    static StoredModel everyOperator() {
        Graph.Builder b = new Graph.Builder();
        int input = b.add(new Op.Input(1));
        int x = b.add(new Op.Conv(1, 6, 5, "head.weights", "head.bias"), input);
        x = b.add(new Op.PRelu(6, "head.slopes"), x);
        int skip = x;
        x = b.add(new Op.DepthwiseConv(6, "depth.weights", "depth.bias"), x);
        x = b.add(new Op.LeakyRelu(0.1f), x);
        x = b.add(new Op.Conv(6, 6, 1, "point.weights", "point.bias"), x);
        x = b.add(new Op.Relu(), x);
        x = b.add(new Op.Add(), x, skip);
        x = b.add(new Op.Conv(6, 4, 3, "tail.weights", "tail.bias"), x);
        x = b.add(new Op.PixelShuffle(2), x);
        int sum = b.add(new Op.Add(), x, b.add(new Op.Resize(Interpolation.BICUBIC, 2), input));
        sum = b.add(new Op.Resize(Interpolation.NEAREST, 1), sum);
        b.add(new Op.Resize(Interpolation.BILINEAR, 1), sum);
        Graph graph = b.build();
        return of(graph, Domain.LUMA);
    }

    /// {@return an RGB model of one layer with names that need escaping}
    static StoredModel rgb() {
        Graph.Builder b = new Graph.Builder();
        b.add(new Op.Conv(3, 3, 3, "gewichte \"groß\"\n", "bias"), b.add(new Op.Input(3)));
        return of(b.build(), Domain.RGB);
    }

    private static StoredModel of(Graph graph, Domain domain) {
        Map<String, float[]> parameters = RandomParameters.of(graph.parameters(), new SplittableRandom(17), 1);
        parameters.values().forEach(values -> values[0] = -0.0f);
        Map<String, String> figures = new LinkedHashMap<>();
        figures.put("Set5 Y-PSNR x2", "37.21");
        figures.put("Set14 Y-PSNR x2", "32.7");
        return new StoredModel("sample", "compact-f6-n1", domain, graph, parameters, "Apache-2.0", "nothing, random numbers",
                List.of("A. Photographer, CC BY 4.0", "B."), figures, "a test");
    }
}
