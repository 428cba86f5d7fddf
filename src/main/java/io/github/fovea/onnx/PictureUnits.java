package io.github.fovea.onnx;

import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The samples that a file's network takes, 0 to 1 or 0 to 255, and those of this library's models, -0.5 to 0.5.
///
/// The picture cannot be shifted by a bias of the first convolution, since that would shift the zeros of its padding
/// too (exact inside, wrong at the borders): a 1x1 convolution before it brings pixels, and not padding, into the
/// file's units. It costs 9 multiply-adds per pixel of an RGB picture. Behind the network the map goes into the last
/// convolution's weights.
final class PictureUnits {
    /// How far a network may be from returning a flat picture as it was, as a part of the largest sample.
    private static final double MAX_DRIFT = 0.05;
    /// How many times farther it must be in other units.
    private static final double CLEARLY = 4;

    private PictureUnits() {}

    /// {@return the network for samples of -0.5 to 0.5 on both sides}
    ///
    /// @param last    the last layer of a network for samples of 0 to `maximum`
    /// @param maximum largest sample of the file's network
    static Layer centred(Layer last, int maximum) {
        Map<Layer, Layer> rebuilt = new IdentityHashMap<>();
        List<Layer> order = Layer.order(last);
        for (Layer layer : order) {
            if (layer instanceof Layer.Input(int channels)) {
                float[] weights = new float[channels * channels];
                float[] bias = new float[channels];
                Arrays.fill(bias, 0.5f * maximum);
                for (int c = 0; c < channels; c++) {
                    weights[c * channels + c] = maximum;
                }
                rebuilt.put(layer, new Layer.Conv(layer, channels, 1, weights, bias));
            } else {
                rebuilt.put(layer, layer.with(layer.inputs().stream().map(rebuilt::get).toList()));
            }
        }
        Layer result = rebuilt.get(last);
        Set<Layer> shared = Layer.shared(Layer.order(result));
        return Folding.affine(result, NetworkLowering.filled(result.channels(), 1f / maximum),
                NetworkLowering.filled(result.channels(), -0.5f), shared);
    }

    /// {@return the largest sample that a network is made for, 1 or 255, as far as can be told: 0 if not. A network
    /// that enlarges pictures returns flat ones nearly as they were in its own units, and less so in others, because of
    /// its biases}
    ///
    /// @param last the last layer of the network
    /// @param high the bound that the network's results are lowered to, infinity without one
    static int maximum(Layer last, float high) {
        if (high == 1 || high == 255) {
            return (int) high;
        }
        List<Layer> order = Layer.order(last);
        return maximum(drift(order, 1), drift(order, 255));
    }

    /// {@return the largest sample that a network is made for, 1 or 255; 0 if that cannot be told}
    ///
    /// @param one  how far flat pictures of samples to 1 are from coming back as they were, as a part of the largest
    ///             sample
    /// @param code the same for samples to 255
    static int maximum(double one, double code) {
        if (one < MAX_DRIFT && code > CLEARLY * one) {
            return 1;
        }
        return code < MAX_DRIFT && one > CLEARLY * code ? 255 : 0;
    }

    private static double drift(List<Layer> order, int maximum) {
        double drift = 0;
        for (double level : new double[] {0.25, 0.5, 0.75}) {
            for (double value : Layer.flat(order, level * maximum)) {
                drift = Math.max(drift, Math.abs(value / maximum - level));
            }
        }
        return drift;
    }
}
