package io.github.fovea.flow;

import java.util.Arrays;

/// A convolution, or a transposed one, image by image and group by group: settles the extents and leaves a group to the
/// kind.
abstract class GroupedKernel extends MatrixKernel {
    final FlowNode node;
    private final int group;
    private Window window;

    /// Prepares for a node with an attribute `group`.
    GroupedKernel(FlowNode node) {
        this.node = node;
        group = (int) new Attributes(node).integer("group", 1);
    }

    /// The picture before and after, and the channels of a group.
    ///
    /// @param flat        whether there is one spatial axis
    /// @param h           rows of the input; 1 where it is flat
    /// @param w           pixels of a row of the input
    /// @param outH        rows of the output
    /// @param outW        pixels of a row of the output
    /// @param channels    input channels of a group
    /// @param outChannels output channels of a group
    record Extents(boolean flat, int h, int w, int outH, int outW, int channels, int outChannels) {
        /// {@return input pixels}
        int inPixels() {
            return h * w;
        }

        /// {@return output pixels}
        int outPixels() {
            return outH * outW;
        }
    }

    /// {@return the number of groups}
    final int group() {
        return group;
    }

    /// {@return the window; weights of a node never change their shape}
    final Window window(int[] weights) {
        if (window == null) {
            window = Window.of(node, Convolutions.kernel(weights));
        }
        return window;
    }

    /// {@return the extents of a picture and its result}
    final Extents extents(Tensor x, Tensor y) {
        boolean flat = x.rank() == 3;
        return new Extents(flat, flat ? 1 : x.shape[2], x.shape[x.rank() - 1], flat ? 1 : y.shape[2],
                y.shape[y.rank() - 1], x.shape[1] / group, y.shape[1] / group);
    }

    /// Runs on all images and groups.
    final void groups(Tensor[] in, Tensor y) {
        Tensor x = in[0];
        Extents extents = extents(x, y);
        Window settled = window(in[1].shape);
        settled.checkFits(extents.h, extents.w, extents.outH, extents.outW);
        for (int image = 0; image < x.shape[0]; image++) {
            for (int g = 0; g < group; g++) {
                run(extents, settled, g, in, x.from + (image * group + g) * extents.channels() * extents.inPixels(), y,
                        y.from + (image * group + g) * extents.outChannels() * extents.outPixels());
            }
        }
    }

    /// Fills a group's output with its biases, zero without.
    static void fillBias(Extents e, int g, Tensor[] in, Tensor y, int to) {
        for (int o = 0; o < e.outChannels(); o++) {
            float bias = in.length > 2 && in[2] != null ? in[2].floats[in[2].from + g * e.outChannels() + o] : 0f;
            Arrays.fill(y.floats, to + o * e.outPixels(), to + (o + 1) * e.outPixels(), bias);
        }
    }

    /// Computes one group of one image.
    ///
    /// @param e      the extents
    /// @param window the window
    /// @param g      the group
    /// @param in     the node's inputs: picture, weights, and perhaps biases
    /// @param from   index of the group's first input channel
    /// @param y      the output
    /// @param to     index of the group's first output channel
    abstract void run(Extents e, Window window, int g, Tensor[] in, int from, Tensor y, int to);
}
