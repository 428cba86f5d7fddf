package io.github.fovea.onnx;

import io.github.fovea.flow.Attribute;
import io.github.fovea.flow.Constant;
import io.github.fovea.flow.ElementType;
import io.github.fovea.flow.FlowGraph;
import io.github.fovea.flow.FlowInput;
import io.github.fovea.flow.FlowNode;
import io.github.fovea.graph.Graph;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Brings an operator graph into the engine's operators, node by node. A node that has no counterpart is no error until
/// something that is needed reads it: spellings of one operator by several (see [Spellings]) pass through such nodes.
final class NetworkLowering {
    /// ONNX's numbers of floating-point types.
    private static final Set<Long> FLOATS = Set.of(1L, 10L, 11L, 16L);
    /// Most channels of a picture that enters, as [Graph] has it.
    private static final int MAX_PICTURE_CHANNELS = 4;

    private final FlowGraph graph;
    private final Map<String, Constant> constants;
    private final Map<String, FlowNode> makers = new HashMap<>();
    private final Map<String, Integer> places = new HashMap<>();
    private final Map<String, String> aliases = new HashMap<>();
    private final Map<String, Integer> uses = new HashMap<>();
    private final Map<String, Layer> layers = new HashMap<>();
    private final Map<String, String> reasons = new HashMap<>();
    private final Set<Layer> shared = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Spellings spellings = new Spellings(this);
    private float low = Float.NEGATIVE_INFINITY;
    private float high = Float.POSITIVE_INFINITY;

    NetworkLowering(FlowGraph graph) {
        this.graph = graph;
        constants = new HashMap<>(graph.constants());
    }

    Lowering.Lowered lower() throws Unlowered {
        if (graph.inputs().size() != 1 || graph.outputs().size() != 1) {
            throw new Unlowered("the graph has " + graph.inputs().size() + " inputs and " + graph.outputs().size()
                    + " outputs, a picture network one of each");
        }
        FlowInput input = graph.inputs().getFirst();
        if (input.type() != ElementType.FLOAT || input.dims() != null && input.dims().size() != 4) {
            throw new Unlowered("input " + ProtoReader.quoted(input.name()) + " is no picture of floats: [n][c][h][w]");
        }
        if (graph.nodes().size() > Graph.MAX_NODES) {
            throw new Unlowered("the graph has more than " + Graph.MAX_NODES + " nodes");
        }
        readNames();
        put(input.name(), new Layer.Input(inputChannels(input)));
        String output = canonical(graph.outputs().getFirst());
        for (int i = 0; i < graph.nodes().size(); i++) {
            FlowNode node = graph.nodes().get(i);
            if (node.outputs().isEmpty() || node.outputs().getFirst().isEmpty()
                    || aliases.containsKey(node.outputs().getFirst())) {
                continue;
            }
            String made = node.outputs().getFirst();
            try {
                put(made, layer(node, made.equals(output)));
            } catch (Unlowered e) {
                reasons.put(made, e.getMessage());
            }
        }
        Layer result = layer(output);
        try {
            Emission emission = Emission.of(result);
            return new Lowering.Lowered(emission.graph(), emission.parameters(), low, high,
                    new Lowering.Result(result));
        } catch (IllegalArgumentException e) {
            throw new Unlowered(e.getMessage());
        }
    }

    /// Finds who makes each value and how many read it. Nodes that hand their input on make no value of their own.
    private void readNames() {
        for (int i = 0; i < graph.nodes().size(); i++) {
            FlowNode node = graph.nodes().get(i);
            for (String output : node.outputs()) {
                if (!output.isEmpty()) {
                    makers.put(output, node);
                    places.put(output, i);
                }
            }
            if (handsOn(node)) {
                String from = canonical(input(node, 0));
                aliases.put(node.outputs().getFirst(), from);
                continue;
            }
            node.inputs().forEach(name -> uses.merge(canonical(name), 1, Integer::sum));
        }
        graph.outputs().forEach(name -> uses.merge(canonical(name), 1, Integer::sum));
    }

