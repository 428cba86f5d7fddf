package io.github.fovea.onnx;

import io.github.fovea.graph.Interpolation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A layer of a picture network with its weights, while a file's graph is brought into the engine's operators. Layers
/// are compared by identity: two readers of one layer share what it computes.
sealed interface Layer {
    /// The picture that enters.
    ///
    /// @param channels its channels
    record Input(int channels) implements Layer {}

    /// A dense convolution of stride 1 whose zero padding keeps the size.
    ///
    /// @param in       what it reads
    /// @param channels channels out
    /// @param size     1, 3 or 5
    /// @param weights  `[channels][in.channels][size][size]`
    /// @param bias     `[channels]`
    record Conv(Layer in, int channels, int size, float[] weights, float[] bias) implements Layer {}

    /// A 3x3 convolution of each channel on its own, else like [Conv].
    ///
    /// @param in      what it reads
    /// @param weights `[channels][3][3]`
    /// @param bias    `[channels]`
    record Depthwise(Layer in, float[] weights, float[] bias) implements Layer {
        @Override
        public int channels() {
            return in.channels();
        }
    }

    /// `x < 0 ? slopes[c] * x : x`.
    ///
    /// @param in     what it reads
    /// @param slopes `[channels]`
    record Activation(Layer in, float[] slopes) implements Layer {
        @Override
        public int channels() {
            return in.channels();
        }
    }

    /// The sum of two layers of equal shape.
    ///
    /// @param a one
    /// @param b the other
    record Sum(Layer a, Layer b) implements Layer {
        @Override
        public int channels() {
            return a.channels();
        }
    }

    /// Sub-pixel shuffle in PyTorch's order.
    ///
    /// @param in     what it reads
    /// @param factor the factor
    record Shuffle(Layer in, int factor) implements Layer {
        @Override
        public int channels() {
            return in.channels() / (factor * factor);
        }
    }

    /// Enlargement.
    ///
    /// @param in            what it reads
    /// @param interpolation nearest or bilinear
    /// @param factor        the factor
    record Enlarge(Layer in, Interpolation interpolation, int factor) implements Layer {
        @Override
        public int channels() {
            return in.channels();
        }
    }

    /// {@return channels of what the layer makes}
    int channels();

    /// {@return what the layer reads}
    default List<Layer> inputs() {
        return switch (this) {
            case Input _ -> List.of();
            case Conv conv -> List.of(conv.in());
            case Depthwise conv -> List.of(conv.in());
            case Activation activation -> List.of(activation.in());
            case Sum(Layer a, Layer b) -> List.of(a, b);
            case Shuffle shuffle -> List.of(shuffle.in());
            case Enlarge enlarge -> List.of(enlarge.in());
        };
    }

    /// {@return the layer with other inputs of the same shapes}
    ///
    /// @param inputs as many as [#inputs]
    default Layer with(List<Layer> inputs) {
        return switch (this) {
            case Input input -> input;
            case Conv conv -> new Conv(inputs.getFirst(), conv.channels(), conv.size(), conv.weights(), conv.bias());
            case Depthwise conv -> new Depthwise(inputs.getFirst(), conv.weights(), conv.bias());
            case Activation activation -> new Activation(inputs.getFirst(), activation.slopes());
            case Sum _ -> new Sum(inputs.getFirst(), inputs.getLast());
            case Shuffle shuffle -> new Shuffle(inputs.getFirst(), shuffle.factor());
            case Enlarge enlarge -> new Enlarge(inputs.getFirst(), enlarge.interpolation(), enlarge.factor());
        };
    }

    /// {@return every layer that a result needs, each behind those it reads, the input first}
    ///
    /// @param result the last layer
    static List<Layer> order(Layer result) {
        List<Layer> order = new ArrayList<>();
        Set<Layer> done = Collections.newSetFromMap(new IdentityHashMap<>());
        Deque<Layer> stack = new ArrayDeque<>();
        stack.push(result);
        while (!stack.isEmpty()) {
            Layer layer = stack.peek();
            Layer open = null;
            for (Layer input : layer.inputs()) {
                if (!done.contains(input)) {
                    open = input;
                }
            }
            if (open != null) {
                stack.push(open);
                continue;
            }
            stack.pop();
            if (done.add(layer)) {
                order.add(layer);
            }
        }
        return order;
    }

    /// {@return the layers that several others read}
    ///
    /// @param order layers that [#order] returned
    static Set<Layer> shared(List<Layer> order) {
        Set<Layer> read = Collections.newSetFromMap(new IdentityHashMap<>());
        Set<Layer> shared = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Layer layer : order) {
            for (Layer input : layer.inputs()) {
                if (!read.add(input)) {
                    shared.add(input);
                }
            }
        }
        return shared;
    }

    /// {@return the result when every channel of the picture is one constant, far from the borders; behind a shuffle,
    /// the mean over the pixels that come of one}
    ///
    /// @param order  layers that [#order] returned
    /// @param sample the constant
    static double[] flat(List<Layer> order, double sample) {
        Map<Layer, double[]> values = new IdentityHashMap<>();
        for (Layer layer : order) {
            double[] value = new double[layer.channels()];
            double[] in = layer.inputs().isEmpty() ? null : values.get(layer.inputs().getFirst());
            switch (layer) {
                case Input _ -> Arrays.fill(value, sample);
                case Conv conv -> {
                    int taps = conv.size() * conv.size();
                    for (int i = 0; i < conv.weights().length; i++) {
                        value[i / taps / in.length] += conv.weights()[i] * in[i / taps % in.length];
                    }
                    for (int c = 0; c < value.length; c++) {
                        value[c] += conv.bias()[c];
                    }
                }
                case Depthwise conv -> {
                    for (int i = 0; i < conv.weights().length; i++) {
                        value[i / 9] += conv.weights()[i] * in[i / 9];
                    }
                    for (int c = 0; c < value.length; c++) {
                        value[c] += conv.bias()[c];
                    }
                }
                case Activation activation -> {
                    for (int c = 0; c < value.length; c++) {
                        value[c] = in[c] < 0 ? activation.slopes()[c] * in[c] : in[c];
                    }
                }
                case Sum sum -> {
                    double[] other = values.get(sum.b());
                    for (int c = 0; c < value.length; c++) {
                        value[c] = in[c] + other[c];
                    }
                }
                case Shuffle shuffle -> {
                    int pixels = shuffle.factor() * shuffle.factor();
                    for (int c = 0; c < in.length; c++) {
                        value[c / pixels] += in[c] / pixels;
                    }
                }
                case Enlarge _ -> System.arraycopy(in, 0, value, 0, value.length);
            }
            values.put(layer, value);
        }
        return values.get(order.getLast());
    }
}
