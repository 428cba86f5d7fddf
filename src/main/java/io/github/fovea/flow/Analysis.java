package io.github.fovea.flow;

import io.github.fovea.dim.Dim;
import io.github.fovea.dim.Known;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// Rank and dimension propagation (SoD2: Niu et al., ASPLOS 2024): what holds of every value of a graph whatever the
/// inputs are. Transfer functions run forward and backward until nothing new follows. An extent of an input that a file
/// leaves open is undefined at first, so that its consumers may determine it; what they leave open becomes a symbol.
///
/// Control flow is a pair of Switch and Combine: both branches of an `If` are followed, and what differs varies; where
/// the condition is proven, the other branch does not count.
final class Analysis {
    /// Elements of constants that are computed in advance at most, beside as many as the graph itself holds: a small
    /// file cannot ask for much memory or work.
    private static final long MAX_FOLDED = 1 << 22;
    /// Operators that work much for each number that they make; of constants that is hardly ever wanted.
    private static final Set<String> NOT_FOLDED = Set.of("Conv", "ConvTranspose", "MaxPool", "AveragePool");
    /// Products of matrices are computed in advance up to so many elements read times elements made.
    private static final double MAX_PRODUCTS = 1L << 32;
    /// Visits per node before propagation stops; every stop is a sound one.
    private static final int MAX_VISITS = 20;

    private final FlowGraph graph;
    private final Analysis outer;
    private final Map<String, Fact> facts = new HashMap<>();
    private final Map<String, Integer> producers = new HashMap<>();
    private final Map<String, List<Integer>> consumers = new HashMap<>();
    /// Values that a plan keeps in blocks of channels, under names of their own.
    private final Set<String> blocked = new HashSet<>();
    private final TreeSet<Integer> work = new TreeSet<>();
    private final List<Equality> equalities = new ArrayList<>();
    /// What the `If` nodes gave when their branches were followed last.
    private final Map<FlowNode, Followed> followed = new IdentityHashMap<>();
    /// Elements that may still be computed in advance.
    private long foldable;

    /// What must hold of the inputs' extents, because a node makes one form of an extent and its readers want another.
    ///
    /// @param node     the node that makes it, for a message
    /// @param value    name of the value
    /// @param stated   the extent that the node makes
    /// @param demanded the extent that its readers want, and that is taken for proven
    record Equality(String node, String value, Dim stated, Dim demanded) {}

    /// Facts that the branches of an `If` saw, and what followed: they are followed anew where these are others only, because
    /// each visit of one inside another would multiply the work.
    ///
    /// @param seen    of the condition, and of the values around the node that its branches read
    /// @param results of the outputs; `null` where nothing is known
    private record Followed(List<Fact> seen, Fact[] results) {}

    private Analysis(FlowGraph graph, Analysis outer) {
        this.graph = graph;
        this.outer = outer;
        foldable = outer == null ? MAX_FOLDED : 0;
        graph.constants().forEach((name, constant) -> {
            facts.put(name, Fact.of(constant));
            foldable += constant.elements();
        });
        for (int i = 0; i < graph.nodes().size(); i++) {
            FlowNode node = graph.nodes().get(i);
            for (String output : node.outputs()) {
                producers.put(output, i);
            }
            for (String input : node.inputs()) {
                consumers.computeIfAbsent(input, _ -> new ArrayList<>()).add(i);
            }
        }
        graph.inputs().forEach(input -> facts.put(input.name(), fact(input)));
    }

    /// {@return the facts of a graph}
    ///
    /// @param graph the graph; nodes in topological order
    /// @throws IllegalArgumentException if shapes contradict each other, naming the node
    static Analysis of(FlowGraph graph) {
        Analysis analysis = new Analysis(graph, null);
        analysis.propagate();
        if (analysis.nameOpenExtents()) {
            analysis.propagate();
        }
        analysis.settle();
        return analysis;
    }

    /// {@return what must hold of extents beyond what their forms say; to be looked at when the inputs' are known}
    List<Equality> equalities() {
        return equalities;
    }

