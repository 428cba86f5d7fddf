package io.github.fovea.train;

import io.github.fovea.graph.Graph;
import io.github.fovea.graph.Node;
import io.github.fovea.graph.Op;
import io.github.fovea.kernel.Conv;
import io.github.fovea.kernel.KernelTable;
import io.github.fovea.tensor.Layout;
import io.github.fovea.tensor.TensorView;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Runs a graph on one patch and, in reverse, the gradients of its parameters. One object serves one thread and one
/// patch size; running allocates nothing.
///
/// Values of all nodes stay in memory between the two directions. Gradients live only from the node that makes them to
/// the one that takes them, so their buffers are shared: which buffer a node's gradient lies in is settled on
/// construction by walking the graph backwards once. An activation behind a convolution is fused into it, and its
/// input, which the reverse direction needs, is had from its output.
final class Backpropagation {
    /// What happens to the gradient of a node's input.
    private enum Delivery {
        /// The input takes no part in training.
        NONE,
        /// The contribution is the first and its buffer becomes the input's gradient.
        FIRST,
        /// The contribution is added to the input's gradient.
        ADDED
    }

    /// The gradient of input `k` of a node: made in `made`, and added to `sum` where another contribution came before.
    private record Route(Delivery delivery, TensorView made, TensorView sum) {}

    /// A tensor like node `like`'s and where in the arena it goes.
    private record Place(TensorView view, int like, Layout layout, int border, int offset) {}

    /// Outputs of a convolution up to which there are kernels that write them planar.
    private static final int PLANAR_CHANNELS = 4;

    /// Views start this far behind a multiple of 16 floats: a large array's element 12 lies on a 64-byte line.
    private static final int FIRST = 12;

    private final Graph graph;
    private final KernelTable kernels;
    private final ParameterLayout layout;
    private final int[] outputs;
    private final int border;
    private final int height;
    private final int width;
    private final List<List<Integer>> consumers = new ArrayList<>();
    private final TensorView[] values;
    private final TensorView[] gradients;
    private final Route[][] routes;
    private final boolean[] trained;
    private final Layout[] layouts;
    /// All tensors, and behind them the kernels' scratch memory.
    private final float[] arena;
    private final int scratch;
    private final float[] slopeSums;
    private final List<Place> places = new ArrayList<>();
    private final Map<String, Deque<Integer>> free = new HashMap<>();
    private long end = FIRST;

    /// Prepares for one patch size.
    ///
    /// @param graph   the network
    /// @param layout  where its parameters lie
    /// @param kernels the kernels to run on
    /// @param height  rows of the input
    /// @param width   pixels in a row of the input
    /// @param reverse whether gradients are wanted too
    Backpropagation(Graph graph, ParameterLayout layout, KernelTable kernels, int height, int width, boolean reverse) {
        this(graph, layout, kernels, height, width, reverse, new int[] {graph.nodes().size() - 1});
    }

