package io.github.fovea.network;

import io.github.fovea.graph.Graph;
import io.github.fovea.graph.Interpolation;
import io.github.fovea.graph.Op;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Many networks in one, after DySR (meta-graph) and once-for-all networks (Cai et al. 2020): a head, a row of nodes
/// with several candidate operations each, a long skip, a tail. A *choice vector* picks a width for all and a candidate
/// for every node, and so a sub-graph; every vector of choices in range is valid.
///
/// All sub-graphs share one set of tensors. A narrower one reads the first channels of a tensor, a 1x1 convolution the
/// middle of a 3x3 one, and the convolution of a residual block is the plain convolution's, so that what is stored is
/// little more than the largest sub-graph. Sub-graphs are ordinary graphs that name the stored tensors with smaller
/// shapes.
///
/// One thing is not shared: the tail, of which there is one for every node that may be the last. What a node makes for
/// the next one is not what a tail wants; with one tail for all, networks of different depth spoil each other's.
///
/// Sub-graphs may differ in all their nodes: one that skips the first three shares nothing with those that end behind
/// them. Cheap ones may so have nodes of their own, where sharing with the dear ones costs quality; with several heads
/// to choose from, a head too.
///
/// Parameters: `head`, further heads `head.<h>` from 1 on, `node.<i>` with `.weight`, `.bias`, `.slope`;
/// `node.<i>.second` closes a residual block, `node.<i>.depth` and `node.<i>.point` belong to the 1x1 and separable
/// candidates; `tail.<k>` of sub-graphs whose last node is `k - 1`, `tail.0` of those that leave all nodes out.
///
/// @param widths   channels of the trunk to choose from, ascending multiples of 16
/// @param nodes    nodes between head and tail, 1 to [#MAX_NODES]
/// @param scale    the factor between input and output, 2 to 8
/// @param channels channels of the picture: 1 for luma, 3 for RGB
/// @param heads    heads to choose from, 1 to [#MAX_HEADS]
public record MetaGraph(List<Integer> widths, int nodes, int scale, int channels, int heads) {
    /// Most nodes.
    public static final int MAX_NODES = 64;
    /// Most channels of the trunk.
    public static final int MAX_WIDTH = 256;
    /// Most heads.
    public static final int MAX_HEADS = 8;
    /// The form of a name: widths W, V..., N nodes, H heads.
    public static final String FORM = "meta-fW[-fV...]-nN[-hH]";

    private static final Pattern NAME = Pattern.compile("meta((?:-f\\d{1,3}){1,8})-n(\\d{1,2})(?:-h([2-8]))?");
    /// A head and ranges R of nodes, as [#convolutions] takes them.
    private static final Pattern CHOSEN = Pattern.compile("(\\d)(?::(R(?:\\+R)*))?".replace("R",
            "\\d{1,2}(?:-\\d{1,2})?"));

    /// What a node may do.
    public enum Candidate {
        /// Nothing: its input is its output.
        SKIP,
        /// 1x1 convolution and PReLU.
        POINT,
        /// Depthwise 3x3 convolution, 1x1 convolution and PReLU.
        SEPARABLE,
        /// 3x3 convolution and PReLU.
        CONV,
        /// 3x3 convolution, PReLU, 3x3 convolution, added to the input.
        RESIDUAL
    }

    private static final List<Candidate> CANDIDATES = List.of(Candidate.values());

    /// Checks the ranges.
    public MetaGraph {
        widths = List.copyOf(widths);
        for (int i = 0; i < widths.size(); i++) {
            int width = widths.get(i);
            if (width < 16 || width > MAX_WIDTH || width % 16 != 0 || i > 0 && width <= widths.get(i - 1)) {
                throw new IllegalArgumentException("widths " + widths
                        + " of a meta-graph, wanted ascending multiples of 16 up to " + MAX_WIDTH);
            }
        }
        if (widths.isEmpty() || nodes < 1 || nodes > MAX_NODES || scale < 2 || scale > 8 || channels != 1
                && channels != 3 || heads < 1 || heads > MAX_HEADS) {
            throw new IllegalArgumentException("a meta-graph of " + widths.size() + " widths, " + nodes + " nodes and "
                    + heads
                    + " heads for " + channels + " channels at scale " + scale + ", wanted at least 1 width, 1 to "
                    + MAX_NODES + " nodes, 1 to " + MAX_HEADS + " heads, 1 or 3 channels, scale 2 to 8");
        }
    }

