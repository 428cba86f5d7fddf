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
    /// A node begins near the identity, so that leaving it out changes little: its convolution is an identity with He noise of
    /// half the usual size, the second one of a residual block nearly zero, a depthwise kernel a single one. The tails begin
    /// with zeros: every sub-graph begins as plain bicubic.
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

    /// {@return first values from a trained chain (`collapsed-fW-nN`): the sub-graph whose first N nodes are plain convolutions
    /// makes what the chain makes. Further nodes begin as residual blocks that add nothing. Where the scale differs the tails
    /// begin with zeros.}
    ///
    /// @param given  the trained network; where there are several widths, its channels are ordered by importance
    /// @param random source of chance
    /// @throws IllegalArgumentException if it is no such chain, has another width, or more layers than there are nodes
    float[] from(WarmStart given, SplittableRandom random) {
        int chain = chainLength(given);
        WarmStart start = meta.widths().size() == 1 ? given
                : ChannelOrder.byImportance(given, chain, meta.widths().getLast());
        float[] all = initial(random);
        take(start, "head", "head", all);
        for (int i = 0; i < meta.nodes(); i++) {
            String node = "node." + i;
            if (i < chain) {
                take(start, "body." + i, node, all);
            }
            Arrays.fill(all, layout.offset(node + ".second.weight"),
                    layout.offset(node + ".second.weight") + layout.elements(node + ".second.weight"), 0f);
        }
        for (int k = 0; k <= meta.nodes(); k++) {
            if (tailsFit(start, "tail")) {
                take(start, "tail", "tail." + k, all);
            }
        }
        return all;
    }

    /// {@return the values of a trained meta-graph of the same widths and nodes; where the scale differs the tails begin with
    /// zeros}
    ///
    /// @param start  its tensors
    /// @param random source of chance
    float[] again(WarmStart start, SplittableRandom random) {
        float[] all = initial(random);
        layout.shapes().keySet().forEach(name -> {
            float[] values = start.parameters().get(name);
            if (values.length == layout.elements(name)) {
                System.arraycopy(values, 0, all, layout.offset(name), values.length);
            }
        });
        return all;
    }

    /// {@return whether the tails of a network to start from are of this scale}
    ///
    /// @param start the network
    /// @param tail  the name of its tail
    boolean tailsFit(WarmStart start, String tail) {
        return start.parameters().get(tail + ".weight").length == layout.elements("tail.0.weight");
    }

    /// {@return for every shared number whether [#from] takes it from the chain; tails do not count, every exit has its own}
    boolean[] taken(WarmStart start) {
        boolean[] taken = new boolean[layout.elements()];
        mark(taken, "head");
        for (int i = 0; i < chainLength(start); i++) {
            mark(taken, "node." + i);
        }
        return taken;
    }

    private void mark(boolean[] taken, String layer) {
        for (String part : new String[] {".weight", ".bias", ".slope"}) {
            int from = layout.offset(layer + part);
            Arrays.fill(taken, from, from + layout.elements(layer + part), true);
        }
    }

    /// {@return the number of body layers of a network to start from}
    ///
    /// @param start the trained network
    /// @throws IllegalArgumentException if [#from] cannot start from it
    int chainLength(WarmStart start) {
        int chain = 0;
        while (start.parameters().containsKey("body." + chain + ".weight")) {
            chain++;
        }
        int w = meta.widths().getLast();
        boolean fits = chain > 0 && start.parameters().size() == 3 * chain + 5
                && fits(start, "head.weight", w * meta.channels() * 9) && start.parameters().containsKey("tail.weight");
        for (int i = 0; i < chain; i++) {
            fits &= fits(start, "body." + i + ".weight", w * w * 9) && fits(start, "body." + i + ".slope", w);
        }
        if (!fits || chain > meta.nodes()) {
            throw new IllegalArgumentException(start.name() + (fits ? " has " + chain + " body layers, " + meta.name() + " only "
                    + meta.nodes() + " nodes; take a meta-graph of at least as many"
                    : " is not of the form collapsed-f" + w + "-nN for " + meta.channels() + " channels, from which " + meta.name()
                    + " can start; train one with fovea train --network collapsed-f" + w + "-n" + meta.nodes()));
        }
        return chain;
    }

    private static boolean fits(WarmStart start, String name, int elements) {
        float[] values = start.parameters().get(name);
        return values != null && values.length == elements;
    }

    private void take(WarmStart start, String from, String to, float[] all) {
        for (String part : new String[] {".weight", ".bias", ".slope"}) {
            float[] values = start.parameters().get(from + part);
            if (values != null) {
                System.arraycopy(values, 0, all, layout.offset(to + part), values.length);
            }
        }
    }
}