    /// Prepares for one patch size and several outputs, each of which may have a gradient.
    ///
    /// @param graph   the network
    /// @param layout  where its parameters lie
    /// @param kernels the kernels to run on
    /// @param height  rows of the input
    /// @param width   pixels in a row of the input
    /// @param reverse whether gradients are wanted too
    /// @param outputs indices of the nodes whose values are wanted, each once; none of them may be an activation or the
    ///                input
    Backpropagation(Graph graph, ParameterLayout layout, KernelTable kernels, int height, int width, boolean reverse,
            int[] outputs) {
        this.graph = graph;
        this.outputs = outputs.clone();
        this.layout = layout;
        this.kernels = kernels;
        this.height = height;
        this.width = width;
        int nodes = graph.nodes().size();
        values = new TensorView[nodes];
        layouts = new Layout[nodes];
        gradients = new TensorView[nodes];
        routes = new Route[nodes][];
        trained = new boolean[nodes];
        int widest = 1;
        int inner = 1;
        int outer = 1;
        int sums = 1;
        for (int i = 0; i < nodes; i++) {
            consumers.add(new ArrayList<>());
            Node node = graph.nodes().get(i);
            for (int input : node.inputs()) {
                consumers.get(input).add(i);
                trained[i] |= trained[input];
            }
            widest = Math.max(widest, graph.channels(i));
            switch (node.op()) {
                case Op.Conv conv -> {
                    trained[i] = true;
                    sums = Math.max(sums, scratchElements(conv));
                    if (node.inputs().getFirst() == 0) {
                        outer = Math.max(outer, conv.size() / 2);
                    } else {
                        inner = Math.max(inner, conv.size() / 2);
                    }
                }
                case Op.DepthwiseConv _, Op.PRelu _ -> trained[i] = true;
                case Op.Input _, Op.Relu _, Op.LeakyRelu _, Op.Add _, Op.PixelShuffle _, Op.Resize _ -> { }
            }
        }
        border = inner;
        slopeSums = new float[(widest + 15) / 16 * 16];
        for (int i = 0; i < nodes; i++) {
            layouts[i] = order(i);
            values[i] = i > 0 && fusedAlways(i) ? values[graph.nodes().get(i).inputs().getFirst()]
                    : room(i, layouts[i], i == 0 ? Math.max(inner, outer) : inner);
        }
        if (reverse) {
            routeGradients();
        }
        scratch = Math.toIntExact(end);
        arena = new float[Math.toIntExact(end + sums)];
        places.forEach(place -> place.view().place(arena, place.offset(), place.layout(),
                graph.channels(place.like()), height(place.like()), width * graph.scale(place.like()), place.border()));
    }

    private TensorView place(int like, Layout order, int withBorder, int offset) {
        TensorView view = new TensorView();
        places.add(new Place(view, like, order, withBorder, offset));
        return view;
    }

    /// {@return a tensor like node `like`'s in new memory}
    private TensorView room(int like, Layout order, int withBorder) {
        int from = Math.toIntExact(end);
        end += TensorView.elements(order, graph.channels(like), height(like), width * graph.scale(like), withBorder);
        return place(like, order, withBorder, from);
    }

    /// Scratch memory for all three directions of a convolution.
    private int scratchElements(Op.Conv conv) {
        Conv kernel = kernels.conv(conv.size());
        return Math.max(kernels.gradient(conv.size()).scratchElements(conv.inChannels(), conv.outChannels()), Math.max(
                kernel.scratchElements(conv.inChannels(), conv.outChannels()),
                kernel.scratchElements(conv.outChannels(), conv.inChannels())));
    }

    private Layout order(int i) {
        Node node = graph.nodes().get(i);
        Layout first = node.inputs().isEmpty() ? Layout.PLANAR : layouts[node.inputs().getFirst()];
        return switch (node.op()) {
            case Op.Input _ -> Layout.PLANAR;
            case Op.Conv conv -> conv.outChannels() <= PLANAR_CHANNELS && shuffledAlone(i) ? Layout.PLANAR
                    : Layout.BLOCKED16;
            case Op.DepthwiseConv _ -> requireBlocked(i, first);
            case Op.Relu _, Op.LeakyRelu _, Op.PRelu _, Op.Resize _ -> first;
            case Op.PixelShuffle _ -> {
                boolean convolved = consumers.get(i).stream().map(c -> graph.nodes().get(c).op())
                        .anyMatch(op -> op instanceof Op.Conv || op instanceof Op.DepthwiseConv);
                if (first == Layout.PLANAR && graph.nodes().get(node.inputs().getFirst()).op() instanceof Op.Conv) {
                    yield Layout.PLANAR;
                }
                requireBlocked(i, first);
                yield graph.channels(i) <= 4 && !convolved ? Layout.PLANAR : Layout.BLOCKED16;
            }
            case Op.Add _ -> {
                Layout second = layouts[node.inputs().get(1)];
                if (first != second) {
                    throw new IllegalArgumentException("node " + i + " adds a " + first + " and a " + second
                            + " tensor; training wants both made by convolutions, or neither");
                }
                yield first;
            }
        };
    }

