package io.github.fovea.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A network without its weights: nodes in topological order, the first an [Op.Input], the last the result.
///
/// Every node's channels, scale and receptive radius follow from the operators and are checked on construction, so a
/// graph that exists is well-formed.
public final class Graph {
    /// More nodes than this are refused: no network of this library comes near, a hostile file does.
    public static final int MAX_NODES = 10_000;
    /// More channels than this are refused.
    public static final int MAX_CHANNELS = 4096;
    /// Larger factors than this are refused.
    public static final int MAX_SCALE = 16;

    private final List<Node> nodes;
    private final int[] channels;
    private final int[] scales;
    private final int[] radii;
    private final Map<String, int[]> parameters;

    /// Checks and keeps the nodes.
    ///
    /// @param nodes nodes in topological order
    /// @throws IllegalArgumentException naming the node and what is wrong with it
    public Graph(List<Node> nodes) {
        this.nodes = List.copyOf(nodes);
        if (nodes.isEmpty() || nodes.size() > MAX_NODES) {
            throw new IllegalArgumentException("graph has " + nodes.size() + " nodes, wanted 1 to " + MAX_NODES);
        }
        channels = new int[nodes.size()];
        scales = new int[nodes.size()];
        radii = new int[nodes.size()];
        parameters = new LinkedHashMap<>();
        for (int i = 0; i < nodes.size(); i++) {
            check(i);
        }
    }

    private void check(int i) {
        Node node = nodes.get(i);
        Op op = node.op();
        if ((i == 0) != (op instanceof Op.Input)) {
            throw problem(i, "the first node, and only it, must be an input");
        }
        if (node.inputs().size() != op.inputs()) {
            throw problem(i, "takes " + op.inputs() + " inputs, got " + node.inputs().size());
        }
        for (int input : node.inputs()) {
            if (input < 0 || input >= i) {
                throw problem(i, "input " + input + " is not an earlier node");
            }
        }
        int from = node.inputs().isEmpty() ? -1 : node.inputs().getFirst();
        int in = from < 0 ? 0 : channels[from];
        channels[i] = in;
        scales[i] = from < 0 ? 1 : scales[from];
        radii[i] = from < 0 ? 0 : radii[from];
        switch (op) {
            case Op.Input(int count) -> channels[i] = range(i, "channels", count, 1, 4);
            case Op.Conv conv -> {
                if (conv.size() != 1 && conv.size() != 3 && conv.size() != 5) {
                    throw problem(i, "kernel size " + conv.size() + ", wanted 1, 3 or 5");
                }
                matches(i, conv.inChannels(), in);
                channels[i] = range(i, "channels", conv.outChannels(), 1, MAX_CHANNELS);
                grow(i, conv.size() / 2);
                parameter(i, conv.weights(), conv.outChannels(), conv.inChannels(), conv.size(), conv.size());
                parameter(i, conv.bias(), conv.outChannels());
            }
            case Op.DepthwiseConv conv -> {
                matches(i, conv.channels(), in);
                grow(i, 1);
                parameter(i, conv.weights(), conv.channels(), 1, 3, 3);
                parameter(i, conv.bias(), conv.channels());
            }
            case Op.Relu() -> { }
            case Op.LeakyRelu(float slope) -> {
                if (!Float.isFinite(slope)) {
                    throw problem(i, "slope " + slope + " is not a finite number");
                }
            }
            case Op.PRelu(int count, String slopes) -> {
                matches(i, count, in);
                parameter(i, slopes, count);
            }
            case Op.Add() -> {
                int other = node.inputs().get(1);
                if (channels[other] != in || scales[other] != scales[from]) {
                    throw problem(i, "adds " + in + " channels at scale " + scales[from] + " to " + channels[other]
                            + " channels at scale " + scales[other]);
                }
                radii[i] = Math.max(radii[from], radii[other]);
            }
            case Op.PixelShuffle(int scale) -> {
                range(i, "scale", scale, 2, MAX_SCALE);
                if (in % (scale * scale) != 0) {
                    throw problem(i, in + " channels do not divide by " + scale * scale);
                }
                channels[i] = in / (scale * scale);
                scales[i] = range(i, "total scale", scales[from] * scale, 1, MAX_SCALE);
            }
            case Op.Resize(Interpolation interpolation, int scale) -> {
                range(i, "scale", scale, 1, MAX_SCALE);
                scales[i] = range(i, "total scale", scales[from] * scale, 1, MAX_SCALE);
                grow(i, interpolation == Interpolation.NEAREST || scale == 1 ? 0
                        : interpolation == Interpolation.BILINEAR ? 1 : 2);
            }
        }
    }

