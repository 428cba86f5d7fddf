package io.github.fovea.flow;

import io.github.fovea.arena.Dataflow;
import io.github.fovea.arena.Order;
import io.github.fovea.dim.Dim;
import io.github.fovea.kernel.KernelTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/// A graph made ready to run for every shape of its inputs: shapes proven as expressions of the inputs' extents,
/// constants computed, dead nodes left out, element-wise chains fused, steps ordered for little memory, and values
/// placed in one arena by expressions. Nothing of that is done again for a new input shape. Values whose shape cannot
/// be proven get memory when they are computed.
///
/// Source: SoD2 (Niu et al., ASPLOS 2024, arXiv 2403.00176). Immutable and safe for use by threads.
public final class FlowPlan {
    /// Extent that a symbol is given where the plan needs an example.
    private static final long TYPICAL = 64;
    /// Values are not taken for larger than this when steps are ordered: sums stay within 64 bits.
    private static final double MOST_TYPICAL = 1L << 40;

    private final FlowGraph graph;
    private final FlowGraph folded;
    private final Analysis analysis;
    private final Analysis foldedAnalysis;
    private final List<PlanStep> steps;
    private final MemoryPlan memory;

    private FlowPlan(FlowGraph source, boolean fused) {
        checkNodes(source);
        graph = Scopes.inlined(source);
        analysis = Analysis.of(graph);
        folded = fused ? Folding.fold(graph) : graph;
        foldedAnalysis = folded == graph ? analysis : Analysis.of(folded);
        List<PlanStep> joined = Fusion.steps(folded, foldedAnalysis, fused);
        steps = ordered(fused ? Blocking.apply(joined, folded, foldedAnalysis) : joined, folded, foldedAnalysis);
        memory = new MemoryPlan(folded, foldedAnalysis, steps, symbols(), TYPICAL, fused);
    }