    private static Fact fact(FlowInput input) {
        if (input.dims() == null) {
            return new Fact(input.type(), null, null, null);
        }
        Known[] shape = new Known[input.dims().size()];
        for (int i = 0; i < shape.length; i++) {
            String dim = input.dims().get(i);
            shape[i] = dim.isEmpty() ? Known.UNDEFINED
                    : dim.matches("\\d{1,18}") ? Known.of(Long.parseLong(dim)) : Known.of(Dim.symbol(dim));
        }
        return new Fact(input.type(), shape, null, null);
    }

    private boolean nameOpenExtents() {
        boolean named = false;
        for (FlowInput input : graph.inputs()) {
            Fact fact = facts.get(input.name());
            if (fact.shape() == null) {
                continue;
            }
            Known[] shape = fact.shape().clone();
            for (int i = 0; i < shape.length; i++) {
                if (shape[i].dimOrNull() == null) {
                    shape[i] = Known.of(Dim.symbol(input.name() + "_" + i));
                    named = true;
                }
            }
            facts.put(input.name(), new Fact(fact.type(), shape, null, null));
        }
        return named;
    }

    private void propagate() {
        for (int i = 0; i < graph.nodes().size(); i++) {
            work.add(i);
        }
        int left = MAX_VISITS * graph.nodes().size();
        while (!work.isEmpty() && left-- > 0) {
            visit(work.pollFirst());
        }
        work.clear();
    }

    /// Lets every node state its outputs once more, each behind those it reads. A kernel writes what its node states, whatever
    /// readers demand: a demand for another extent becomes an [Equality], and one where the node states none is dropped.
    private void settle() {
        Set<String> changed = new HashSet<>();
        for (int i = 0; i < graph.nodes().size(); i++) {
            FlowNode node = graph.nodes().get(i);
            Fact[] outputs = outputs(node);
            if (areConstant(outputs)) {
                if (node.inputs().stream().noneMatch(changed::contains)) {
                    continue;
                }
                Arrays.fill(outputs, null);
            }
            List<Inference.Demand> demands = new ArrayList<>();
            tryApply(i, inputs(i), outputs, demands);
            for (Inference.Demand demand : demands) {
                equalities.add(new Equality(node.at(i), node.outputs().get(demand.output()), demand.stated(),
                        demand.demanded()));
            }
            for (int k = 0; k < outputs.length; k++) {
                String name = node.outputs().get(k);
                if (!name.isEmpty() && outputs[k] != null && !same(outputs[k], facts.put(name, outputs[k]))) {
                    changed.add(name);
                }
            }
        }
    }

    /// {@return what is known of a value; `null` where nothing computes it}
    Fact fact(String name) {
        Fact own = facts.get(name);
        return own != null || outer == null ? own : outer.fact(name);
    }

    /// {@return the name of a value in blocks of channels, of which the same holds from now on}
    ///
    /// @param name a value of four axes
    String inBlocks(String name) {
        String other = name + ": in blocks";
        facts.put(other, fact(name));
        blocked.add(other);
        return other;
    }

    /// {@return whether a name is one that [#inBlocks] gave}
    boolean isBlocked(String name) {
        return blocked.contains(name);
    }

    /// Extents that are constants are checked here; those that are expressions when the input's are known.
    private static void checkExtents(Fact[] outputs) {
        for (Fact output : outputs) {
            Fact.checkRank(output == null || output.shape() == null ? 0 : output.shape().length);
            for (Known extent : output == null || output.shape() == null ? new Known[0] : output.shape()) {
                if (extent.dimOrNull() instanceof Dim.Constant(long number) && !Fact.isExtent(number)) {
                    throw new IllegalArgumentException("would make a tensor of shape " + output.shapeText()
                            + ", wanted extents from 0 to " + Integer.MAX_VALUE);
                }
            }
        }
    }

    private Fact[] inputs(int index) {
        FlowNode node = graph.nodes().get(index);
        Fact[] inputs = new Fact[node.inputs().size()];
        for (int i = 0; i < inputs.length; i++) {
            String name = node.inputs().get(i);
            inputs[i] = name.isEmpty() ? null : fact(name);
            if (inputs[i] == null && !name.isEmpty()) {
                throw new IllegalArgumentException(node.at(index) + ": nothing computes its input \"" + name + "\"");
            }
        }
        return inputs;
    }