    /// Adds `pixels` of this node's input grid to its radius, which counts input pixels of the whole network.
    private void grow(int i, int pixels) {
        int scale = scales[nodes.get(i).inputs().getFirst()];
        radii[i] += (pixels + scale - 1) / scale;
    }

    private void matches(int i, int declared, int got) {
        if (declared != got) {
            throw problem(i, "takes " + declared + " channels, its input has " + got);
        }
    }

    private int range(int i, String what, int value, int low, int high) {
        if (value < low || value > high) {
            throw problem(i, what + " " + value + ", wanted " + low + " to " + high);
        }
        return value;
    }

    private void parameter(int i, String name, int... shape) {
        int[] other = parameters.putIfAbsent(name, shape);
        if (other != null && !Arrays.equals(other, shape)) {
            throw problem(i, "parameter " + name + " is wanted as " + Arrays.toString(shape)
                    + " here and as " + Arrays.toString(other) + " before");
        }
    }

    private IllegalArgumentException problem(int i, String what) {
        return new IllegalArgumentException("node " + i + " " + nodes.get(i).op() + ": " + what);
    }

    /// {@return the nodes in topological order; the last one is the result}
    public List<Node> nodes() {
        return nodes;
    }

    /// {@return the channels of the tensor that node `i` makes}
    ///
    /// @param i index of the node
    public int channels(int i) {
        return channels[i];
    }

    /// {@return the factor between the network's input and the tensor that node `i` makes}
    ///
    /// @param i index of the node
    public int scale(int i) {
        return scales[i];
    }

    /// {@return the factor between the network's input and its result}
    public int scale() {
        return scales[scales.length - 1];
    }

    /// {@return channels of the input picture}
    public int inputChannels() {
        return channels[0];
    }

    /// {@return channels of the result}
    public int outputChannels() {
        return channels[channels.length - 1];
    }

    /// {@return how far, in input pixels, an output pixel looks: the halo that makes tiles exact}
    public int receptiveRadius() {
        return radii[radii.length - 1];
    }

    /// {@return the shape of every parameter by name, in order of first use}
    public Map<String, int[]> parameters() {
        return Collections.unmodifiableMap(parameters);
    }

    /// {@return the number of trained numbers}
    public long parameterElements() {
        return parameters.values().stream().mapToLong(Graph::elements).sum();
    }

    /// {@return multiply-adds per input pixel of all convolutions}
    public long macsPerPixel() {
        long macs = 0;
        for (int i = 0; i < nodes.size(); i++) {
            long pixels = (long) scales[i] * scales[i];
            macs += pixels * switch (nodes.get(i).op()) {
                case Op.Conv c -> (long) c.inChannels() * c.outChannels() * c.size() * c.size();
                case Op.DepthwiseConv c -> 9L * c.channels();
                case Op.Input _, Op.Relu _, Op.LeakyRelu _, Op.PRelu _, Op.Add _, Op.PixelShuffle _, Op.Resize _ -> 0L;
            };
        }
        return macs;
    }

    private static long elements(int[] shape) {
        long product = 1;
        for (int extent : shape) {
            product *= extent;
        }
        return product;
    }

    /// Builds a graph node by node; each method returns the new node's index.
    public static final class Builder {
        private final List<Node> nodes = new ArrayList<>();

        /// Starts an empty graph.
        public Builder() {}

        /// Adds a node.
        ///
        /// @param op     the operator
        /// @param inputs indices of earlier nodes
        /// @return the index of the new node
        public int add(Op op, int... inputs) {
            nodes.add(new Node(op, Arrays.stream(inputs).boxed().toList()));
            return nodes.size() - 1;
        }

        /// {@return the graph}
        public Graph build() {
            return new Graph(nodes);
        }
    }
}
