package io.github.fovea.flow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Turns nodes into steps: what nobody reads, is constant or is proven in advance is left out; element-wise chains
/// whose shapes are proven equal become one program, which also joins the node that computes its operand.
final class Fusion {
    private static final int MAX_INSTRUCTIONS = 24;
    private static final int MAX_OPERANDS = 10;

    private final FlowGraph graph;
    private final Analysis analysis;
    private final Map<String, PlanStep> producers = new HashMap<>();
    private final Map<String, Set<PlanStep>> readers = new HashMap<>();

    private Fusion(FlowGraph graph, Analysis analysis) {
        this.graph = graph;
        this.analysis = analysis;
    }

    /// {@return the steps in topological order}
    ///
    /// @param graph    the graph
    /// @param analysis its facts
    /// @param fused    whether steps are joined
    static List<PlanStep> steps(FlowGraph graph, Analysis analysis, boolean fused) {
        return new Fusion(graph, analysis).run(fused);
    }

    private List<PlanStep> run(boolean fused) {
        List<PlanStep> steps = needed();
        for (PlanStep step : steps) {
            step.outputs.forEach(output -> producers.put(output, step));
            step.reads().forEach(input -> readers.computeIfAbsent(input, _ -> new HashSet<>()).add(step));
        }
        if (!fused) {
            return steps;
        }
        Map<PlanStep, Boolean> kept = new LinkedHashMap<>();
        for (PlanStep step : steps) {
            kept.put(step, true);
            if (step.program != null) {
                step.mergeEqualOperands();
                for (PlanStep before = partner(step); before != null; before = partner(step)) {
                    PlanStep taken = before;
                    step.take(taken);
                    kept.remove(taken);
                    step.reads().forEach(input -> {
                        Set<PlanStep> all = readers.computeIfAbsent(input, _ -> new HashSet<>());
                        all.remove(taken);
                        all.add(step);
                    });
                }
            }
        }
        return new ArrayList<>(kept.keySet());
    }

    /// Nodes from the outputs back, in the graph's order.
    private List<PlanStep> needed() {
        Set<String> wanted = new HashSet<>(graph.outputs());
        List<PlanStep> steps = new ArrayList<>();
        for (int i = graph.nodes().size() - 1; i >= 0; i--) {
            FlowNode node = graph.nodes().get(i);
            if (node.outputs().stream().noneMatch(name -> wanted.contains(name)
                    && !analysis.fact(name).hasProvenValue())) {
                continue;
            }
            PlanStep step = new PlanStep(node, i, program(node));
            step.outputs = asked(node, wanted);
            wanted.addAll(step.reads());
            steps.addFirst(step);
        }
        return steps;
    }

    /// The outputs to compute. Only further ones, which a kernel may leave out, are dropped where nothing reads them:
    /// the first names the step, and a `Split` needs the place of each part.
    private static List<String> asked(FlowNode node, Set<String> wanted) {
        List<String> outputs = new ArrayList<>(node.outputs());
        for (int i = 1; i < outputs.size() && !node.operator().equals("Split"); i++) {
            if (!wanted.contains(outputs.get(i))) {
                outputs.set(i, "");
            }
        }
        return outputs;
    }

    /// The node's program, if it is an element-wise operation and all its operands are floats.
    private FloatProgram program(FlowNode node) {
        if (analysis.fact(node.outputs().getFirst()).type() != ElementType.FLOAT) {
            return null;
        }
        for (String input : node.inputs()) {
            if (!input.isEmpty() && analysis.fact(input).type() != ElementType.FLOAT) {
                return null;
            }
        }
        FloatProgram program = FloatProgram.of(node);
        return program == null || node.inputs().subList(0, program.inputs()).stream().anyMatch(String::isEmpty) ? null
                : program;
    }

    /// A step whose work a program can take over: its only result is read by nothing else, and has the program's shape.
    private PlanStep partner(PlanStep step) {
        Fact result = analysis.fact(step.outputs.getFirst());
        if (!result.isProven()) {
            return null;
        }
        for (String operand : step.operands) {
            PlanStep before = operand.isEmpty() ? null : producers.get(operand);
            if (before == null || graph.outputs().contains(operand) || readers.get(operand).size() != 1
                    || before.outputs.size() != 1 || before.isView() || analysis.fact(operand).hasProvenValue()
                    || before.node != null && (step.node != null || before.node.operator().equals("If"))) {
                continue;
            }
            Fact fact = analysis.fact(operand);
            int instructions = step.program.instructions().size()
                    + (before.program == null ? 0 : before.program.instructions().size());
            if (fact.type() == ElementType.FLOAT && Arrays.equals(fact.shape(), result.shape())
                    && instructions <= MAX_INSTRUCTIONS && step.operands.size()
                    + before.operands.size() <= MAX_OPERANDS) {
                return before;
            }
        }
        return null;
    }
}