    /// {@return the meta-graph of a name}
    ///
    /// @param name     of the form [#FORM], like `meta-f16-n12`
    /// @param scale    the factor, 2 to 8
    /// @param channels channels of the picture, 1 or 3
    /// @throws IllegalArgumentException if the name is of another form or a number out of range
    public static MetaGraph named(String name, int scale, int channels) {
        Matcher form = NAME.matcher(name);
        if (!form.matches()) {
            throw new IllegalArgumentException("no meta-graph is called \"" + name + "\"; the form is " + FORM
                    + ", such as meta-f16-n12");
        }
        List<Integer> widths = Arrays.stream(form.group(1).substring(2).split("-f")).map(Integer::valueOf).toList();
        int heads = form.group(3) == null ? 1 : Integer.parseInt(form.group(3));
        return new MetaGraph(widths, Integer.parseInt(form.group(2)), scale, channels, heads);
    }

    /// {@return the name, of the form [#FORM]}
    public String name() {
        return "meta" + widths.stream().map(width -> "-f" + width).collect(Collectors.joining()) + "-n" + nodes
                + (heads == 1 ? "" : "-h" + heads);
    }

    /// {@return the number of choices in a choice vector: a head and a width (index of the head times the number of
    /// widths plus index of the width), then the nodes in order}
    public int choices() {
        return 1 + nodes;
    }

    /// {@return the number of values that a choice may have}
    ///
    /// @param choice index of the choice
    public int options(int choice) {
        return choice == 0 ? widths.size() * heads : CANDIDATES.size();
    }

    /// {@return the channels of a sub-graph's trunk}
    ///
    /// @param vector a choice vector
    public int width(int[] vector) {
        return widths.get(vector[0] % widths.size());
    }

    /// {@return the index of a sub-graph's head}
    ///
    /// @param vector a choice vector
    public int head(int[] vector) {
        return vector[0] / widths.size();
    }

    /// {@return the name of a head}
    ///
    /// @param index its index
    public static String headName(int index) {
        return index == 0 ? "head" : "head." + index;
    }

    /// {@return the choice vector of the largest sub-graph}
    public int[] largest() {
        int[] vector = new int[choices()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = options(i) - 1;
        }
        return vector;
    }

    /// {@return the choice vector of the smallest sub-graph}
    public int[] smallest() {
        return new int[choices()];
    }

    /// {@return the choice vector of a sub-graph of the largest width whose nodes are plain convolutions}
    ///
    /// @param text head and nodes, like `0:0-2+5`: head 0 and the nodes 0, 1, 2 and 5, the others left out; `3` is head
    ///             3 alone
    /// @throws IllegalArgumentException if the text is of another form, or names a head or a node that is not there
    public int[] convolutions(String text) {
        Matcher form = CHOSEN.matcher(text);
        if (!form.matches() || Integer.parseInt(form.group(1)) >= heads) {
            throw new IllegalArgumentException("\"" + text + "\" names no sub-graph of " + name()
                    + "; wanted a head, 0 to " + (heads - 1) + ", and its nodes, such as 0:0-2+5, or a head alone");
        }
        int[] vector = smallest();
        vector[0] = (Integer.parseInt(form.group(1)) + 1) * widths.size() - 1;
        for (String range : form.group(2) == null ? new String[0] : form.group(2).split("\\+")) {
            String[] ends = range.split("-");
            int first = Integer.parseInt(ends[0]);
            int last = Integer.parseInt(ends[ends.length - 1]);
            if (first > last || last >= nodes) {
                throw new IllegalArgumentException("nodes " + range + " in \"" + text + "\", wanted nodes of " + name()
                        + ", 0 to " + (nodes - 1) + ", the lower one first");
            }
            Arrays.fill(vector, 1 + first, 2 + last, Candidate.CONV.ordinal());
        }
        return vector;
    }

