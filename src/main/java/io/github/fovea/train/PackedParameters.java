package io.github.fovea.train;

import io.github.fovea.graph.Graph;
import io.github.fovea.graph.Op;
import io.github.fovea.kernel.Conv;
import io.github.fovea.kernel.KernelTable;
import io.github.fovea.pipeline.Workers;
import io.github.fovea.tensor.AlignedArray;
import java.util.Arrays;

/// Parameters in the order of the kernels, for both directions: the gradient of a convolution's input is a convolution
/// of the output's gradient with the weights mirrored and their channels swapped. One thread writes, many read.
final class PackedParameters {
    /// From this slope on the sign and value of an activation's input can be had from its output.
    private static final float LEAST_INVERTIBLE_SLOPE = 1f / 64;

    private final Graph graph;
    private final ParameterLayout layout;
    private final KernelTable kernels;
    private final float[][] forward;
    private final float[][] backward;
    private final float[][] biases;
    private final float[][] slopes;
    private final boolean[] invertible;
    private final float[] zeros;

    /// Allocates room for the parameters of a graph.
    PackedParameters(Graph graph, ParameterLayout layout, KernelTable kernels) {
        this.graph = graph;
        this.layout = layout;
        this.kernels = kernels;
        int nodes = graph.nodes().size();
        forward = new float[nodes][];
        backward = new float[nodes][];
        biases = new float[nodes][];
        slopes = new float[nodes][];
        invertible = new boolean[nodes];
        int widest = 16;
        for (int i = 0; i < nodes; i++) {
            int padded = (graph.channels(i) + 15) / 16 * 16;
            widest = Math.max(widest, padded);
            switch (graph.nodes().get(i).op()) {
                case Op.Conv conv -> {
                    Conv kernel = kernels.conv(conv.size());
                    forward[i] = AlignedArray.allocate(kernel.packedElements(conv.inChannels(), conv.outChannels()));
                    backward[i] = AlignedArray.allocate(kernel.packedElements(conv.outChannels(), conv.inChannels()));
                    biases[i] = new float[padded];
                }
                case Op.DepthwiseConv conv -> {
                    forward[i] = new float[kernels.depthwise3x3().packedElements(conv.channels())];
                    backward[i] = new float[forward[i].length];
                    biases[i] = new float[padded];
                }
                case Op.Relu _ -> {
                    slopes[i] = new float[padded];
                    invertible[i] = true;
                }
                case Op.LeakyRelu(float slope) -> {
                    slopes[i] = new float[padded];
                    Arrays.fill(slopes[i], 0, graph.channels(i), slope);
                    invertible[i] = slope >= 0;
                }
                case Op.PRelu _ -> slopes[i] = new float[padded];
                case Op.Input _, Op.Add _, Op.PixelShuffle _, Op.Resize _ -> { }
            }
        }
        zeros = new float[widest];
    }

    /// Takes over parameters.
    ///
    /// @param parameters all parameters, ordered as the layout says
    void update(float[] parameters) {
        for (int i = 0; i < forward.length; i++) {
            update(i, parameters);
        }
    }

    /// Takes over parameters on several threads.
    ///
    /// @param parameters all parameters, ordered as the layout says
    /// @param workers    the threads
    void update(float[] parameters, Workers workers) {
        workers.run(forward.length, (i, _) -> update(i, parameters));
    }

    private void update(int i, float[] parameters) {
        switch (graph.nodes().get(i).op()) {
            case Op.Conv conv -> {
                int from = layout.offset(conv.weights());
                kernels.conv(conv.size()).pack(parameters, from, conv.inChannels(), conv.outChannels(), forward[i], 0);
                kernels.conv(conv.size()).pack(mirrored(parameters, from, conv.outChannels(), conv.inChannels(),
                        conv.size() * conv.size()), 0, conv.outChannels(), conv.inChannels(), backward[i],
                        0);
                System.arraycopy(parameters, layout.offset(conv.bias()), biases[i], 0, conv.outChannels());
            }
            case Op.DepthwiseConv conv -> {
                int from = layout.offset(conv.weights());
                kernels.depthwise3x3().pack(parameters, from, conv.channels(), forward[i]);
                // Per channel the mirrored kernel; no channels to swap.
                kernels.depthwise3x3().pack(mirrored(parameters, from, conv.channels(), 1, 9), 0, conv.channels(),
                        backward[i]);
                System.arraycopy(parameters, layout.offset(conv.bias()), biases[i], 0, conv.channels());
            }
            case Op.PRelu(int channels, String name) -> {
                System.arraycopy(parameters, layout.offset(name), slopes[i], 0, channels);
                boolean all = true;
                for (int c = 0; c < channels; c++) {
                    all &= slopes[i][c] >= LEAST_INVERTIBLE_SLOPE;
                }
                invertible[i] = all;
            }
            case Op.Input _, Op.Relu _, Op.LeakyRelu _, Op.Add _, Op.PixelShuffle _, Op.Resize _ -> { }
        }
    }

    /// `[out][in][taps]` to `[in][out][taps]`, each kernel turned by 180 degrees.
    private static float[] mirrored(float[] weights, int from, int outChannels, int inChannels, int taps) {
        float[] turned = new float[outChannels * inChannels * taps];
        for (int o = 0; o < outChannels; o++) {
            for (int i = 0; i < inChannels; i++) {
                int source = from + (o * inChannels + i) * taps;
                int target = (i * outChannels + o) * taps + taps - 1;
                for (int k = 0; k < taps; k++) {
                    turned[target - k] = weights[source + k];
                }
            }
        }
        return turned;
    }

    float[] forward(int node) {
        return forward[node];
    }

    float[] backward(int node) {
        return backward[node];
    }

    float[] bias(int node) {
        return biases[node];
    }

    /// {@return a bias of zeros, long enough for every node}
    float[] zeros() {
        return zeros;
    }

    float[] slopes(int node) {
        return slopes[node];
    }

    /// {@return whether the input of an activation can be had from its output}
    boolean invertible(int node) {
        return invertible[node];
    }
}
