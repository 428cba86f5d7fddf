package io.github.fovea.train;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;

/// Puts the channels of a trained chain in order of importance, as once-for-all networks do (Cai et al. 2020) before
/// they are made narrower: a sub-graph of fewer channels keeps the first ones. The chain makes what it made before.
final class ChannelOrder {
    private static final int TAPS = 9;

    private ChannelOrder() {}

    /// {@return the same chain with its channels in another order}
    ///
    /// A channel is worth the squares of all weights that read it. The head's channels are added to those of the last
    /// layer, so both share one order.
    ///
    /// @param start a `collapsed-fW-nN`
    /// @param chain its body layers, N
    /// @param width its channels, W
    static WarmStart byImportance(WarmStart start, int chain, int width) {
        Map<String, float[]> ordered = new HashMap<>(start.parameters());
        float[] worth = worth(start.parameters().get("body.0.weight"), width);
        float[] read = worth(start.parameters().get("tail.weight"), width);
        for (int c = 0; c < width; c++) {
            worth[c] += read[c];
        }
        int[] outer = descending(worth);
        int[] in = outer;
        outputs(ordered, "head", outer);
        for (int i = 0; i < chain; i++) {
            inputs(ordered, "body." + i, in, width);
            in = i == chain - 1 ? outer : descending(worth(start.parameters().get("body." + (i + 1) + ".weight"),
                    width));
            outputs(ordered, "body." + i, in);
        }
        inputs(ordered, "tail", outer, width);
        return new WarmStart(start.name(), ordered);
    }

    /// {@return for every input channel of a 3x3 convolution the squares of the weights that read it}
    private static float[] worth(float[] weights, int width) {
        float[] worth = new float[width];
        for (int i = 0; i < weights.length; i++) {
            worth[i / TAPS % width] += weights[i] * weights[i];
        }
        return worth;
    }

    private static int[] descending(float[] worth) {
        return IntStream.range(0, worth.length).boxed().sorted(Comparator.comparingDouble(c -> -worth[c]))
                .mapToInt(Integer::intValue).toArray();
    }

    private static void outputs(Map<String, float[]> parameters, String layer, int[] order) {
        for (String part : new String[] {".weight", ".bias", ".slope"}) {
            float[] from = parameters.get(layer + part);
            float[] to = new float[from.length];
            int each = from.length / order.length;
            for (int c = 0; c < order.length; c++) {
                System.arraycopy(from, order[c] * each, to, c * each, each);
            }
            parameters.put(layer + part, to);
        }
    }

    private static void inputs(Map<String, float[]> parameters, String layer, int[] order, int width) {
        float[] from = parameters.get(layer + ".weight");
        float[] to = new float[from.length];
        for (int o = 0; o < from.length / (width * TAPS); o++) {
            for (int c = 0; c < width; c++) {
                System.arraycopy(from, (o * width + order[c]) * TAPS, to, (o * width + c) * TAPS, TAPS);
            }
        }
        parameters.put(layer + ".weight", to);
    }
}
