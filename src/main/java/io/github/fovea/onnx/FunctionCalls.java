package io.github.fovea.onnx;

import io.github.fovea.error.MalformedFileException;
import io.github.fovea.flow.Attribute;
import io.github.fovea.flow.FlowInput;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Puts the bodies of a file's own functions, which exporters write for modules and for operators made of others, in the
/// place of their calls: what comes behind meets operators only.
///
/// A body's values get names of their own in each call. Calls inside one another, nodes and names are counted, because
/// few functions that call one another may stand for more nodes than there is memory.
final class FunctionCalls {
    /// Most calls inside one another.
    static final int MAX_DEPTH = 32;

    private static final int SHOWN_CHARS = 40;

    /// A function as it lies in a file.
    ///
    /// @param key      its domain and name
    /// @param inputs   names of its inputs in its body
    /// @param outputs  names of its outputs in its body
    /// @param defaults attributes that a call may leave out
    /// @param nodes    its body
    /// @param opset    version of the default operator set that it was written for; 0 where it names none
    record Function(Key key, List<String> inputs, List<String> outputs, Map<String, Attribute> defaults,
            List<RawGraph.Node> nodes, long opset) {}

    /// What an operator and a function are called.
    ///
    /// @param domain   empty for the default one
    /// @param operator name within the domain
    record Key(String domain, String operator) {}

    private final String where;
    private final Map<Key, Function> functions;
    private final long opset;
    private int calls;
    private int nodes;
    private int names;

    /// Prepares for one file.
    ///
    /// @param where     what to call the file in errors
    /// @param functions its functions
    /// @param opset     version of the default operator set of its graph
    FunctionCalls(String where, Map<Key, Function> functions, long opset) {
        this.where = where;
        this.functions = functions;
        this.opset = opset;
    }

    /// {@return a graph without calls}
    ///
    /// @param graph the graph of the file
    RawGraph expand(RawGraph graph) throws MalformedFileException {
        return graph(graph, null, 0);
    }

    /// One call while its body is copied.
    private final class Call {
        final RawGraph.Node site;
        final Function function;
        final int number = ++calls;
        /// The name in the graph of every name in the body.
        final Map<String, String> known = new HashMap<>();
        /// Outputs that are inputs, or outputs before: nobody makes them under two names.
        final Map<String, String> copies = new LinkedHashMap<>();

        Call(RawGraph.Node site, Function function) throws MalformedFileException {
            this.site = site;
            this.function = function;
            if (site.inputs().size() > function.inputs().size() || site.outputs().size() > function.outputs().size()) {
                throw malformed(site, "has " + site.inputs().size() + " inputs and " + site.outputs().size()
                        + " outputs, its function " + function.inputs().size() + " and " + function.outputs().size());
            }
            if (function.opset() != 0 && function.opset() != opset) {
                throw malformed(site, "is a function for operator set " + function.opset() + ", the file is for " + opset);
            }
            for (int i = 0; i < function.inputs().size(); i++) {
                known.put(function.inputs().get(i), i < site.inputs().size() ? site.inputs().get(i) : "");
            }
            for (int i = 0; i < site.outputs().size(); i++) {
                String output = site.outputs().get(i);
                String inside = function.outputs().get(i);
                if (!output.isEmpty() && known.putIfAbsent(inside, output) != null) {
                    copies.put(output, known.get(inside));
                }
            }
        }

        String rename(String name) throws MalformedFileException {
            if (++names > Messages.MAX_NAMES) {
                throw new MalformedFileException(where, -1, "its functions stand for more than " + Messages.MAX_NAMES
                        + " names; export the model without functions");
            }
            return name.isEmpty() ? "" : known.computeIfAbsent(name, _ -> name.substring(0,
                    Math.min(SHOWN_CHARS, name.length())) + " of call " + number + "." + known.size());
        }

        List<String> rename(List<String> all) throws MalformedFileException {
            List<String> renamed = new ArrayList<>();
            for (String name : all) {
                renamed.add(rename(name));
            }
            return renamed;
        }
    }

    private MalformedFileException malformed(RawGraph.Node node, String what) {
        return new MalformedFileException(where, node.offset(), "node " + ProtoReader.quoted(node.name()) + " ("
                + ProtoReader.quoted(node.operator()) + ") " + what
                + "; the file is damaged or badly made, export the model again");
    }

    /// A graph as it stands in a body that `call` calls; `null` outside of functions.
    private RawGraph graph(RawGraph raw, Call call, int depth) throws MalformedFileException {
        List<RawGraph.Node> expanded = new ArrayList<>();
        for (RawGraph.Node node : raw.nodes()) {
            add(node, call, depth, expanded);
        }
        if (call == null) {
            return new RawGraph(raw.name(), raw.constants(), raw.inputs(), raw.outputs(), expanded, raw.offset());
        }
        List<TensorMessage> constants = new ArrayList<>();
        for (TensorMessage constant : raw.constants()) {
            constants.add(new TensorMessage(call.rename(constant.name()), constant.value()));
        }
        List<FlowInput> inputs = new ArrayList<>();
        for (FlowInput input : raw.inputs()) {
            inputs.add(new FlowInput(call.rename(input.name()), input.type(), input.dims()));
        }
        return new RawGraph(raw.name(), constants, inputs, call.rename(raw.outputs()), expanded, raw.offset());
    }

    private void add(RawGraph.Node node, Call call, int depth, List<RawGraph.Node> to) throws MalformedFileException {
        if (++nodes > Messages.MAX_NODES) {
            throw new MalformedFileException(where, -1, "its functions stand for more than " + Messages.MAX_NODES
                    + " nodes; export a smaller model");
        }
        Map<String, Attribute> attributes = new LinkedHashMap<>(node.attributes());
        Map<String, RawGraph> graphs = new LinkedHashMap<>();
        for (Map.Entry<String, RawGraph> inner : node.graphs().entrySet()) {
            graphs.put(inner.getKey(), graph(inner.getValue(), call, depth));
        }
        for (Map.Entry<String, String> reference : node.references().entrySet()) {
            if (call == null) {
                throw malformed(node, "takes its attribute " + ProtoReader.quoted(reference.getKey())
                        + " from a function, and stands in none");
            }
            Attribute value = call.site.attributes().getOrDefault(reference.getValue(),
                    call.function.defaults().get(reference.getValue()));
            if (value != null) {
                attributes.put(reference.getKey(), value);
            }
            if (call.site.graphs().containsKey(reference.getValue())) {
                graphs.put(reference.getKey(), call.site.graphs().get(reference.getValue()));
            }
        }
        RawGraph.Node plain = new RawGraph.Node(node.name(), node.operator(), node.domain(),
                call == null ? node.inputs() : call.rename(node.inputs()),
                call == null ? node.outputs() : call.rename(node.outputs()), attributes, graphs, Map.of(), node.offset());
        Function function = functions.get(new Key(node.domain(), node.operator()));
        if (function == null) {
            to.add(plain);
            return;
        }
        if (depth == MAX_DEPTH) {
            throw malformed(node, "is the " + MAX_DEPTH + "th call of a function inside others; perhaps it calls itself");
        }
        Call inner = new Call(plain, function);
        for (RawGraph.Node body : function.nodes()) {
            add(body, inner, depth + 1, to);
        }
        for (Map.Entry<String, String> copy : inner.copies.entrySet()) {
            to.add(new RawGraph.Node("", "Identity", "", List.of(copy.getValue()), List.of(copy.getKey()), Map.of(), Map.of(),
                    Map.of(), node.offset()));
        }
    }
}
