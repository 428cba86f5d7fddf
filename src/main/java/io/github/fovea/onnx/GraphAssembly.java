package io.github.fovea.onnx;

import io.github.fovea.error.MalformedFileException;
import io.github.fovea.flow.Attribute;
import io.github.fovea.flow.Constant;
import io.github.fovea.flow.FlowGraph;
import io.github.fovea.flow.FlowInput;
import io.github.fovea.flow.FlowNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.regex.Pattern;

/// Makes an operator graph of what lies in a file: looks at every name, turns constant nodes into constants, and sorts.
final class GraphAssembly {
    /// Most unsupported nodes that an error lists one by one.
    private static final int MAX_LISTED = 200;
    /// Operators on 8-bit numbers, which exporters of quantised models write.
    private static final Pattern QUANTISED = Pattern.compile("Quantize|QLinear|QGemm|(Conv|MatMul)Integer");

    private final String where;
    private final int opset;

    /// Prepares for one file.
    ///
    /// @param where what to call the file in errors
    /// @param opset version of the default operator set
    GraphAssembly(String where, int opset) {
        this.where = where;
        this.opset = opset;
    }

    /// {@return the operator graph}
    ///
    /// @param raw the graph of the file
    FlowGraph assemble(RawGraph raw) throws MalformedFileException {
        List<String> unsupported = new ArrayList<>();
        int[] count = new int[1];
        listUnsupported(raw, "", unsupported, count);
        if (count[0] > 0) {
            throw new MalformedFileException(where, -1, count[0] + " node" + (count[0] == 1 ? " uses an operator"
                    : "s use operators") + " that Fovea does not run: " + String.join(", ", unsupported)
                    + (count[0] > unsupported.size() ? " and more" : "")
                    + (unsupported.stream().anyMatch(node -> QUANTISED.matcher(node).find())
                    ? "; the model is quantised, export it with weights of floats instead"
                    : "; export the model with other operators"));
        }
        return assemble(raw, null, "");
    }

    private static void listUnsupported(RawGraph raw, String inside, List<String> list, int[] count) {
        for (int i = 0; i < raw.nodes().size(); i++) {
            RawGraph.Node node = raw.nodes().get(i);
            if (!OperatorSet.knows(node.domain(), node.operator())) {
                count[0]++;
                if (list.size() < MAX_LISTED) {
                    list.add(node.at(i) + inside);
                }
            }
            for (Map.Entry<String, RawGraph> graph : node.graphs().entrySet()) {
                listUnsupported(graph.getValue(), " in " + ProtoReader.quoted(graph.getKey()) + " of node " + i
                        + inside, list, count);
            }
        }
    }

    private MalformedFileException malformed(int offset, String what) {
        return new MalformedFileException(where, offset, what
                + "; the file is damaged or badly made, export the model again");
    }

    /// One graph while its names are looked at.
    private final class Scope {
        final RawGraph raw;
        /// The graph around this one, or `null`.
        final Scope outer;
        final int depth;
        final Map<String, Constant> constants = new LinkedHashMap<>();
        final List<FlowInput> inputs = new ArrayList<>();
        /// The node that makes a value; -1 for inputs and constants.
        final Map<String, Integer> makers = new HashMap<>();

        Scope(RawGraph raw, Scope outer) {
            this.raw = raw;
            this.outer = outer;
            depth = outer == null ? 1 : outer.depth + 1;
        }

        /// {@return whether the graph, or one around it, has a value}
        boolean sees(String name) {
            return makers.containsKey(name) || outer != null && outer.sees(name);
        }

        void define(String name, int maker, int offset) throws MalformedFileException {
            Integer other = makers.putIfAbsent(name, maker);
            if (other != null || outer != null && outer.sees(name)) {
                throw malformed(offset, "value " + ProtoReader.quoted(name) + " is defined twice, by " + maker(maker)
                        + " and " + (other == null ? "the graph around it" : maker(other)));
            }
        }

        private String maker(int maker) {
            return maker < 0 ? "an input or initialiser" : raw.nodes().get(maker).at(maker);
        }
    }

    private FlowGraph assemble(RawGraph raw, Scope outer, String inside) throws MalformedFileException {
        Scope scope = new Scope(raw, outer);
        if (scope.depth > Messages.MAX_NESTING) {
            // A file's messages are not so deep, but functions put graphs inside one another.
            throw malformed(raw.offset(), "graphs inside one another, more than " + Messages.MAX_NESTING + " deep");
        }
        defineInputsAndConstants(scope, inside);
        for (int i = 0; i < raw.nodes().size(); i++) {
            RawGraph.Node node = raw.nodes().get(i);
            if (node.outputs().isEmpty()) {
                throw malformed(node.offset(), node.at(i) + inside + " has no outputs, wanted at least one");
            }
            for (String output : node.outputs()) {
                if (!output.isEmpty()) {
                    scope.define(output, i, node.offset());
                }
            }
            if (node.operator().equals("Constant")) {
                Constant value = node.constant();
                if (value == null || node.outputs().size() != 1 || node.outputs().getFirst().isEmpty()) {
                    throw malformed(node.offset(), node.at(i) + inside
                            + " holds no numbers, wanted one output and value, value_int, value_ints, value_float or "
                            + "value_floats");
                }
                scope.constants.put(node.outputs().getFirst(), value);
                scope.makers.put(node.outputs().getFirst(), -1);
            }
        }
        if (raw.outputs().isEmpty()) {
            throw malformed(raw.offset(), "the graph" + inside + " has no outputs");
        }
        for (String output : raw.outputs()) {
            if (!scope.sees(output)) {
                throw malformed(raw.offset(), "output " + ProtoReader.quoted(output) + " of the graph" + inside
                        + " is made by no node");
            }
        }
        List<FlowNode> nodes = new ArrayList<>();
        for (int i : sorted(scope, inside)) {
            nodes.add(node(raw.nodes().get(i), i, scope, inside));
        }
        return new FlowGraph(raw.name(), scope.inputs, raw.outputs(), scope.constants, nodes);
    }

