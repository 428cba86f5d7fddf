package io.github.fovea.onnx;

import java.util.Arrays;
import java.util.Set;

/// Brings scales, shifts and orders of channels into the weights of the layers that make them. Exact up to rounding:
/// nothing is moved through zero padding or an activation.
final class Folding {
    /// Widest layer that a dense 1x1 convolution scales; wider ones take a depthwise one.
    private static final int MAX_DENSE = 4;

    private Folding() {}

    /// {@return `scale[c] * layer[c] + shift[c]`}
    ///
    /// @param layer  the layer
    /// @param scale  per channel
    /// @param shift  per channel
    /// @param shared layers that others read too, which must stay as they are
    static Layer affine(Layer layer, float[] scale, float[] shift, Set<Layer> shared) {
        if (all(scale, 1) && all(shift, 0)) {
            return layer;
        }
        if (!free(layer, shared)) {
            if (layer instanceof Layer.Sum(Layer a, Layer b) && all(scale, 1) && !shared.contains(layer)) {
                if (free(a, shared)) {
                    return new Layer.Sum(affine(a, scale, shift, shared), b);
                }
                if (free(b, shared)) {
                    return new Layer.Sum(a, affine(b, scale, shift, shared));
                }
            }
            return perChannel(layer, scale, shift);
        }
        return switch (layer) {
            case Layer.Conv conv -> new Layer.Conv(conv.in(), conv.channels(), conv.size(),
                    scaled(conv.weights(), scale), moved(conv.bias(), scale, shift));
            case Layer.Depthwise conv ->
                new Layer.Depthwise(conv.in(), scaled(conv.weights(), scale), moved(conv.bias(), scale, shift));
            case Layer.Shuffle(Layer in, int factor) -> new Layer.Shuffle(
                    affine(in, repeated(scale, factor * factor), repeated(shift, factor * factor), shared), factor);
            case Layer.Enlarge(Layer in, var interpolation, int factor) ->
                new Layer.Enlarge(affine(in, scale, shift, shared), interpolation, factor);
            case Layer.Sum(Layer a, Layer b) ->
                new Layer.Sum(affine(a, scale, shift, shared), affine(b, scale, new float[shift.length], shared));
            case Layer.Input _, Layer.Activation _ -> throw new IllegalStateException(layer + " is not free");
        };
    }

    /// Whether an affine map goes into a layer's weights at no cost.
    private static boolean free(Layer layer, Set<Layer> shared) {
        return switch (layer) {
            // The weights of a narrow 1x1 convolution are so few that it may as well be there twice.
            case Layer.Conv conv -> !shared.contains(layer)
                    || conv.size() == 1 && conv.channels() <= MAX_DENSE && conv.in().channels() <= MAX_DENSE;
            case Layer.Depthwise _ -> !shared.contains(layer);
            case Layer.Shuffle shuffle -> !shared.contains(layer) && free(shuffle.in(), shared);
            case Layer.Enlarge enlarge -> !shared.contains(layer) && free(enlarge.in(), shared);
            case Layer.Sum(Layer a, Layer b) -> !shared.contains(layer) && !(a instanceof Layer.Sum)
                    && !(b instanceof Layer.Sum) && free(a, shared) && free(b, shared);
            case Layer.Input _, Layer.Activation _ -> false;
        };
    }

    private static Layer perChannel(Layer layer, float[] scale, float[] shift) {
        int channels = layer.channels();
        if (channels > MAX_DENSE) {
            float[] weights = new float[channels * 9];
            for (int c = 0; c < channels; c++) {
                weights[c * 9 + 4] = scale[c];
            }
            return new Layer.Depthwise(layer, weights, shift);
        }
        float[] weights = new float[channels * channels];
        for (int c = 0; c < channels; c++) {
            weights[c * channels + c] = scale[c];
        }
        return new Layer.Conv(layer, channels, 1, weights, shift);
    }

    /// {@return the layer's one channel, `channels` times}
    static Layer broadcast(Layer layer, int channels) {
        float[] ones = new float[channels];
        Arrays.fill(ones, 1);
        return new Layer.Conv(layer, channels, 1, ones, new float[channels]);
    }

    /// {@return the layer with its channels in another order}
    ///
    /// @param layer  the layer
    /// @param from   for each new channel the old one
    /// @param shared layers that others read too, which must stay as they are
    static Layer permuted(Layer layer, int[] from, Set<Layer> shared) {
        boolean same = true;
        for (int c = 0; c < from.length; c++) {
            same &= from[c] == c;
        }
        if (same) {
            return layer;
        }
        if (!shared.contains(layer)) {
            if (layer instanceof Layer.Conv conv) {
                return permuted(conv, from);
            }
            if (layer instanceof Layer.Activation(Layer in, float[] slopes) && in instanceof Layer.Conv conv
                    && !shared.contains(in)) {
                return new Layer.Activation(permuted(conv, from), rows(slopes, from));
            }
        }
        int channels = layer.channels();
        float[] weights = new float[channels * channels];
        for (int c = 0; c < channels; c++) {
            weights[c * channels + from[c]] = 1;
        }
        return new Layer.Conv(layer, channels, 1, weights, new float[channels]);
    }

    private static Layer.Conv permuted(Layer.Conv conv, int[] from) {
        return new Layer.Conv(conv.in(), conv.channels(), conv.size(), rows(conv.weights(), from),
                rows(conv.bias(), from));
    }

    private static float[] rows(float[] values, int[] from) {
        int length = values.length / from.length;
        float[] rows = new float[values.length];
        for (int row = 0; row < from.length; row++) {
            System.arraycopy(values, from[row] * length, rows, row * length, length);
        }
        return rows;
    }

    private static float[] scaled(float[] weights, float[] scale) {
        float[] scaled = weights.clone();
        int length = weights.length / scale.length;
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] *= scale[i / length];
        }
        return scaled;
    }

    private static float[] moved(float[] bias, float[] scale, float[] shift) {
        float[] moved = new float[bias.length];
        for (int c = 0; c < moved.length; c++) {
            moved[c] = bias[c] * scale[c] + shift[c];
        }
        return moved;
    }

    private static float[] repeated(float[] values, int times) {
        float[] repeated = new float[values.length * times];
        for (int i = 0; i < repeated.length; i++) {
            repeated[i] = values[i / times];
        }
        return repeated;
    }

    private static boolean all(float[] values, float wanted) {
        for (float value : values) {
            if (value != wanted) {
                return false;
            }
        }
        return true;
    }
}
