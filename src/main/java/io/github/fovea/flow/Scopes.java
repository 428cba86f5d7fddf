package io.github.fovea.flow;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Graphs inside nodes: what they see of the graphs around them, and their inlining where it is proven which one runs.
final class Scopes {
    private Scopes() {}

    /// {@return values of the graphs around a node that its graphs read}
    ///
    /// @param node a node of any operator
    static Set<String> captured(FlowNode node) {
        Set<String> names = new LinkedHashSet<>();
        for (Attribute attribute : node.attributes().values()) {
            if (attribute instanceof Attribute.Subgraph(FlowGraph graph)) {
                names.addAll(free(graph));
            }
        }
        return names;
    }

    private static Set<String> free(FlowGraph graph) {
        Set<String> own = new HashSet<>(graph.constants().keySet());
        graph.inputs().forEach(input -> own.add(input.name()));
        Set<String> free = new LinkedHashSet<>();
        for (FlowNode node : graph.nodes()) {
            for (String input : node.inputs()) {
                if (!input.isEmpty() && !own.contains(input)) {
                    free.add(input);
                }
            }
            for (String name : captured(node)) {
                if (!own.contains(name)) {
                    free.add(name);
                }
            }
            own.addAll(node.outputs());
        }
        for (String output : graph.outputs()) {
            if (!own.contains(output)) {
                free.add(output);
            }
        }
        return free;
    }

    /// {@return a graph without the `If` nodes whose condition is proven}
    ///
    /// @param graph the graph
    static FlowGraph inlined(FlowGraph graph) {
        FlowGraph flat = graph;
        for (int round = 0; flat.nodes().stream().anyMatch(node -> node.operator().equals("If")); round++) {
            FlowGraph next = inlinedOnce(flat, Analysis.of(flat), round);
            if (next == flat) {
                break;
            }
            flat = next;
        }
        return flat;
    }

    /// @param round times that this was done to the graph: with a node's number it tells values of branches apart
    private static FlowGraph inlinedOnce(FlowGraph graph, Analysis analysis, int round) {
        List<FlowNode> nodes = new ArrayList<>();
        Map<String, Constant> constants = new HashMap<>(graph.constants());
        boolean changed = false;
        for (int i = 0; i < graph.nodes().size(); i++) {
            FlowNode node = graph.nodes().get(i);
            Fact condition = node.operator().equals("If") ? analysis.fact(node.inputs().getFirst()) : null;
            Constant known = condition == null ? null : Analysis.constant(condition);
            if (known == null) {
                nodes.add(node);
                continue;
            }
            changed = true;
            FlowGraph body = new Attributes(node).graph(known.longs()[0] != 0 ? "then_branch" : "else_branch");
            inline(body, node, "branch " + round + "." + i + " of " + node.name() + ": ", nodes, constants);
        }
        return changed ? new FlowGraph(graph.name(), graph.inputs(), graph.outputs(), constants, nodes) : graph;
    }

    private static void inline(
            FlowGraph body, FlowNode node, String prefix, List<FlowNode> nodes, Map<String, Constant> constants) {
        Map<String, String> names = new LinkedHashMap<>();
        body.constants().forEach((name, constant) -> {
            names.put(name, prefix + name);
            constants.put(prefix + name, constant);
        });
        body.nodes().forEach(inner -> inner.outputs().forEach(output -> names.put(output, prefix + output)));
        body.nodes().forEach(inner -> nodes.add(renamed(inner, names)));
        for (int i = 0; i < node.outputs().size(); i++) {
            String from = body.outputs().get(i);
            nodes.add(new FlowNode("", "Identity", node.opset(), List.of(names.getOrDefault(from, from)),
                    List.of(node.outputs().get(i)), Map.of()));
        }
    }

    private static FlowNode renamed(FlowNode node, Map<String, String> names) {
        Map<String, Attribute> attributes = new HashMap<>(node.attributes());
        attributes.replaceAll((_, attribute) -> attribute instanceof Attribute.Subgraph(FlowGraph graph)
                ? new Attribute.Subgraph(renamed(graph, names)) : attribute);
        return new FlowNode(node.name(), node.operator(), node.opset(), renamed(node.inputs(), names),
                renamed(node.outputs(), names), attributes);
    }

    private static FlowGraph renamed(FlowGraph graph, Map<String, String> outer) {
        Map<String, String> names = new HashMap<>(outer);
        graph.constants().keySet().forEach(names::remove);
        graph.nodes().forEach(node -> node.outputs().forEach(names::remove));
        return new FlowGraph(graph.name(), graph.inputs(), renamed(graph.outputs(), names), graph.constants(),
                graph.nodes().stream().map(node -> renamed(node, names)).toList());
    }

    private static List<String> renamed(List<String> list, Map<String, String> names) {
        return list.stream().map(name -> name.isEmpty() ? name : names.getOrDefault(name, name)).toList();
    }

    /// {@return a branch as a graph of its own: what it sees of the graph around it becomes constants and inputs}
    ///
    /// @param body  the branch
    /// @param scope facts of the graph around it
    static FlowGraph closed(FlowGraph body, Analysis scope) {
        Map<String, Constant> constants = new HashMap<>(body.constants());
        List<FlowInput> inputs = new ArrayList<>(body.inputs());
        for (String name : free(body)) {
            Fact fact = scope.fact(name);
            if (fact == null) {
                throw new IllegalArgumentException("nothing computes \"" + name + "\", which a branch reads");
            }
            Constant known = Analysis.constant(fact);
            if (known != null) {
                constants.put(name, known);
                continue;
            }
            List<String> dims = fact.shape() == null ? null : new ArrayList<>();
            for (int axis = 0; dims != null && axis < fact.shape().length; axis++) {
                boolean number = fact.shape()[axis].dimOrNull() != null && fact.shape()[axis].dimOrNull().isConstant();
                dims.add(number ? fact.shape()[axis].toString() : "");
            }
            inputs.add(new FlowInput(name, fact.type(), dims));
        }
        return new FlowGraph(body.name(), inputs, body.outputs(), constants, body.nodes());
    }
}