    private void defineInputsAndConstants(Scope scope, String inside) throws MalformedFileException {
        for (TensorMessage tensor : scope.raw.constants()) {
            if (tensor.name().isEmpty()) {
                throw malformed(scope.raw.offset(), "an initialiser without name" + inside);
            }
            scope.define(tensor.name(), -1, scope.raw.offset());
            scope.constants.put(tensor.name(), tensor.value());
        }
        Set<String> seen = new HashSet<>();
        for (FlowInput input : scope.raw.inputs()) {
            if (input.name().isEmpty() || !seen.add(input.name())) {
                throw malformed(scope.raw.offset(), "input " + ProtoReader.quoted(input.name()) + inside
                        + (input.name().isEmpty() ? " has no name" : " is there twice"));
            }
            if (scope.constants.containsKey(input.name())) {
                continue; // files of the format's first versions list initialisers as inputs too
            }
            if (input.type() == null) {
                throw new MalformedFileException(where, scope.raw.offset(), "input " + ProtoReader.quoted(input.name())
                        + inside + " is no tensor of numbers or truth values; export the model with tensors as inputs");
            }
            scope.define(input.name(), -1, scope.raw.offset());
            scope.inputs.add(input);
        }
    }

    private FlowNode node(RawGraph.Node node, int index, Scope scope, String inside)
            throws MalformedFileException {
        Map<String, Attribute> attributes = new HashMap<>(node.attributes());
        for (Map.Entry<String, RawGraph> graph : node.graphs().entrySet()) {
            attributes.put(graph.getKey(), new Attribute.Subgraph(assemble(graph.getValue(), scope,
                    " in " + ProtoReader.quoted(graph.getKey()) + " of node " + index + inside)));
        }
        return new FlowNode(node.name(), node.operator(), opset, node.inputs(), node.outputs(), attributes);
    }

    /// {@return the nodes but constants, each behind those it needs, in the file's order where that may be}
    private List<Integer> sorted(Scope scope, String inside) throws MalformedFileException {
        List<RawGraph.Node> nodes = scope.raw.nodes();
        int n = nodes.size();
        int[] open = new int[n];
        List<List<Integer>> readers = new ArrayList<>();
        List<Set<Integer>> needs = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            readers.add(new ArrayList<>());
            needs.add(new LinkedHashSet<>());
        }
        for (int i = 0; i < n; i++) {
            RawGraph.Node node = nodes.get(i);
            Set<String> used = new LinkedHashSet<>(node.inputs());
            node.graphs().values().forEach(graph -> used.addAll(captured(graph)));
            for (String name : used) {
                if (!name.isEmpty() && !scope.sees(name)) {
                    throw malformed(node.offset(), node.at(i) + inside + " takes value " + ProtoReader.quoted(name)
                            + ", which no node, input or initialiser makes");
                }
                int maker = scope.makers.getOrDefault(name, -1);
                if (maker >= 0 && needs.get(i).add(maker)) {
                    readers.get(maker).add(i);
                    open[i]++;
                }
            }
        }
        PriorityQueue<Integer> ready = new PriorityQueue<>();
        for (int i = 0; i < n; i++) {
            if (open[i] == 0) {
                ready.add(i);
            }
        }
        List<Integer> order = new ArrayList<>();
        int done = 0;
        while (!ready.isEmpty()) {
            int i = ready.poll();
            done++;
            if (!nodes.get(i).operator().equals("Constant")) {
                order.add(i);
            }
            for (int reader : readers.get(i)) {
                if (--open[reader] == 0) {
                    ready.add(reader);
                }
            }
        }
        if (done < n) {
            throw cycle(nodes, open, needs, inside);
        }
        return order;
    }

    private MalformedFileException cycle(List<RawGraph.Node> nodes, int[] open, List<Set<Integer>> needs,
            String inside) {
        int at = 0;
        while (open[at] == 0) {
            at++;
        }
        // Every node that is left waits for another one that is left: going back must come by a node twice.
        LinkedHashSet<Integer> path = new LinkedHashSet<>();
        while (path.add(at)) {
            at = needs.get(at).stream().filter(i -> open[i] > 0).findFirst().orElseThrow();
        }
        List<String> names = new ArrayList<>();
        boolean onCycle = false;
        for (int i : path) {
            onCycle |= i == at;
            if (onCycle && names.size() < 20) {
                names.add(nodes.get(i).at(i));
            }
        }
        return malformed(nodes.get(at).offset(), "nodes" + inside + " wait for one another: "
                + String.join(" for ", names));
    }

    /// {@return the names that a graph takes from those around it}
    private static Set<String> captured(RawGraph graph) {
        Set<String> used = new LinkedHashSet<>(graph.outputs());
        Set<String> own = new HashSet<>();
        graph.constants().forEach(tensor -> own.add(tensor.name()));
        graph.inputs().forEach(input -> own.add(input.name()));
        for (RawGraph.Node node : graph.nodes()) {
            used.addAll(node.inputs());
            own.addAll(node.outputs());
            node.graphs().values().forEach(inner -> used.addAll(captured(inner)));
        }
        used.removeAll(own);
        used.remove("");
        return used;
    }
}