    private Fact[] outputs(FlowNode node) {
        return node.outputs().stream().map(facts::get).toArray(Fact[]::new);
    }

    private static boolean areConstant(Fact[] outputs) {
        return Arrays.stream(outputs).allMatch(output -> output != null && output.constant() != null);
    }

    private void visit(int index) {
        FlowNode node = graph.nodes().get(index);
        Fact[] inputs = inputs(index);
        Fact[] outputs = outputs(node);
        if (areConstant(outputs)) {
            return; // computed in advance on an earlier visit
        }
        Fact[] before = inputs.clone();
        tryApply(index, inputs, outputs, null);
        for (int i = 0; i < inputs.length; i++) {
            if (inputs[i] != null && !same(inputs[i], before[i])) {
                update(node.inputs().get(i), inputs[i]);
            }
        }
        for (int i = 0; i < outputs.length; i++) {
            String name = node.outputs().get(i);
            if (!name.isEmpty() && outputs[i] != null && !same(outputs[i], facts.get(name))) {
                update(name, outputs[i]);
            }
        }
    }

    private void tryApply(int index, Fact[] inputs, Fact[] outputs, List<Inference.Demand> demands) {
        FlowNode node = graph.nodes().get(index);
        try {
            apply(node, inputs, outputs, demands);
        } catch (IllegalArgumentException | ArithmeticException | IndexOutOfBoundsException e) {
            throw new IllegalArgumentException(node.at(index) + ": " + e.getMessage(), e);
        }
    }

    private void apply(FlowNode node, Fact[] inputs, Fact[] outputs, List<Inference.Demand> demands) {
        OperandCounts.check(node.operator(), inputs);
        OperandTypes.check(node.operator(), inputs);
        if (node.operator().equals("If")) {
            Fact[] results = branches(node, inputs[0]);
            Inference inference = new Inference(node, inputs, outputs, demands);
            for (int i = 0; i < results.length; i++) {
                if (results[i] != null) {
                    inference.state(i, results[i]);
                }
            }
            return;
        }
        Inference inference = new Inference(node, inputs, outputs, demands);
        Operator operator = Operators.of(node.operator());
        operator.forward().apply(inference);
        if (demands == null) {
            operator.backward().apply(inference);
        }
        checkExtents(outputs);
        fold(node, inputs, outputs);
    }

    private void update(String name, Fact fact) {
        if (outer != null && !producers.containsKey(name) && !facts.containsKey(name)) {
            // What one branch demands does not hold on the other.
            return;
        }
        facts.put(name, fact);
        work.addAll(consumers.getOrDefault(name, List.of()));
        Integer producer = producers.get(name);
        if (producer != null) {
            work.add(producer);
        }
    }

    private static boolean same(Fact a, Fact b) {
        return b != null && a.type() == b.type() && Arrays.equals(a.shape(), b.shape())
                && Arrays.equals(a.value(), b.value()) && (a.constant() == null) == (b.constant() == null);
    }

    /// Computes a node whose inputs are known.
    private void fold(FlowNode node, Fact[] inputs, Fact[] outputs) {
        Tensor[] in = new Tensor[inputs.length];
        double read = 1;
        for (int i = 0; i < inputs.length; i++) {
            Constant constant = inputs[i] == null ? null : constant(inputs[i]);
            if (inputs[i] != null && constant == null) {
                return;
            }
            in[i] = constant == null ? null : Tensor.of(constant);
            read += constant == null ? 0 : constant.elements();
        }
        double made = 0;
        for (Fact output : outputs) {
            int[] shape = output == null || output.shape() == null ? null : output.constantShape();
            if (shape == null || output.constant() != null) {
                return;
            }
            made += Arrays.stream(shape).mapToDouble(extent -> extent).reduce(1, (a, b) -> a * b);
        }
        if (made > foldable || NOT_FOLDED.contains(node.operator())
                || made * read > MAX_PRODUCTS && (node.operator().equals("MatMul") || node.operator().equals("Gemm"))) {
            return;
        }
        foldable -= (long) made;
        Tensor[] out = new Tensor[outputs.length];
        for (int i = 0; i < outputs.length; i++) {
            out[i] = Tensor.allocate(outputs[i].type(), outputs[i].constantShape());
        }
        Operators.of(node.operator()).kernels().of(node).run(in, out);
        for (int i = 0; i < outputs.length; i++) {
            outputs[i] = Fact.of(out[i].toConstant());
        }
    }