    /// Whether nothing but a pixel shuffle reads node `i`, whose result is the network's or read by no convolution.
    private boolean shuffledAlone(int i) {
        return consumers.get(i).size() == 1 && graph.nodes().get(consumers.get(i).getFirst())
                .op() instanceof Op.PixelShuffle && consumers.get(consumers.get(i).getFirst()).isEmpty();
    }

    /// {@return the layout of node `i`'s gradient: the kernels take those of convolutions blocked, or, of a convolution
    /// from a blocked tensor to a planar one, planar}
    private Layout gradientLayout(int i) {
        Node node = graph.nodes().get(i);
        return node.op() instanceof Op.Conv && layouts[node.inputs().getFirst()] == Layout.PLANAR ? Layout.BLOCKED16
                : layouts[i];
    }

    private Layout requireBlocked(int i, Layout layout) {
        if (layout != Layout.BLOCKED16) {
            throw new IllegalArgumentException("node " + i + " " + graph.nodes().get(i).op()
                    + " takes the picture itself; training wants a convolution before it");
        }
        return layout;
    }

    /// {@return the activation that is fused into convolution `i`, or -1}
    private int activationOf(int i) {
        if (consumers.get(i).size() != 1) {
            return -1;
        }
        Op op = graph.nodes().get(i).op();
        int next = consumers.get(i).getFirst();
        boolean convolution = op instanceof Op.Conv || op instanceof Op.DepthwiseConv;
        return convolution && isActivation(graph.nodes().get(next).op()) ? next : -1;
    }

    private static boolean isActivation(Op op) {
        return op instanceof Op.Relu || op instanceof Op.LeakyRelu || op instanceof Op.PRelu;
    }

    /// Whether node `i` is an activation that shares the memory of the convolution before it at all times.
    private boolean fusedAlways(int i) {
        Op op = graph.nodes().get(i).op();
        boolean always = op instanceof Op.Relu || op instanceof Op.LeakyRelu(float slope) && slope >= 0;
        return always && activationOf(graph.nodes().get(i).inputs().getFirst()) == i;
    }

    /// Whether node `i` is an activation that runs inside the convolution before it with these parameters.
    private boolean fused(int i, PackedParameters parameters) {
        return isActivation(graph.nodes().get(i).op()) && parameters.invertible(i)
                && activationOf(graph.nodes().get(i).inputs().getFirst()) == i;
    }

    private void routeGradients() {
        for (int output : outputs) {
            gradients[output] = take(output);
        }
        for (int i = values.length - 1; i > 0; i--) {
            List<Integer> inputs = graph.nodes().get(i).inputs();
            routes[i] = new Route[inputs.size()];
            if (!trained[i] || gradients[i] == null) {
                continue;
            }
            boolean inPlace = false;
            for (int k = inputs.size() - 1; k >= 0; k--) {
                int input = inputs.get(k);
                if (!trained[input]) {
                    routes[i][k] = new Route(Delivery.NONE, null, null);
                    continue;
                }
                Op op = graph.nodes().get(i).op();
                boolean first = gradients[input] == null;
                boolean reuses = isActivation(op) || op instanceof Op.Add && (k == 0 || !first);
                TensorView made = reuses ? gradients[i] : take(input);
                inPlace |= reuses && first;
                routes[i][k] = new Route(first ? Delivery.FIRST : Delivery.ADDED, made, gradients[input]);
                if (first) {
                    gradients[input] = made;
                } else if (!reuses) {
                    give(made);
                }
            }
            if (!inPlace) {
                give(gradients[i]);
            }
        }
    }

    private TensorView take(int node) {
        Deque<Integer> pool = free.computeIfAbsent(key(node), _ -> new ArrayDeque<>());
        Layout order = gradientLayout(node);
        return pool.isEmpty() ? room(node, order, border) : place(node, order, border, pool.pop());
    }

    private void give(TensorView view) {
        Place place = places.stream().filter(p -> p.view() == view).findFirst().orElseThrow();
        free.get(key(place.like())).push(place.offset());
    }

