package io.github.fovea.plan;

import io.github.fovea.arena.Dataflow;
import io.github.fovea.arena.Order;
import io.github.fovea.graph.Graph;
import io.github.fovea.graph.Node;
import io.github.fovea.graph.Op;
import io.github.fovea.tensor.Layout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Builds a plan: fuses activations, orders the nodes, lets steps work in place, and records how long tensors live.
final class Planner {
    /// The order is the one that needs least memory for a patch of this many pixels a side.
    private static final int TYPICAL_SIDE = 64;

    private final Graph graph;
    private final Kernels kernels;
    private final List<Node> nodes;
    private final boolean[] used;
    private final int[] readers;
    /// The convolution whose step computes this activation too, or -1.
    private final int[] fusedInto;
    /// The activation that this convolution's step computes too, or -1.
    private final int[] fused;

    Planner(Graph graph, Kernels kernels) {
        this.graph = graph;
        this.kernels = kernels;
        nodes = graph.nodes();
        int n = nodes.size();
        used = new boolean[n];
        readers = new int[n];
        fusedInto = new int[n];
        fused = new int[n];
        Arrays.fill(fusedInto, -1);
        Arrays.fill(fused, -1);
        used[n - 1] = true;
        for (int i = n - 1; i >= 0; i--) {
            if (used[i]) {
                for (int input : nodes.get(i).inputs()) {
                    used[input] = true;
                    readers[input]++;
                }
            }
        }
        for (int i = 0; i < n; i++) {
            if (used[i] && slopes(nodes.get(i).op()) != null) {
                int producer = nodes.get(i).inputs().getFirst();
                Op op = nodes.get(producer).op();
                if ((op instanceof Op.Conv || op instanceof Op.DepthwiseConv) && readers[producer] == 1) {
                    fusedInto[i] = producer;
                    fused[producer] = i;
                }
            }
        }
    }

    Plan plan() {
        List<Integer> runs = new ArrayList<>();
        for (int i = 1; i < nodes.size(); i++) {
            if (used[i] && fusedInto[i] < 0) {
                runs.add(i);
            }
        }
        // What follows the last node, a change of layout, is no node.
        List<Integer> order = new ArrayList<>();
        for (int i : Order.of(dataflow(runs)).steps()) {
            if (i < runs.size()) {
                order.add(runs.get(i));
            }
        }
        return plan(order);
    }

    /// What the steps read and write, with sizes for a typical patch: a value for every node.
    private Dataflow dataflow(List<Integer> runs) {
        int last = nodes.size() - 1;
        boolean planarResult = Plan.layout(graph.outputChannels()) == Layout.PLANAR;
        int[] borders = new int[nodes.size()];
        List<Dataflow.Step> steps = new ArrayList<>();
        for (int node : runs) {
            List<Integer> inputs = nodes.get(node).inputs();
            for (int input : inputs) {
                borders[input] = Math.max(borders[input], radius(nodes.get(node).op()));
            }
            steps.add(new Dataflow.Step(inputs, List.of(resultOf(node)), inPlace(nodes.get(node).op())));
        }
        List<Dataflow.Value> values = new ArrayList<>();
        for (int i = 0; i <= last; i++) {
            Slot slot = new Slot(graph.channels(i), layout(i), graph.scale(i), borders[i], 0, 0);
            values.add(new Dataflow.Value(slot.elements(TYPICAL_SIDE, TYPICAL_SIDE),
                    i == 0 || i == last && planarResult));
        }
        if (!planarResult) {
            Slot result = new Slot(graph.outputChannels(), Layout.PLANAR, graph.scale(), 0, 0, 0);
            steps.add(new Dataflow.Step(List.of(last), List.of(values.size()), false));
            values.add(new Dataflow.Value(result.elements(TYPICAL_SIDE, TYPICAL_SIDE), true));
        }
        return new Dataflow(steps, values);
    }

    /// The layout of a node's result. A few outputs of a convolution may stay in a block if a shuffle alone reads them, which reads both.
    private Layout layout(int node) {
        Layout usual = node == 0 ? Layout.PLANAR : Plan.layout(graph.channels(node));
        return usual == Layout.PLANAR && nodes.get(node).op() instanceof Op.Conv op
                && Plan.layout(op.inChannels()) == Layout.BLOCKED16 && kernels.conv(op).leavesBlocks() && readers[node] == 1
                && readByShuffle(node) ? Layout.BLOCKED16 : usual;
    }

    private boolean readByShuffle(int node) {
        return IntStream.range(node + 1, nodes.size()).anyMatch(i -> used[i] && nodes.get(i).op() instanceof Op.PixelShuffle
                && nodes.get(i).inputs().getFirst() == node);
    }

