package io.github.fovea.plan;

import io.github.fovea.graph.Graph;
import io.github.fovea.graph.Interpolation;
import io.github.fovea.graph.Op;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

/// Well-formed graphs drawn at random, and weights for them.
public final class RandomGraphs {
    private RandomGraphs() {}

    /// {@return a graph of up to about `nodes` nodes with branches, sums, activations, shuffles and resizes}
    public static Graph draw(SplittableRandom random, int nodes) {
        Graph.Builder builder = new Graph.Builder();
        int[] channels = new int[nodes + 1];
        int[] scales = new int[nodes + 1];
        channels[0] = new int[] {1, 3}[random.nextInt(2)];
        scales[0] = 1;
        builder.add(new Op.Input(channels[0]));
        for (int i = 1; i <= nodes; i++) {
            int from = random.nextInt(3) > 0 ? i - 1 : random.nextInt(i);
            int c = channels[from];
            channels[i] = c;
            scales[i] = scales[from];
            int partner = partner(from, i, channels, scales, random);
            switch (random.nextInt(9)) {
                case 0, 1, 2 -> {
                    channels[i] = new int[] {1, 3, 4, 8, 12, 16, 20, 32}[random.nextInt(8)];
                    builder.add(new Op.Conv(c, channels[i], 1 + 2 * random.nextInt(3), "w" + i, "b" + i), from);
                }
                case 3 -> builder.add(new Op.DepthwiseConv(c, "w" + i, "b" + i), from);
                case 4 -> builder.add(new Op.Relu(), from);
                case 5 -> builder.add(new Op.PRelu(c, "s" + i), from);
                case 6 -> builder.add(new Op.Add(), from, partner);
                case 7 -> {
                    if (c % 4 == 0 && scales[from] == 1) {
                        channels[i] = c / 4;
                        scales[i] = 2;
                        builder.add(new Op.PixelShuffle(2), from);
                    } else {
                        builder.add(new Op.LeakyRelu(0.1f), from);
                    }
                }
                default -> {
                    int scale = scales[from] == 1 ? 1 + random.nextInt(2) : 1;
                    scales[i] = scales[from] * scale;
                    builder.add(new Op.Resize(Interpolation.values()[random.nextInt(3)], scale), from);
                }
            }
        }
        return builder.build();
    }

    private static int partner(int from, int end, int[] channels, int[] scales, SplittableRandom random) {
        int start = random.nextInt(end);
        for (int k = 0; k < end; k++) {
            int candidate = (start + k) % end;
            if (channels[candidate] == channels[from] && scales[candidate] == scales[from]) {
                return candidate;
            }
        }
        return from;
    }

    /// {@return weights that keep activations near 1}
    public static Map<String, float[]> parameters(Graph graph, SplittableRandom random) {
        Map<String, float[]> parameters = new HashMap<>();
        graph.parameters().forEach((name, shape) -> {
            int count = 1;
            for (int extent : shape) {
                count *= extent;
            }
            double range = shape.length == 1 ? 0.2 : Math.sqrt(3.0 * shape[0] / count);
            float[] values = new float[count];
            for (int i = 0; i < count; i++) {
                values[i] = (float) random.nextDouble(-range, range);
            }
            parameters.put(name, values);
        });
        return parameters;
    }
}