    /// {@return a value that is known in full, or `null`}
    static Constant constant(Fact fact) {
        if (fact.constant() != null) {
            return fact.constant();
        }
        int[] shape = fact.shape() == null ? null : fact.constantShape();
        long[] value = fact.value() == null || shape == null ? null : fact.constantValue();
        if (value == null || value.length != Tensor.elements(shape, 0, shape.length)) {
            return null;
        }
        if (fact.type() != ElementType.FLOAT) {
            return new Constant(fact.type(), shape, null, value);
        }
        float[] floats = new float[value.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = value[i];
        }
        return Constant.of(shape, floats);
    }

    private Fact[] branches(FlowNode node, Fact condition) {
        List<Fact> seen = new ArrayList<>();
        seen.add(condition);
        Scopes.captured(node).forEach(name -> seen.add(fact(name)));
        Followed last = followed.get(node);
        if (last == null || !unchanged(last.seen, seen)) {
            last = new Followed(seen, follow(node, condition));
            followed.put(node, last);
        }
        return last.results;
    }

    private static boolean unchanged(List<Fact> before, List<Fact> now) {
        for (int i = 0; i < now.size(); i++) {
            Fact a = before.get(i);
            Fact b = now.get(i);
            if (a != b && (a == null || !same(a, b) || a.constant() != b.constant())) {
                return false;
            }
        }
        return true;
    }

    private Fact[] follow(FlowNode node, Fact condition) {
        Attributes attributes = new Attributes(node);
        Constant known = condition == null ? null : constant(condition);
        List<Fact[]> results = new ArrayList<>();
        for (String branch : List.of("then_branch", "else_branch")) {
            if (known == null || known.longs()[0] != 0 == branch.equals("then_branch")) {
                FlowGraph body = attributes.graph(branch);
                Analysis inner = new Analysis(body, this);
                inner.propagate();
                inner.settle();
                Fact[] facts = new Fact[node.outputs().size()];
                if (body.outputs().size() < facts.length) {
                    throw new IllegalArgumentException(branch + " gives "
                            + body.outputs().size() + " values, wanted " + facts.length);
                }
                for (int i = 0; i < facts.length; i++) {
                    facts[i] = inner.fact(body.outputs().get(i));
                }
                results.add(facts);
            }
        }
        Fact[] both = new Fact[node.outputs().size()];
        for (int i = 0; i < both.length; i++) {
            Fact first = results.getFirst()[i];
            Fact last = results.getLast()[i];
            if (first != null && last != null) {
                if (first.type() != last.type()) {
                    throw new IllegalArgumentException("then_branch gives " + first.type() + " as output " + i
                            + ", else_branch " + last.type() + ", wanted one type");
                }
                both[i] = results.size() == 1 ? first : first.meet(last);
            }
        }
        return both;
    }

    /// {@return how much must be known of a node, its operands taken into account}
    ///
    /// @param node one of the graph's nodes
    OperatorClass operatorClass(FlowNode node) {
        Operator operator = Operators.of(node.operator());
        if (operator.operatorClass() != OperatorClass.ISVDOS) {
            return operator.operatorClass();
        }
        for (int operand : operator.valueOperands()) {
            String name = operand < node.inputs().size() ? node.inputs().get(operand) : "";
            if (!name.isEmpty() && !fact(name).hasProvenValue()) {
                return OperatorClass.ISVDOS;
            }
        }
        return OperatorClass.ISDOS;
    }
}
