package io.github.fovea.train;

import io.github.fovea.network.MetaGraph;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Trained chains (`collapsed-fW-nN`) from which a meta-graph starts. Each takes the next nodes as plain convolutions,
/// and a head of its own: the first chain's nodes come first. Nodes behind the last chain begin as residual blocks that
/// add nothing.
///
/// Further heads begin as the first chain's, and the sub-graph without nodes takes the last of them: so it shares
/// nothing, which costs next to no memory.
///
/// A chain's layers serve sub-graphs that end earlier in it too, but not another chain: cheap sub-graphs and dear ones
/// that share no node do not spoil each other.
final class Chains {
    private static final String[] PARTS = {".weight", ".bias", ".slope"};

    private final MetaGraph meta;
    private final ParameterLayout layout;
    private final List<WarmStart> starts;
    /// The first node of every chain, and the first one behind all.
    private final int[] first;

    /// Checks chains.
    ///
    /// @param meta   the meta-graph
    /// @param layout where its tensors lie
    /// @param starts the chains, at least one
    /// @throws IllegalArgumentException if one is no such chain or has another width, or if there are too few nodes or
    ///                                  heads
    Chains(MetaGraph meta, ParameterLayout layout, List<WarmStart> starts) {
        this.meta = meta;
        this.layout = layout;
        first = new int[starts.size() + 1];
        for (int c = 0; c < starts.size(); c++) {
            first[c + 1] = first[c] + length(starts.get(c));
        }
        if (first[starts.size()] > meta.nodes() || starts.size() > meta.heads()) {
            throw new IllegalArgumentException(starts.stream().map(WarmStart::name).toList() + " want "
                    + first[starts.size()]
                    + " nodes and " + starts.size() + " heads, " + meta.name() + " has " + meta.nodes() + " and "
                    + meta.heads() + "; name a meta-graph of at least as many");
        }
        int width = meta.widths().getLast();
        this.starts = meta.widths().size() == 1 ? starts
                : starts.stream().map(start -> ChannelOrder.byImportance(start, length(start), width)).toList();
    }

    /// {@return the number of body layers of a network to start from}
    private int length(WarmStart start) {
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
        if (!fits) {
            throw new IllegalArgumentException(start.name() + " is not of the form collapsed-f" + w + "-nN for "
                    + meta.channels()
                    + " channels, from which " + meta.name()
                    + " can start; train one with fovea train --network collapsed-f" + w + "-n" + meta.nodes());
        }
        return chain;
    }

    private static boolean fits(WarmStart start, String name, int elements) {
        float[] values = start.parameters().get(name);
        return values != null && values.length == elements;
    }

    /// {@return first values: a sub-graph of a chain's nodes and head makes what the chain makes. Where the scale
    /// differs the tails begin as always}
    ///
    /// @param tensors first values of all that no chain has
    /// @param random  source of chance
    float[] values(SharedTensors tensors, SplittableRandom random) {
        float[] all = tensors.initial(random);
        for (int c = 0; c < starts.size(); c++) {
            WarmStart start = starts.get(c);
            take(start, "head", MetaGraph.headName(c), all);
            for (int i = first[c]; i < first[c + 1]; i++) {
                take(start, "body." + (i - first[c]), "node." + i, all);
            }
            int end = c == starts.size() - 1 ? meta.nodes() : first[c + 1];
            for (int exit = c == 0 ? 0 : first[c] + 1; exit <= end && tensors.tailsFit(start, "tail"); exit++) {
                take(start, "tail", "tail." + exit, all);
            }
        }
        for (int h = starts.size(); h < meta.heads(); h++) {
            take(starts.getFirst(), "head", MetaGraph.headName(h), all);
        }
        for (int i = 0; i < meta.nodes(); i++) {
            String second = "node." + i + ".second.weight";
            Arrays.fill(all, layout.offset(second), layout.offset(second) + layout.elements(second), 0f);
        }
        return all;
    }

    private void take(WarmStart start, String from, String to, float[] all) {
        for (String part : PARTS) {
            float[] values = start.parameters().get(from + part);
            if (values != null) {
                System.arraycopy(values, 0, all, layout.offset(to + part), values.length);
            }
        }
    }

    /// {@return for every shared number whether [#values] takes it from a chain; tails do not count, every exit has its
    /// own}
    boolean[] taken() {
        boolean[] taken = new boolean[layout.elements()];
        for (int c = 0; c < starts.size(); c++) {
            mark(taken, MetaGraph.headName(c));
        }
        for (int i = 0; i < first[starts.size()]; i++) {
            mark(taken, "node." + i);
        }
        return taken;
    }

    private void mark(boolean[] taken, String layer) {
        for (String part : PARTS) {
            int from = layout.offset(layer + part);
            Arrays.fill(taken, from, from + layout.elements(layer + part), true);
        }
    }

    /// {@return the sub-graphs of the first nodes of every chain, the last one with none, one and more residual blocks
    /// behind it}
    List<int[]> nested() {
        List<int[]> nested = new ArrayList<>();
        for (int c = 0; c < starts.size(); c++) {
            int end = c == starts.size() - 1 ? meta.nodes() : first[c + 1];
            for (int exit = c == 0 ? 0 : first[c] + 1; exit <= end; exit++) {
                int[] vector = meta.smallest();
                int head = exit == 0 && meta.heads() > starts.size() ? meta.heads() - 1 : c;
                vector[0] = (head + 1) * meta.widths().size() - 1;
                for (int i = first[c]; i < exit; i++) {
                    vector[1 + i] = (i < first[c + 1] ? MetaGraph.Candidate.CONV
                            : MetaGraph.Candidate.RESIDUAL).ordinal();
                }
                nested.add(vector);
            }
        }
        return nested;
    }

    /// {@return the sub-graphs that make what a chain makes; where the scale is another, none}
    ///
    /// @param tensors tells whether tails are of this scale
    List<int[]> whole(SharedTensors tensors) {
        List<int[]> nested = nested();
        return IntStream.range(0, starts.size()).filter(c -> tensors.tailsFit(starts.get(c), "tail"))
                .mapToObj(c -> nested.get(first[c + 1])).toList();
    }

    /// {@return those of the [#nested] sub-graphs that begin without a tail: they end within a chain, or the scale is
    /// another}
    ///
    /// @param tensors tells whether tails are of this scale
    List<int[]> tailless(SharedTensors tensors) {
        List<int[]> tailless = nested();
        List<int[]> whole = whole(tensors);
        boolean growing = tensors.tailsFit(starts.getLast(), "tail");
        tailless.removeIf(vector -> growing && meta.exit(vector) > first[starts.size()]
                || whole.stream().anyMatch(other -> Arrays.equals(other, vector)));
        return tailless;
    }
}