    private String key(int node) {
        Layout order = gradientLayout(node);
        return order + " " + order.planes(graph.channels(node)) + " " + graph.scale(node);
    }

    /// {@return the picture that goes in, planar; whoever fills it leaves the border zero}
    TensorView input() {
        return values[0];
    }

    /// {@return what the network makes of it}
    TensorView output() {
        return values[values.length - 1];
    }

    /// {@return the value of one of several outputs}
    ///
    /// @param k index among the outputs
    TensorView output(int k) {
        return values[outputs[k]];
    }

    /// {@return where the gradient of the output goes before [#backward]}
    TensorView outputGradient() {
        return gradients[gradients.length - 1];
    }

    /// {@return where the gradient of one of several outputs goes before [#backward]}
    ///
    /// @param k index among the outputs
    TensorView outputGradient(int k) {
        return gradients[outputs[k]];
    }

    /// {@return the number of floats that this object holds}
    long elements() {
        return arena.length;
    }

    /// Computes the output.
    void forward(PackedParameters parameters) {
        for (int i = 1; i < values.length; i++) {
            Node node = graph.nodes().get(i);
            TensorView in = values[node.inputs().getFirst()];
            TensorView out = values[i];
            switch (node.op()) {
                case Op.Input _ -> throw new IllegalStateException("input inside a graph");
                case Op.Conv conv -> {
                    int activation = activationOf(i);
                    boolean fused = activation >= 0 && parameters.invertible(activation);
                    TensorView to = fused ? values[activation] : out;
                    kernels.conv(conv.size()).run(in, parameters.forward(i), 0, parameters.bias(i),
                            fused ? parameters.slopes(activation) : null, to, 0, height(i), arena, scratch);
                    tidy(to);
                }
                case Op.DepthwiseConv _ -> {
                    int activation = activationOf(i);
                    boolean fused = activation >= 0 && parameters.invertible(activation);
                    TensorView to = fused ? values[activation] : out;
                    kernels.depthwise3x3().run(in, parameters.forward(i), parameters.bias(i),
                            fused ? parameters.slopes(activation) : null, to, 0, height(i));
                    tidy(to);
                }
                case Op.Relu _, Op.LeakyRelu _, Op.PRelu _ -> {
                    if (!fused(i, parameters)) {
                        kernels.activation().run(in, parameters.slopes(i), out, 0, height(i));
                        tidy(out);
                    }
                }
                case Op.Add _ -> {
                    kernels.add().run(in, values[node.inputs().get(1)], out, 0, height(i));
                    tidy(out);
                }
                case Op.PixelShuffle(int scale) -> {
                    kernels.pixelShuffle().run(in, scale, out, 0, in.height());
                    tidy(out);
                }
                case Op.Resize resize -> {
                    kernels.resize().run(in, resize.interpolation(), resize.scale(), out, 0, in.height());
                    tidy(out);
                }
            }
        }
    }

    /// Makes the border of a tensor zero again. It was from the start, and kernels write no further than into the padding
    /// of rows, which tiles fill that reach past their end.
    private static void tidy(TensorView written) {
        if (written.width() % TensorView.PIXEL_BLOCK != 0) {
            written.clearSides(0, written.height());
        }
    }

    private int height(int i) {
        return height * graph.scale(i);
    }

