package io.github.fovea.bench;

import io.github.fovea.graph.Graph;
import io.github.fovea.graph.Interpolation;
import io.github.fovea.graph.Op;
import io.github.fovea.network.Networks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// One line of [EngineBench]: a network with random weights, a picture's size, a number of threads.
///
/// @param name    what the table calls the network
/// @param graph   the network
/// @param height  rows of the small picture
/// @param width   pixels in its rows
/// @param threads threads of both engines
/// @param target  how many times as fast as ONNX Runtime it must be; 0 for no target
record EngineCase(String name, Graph graph, int height, int width, int threads, double target) {
    /// {@return every line of the table}
    static List<EngineCase> all() {
        List<EngineCase> cases = new ArrayList<>();
        Graph small = stack(16, 8, false);
        Graph big = Networks.named("compact-f64-n16", 4, 3);
        for (int threads = 1; threads <= 2; threads++) {
            cases.add(new EngineCase("bench-small", small, 270, 480, threads, 2.5));
            cases.add(new EngineCase("bench-small", small, 64, 64, threads, 2.3));
            cases.add(new EngineCase("bench-big", big, 270, 480, threads, 2.7));
            cases.add(new EngineCase("bench-big", big, 64, 64, threads, 3.0));
        }
        cases.add(new EngineCase("6x16", stack(16, 6, true), 270, 480, 1, 2.4));
        cases.add(new EngineCase("6x32", stack(32, 6, true), 270, 480, 1, 2.4));
        cases.add(new EngineCase("6x64", stack(64, 6, true), 270, 480, 1, 2.6));
        for (int blocks : new int[] {4, 2}) {
            Graph wdsr = Networks.named("wdsr-f32-n" + blocks, 2, 3);
            cases.add(new EngineCase("wdsr-f32-n" + blocks, wdsr, 108, 96, 1, 2.0));
            cases.add(new EngineCase("wdsr-f32-n" + blocks, wdsr, 54, 48, 1, 2.0));
        }
        for (int threads = 1; threads <= 2; threads++) {
            cases.add(new EngineCase("collapsed-f16-n6", Networks.named("collapsed-f16-n6", 2, 1), 270, 480, threads, 0));
        }
        return cases;
    }

    /// The networks of the speed comparison: 3 -> C, so many times C -> C with ReLU, C -> 12, pixel shuffle by 2, added to
    /// the picture enlarged bilinearly.
    private static Graph stack(int channels, int body, boolean activeHead) {
        Graph.Builder b = new Graph.Builder();
        int input = b.add(new Op.Input(3));
        int x = b.add(new Op.Conv(3, channels, 3, "head.weight", "head.bias"), input);
        if (activeHead) {
            x = b.add(new Op.Relu(), x);
        }
        for (int i = 0; i < body; i++) {
            String name = "body." + i;
            x = b.add(new Op.Relu(), b.add(new Op.Conv(channels, channels, 3, name + ".weight", name + ".bias"), x));
        }
        x = b.add(new Op.PixelShuffle(2), b.add(new Op.Conv(channels, 12, 3, "tail.weight", "tail.bias"), x));
        b.add(new Op.Add(), x, b.add(new Op.Resize(Interpolation.BILINEAR, 2), input));
        return b.build();
    }

    /// {@return weights that keep activations near 1 through ReLUs (He et al. 2015), the same for every run}
    Map<String, float[]> parameters() {
        SplittableRandom random = new SplittableRandom(1);
        Map<String, float[]> parameters = new LinkedHashMap<>();
        graph.parameters().forEach((name, shape) -> {
            float[] values = new float[Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
            double bound = shape.length == 4 ? Math.sqrt(6.0 / (shape[1] * shape[2] * shape[3])) : 0.2;
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextDouble(-bound, bound);
            }
            parameters.put(name, values);
        });
        return parameters;
    }

    /// {@return a picture in -0.5..0.5, planar}
    float[] picture() {
        SplittableRandom random = new SplittableRandom(2);
        float[] picture = new float[graph.inputChannels() * height * width];
        for (int i = 0; i < picture.length; i++) {
            picture[i] = (float) (0.35 * Math.sin(i % width * 0.11 + i / width * 0.07) + random.nextDouble(-0.15, 0.15));
        }
        return picture;
    }

    /// {@return floats of the result}
    int resultElements() {
        return graph.outputChannels() * height * width * graph.scale() * graph.scale();
    }

    /// {@return floating-point operations of one frame, counted as direct convolutions}
    double flops() {
        return 2.0 * graph.macsPerPixel() * height * width;
    }
}
