package io.github.fovea.network;

import io.github.fovea.graph.Graph;
import io.github.fovea.graph.Interpolation;
import io.github.fovea.graph.Op;
import java.util.function.UnaryOperator;

/// A graph under construction, with the node that the next operator takes and that node's channels.
final class Chain {
    private final Graph.Builder builder = new Graph.Builder();
    private final int inputChannels;
    private final UnaryOperator<String> naming;
    private int last;
    private int channels;

    /// Starts at the input.
    ///
    /// @param channels channels of the picture
    /// @param naming   from the name of a layer to the one that its parameters get
    Chain(int channels, UnaryOperator<String> naming) {
        this.naming = naming;
        this.inputChannels = channels;
        this.channels = channels;
        last = builder.add(new Op.Input(channels));
    }

    int inputChannels() {
        return inputChannels;
    }

    int last() {
        return last;
    }

    /// Goes on from the input.
    Chain from(int input) {
        last = input;
        channels = inputChannels;
        return this;
    }

    Chain conv(String name, int out, int size) {
        String layer = naming.apply(name);
        last = builder.add(new Op.Conv(channels, out, size, layer + ".weight", layer + ".bias"), last);
        channels = out;
        return this;
    }

    Chain relu() {
        last = builder.add(new Op.Relu(), last);
        return this;
    }

    Chain prelu(String name) {
        last = builder.add(new Op.PRelu(channels, naming.apply(name) + ".slope"), last);
        return this;
    }

    Chain add(int other) {
        last = builder.add(new Op.Add(), last, other);
        return this;
    }

    Chain shuffle(int scale) {
        last = builder.add(new Op.PixelShuffle(scale), last);
        channels /= scale * scale;
        return this;
    }

    Chain addEnlarged(Interpolation interpolation, int scale) {
        int enlarged = builder.add(new Op.Resize(interpolation, scale), 0);
        last = builder.add(new Op.Add(), last, enlarged);
        return this;
    }

    Graph graph() {
        return builder.build();
    }
}