    /// Checks a choice vector.
    ///
    /// @param vector the vector
    /// @throws IllegalArgumentException if it has another length, or a choice is out of range
    public void check(int[] vector) {
        if (vector.length != choices()) {
            throw new IllegalArgumentException("a choice vector of " + vector.length + " choices, " + name() + " has "
                    + choices());
        }
        for (int i = 0; i < vector.length; i++) {
            if (vector[i] < 0 || vector[i] >= options(i)) {
                throw new IllegalArgumentException("choice " + i + " of the vector is " + vector[i] + ", wanted 0 to "
                        + (options(i) - 1));
            }
        }
    }

    /// {@return what a node does}
    ///
    /// @param vector a choice vector
    /// @param node   index of the node
    public Candidate candidate(int[] vector, int node) {
        return CANDIDATES.get(vector[1 + node]);
    }

    /// {@return where a sub-graph ends: 1 + the index of the last node that is not left out, 0 where all are; also the
    /// index of its tail}
    ///
    /// @param vector a choice vector
    public int exit(int[] vector) {
        int exit = nodes;
        while (exit > 0 && candidate(vector, exit - 1) == Candidate.SKIP) {
            exit--;
        }
        return exit;
    }

    /// {@return how many parts of the network a switch touches: the nodes that differ, and the head and the tail where
    /// they do; all of them where the width differs}
    ///
    /// @param a a choice vector
    /// @param b another
    public int changedNodes(int[] a, int[] b) {
        if (width(a) != width(b)) {
            return nodes + 2;
        }
        int changed = (exit(a) == exit(b) ? 0 : 1) + (head(a) == head(b) ? 0 : 1);
        for (int i = 1; i < a.length; i++) {
            changed += a[i] == b[i] ? 0 : 1;
        }
        return changed;
    }

    /// {@return the shape of every stored tensor by name}
    public Map<String, int[]> parameters() {
        int w = widths.getLast();
        Map<String, int[]> all = new LinkedHashMap<>();
        for (int h = 0; h < heads; h++) {
            dense(all, headName(h), w, channels, true);
        }
        for (int i = 0; i < nodes; i++) {
            String node = "node." + i;
            dense(all, node, w, w, true);
            dense(all, node + ".second", w, w, false);
            all.put(node + ".depth.weight", new int[] {w, 1, 3, 3});
            all.put(node + ".depth.bias", new int[] {w});
            all.put(node + ".point.bias", new int[] {w});
            all.put(node + ".point.slope", new int[] {w});
        }
        for (int i = 0; i <= nodes; i++) {
            dense(all, "tail." + i, channels * scale * scale, w, false);
        }
        return all;
    }

    /// {@return the shapes of those stored tensors of which some sub-graphs take slices, by name}
    ///
    /// @param vectors choice vectors of the sub-graphs
    public Map<String, int[]> parameters(List<int[]> vectors) {
        Map<String, int[]> all = parameters();
        Set<String> used = vectors.stream().flatMap(vector -> subGraph(vector).parameters().keySet().stream())
                .collect(Collectors.toSet());
        all.keySet().retainAll(used);
        return all;
    }

    private static void dense(Map<String, int[]> all, String layer, int out, int in, boolean activated) {
        all.put(layer + ".weight", new int[] {out, in, 3, 3});
        all.put(layer + ".bias", new int[] {out});
        if (activated) {
            all.put(layer + ".slope", new int[] {out});
        }
    }

