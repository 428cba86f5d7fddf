package io.github.fovea.cli;

import io.github.fovea.flow.FlowGraph;
import io.github.fovea.flow.FlowInput;
import io.github.fovea.flow.FlowPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/// The plan of a general graph as a reader wants it: steps in order, then values with their places.
final class FlowText {
    private final String name;
    private final String reason;
    private final FlowGraph graph;
    private final FlowPlan plan;
    private final SortedMap<String, Long> bindings;

    /// Prepares the text.
    ///
    /// @param name   name of the file
    /// @param reason why the planned engine does not run it
    /// @param graph  the graph of the file
    /// @param plan   its plan
    /// @param height the third extent of a picture for which numbers are given
    /// @param width  its fourth
    FlowText(String name, String reason, FlowGraph graph, FlowPlan plan, int height, int width) {
        this.name = name;
        this.reason = reason;
        this.graph = graph;
        this.plan = plan;
        bindings = bindings(graph, plan, height, width);
    }

    /// {@return extents for every symbol of a plan: those of the first input's rows and columns where that is a
    /// picture, else 1}
    ///
    /// @param graph  the graph of the file
    /// @param plan   its plan
    /// @param height the third extent of a picture
    /// @param width  its fourth
    static SortedMap<String, Long> bindings(FlowGraph graph, FlowPlan plan, int height, int width) {
        SortedMap<String, Long> bindings = new TreeMap<>();
        plan.symbols().forEach(symbol -> bindings.put(symbol, 1L));
        FlowInput first = graph.inputs().getFirst();
        String[] extents = plan.shape(first.name()).replaceAll("[\\[\\]]", "").split(",");
        if (extents.length == 4) {
            bindings.replace(extents[2], (long) height);
            bindings.replace(extents[3], (long) width);
        }
        return bindings;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        text.append(String.format(Locale.ROOT, "%s, a graph of %d nodes; the planned engine does not run it: %s%n",
                name, plan.graph().nodes().size(), reason));
        graph.inputs().forEach(input -> text.append(String.format(Locale.ROOT, "in   %s %s %s%n", input.name(),
                input.type(), plan.shape(input.name()))));
        graph.outputs().forEach(output -> text.append(String.format(Locale.ROOT, "out  %s %s%n", output,
                plan.shape(output))));
        List<String[]> steps = new ArrayList<>();
        steps.add(new String[] {"step", "class", "operation -> results"});
        for (int i = 0; i < plan.stepCount(); i++) {
            steps.add(new String[] {Integer.toString(i), plan.operatorClasses().get(i).name(),
                    plan.description().get(i)});
        }
        text.append(System.lineSeparator()).append(PlanText.table(steps, 0));
        List<String[]> values = new ArrayList<>();
        values.add(new String[] {"value", "type", "shape", "lives", "elements", "offset"});
        for (FlowPlan.Place place : plan.places(bindings)) {
            values.add(new String[] {place.value(), place.type().name(), place.shape(),
                place.firstStep() + ".." + (place.lastStep() == plan.stepCount() ? "end"
                : Integer.toString(place.lastStep())), PlanText.number(place.elements()),
                PlanText.number(place.offset())});
        }
        text.append(System.lineSeparator()).append(PlanText.table(values, 4));
        text.append(String.format(Locale.ROOT,
                "%nat %s: peak %s bytes, at least %s; values whose shape only a run can tell are not counted%n",
                bindings, PlanText.number(plan.peakBytes(bindings)), PlanText.number(plan.leastBytes(bindings))));
        return text.toString();
    }
}
