package io.github.fovea.train;

import io.github.fovea.graph.Graph;
import io.github.fovea.graph.Node;
import io.github.fovea.graph.Op;
import io.github.fovea.kernel.KernelTable;
import io.github.fovea.tensor.Layout;
import io.github.fovea.tensor.TensorView;
import io.github.fovea.train.TrainingPlan.Delivery;
import io.github.fovea.train.TrainingPlan.Route;
import java.util.Arrays;
import java.util.stream.IntStream;

/// Runs a graph on one patch and, in reverse, the gradients of its parameters. One object serves one thread and one
/// patch size; running allocates nothing. Where everything lies the [TrainingPlan] has settled.
///
/// An activation behind a convolution is fused into it, and its input, which the reverse direction needs, is had from
/// its output.
final class Backpropagation {
    private final Graph graph;
    private final KernelTable kernels;
    private final ParameterLayout layout;
    private final int[] outputs;
    private final TrainingPlan plan;
    private final float[] arena;
    private final int scratch;
    private final float[] slopeSums;

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
        this.layout = layout;
        this.kernels = kernels;
        this.outputs = outputs.clone();
        plan = new TrainingPlan(graph, kernels, height, width, reverse, outputs);
        arena = plan.arena();
        scratch = plan.scratch();
        int widest = IntStream.range(0, graph.nodes().size()).map(graph::channels).max().orElseThrow();
        slopeSums = new float[(widest + 15) / 16 * 16];
    }

    /// {@return the picture that goes in, planar; whoever fills it leaves the border zero}
    TensorView input() {
        return plan.value(0);
    }

    /// {@return what the network makes of it}
    TensorView output() {
        return plan.value(graph.nodes().size() - 1);
    }

    /// {@return the value of one of several outputs}
    ///
    /// @param k index among the outputs
    TensorView output(int k) {
        return plan.value(outputs[k]);
    }

    /// {@return where the gradient of the output goes before [#backward]}
    TensorView outputGradient() {
        return plan.gradient(graph.nodes().size() - 1);
    }

    /// {@return where the gradient of one of several outputs goes before [#backward]}
    ///
    /// @param k index among the outputs
    TensorView outputGradient(int k) {
        return plan.gradient(outputs[k]);
    }

    /// {@return the number of floats that this object holds}
    long elements() {
        return arena.length;
    }

    /// Computes the output.
    void forward(PackedParameters parameters) {
        for (int i = 1; i < graph.nodes().size(); i++) {
            Node node = graph.nodes().get(i);
            TensorView in = plan.value(node.inputs().getFirst());
            TensorView out = plan.value(i);
            switch (node.op()) {
                case Op.Input _ -> throw new IllegalStateException("input inside a graph");
                case Op.Conv conv -> {
                    int activation = plan.activationOf(i);
                    boolean fused = activation >= 0 && parameters.invertible(activation);
                    TensorView to = fused ? plan.value(activation) : out;
                    kernels.conv(conv.size()).run(in, parameters.forward(i), 0, parameters.bias(i),
                            fused ? parameters.slopes(activation) : null, to, 0, plan.height(i), arena, scratch);
                    tidy(to);
                }
                case Op.DepthwiseConv _ -> {
                    int activation = plan.activationOf(i);
                    boolean fused = activation >= 0 && parameters.invertible(activation);
                    TensorView to = fused ? plan.value(activation) : out;
                    kernels.depthwise3x3().run(in, parameters.forward(i), parameters.bias(i),
                            fused ? parameters.slopes(activation) : null, to, 0, plan.height(i));
                    tidy(to);
                }
                case Op.Relu _, Op.LeakyRelu _, Op.PRelu _ -> {
                    if (!fused(i, parameters)) {
                        kernels.activation().run(in, parameters.slopes(i), out, 0, plan.height(i));
                        tidy(out);
                    }
                }
                case Op.Add _ -> {
                    kernels.add().run(in, plan.value(node.inputs().get(1)), out, 0, plan.height(i));
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

    /// Whether node `i` is an activation that runs inside the convolution before it with these parameters.
    private boolean fused(int i, PackedParameters parameters) {
        return TrainingPlan.isActivation(graph.nodes().get(i).op()) && parameters.invertible(i)
                && plan.activationOf(graph.nodes().get(i).inputs().getFirst()) == i;
    }

    /// Adds the gradients of all parameters, given the gradients of the outputs, which are destroyed.
    ///
    /// @param parameters the parameters that [#forward] ran with
    /// @param sums       receives the gradients, ordered as the layout says
    void backward(PackedParameters parameters, float[] sums) {
        for (int output : outputs) {
            tidy(plan.gradient(output));
        }
        for (int i = graph.nodes().size() - 1; i > 0; i--) {
            if (!plan.reverses(i) || gated(i, parameters)) {
                continue;
            }
            Node node = graph.nodes().get(i);
            TensorView in = plan.value(node.inputs().getFirst());
            TensorView d = plan.gradient(i);
            Route route = plan.route(i, 0);
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
                                route.made(), 0, plan.height(i), arena, scratch);
                        deliver(route, i);
                    }
                }
                case Op.DepthwiseConv conv -> {
                    Adjoints.depthwiseWeights(in, d, sums, layout.offset(conv.weights()), layout.offset(conv.bias()));
                    if (route.delivery() != Delivery.NONE) {
                        kernels.depthwise3x3().run(d, parameters.backward(i), parameters.zeros(), null, route.made(), 0,
                                plan.height(i));
                        deliver(route, i);
                    }
                }
                case Op.Relu _, Op.LeakyRelu _ -> {
                    // An activation that is not fused has its own input; where it is, both are one tensor.
                    kernels.activationGradient().run(fused(i, parameters) ? plan.value(i) : in, parameters.slopes(i), d,
                            null, 0);
                    deliver(route, i);
                }
                case Op.PRelu(_, String slopes) -> {
                    if (fused(i, parameters)) {
                        Arrays.fill(slopeSums, 0f);
                        kernels.activationGradient().run(plan.value(i), parameters.slopes(i), d, slopeSums, 0);
                        addSlopes(i, parameters, sums);
                    } else {
                        kernels.activationGradient().run(in, parameters.slopes(i), d, sums, layout.offset(slopes));
                    }
                    deliver(route, i);
                }
                case Op.Add _ -> {
                    Route second = plan.route(i, 1);
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
        int next = plan.onlyConsumer(i);
        return next >= 0 && fused(i, parameters) && graph.nodes().get(next).op() instanceof Op.Conv conv
                && plan.gradient(next).layout() == Layout.BLOCKED16
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