    private int resultOf(int node) {
        return fused[node] < 0 ? node : fused[node];
    }

    /// A tensor while lifetimes are still growing.
    private static final class Growing {
        final int channels;
        final Layout layout;
        final int scale;
        int border;
        final int firstStep;
        int lastStep;

        Growing(int channels, Layout layout, int scale, int step) {
            this.channels = channels;
            this.layout = layout;
            this.scale = scale;
            this.firstStep = step;
            this.lastStep = step;
        }
    }

    private Plan plan(List<Integer> order) {
        int[] unread = readers.clone();
        int[] slotOf = new int[nodes.size()];
        List<Growing> slots = new ArrayList<>();
        List<Step> steps = new ArrayList<>();
        slots.add(new Growing(graph.inputChannels(), Layout.PLANAR, 1, -1));
        int last = nodes.size() - 1;
        for (int node : order) {
            int step = steps.size();
            List<Integer> inputs = nodes.get(node).inputs();
            for (int input : inputs) {
                Growing slot = slots.get(slotOf[input]);
                slot.lastStep = step;
                slot.border = Math.max(slot.border, radius(nodes.get(node).op()));
                unread[input]--;
            }
            int result = resultOf(node);
            int out = placeOfResult(node, unread, slotOf, slots, step);
            slotOf[result] = out;
            steps.add(step(node, inputs.stream().mapToInt(i -> slotOf[i]).toArray(), out));
        }
        int output = slotOf[last];
        if (slots.get(output).layout != Layout.PLANAR) {
            slots.get(output).lastStep = steps.size();
            slots.add(new Growing(graph.outputChannels(), Layout.PLANAR, graph.scale(), steps.size()));
            steps.add(new Step.PixelShuffle(1, output, slots.size() - 1));
            output = slots.size() - 1;
        }
        slots.getFirst().lastStep = steps.size();
        slots.get(output).lastStep = steps.size();
        return new Plan(graph, slots.stream()
                .map(s -> new Slot(s.channels, s.layout, s.scale, s.border, s.firstStep, s.lastStep)).toList(),
                steps, 0, output, kernels);
    }

    /// The slot that a node writes: an input's, if the operator may work in place and nobody reads that input later.
    private int placeOfResult(int node, int[] unread, int[] slotOf, List<Growing> slots, int step) {
        if (inPlace(nodes.get(node).op())) {
            for (int input : nodes.get(node).inputs()) {
                if (unread[input] == 0 && slotOf[input] != 0) {
                    return slotOf[input];
                }
            }
        }
        int channels = graph.channels(node);
        slots.add(new Growing(channels, layout(resultOf(node)), graph.scale(node), step));
        return slots.size() - 1;
    }

    private static boolean inPlace(Op op) {
        return switch (op) {
            case Op.Add _, Op.Relu _, Op.LeakyRelu _, Op.PRelu _ -> true;
            case Op.Input _, Op.Conv _, Op.DepthwiseConv _, Op.PixelShuffle _, Op.Resize _ -> false;
        };
    }

    private Step step(int node, int[] in, int out) {
        Slopes slopes = fused[node] < 0 ? new Slopes.None() : slopes(nodes.get(fused[node]).op());
        return switch (nodes.get(node).op()) {
            case Op.Input _ -> throw new IllegalStateException("the input is no step");
            case Op.Conv conv -> new Step.Conv(conv, slopes, in[0], out);
            case Op.DepthwiseConv conv -> new Step.DepthwiseConv(conv, slopes, in[0], out);
            case Op.Relu _, Op.LeakyRelu _, Op.PRelu _ ->
                new Step.Activation(slopes(nodes.get(node).op()), in[0], out);
            case Op.Add _ -> new Step.Add(in[0], in[1], out);
            case Op.PixelShuffle(int scale) -> new Step.PixelShuffle(scale, in[0], out);
            case Op.Resize(var interpolation, int scale) -> new Step.Resize(interpolation, scale, in[0], out);
        };
    }

    private static Slopes slopes(Op op) {
        return switch (op) {
            case Op.Relu _ -> new Slopes.Constant(0f);
            case Op.LeakyRelu(float slope) -> new Slopes.Constant(slope);
            case Op.PRelu(int _, String name) -> new Slopes.Parameter(name);
            case Op.Input _, Op.Conv _, Op.DepthwiseConv _, Op.Add _, Op.PixelShuffle _, Op.Resize _ -> null;
        };
    }

    private static int radius(Op op) {
        return switch (op) {
            case Op.Conv conv -> conv.size() / 2;
            case Op.DepthwiseConv _ -> 1;
            case Op.Input _, Op.Relu _, Op.LeakyRelu _, Op.PRelu _, Op.Add _, Op.PixelShuffle _, Op.Resize _ -> 0;
        };
    }
}
