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
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What is settled before a graph is trained on patches of one size: the layout of every tensor, where in one array it
/// lies, which activations share the memory of the convolution before them, and where every gradient is made.
///
/// Values of all nodes stay in memory between the two directions. Gradients live only from the node that makes them to
/// the one that takes them, so their buffers are shared: which buffer a node's gradient lies in is settled by walking the
/// graph backwards once.
final class TrainingPlan {
    /// What happens to the gradient of a node's input.
    enum Delivery {
        /// The input takes no part in training.
        NONE,
        /// The contribution is the first and its buffer becomes the input's gradient.
        FIRST,
        /// The contribution is added to the input's gradient.
        ADDED
    }

    /// The gradient of input `k` of a node: made in `made`, and added to `sum` where another contribution came before.
    record Route(Delivery delivery, TensorView made, TensorView sum) {}

    /// A tensor like node `like`'s and where in the arena it goes.
    private record Place(TensorView view, int like, Layout layout, int border, int offset) {}

    /// Outputs of a convolution up to which there are kernels that write them planar.
    private static final int PLANAR_CHANNELS = 4;

    /// Views start this far behind a multiple of 16 floats: a large array's element 12 lies on a 64-byte line.
    private static final int FIRST = 12;

    private final Graph graph;
    private final KernelTable kernels;
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
    private final float[] arena;
    private final int scratch;
    private final List<Place> places = new ArrayList<>();
    private final Map<String, Deque<Integer>> free = new HashMap<>();
    private long end = FIRST;

    /// Settles everything for one patch size.
    ///
    /// @param graph   the network
    /// @param kernels the kernels that will run it
    /// @param height  rows of the input
    /// @param width   pixels in a row of the input
    /// @param reverse whether gradients are wanted too
    /// @param outputs indices of the nodes whose values are wanted, each once; none of them may be an activation or the
    ///                input
    TrainingPlan(Graph graph, KernelTable kernels, int height, int width, boolean reverse, int[] outputs) {
        this.graph = graph;
        this.outputs = outputs.clone();
        this.kernels = kernels;
        this.height = height;
        this.width = width;
        int nodes = graph.nodes().size();
        values = new TensorView[nodes];
        layouts = new Layout[nodes];
        gradients = new TensorView[nodes];
        routes = new Route[nodes][];
        trained = new boolean[nodes];
        int inner = 1;
        int outer = 1;
        int most = 1;
        for (int i = 0; i < nodes; i++) {
            consumers.add(new ArrayList<>());
            Node node = graph.nodes().get(i);
            for (int input : node.inputs()) {
                consumers.get(input).add(i);
                trained[i] |= trained[input];
            }
            switch (node.op()) {
                case Op.Conv conv -> {
                    trained[i] = true;
                    most = Math.max(most, scratchElements(conv));
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
        for (int i = 0; i < nodes; i++) {
            layouts[i] = order(i);
            values[i] = i > 0 && fusedAlways(i) ? values[graph.nodes().get(i).inputs().getFirst()]
                    : room(i, layouts[i], i == 0 ? Math.max(inner, outer) : inner);
        }
        if (reverse) {
            routeGradients();
        }
        scratch = Math.toIntExact(end);
        arena = new float[Math.toIntExact(end + most)];
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
        int next = onlyConsumer(i);
        return next >= 0 && graph.nodes().get(next).op() instanceof Op.PixelShuffle && consumers.get(next).isEmpty();
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

    /// {@return the activation that may be fused into convolution `i`, or -1}
    int activationOf(int i) {
        int next = onlyConsumer(i);
        Op op = graph.nodes().get(i).op();
        boolean convolution = op instanceof Op.Conv || op instanceof Op.DepthwiseConv;
        return next >= 0 && convolution && isActivation(graph.nodes().get(next).op()) ? next : -1;
    }

    /// Whether an operation is an activation.
    static boolean isActivation(Op op) {
        return op instanceof Op.Relu || op instanceof Op.LeakyRelu || op instanceof Op.PRelu;
    }

    /// Whether node `i` is an activation that shares the memory of the convolution before it at all times.
    private boolean fusedAlways(int i) {
        Op op = graph.nodes().get(i).op();
        boolean always = op instanceof Op.Relu || op instanceof Op.LeakyRelu(float slope) && slope >= 0;
        return always && activationOf(graph.nodes().get(i).inputs().getFirst()) == i;
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

    /// {@return rows of node `i`'s value}
    int height(int i) {
        return height * graph.scale(i);
    }

    /// {@return the value of node `i`; of an activation that is always fused the same tensor as its convolution's}
    TensorView value(int i) {
        return values[i];
    }

    /// {@return the gradient of node `i`'s value; `null` where none is made}
    TensorView gradient(int i) {
        return gradients[i];
    }

    /// Whether node `i` has a gradient to hand on: it takes part in training, and an output depends on it.
    boolean reverses(int i) {
        return trained[i] && gradients[i] != null;
    }

    /// {@return where the gradient of input `k` of node `i` is made}
    Route route(int i, int k) {
        return routes[i][k];
    }

    /// {@return the only node that reads node `i`, or -1}
    int onlyConsumer(int i) {
        return consumers.get(i).size() == 1 ? consumers.get(i).getFirst() : -1;
    }

    /// {@return the array of all tensors, with the kernels' scratch memory behind them}
    float[] arena() {
        return arena;
    }

    /// {@return where in the arena scratch memory begins}
    int scratch() {
        return scratch;
    }
}
