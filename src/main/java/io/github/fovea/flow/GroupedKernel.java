package io.github.fovea.flow;

/// A convolution, or a transposed one, image by image and group by group: settles the extents, fills the output with the
/// bias, and leaves the sums of one group to the kind.
abstract class GroupedKernel extends MatrixKernel {
    /// Floats of a tile of columns: inside the second-level cache.
    static final int TILE_ELEMENTS = 1 << 17;

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

    /// Runs on all images and groups.
    final void groups(Tensor[] in, Tensor y) {
        Tensor x = in[0];
        Tensor weights = in[1];
        boolean flat = x.rank() == 3;
        Extents extents = new Extents(flat, flat ? 1 : x.shape[2], x.shape[x.rank() - 1], flat ? 1 : y.shape[2],
                y.shape[y.rank() - 1], x.shape[1] / group, y.shape[1] / group);
        Window settled = window(weights.shape);
        int groupWeights = extents.channels() * extents.outChannels() * settled.kernel()[0] * settled.kernel()[1];
        for (int image = 0; image < x.shape[0]; image++) {
            for (int g = 0; g < group; g++) {
                int to = (image * group + g) * extents.outChannels() * extents.outPixels();
                for (int o = 0; o < extents.outChannels(); o++) {
                    float bias = in.length > 2 && in[2] != null
                            ? in[2].floats[in[2].from + g * extents.outChannels() + o] : 0f;
                    fill(y, to + o * extents.outPixels(), extents.outPixels(), bias);
                }
                add(extents, settled, x.floats, x.from + (image * group + g) * extents.channels() * extents.inPixels(), weights.floats,
                        weights.from + g * groupWeights, y.floats, y.from + to);
            }
        }
    }

    /// Adds one group of one image to its output.
    abstract void add(Extents extents, Window window, float[] x, int from, float[] weights, int weightsFrom, float[] y, int to);
}