    private boolean handsOn(FlowNode node) {
        return !node.outputs().isEmpty() && !node.outputs().getFirst().isEmpty() && !input(node, 0).isEmpty()
                && switch (node.operator()) {
            case "Identity" -> true;
            case "Dropout" -> input(node, 2).isEmpty();
            case "Cast" -> FLOATS.contains(Convolutions.integer(node, "to", 0))
                    && (constant(input(node, 0)) == null
                    || constant(input(node, 0)).type() == ElementType.FLOAT);
            default -> false;
        };
    }

    private int inputChannels(FlowInput input) throws Unlowered {
        if (input.dims() != null) {
            try {
                return pictureChannels(Integer.parseInt(input.dims().get(1)));
            } catch (NumberFormatException e) {
                // Left open; the convolution that reads the picture tells.
            }
        }
        for (FlowNode node : graph.nodes()) {
            if (node.operator().equals("Conv") && canonical(input(node, 0)).equals(input.name())) {
                Constant weights = constant(input(node, 1));
                if (weights != null && weights.shape().length == 4) {
                    return pictureChannels(weights.shape()[1] * Math.clamp(Convolutions.integer(node, "group", 1), 1L, 4L));
                }
            }
        }
        throw new Unlowered("the channels of input " + ProtoReader.quoted(input.name()) + " are left open");
    }

    private static int pictureChannels(long channels) throws Unlowered {
        if (channels < 1 || channels > MAX_PICTURE_CHANNELS) {
            throw new Unlowered("reads a picture of channels " + channels + ", wanted 1 to " + MAX_PICTURE_CHANNELS);
        }
        return (int) channels;
    }

    /// {@return the channels of a layer, looked at before anything is laid out for them: what a file declares without data costs
    /// it nothing}
    ///
    /// @param count how many the layer would have
    static int checkedChannels(long count) throws Unlowered {
        if (count < 1 || count > Graph.MAX_CHANNELS) {
            throw new Unlowered("makes " + count + " channels, wanted 1 to " + Graph.MAX_CHANNELS);
        }
        return (int) count;
    }

    private void put(String name, Layer layer) {
        layers.put(name, layer);
        if (uses.getOrDefault(name, 0) > 1) {
            shared.add(layer);
        }
    }

    /// {@return the name of the value that a name stands for, through nodes that hand their input on}
    String canonical(String name) {
        return aliases.getOrDefault(name, name);
    }

    /// {@return the name of a node's input; empty where it is left out}
    ///
    /// @param node  the node
    /// @param index which of its inputs
    static String input(FlowNode node, int index) {
        return index < node.inputs().size() ? node.inputs().get(index) : "";
    }

    /// {@return the node that makes a value, or `null`}
    FlowNode maker(String name) {
        return makers.get(canonical(name));
    }

    /// {@return the constant of a name, or `null` if it is none}
    Constant constant(String name) {
        return constants.get(canonical(name));
    }

    /// {@return the layer that makes a value}
    Layer layer(String name) throws Unlowered {
        Layer layer = layers.get(canonical(name));
        if (layer == null) {
            String reason = reasons.get(canonical(name));
            throw reason != null ? Unlowered.placed(reason)
                    : new Unlowered("reads " + ProtoReader.quoted(name) + ", which is no picture");
        }
        return layer;
    }

    /// {@return the layers that several nodes read}
    Set<Layer> shared() {
        return shared;
    }

