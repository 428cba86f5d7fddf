package io.github.fovea.train;

import io.github.fovea.network.MetaGraph;
import java.util.Arrays;
import java.util.SplittableRandom;

/// Where the stored tensors of a meta-graph lie in one flat array, and the way between them and the parameters of
/// sub-graphs, which are slices.
final class SharedTensors {
    /// Behind it a parameter of a [JointGraph] tells its shape.
    static final char SHAPE_MARK = '@';

    private final MetaGraph meta;
    private final ParameterLayout layout;

    SharedTensors(MetaGraph meta) {
        this.meta = meta;
        layout = new ParameterLayout(meta.parameters());
    }

    /// {@return where every tensor lies}
    ParameterLayout layout() {
        return layout;
    }

    /// {@return for every number of a layout the index of the shared number that it is}
    ///
    /// @param slices parameters of sub-graphs; what a name has behind [#SHAPE_MARK] does not count
    int[] indices(ParameterLayout slices) {
        int[] indices = new int[slices.elements()];
        slices.shapes().forEach((name, shape) -> {
            int mark = name.indexOf(SHAPE_MARK);
            String stored = mark < 0 ? name : name.substring(0, mark);
            int[] slice = MetaGraph.sliceIndices(layout.shapes().get(stored), shape);
            for (int i = 0; i < slice.length; i++) {
                indices[slices.offset(name) + i] = layout.offset(stored) + slice[i];
            }
        });
        return indices;
    }

    /// Takes the numbers of sub-graphs out of the shared ones.
    ///
    /// @param all     the shared numbers
    /// @param indices which of them, as [#indices] tells
    /// @param own     receives them
    static void gather(float[] all, int[] indices, float[] own) {
        for (int i = 0; i < own.length; i++) {
            own[i] = all[indices[i]];
        }
    }

    /// {@return first values}
    ///
    /// A node begins near the identity, so that leaving it out changes little: its convolution is an identity with He
    /// noise of half the usual size, the second one of a residual block nearly zero, a depthwise kernel a single one.
    /// The tails begin with zeros: every sub-graph begins as plain bicubic.
    float[] initial(SplittableRandom random) {
        float[] all = new float[layout.elements()];
        layout.shapes().forEach((name, shape) -> {
            int from = layout.offset(name);
            int count = layout.elements(name);
            if (name.endsWith(".slope")) {
                Arrays.fill(all, from, from + count, 0.25f);
            } else if (name.endsWith(".weight") && !name.startsWith("tail.")) {
                boolean depth = name.endsWith(".depth.weight");
                boolean node = name.startsWith("node.") && !name.endsWith(".second.weight");
                double deviation = Math.sqrt(2.0 / (shape[1] * 9)) * (name.startsWith("head.") ? 1
                        : depth ? 0.1 : node ? 0.5 : 0.1);
                for (int k = 0; k < count; k++) {
                    all[from + k] = (float) (deviation * random.nextGaussian());
                }
                if (node) {
                    addIdentity(all, from, shape);
                }
            }
        });
        return all;
    }

    private static void addIdentity(float[] all, int from, int[] shape) {
        for (int o = 0; o < shape[0]; o++) {
            all[from + (shape[1] == 1 ? o : o * shape[1] + o) * 9 + 4] += 1;
        }
    }

    /// {@return the values of a trained meta-graph of the same widths, nodes and heads; what it does not hold begins as
    /// always, and where the scale differs the tails do}
    ///
    /// @param start  its tensors
    /// @param random source of chance
    float[] again(WarmStart start, SplittableRandom random) {
        float[] all = initial(random);
        layout.shapes().keySet().forEach(name -> {
            float[] values = start.parameters().get(name);
            if (values != null && values.length == layout.elements(name)) {
                System.arraycopy(values, 0, all, layout.offset(name), values.length);
            }
        });
        return all;
    }

    /// {@return whether a network to start from has a tail, and it is of this scale}
    ///
    /// @param start the network
    /// @param tail  the name of its tail
    boolean tailsFit(WarmStart start, String tail) {
        float[] weights = start.parameters().get(tail + ".weight");
        return weights != null && weights.length == layout.elements("tail.0.weight");
    }
}