    /// Every operator is there, and every attribute is one that its kernel takes: a kernel binds attributes when it is
    /// made, and nothing else. Those made here cannot run: each executable makes its own, because kernels hold scratch
    /// memory.
    private static void checkNodes(FlowGraph graph) {
        for (int i = 0; i < graph.nodes().size(); i++) {
            FlowNode node = graph.nodes().get(i);
            if (!Operators.supported(node.operator())) {
                throw new IllegalArgumentException(node.at(i) + ": the operator is not supported; supported are "
                        + Operators.names());
            }
            try {
                Operators.of(node.operator()).kernels().of(node);
            } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
                throw new IllegalArgumentException(node.at(i) + ": " + e.getMessage(), e);
            }
        }
    }

    /// {@return the plan of a graph}
    ///
    /// @param graph the graph; nodes in topological order
    /// @throws IllegalArgumentException if an operator is not supported or shapes contradict each other: node, got,
    ///                                  wanted
    public static FlowPlan of(FlowGraph graph) {
        return new FlowPlan(graph, true);
    }

    /// {@return a plan that runs node by node, in the file's order, with an array for each value: what [#of] is
    /// compared with}
    ///
    /// @param graph the graph; nodes in topological order
    /// @throws IllegalArgumentException as [#of]
    public static FlowPlan unfused(FlowGraph graph) {
        return new FlowPlan(graph, false);
    }

    private static List<PlanStep> ordered(List<PlanStep> steps, FlowGraph graph, Analysis analysis) {
        Map<String, Integer> index = new HashMap<>();
        List<Dataflow.Value> values = new ArrayList<>();
        Map<String, String> roots = MemoryPlan.roots(steps, analysis);
        Set<String> kept = new HashSet<>();
        graph.outputs().forEach(output -> kept.add(roots.getOrDefault(output, output)));
        List<Dataflow.Step> flow = new ArrayList<>();
        Set<String> computed = new HashSet<>();
        steps.forEach(step -> computed.addAll(step.outputs));
        for (PlanStep step : steps) {
            List<Integer> reads = new ArrayList<>();
            List<Integer> writes = new ArrayList<>();
            for (String name : step.reads()) {
                if (computed.contains(name)) {
                    reads.add(value(name, index, values, analysis, roots, kept));
                    String root = roots.getOrDefault(name, name);
                    if (!root.equals(name) && computed.contains(root)) {
                        reads.add(value(root, index, values, analysis, roots, kept));
                    }
                }
            }
            for (String name : step.outputs) {
                if (!name.isEmpty()) {
                    writes.add(value(name, index, values, analysis, roots, kept));
                }
            }
            flow.add(new Dataflow.Step(reads, writes, false));
        }
        return Order.of(new Dataflow(flow, values)).steps().stream().map(steps::get).toList();
    }

    private static int value(String name, Map<String, Integer> index, List<Dataflow.Value> values, Analysis analysis,
            Map<String, String> roots, Set<String> kept) {
        return index.computeIfAbsent(name, _ -> {
            Fact fact = analysis.fact(name);
            double elements = 0;
            if (fact.isProven() && !roots.containsKey(name)) {
                elements = 1;
                for (var extent : fact.shape()) {
                    elements *= typical(extent.dimOrNull());
                }
            }
            values.add(new Dataflow.Value((long) Math.min(elements, MOST_TYPICAL), kept.contains(name)));
            return values.size() - 1;
        });
    }

    private static long typical(Dim dim) {
        Map<String, Long> bindings = new HashMap<>();
        dim.symbols().forEach(symbol -> bindings.put(symbol, TYPICAL));
        try {
            return Math.clamp(dim.evaluate(bindings), 0, 1 << 20);
        } catch (ArithmeticException e) {
            return 0; // no such extent for the example: the value cannot be made either
        }
    }

    /// {@return the graph as planned: without `If` nodes whose condition is proven}
    public FlowGraph graph() {
        return graph;
    }

    /// {@return the names of the extents that inputs leave open}
    public SortedSet<String> symbols() {
        SortedSet<String> symbols = new TreeSet<>();
        for (FlowInput input : folded.inputs()) {
            Fact fact = foldedAnalysis.fact(input.name());
            if (fact.shape() != null) {
                for (var extent : fact.shape()) {
                    symbols.addAll(extent.dimOrNull() == null ? Collections.emptySortedSet()
                            : extent.dimOrNull().symbols());
                }
            }
        }
        return symbols;
    }

    /// {@return a value's proven shape, like `[1,3,2*H,2*W]`; `?` stands for an extent, or the rank, that only a run
    /// can tell}
    ///
    /// @param value name of an input, an output or a value between
    /// @throws IllegalArgumentException if the graph has no such value
    public String shape(String value) {
        Fact fact = analysis.fact(value);
        if (fact == null) {
            throw new IllegalArgumentException("the graph has no value \"" + value + "\"");
        }
        return fact.shapeText();
    }

    /// {@return the class of a node, constant and proven operands taken into account}
    ///
    /// @param node one of [#graph]'s nodes
    public OperatorClass operatorClass(FlowNode node) {
        return analysis.operatorClass(node);
    }

    /// {@return the number of steps that run; a fused chain is one}
    public int stepCount() {
        return steps.size();
    }

    /// {@return one line per step in the order of execution, for a reader: name, what is fused behind
    /// which operator, results with their shapes}
    public List<String> description() {
        return steps.stream().map(step -> {
            StringBuilder line = new StringBuilder(step.at());
            if (step.nodes > 1) {
                line.append(" with ").append(step.nodes - 1).append(" fused");
                line.append(step.node == null || step.node == step.source ? "" : " behind " + step.node.operator());
            }
            line.append(step.isView() ? " view" : "").append(" ->");
            step.outputs.stream().filter(name -> !name.isEmpty())
                    .forEach(name -> line.append(' ').append(name).append(foldedAnalysis.fact(name).shapeText()));
            return line.toString();
        }).toList();
    }

    /// A value in the arena: floats in one array, integers and truth values in another.
    ///
    /// @param value     its name
    /// @param type      what its elements are
    /// @param shape     its proven shape, like `[1,3,2*H,2*W]`
    /// @param firstStep the step that computes it
    /// @param lastStep  the last that reads it; the number of steps for a result
    /// @param offset    its first element
    /// @param elements  how many there are
    public record Place(String value, ElementType type, String shape, int firstStep, int lastStep, long offset,
            long elements) {}

    /// {@return where values lie for given extents, in the order in which they are computed within each array}
    ///
    /// @param bindings extent of every symbol of [#symbols]
    /// @throws IllegalArgumentException if one is missing or below 1
    public List<Place> places(Map<String, Long> bindings) {
        memory.peakBytes(bindings); // refuses wrong bindings
        return memory.places(bindings);
    }

    /// {@return the class of each step's operator, in the order of execution}
    public List<OperatorClass> operatorClasses() {
        return steps.stream().map(step -> foldedAnalysis.operatorClass(step.source)).toList();
    }

    /// {@return the bytes of the arena for given extents; without values whose shape only a run can tell}
    ///
    /// @param bindings extent of every symbol of [#symbols]
    /// @throws IllegalArgumentException if one is missing or below 1
    public long peakBytes(Map<String, Long> bindings) {
        return memory.peakBytes(bindings);
    }

    /// {@return the bytes of scratch memory that the kernels of a table take for given extents, besides the arena;
    /// without nodes that meet shapes only a run can tell, and without the branches of an `If`}
    ///
    /// @param bindings extent of every symbol of [#symbols]
    /// @param kernels  the table that the plan will be bound to
    /// @throws IllegalArgumentException if an extent is missing or below 1
    public long scratchBytes(Map<String, Long> bindings, KernelTable kernels) {
        long most = 0;
        for (PlanStep step : steps) {
            boolean proven = step.reads().stream().allMatch(name -> foldedAnalysis.fact(name).isProven())
                    && step.outputs.stream().allMatch(name -> name.isEmpty() || foldedAnalysis.fact(name).isProven());
            if (proven && !memory.roots.containsKey(step.outputs.getFirst())) {
                try {
                    most = Math.max(most, StepRun.scratchElements(step, memory.shapes(step.inputs, bindings),
                            memory.shapes(step.outputs, bindings), foldedAnalysis, kernels));
                } catch (ArithmeticException e) {
                    throw new IllegalArgumentException(step.at() + " takes more scratch memory than one array holds at "
                            + bindings + "; give smaller inputs", e);
                }
            }
        }
        return Math.multiplyExact(most, (long) Float.BYTES);
    }

    /// {@return the multiply-adds of convolutions and products of matrices for given extents; without those whose shape
    /// only a run can tell, and without the branches of an `If`}
    ///
    /// @param bindings extent of every symbol of [#symbols]
    public long macs(Map<String, Long> bindings) {
        return graph.nodes().stream().mapToLong(node -> Macs.of(node, this, bindings)).reduce(0, (a, b) -> a
                + Math.min(b, Long.MAX_VALUE - a));
    }

    /// {@return a value's shape for given extents; empty where only a run can tell it}
    ///
    /// @param value    name of an input, an output or a value between
    /// @param bindings extent of every symbol of [#symbols]
    /// @throws IllegalArgumentException if an extent has no value there, such as for a division by zero
    public Optional<long[]> extents(String value, Map<String, Long> bindings) {
        Fact fact = analysis.fact(value);
        try {
            return fact == null || !fact.isProven() ? Optional.empty() : Optional.of(Arrays.stream(fact.shape())
                    .mapToLong(extent -> Math.max(0, extent.dimOrNull().evaluate(bindings))).toArray());
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("value \"" + value + "\" of shape " + fact.shapeText()
                    + " has no size at " + bindings + ": " + e.getMessage(), e);
        }
    }

    /// {@return the bytes that no arena for these steps can be below}
    ///
    /// @param bindings extent of every symbol of [#symbols]
    /// @throws IllegalArgumentException if one is missing or below 1
    public long leastBytes(Map<String, Long> bindings) {
        return memory.leastBytes(bindings);
    }

    /// {@return the plan bound to kernels, with weights that are packed for it; [FlowExecutable#another] shares them}
    ///
    /// @param kernels the table
    public FlowExecutable compile(KernelTable kernels) {
        return compile(kernels, new WeightMemory());
    }

    /// {@return the plan bound to kernels}
    ///
    /// @param kernels the table
    /// @param weights packed weights of this plan for this table
    FlowExecutable compile(KernelTable kernels, WeightMemory weights) {
        return new FlowExecutable(folded, foldedAnalysis, steps, memory, kernels, weights);
    }
}