    /// {@return the declared extent of the input picture along an axis, 0 for rows and 1 for columns; 0 if left open}
    int declaredExtent(int axis) {
        List<String> dims = graph.inputs().getFirst().dims();
        try {
            return dims == null ? 0 : Integer.parseInt(dims.get(2 + axis));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private Layer layer(FlowNode node, boolean last) throws Unlowered {
        try {
            return switch (node.operator()) {
                case "Conv" -> convolution(node);
                case "ConvTranspose" -> Convolutions.transposed(node, layer(input(node, 0)), weights(node, 1),
                        input(node, 2).isEmpty() ? null : weights(node, 2));
                case "Relu" -> activation(layer(input(node, 0)), 0);
                case "LeakyRelu" -> activation(layer(input(node, 0)),
                        node.attributes().get("alpha") instanceof Attribute.Real(float alpha) ? alpha : 0.01f);
                case "PRelu" -> {
                    Layer in = layer(input(node, 0));
                    yield new Layer.Activation(in, perChannel(weights(node, 1), in.channels()));
                }
                case "Clip" -> clip(node, last);
                case "Add", "Sub", "Mul", "Div" -> binary(node);
                case "Neg" -> {
                    Layer in = layer(input(node, 0));
                    yield Folding.affine(in, filled(in.channels(), -1), new float[in.channels()], shared);
                }
                case "BatchNormalization" -> normalization(node);
                case "DepthToSpace" -> spellings.shuffle(layer(input(node, 0)),
                        Convolutions.integer(node, "blocksize", 0),
                        node.attributes().get("mode") instanceof Attribute.Text(String mode) ? mode : "DCR");
                case "Reshape" -> spellings.reshape(node);
                case "Resize", "Upsample" -> Enlargements.of(node, this);
                default -> throw new Unlowered("is none of the engine's operators");
            };
        } catch (Unlowered e) {
            throw e.at(node.at(places.get(node.outputs().getFirst())));
        }
    }

    private Constant weights(FlowNode node, int input) throws Unlowered {
        Constant weights = constant(input(node, input));
        if (weights == null || weights.floats() == null) {
            throw new Unlowered("has no constant floats as input " + input);
        }
        return weights;
    }

    private Layer convolution(FlowNode node) throws Unlowered {
        Constant weights = weights(node, 1);
        Constant bias = input(node, 2).isEmpty() ? null : weights(node, 2);
        String from = canonical(input(node, 0));
        int[] padding = new int[4];
        FlowNode pad = maker(from);
        if (pad != null && pad.operator().equals("Pad")) {
            padding = spellings.zeroPadding(pad);
            from = input(pad, 0);
        }
        return Convolutions.conv(node, layer(from), padding, weights, bias);
    }

    private static Layer activation(Layer in, float slope) {
        return new Layer.Activation(in, filled(in.channels(), slope));
    }

    private Layer clip(FlowNode node, boolean last) throws Unlowered {
        float smallest = bound(node, "min", 1, Float.NEGATIVE_INFINITY);
        float largest = bound(node, "max", 2, Float.POSITIVE_INFINITY);
        Layer in = layer(input(node, 0));
        if (smallest == 0 && largest >= Float.MAX_VALUE) {
            return activation(in, 0);
        }
        if (!last || !(smallest <= largest)) {
            throw new Unlowered("clips to " + smallest + " to " + largest + " inside the network");
        }
        low = smallest;
        high = largest;
        return in;
    }

    private float bound(FlowNode node, String name, int input, float open) throws Unlowered {
        if (node.attributes().get(name) instanceof Attribute.Real(float value)) {
            return value;
        }
        if (input(node, input).isEmpty()) {
            return open;
        }
        Constant bound = weights(node, input);
        if (bound.elements() != 1) {
            throw new Unlowered("has a bound of " + bound.elements() + " elements");
        }
        return bound.floats()[0];
    }

    private Layer binary(FlowNode node) throws Unlowered {
        String a = input(node, 0);
        String b = input(node, 1);
        String operator = node.operator();
        Constant constantA = constant(a);
        Constant constantB = constant(b);
        if (constantA == null && constantB == null) {
            if (operator.equals("Add")) {
                Layer spelled = spellings.parametricRelu(a, b);
                return spelled != null ? spelled : sum(layer(a), layer(b));
            }
            if (operator.equals("Sub")) {
                Layer taken = layer(b);
                return sum(layer(a), Folding.affine(taken, filled(taken.channels(), -1), new float[taken.channels()],
                        shared));
            }
            throw new Unlowered("takes two pictures");
        }
        if (constantA != null && constantB != null) {
            throw new Unlowered("takes two constants");
        }
        boolean turned = constantA != null;
        Constant constant = turned ? constantA : constantB;
        Layer in = layer(turned ? b : a);
        if (constant.floats() == null || turned && operator.equals("Div")) {
            throw new Unlowered("divides by a picture, or takes integers");
        }
        if (in.channels() == 1 && constant.elements() > 1) {
            in = Folding.broadcast(in, checkedChannels(channelsOf(constant)));
        }
        float[] values = perChannel(constant, in.channels());
        float[] scale = filled(in.channels(), 1);
        float[] shift = new float[in.channels()];
        for (int c = 0; c < values.length; c++) {
            switch (operator) {
                case "Add" -> shift[c] = values[c];
                case "Sub" -> {
                    shift[c] = turned ? values[c] : -values[c];
                    scale[c] = turned ? -1 : 1;
                }
                case "Mul" -> scale[c] = values[c];
                default -> scale[c] = 1 / values[c];
            }
        }
        return affine(in, scale, shift);
    }

    private Layer affine(Layer in, float[] scale, float[] shift) throws Unlowered {
        for (int c = 0; c < scale.length; c++) {
            if (!Float.isFinite(scale[c]) || !Float.isFinite(shift[c])) {
                throw new Unlowered("scales or shifts by a number that is not finite");
            }
        }
        return Folding.affine(in, scale, shift, shared);
    }

    private Layer sum(Layer a, Layer b) throws Unlowered {
        Layer left = a.channels() == 1 && b.channels() > 1 ? Folding.broadcast(a, b.channels()) : a;
        Layer right = b.channels() == 1 && a.channels() > 1 ? Folding.broadcast(b, a.channels()) : b;
        if (left.channels() != right.channels()) {
            throw new Unlowered("adds " + a.channels() + " to " + b.channels() + " channels");
        }
        return new Layer.Sum(left, right);
    }

    /// Batch normalisation as it runs after training (Ioffe, Szegedy 2015): `scale * (x - mean) / sqrt(variance +
    /// epsilon) + bias`.
    private Layer normalization(FlowNode node) throws Unlowered {
        Layer in = layer(input(node, 0));
        if (Convolutions.integer(node, "training_mode", 0) != 0) {
            throw new Unlowered("is in training mode");
        }
        float epsilon = node.attributes().get("epsilon") instanceof Attribute.Real(float value) ? value : 1e-5f;
        float[][] given = new float[4][];
        for (int i = 0; i < 4; i++) {
            given[i] = weights(node, i + 1).floats();
            if (given[i].length != in.channels()) {
                throw new Unlowered("has " + given[i].length + " numbers for " + in.channels() + " channels");
            }
        }
        float[] scale = new float[in.channels()];
        float[] shift = new float[in.channels()];
        for (int c = 0; c < scale.length; c++) {
            double factor = given[0][c] / Math.sqrt((double) given[3][c] + epsilon);
            scale[c] = (float) factor;
            shift[c] = (float) (given[1][c] - factor * given[2][c]);
        }
        return affine(in, scale, shift);
    }

    /// The channel axis is the third from the right; the others must be 1.
    private static int channelsOf(Constant constant) {
        int rank = constant.shape().length;
        return rank < 3 ? 1 : constant.shape()[rank - 3];
    }

    static float[] perChannel(Constant constant, int channels) throws Unlowered {
        int[] shape = constant.shape();
        if (constant.elements() == 1 && shape.length <= 4) {
            return filled(channels, constant.floats()[0]);
        }
        if (shape.length > 4 || channelsOf(constant) != channels || constant.elements() != channels) {
            throw new Unlowered("takes a constant of shape " + Arrays.toString(shape) + " for " + channels
                    + " channels");
        }
        return constant.floats();
    }

    static float[] filled(int count, float value) {
        float[] values = new float[count];
        Arrays.fill(values, value);
        return values;
    }
}