    /// {@return a sub-graph: an ordinary graph whose parameters are slices of the stored tensors of their names}
    ///
    /// @param vector the choices
    /// @throws IllegalArgumentException if the vector is not valid
    public Graph subGraph(int[] vector) {
        check(vector);
        int w = width(vector);
        String first = headName(head(vector));
        Graph.Builder builder = new Graph.Builder();
        int in = builder.add(new Op.Input(channels));
        int head = activated(builder, conv(builder, in, channels, w, 3, first), w, first);
        int last = head;
        for (int i = 0; i < nodes; i++) {
            String node = "node." + i;
            last = switch (candidate(vector, i)) {
                case SKIP -> last;
                case POINT -> point(builder, last, w, node);
                case SEPARABLE -> point(builder, builder.add(
                        new Op.DepthwiseConv(w, node + ".depth.weight", node + ".depth.bias"), last), w, node);
                case CONV -> activated(builder, conv(builder, last, w, w, 3, node), w, node);
                case RESIDUAL -> {
                    int inner = activated(builder, conv(builder, last, w, w, 3, node), w, node);
                    yield builder.add(new Op.Add(), conv(builder, inner, w, w, 3, node + ".second"), last);
                }
            };
        }
        int sum = builder.add(new Op.Add(), last, head);
        int tail = conv(builder, sum, w, channels * scale * scale, 3, "tail." + exit(vector));
        int shuffled = builder.add(new Op.PixelShuffle(scale), tail);
        int enlarged = builder.add(new Op.Resize(Interpolation.BICUBIC, scale), in);
        builder.add(new Op.Add(), shuffled, enlarged);
        return builder.build();
    }

    private static int conv(Graph.Builder builder, int from, int in, int out, int size, String layer) {
        return builder.add(new Op.Conv(in, out, size, layer + ".weight", layer + ".bias"), from);
    }

    private static int point(Graph.Builder builder, int from, int w, String node) {
        int conv = builder.add(new Op.Conv(w, w, 1, node + ".weight", node + ".point.bias"), from);
        return activated(builder, conv, w, node + ".point");
    }

    private static int activated(Graph.Builder builder, int from, int w, String layer) {
        return builder.add(new Op.PRelu(w, layer + ".slope"), from);
    }

    /// {@return the slice that a tensor of a smaller shape is of a stored one, as a new array}
    ///
    /// @param values the stored tensor, row-major
    /// @param stored its shape
    /// @param wanted the smaller shape: first channels, and the middle of a kernel
    /// @throws IllegalArgumentException if the one is no slice of the other
    public static float[] slice(float[] values, int[] stored, int[] wanted) {
        int[] from = sliceIndices(stored, wanted);
        float[] slice = new float[from.length];
        for (int i = 0; i < slice.length; i++) {
            slice[i] = values[from[i]];
        }
        return slice;
    }

    /// {@return where the numbers of a slice lie in the stored tensor, in the order of the slice}
    ///
    /// @param stored shape of the stored tensor
    /// @param wanted the smaller shape: first channels, and the middle of a kernel
    /// @throws IllegalArgumentException if the one is no slice of the other
    public static int[] sliceIndices(int[] stored, int[] wanted) {
        boolean fits = stored.length == wanted.length;
        int elements = 1;
        for (int d = 0; fits && d < stored.length; d++) {
            fits = wanted[d] >= 1 && wanted[d] <= stored[d];
            elements = Math.multiplyExact(elements, wanted[d]);
        }
        if (!fits) {
            throw new IllegalArgumentException("a tensor of shape " + Arrays.toString(wanted) + " is no slice of "
                    + Arrays.toString(stored));
        }
        int[] indices = new int[elements];
        int[] at = new int[wanted.length];
        for (int i = 0; i < elements; i++) {
            int index = 0;
            for (int d = 0; d < at.length; d++) {
                index = index * stored[d] + at[d] + (d < 2 ? 0 : (stored[d] - wanted[d]) / 2);
            }
            indices[i] = index;
            for (int d = at.length - 1; d >= 0 && ++at[d] == wanted[d]; d--) {
                at[d] = 0;
            }
        }
        return indices;
    }
}