    /// Adds the gradients of all parameters, given the gradients of the outputs, which are destroyed.
    ///
    /// @param parameters the parameters that [#forward] ran with
    /// @param sums       receives the gradients, ordered as the layout says
    void backward(PackedParameters parameters, float[] sums) {
        for (int output : outputs) {
            tidy(gradients[output]);
        }
        for (int i = values.length - 1; i > 0; i--) {
            if (!trained[i] || gradients[i] == null || gated(i, parameters)) {
                continue;
            }
            Node node = graph.nodes().get(i);
            TensorView in = values[node.inputs().getFirst()];
            TensorView d = gradients[i];
            Route route = routes[i][0];
            switch (node.op()) {
                case Op.Input _ -> throw new IllegalStateException("input inside a graph");
                case Op.Conv conv -> {
                    kernels.gradient(conv.size()).run(in, d, arena, scratch, sums, layout.offset(conv.weights()), sums,
                            layout.offset(conv.bias()));
                    int before = node.inputs().getFirst();
                    if (gated(before, parameters)) {
                        Arrays.fill(slopeSums, 0f);
                        kernels.conv(conv.size()).runGated(d, parameters.backward(i), 0, in,
                                parameters.slopes(before), route.made(), arena, scratch, slopeSums);
                        addSlopes(before, parameters, sums);
                        deliver(route, i);
                    } else if (route.delivery() != Delivery.NONE) {
                        kernels.conv(conv.size()).run(d, parameters.backward(i), 0, parameters.zeros(), null,
                                route.made(), 0, height(i), arena, scratch);
                        deliver(route, i);
                    }
                }
                case Op.DepthwiseConv conv -> {
                    Adjoints.depthwiseWeights(in, d, sums, layout.offset(conv.weights()), layout.offset(conv.bias()));
                    if (route.delivery() != Delivery.NONE) {
                        kernels.depthwise3x3().run(d, parameters.backward(i), parameters.zeros(), null, route.made(), 0,
                                height(i));
                        deliver(route, i);
                    }
                }
                case Op.Relu _, Op.LeakyRelu _ -> {
                    // An activation that is not fused has its own input; where it is, both are one tensor.
                    kernels.activationGradient().run(fused(i, parameters) ? values[i] : in, parameters.slopes(i), d,
                            null, 0);
                    deliver(route, i);
                }
                case Op.PRelu(_, String slopes) -> {
                    if (fused(i, parameters)) {
                        Arrays.fill(slopeSums, 0f);
                        kernels.activationGradient().run(values[i], parameters.slopes(i), d, slopeSums, 0);
                        addSlopes(i, parameters, sums);
                    } else {
                        kernels.activationGradient().run(in, parameters.slopes(i), d, sums, layout.offset(slopes));
                    }
                    deliver(route, i);
                }
                case Op.Add _ -> {
                    Route second = routes[i][1];
                    if (second.delivery() == Delivery.FIRST) {
                        System.arraycopy(d.data(), d.offset(), second.made().data(), second.made().offset(),
                                d.planes() * d.planeStride());
                    } else {
                        deliver(second, i);
                    }
                    deliver(route, i);
                }
                case Op.PixelShuffle(int scale) -> {
                    Adjoints.pixelShuffle(d, scale, route.made());
                    deliver(route, i);
                }
                case Op.Resize resize -> {
                    Adjoints.resize(d, resize.interpolation(), resize.scale(), route.made());
                    deliver(route, i);
                }
            }
        }
    }

    /// Whether the gradient of activation `i` goes through it while the convolution behind it makes it.
    private boolean gated(int i, PackedParameters parameters) {
        return fused(i, parameters) && consumers.get(i).size() == 1
                && graph.nodes().get(consumers.get(i).getFirst()).op() instanceof Op.Conv conv
                && gradients[consumers.get(i).getFirst()].layout() == Layout.BLOCKED16
                && kernels.conv(conv.size()).gates(conv.outChannels(), conv.inChannels());
    }

    /// Adds the gradients of slopes, given the sums of a fused activation.
    private void addSlopes(int i, PackedParameters parameters, float[] sums) {
        if (graph.nodes().get(i).op() instanceof Op.PRelu(int channels, String slopes)) {
            int from = layout.offset(slopes);
            for (int c = 0; c < channels; c++) {
                sums[from + c] += slopeSums[c] / parameters.slopes(i)[c];
            }
        }
    }

    private void deliver(Route route, int i) {
        switch (route.delivery()) {
            case NONE -> { }
            case FIRST -> tidy(route.made());
            case ADDED -> {
                kernels.add().run(route.sum(), route.made(), route.sum(), 0, route.sum().height());
                tidy(route.sum());
            }
        }
    }
}
