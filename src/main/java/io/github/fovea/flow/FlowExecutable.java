package io.github.fovea.flow;

import io.github.fovea.dim.Dim;
import io.github.fovea.dim.DimEvaluator;
import io.github.fovea.dim.Known;
import io.github.fovea.kernel.KernelTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A plan bound to kernels, with its memory. One thread at a time may run it; compile a plan once per thread.
public final class FlowExecutable {
    private final FlowGraph graph;
    private final Analysis analysis;
    private final MemoryPlan memory;
    private final List<PlanStep> steps;
    private final Map<String, Tensor> tensors = new HashMap<>();
    private final StepRun[] runs;
    private final Tensor[] views;
    private final Tensor[] viewed;

    private final DimEvaluator evaluator;
    private final long[] bindings;
    private final long[] bound;
    private final long[] extents;
    private final Tensor[] shaped;
    private final int[][] shapeIndices;
    private final Tensor[] proven;
    private final int[][] valueIndices;
    private final Tensor[][] placed = new Tensor[2][];
    private final long[][] sizes = new long[2][];
    private final long[][] offsets = new long[2][];
    private float[] floats = new float[0];
    private long[] longs = new long[0];
    /// Whether all is placed for the extents in `bound`.
    private boolean ready;
    private long evaluations;
    private long mostOpenElements = Long.MAX_VALUE;
    private long openElements;

    FlowExecutable(FlowGraph graph, Analysis analysis, List<PlanStep> steps, MemoryPlan memory, KernelTable kernels) {
        this.graph = graph;
        this.analysis = analysis;
        this.memory = memory;
        this.steps = steps;
        evaluator = memory.evaluator();
        bindings = new long[memory.symbols.size()];
        bound = new long[bindings.length];
        extents = new long[memory.dims.size()];
        graph.inputs().forEach(input -> tensor(input.name()));
        runs = steps.stream().filter(step -> !memory.roots.containsKey(step.outputs.getFirst()))
                .map(step -> new StepRun(step, this, kernels)).toArray(StepRun[]::new);
        steps.forEach(step -> step.reads().forEach(this::tensor));
        steps.forEach(step -> step.outputs.forEach(this::tensor));
        graph.outputs().forEach(this::tensor);
        List<String> ordered = steps.stream().map(step -> step.outputs.getFirst()).filter(memory.roots::containsKey).toList();
        views = ordered.stream().map(tensors::get).toArray(Tensor[]::new);
        viewed = ordered.stream().map(name -> tensor(memory.roots.get(name))).toArray(Tensor[]::new);

        List<Tensor> shapedTensors = new ArrayList<>();
        List<int[]> shapedIndices = new ArrayList<>();
        List<Tensor> provenTensors = new ArrayList<>();
        List<int[]> provenIndices = new ArrayList<>();
        tensors.forEach((name, tensor) -> {
            Fact fact = analysis.fact(name);
            boolean given = graph.inputs().stream().anyMatch(input -> input.name().equals(name));
            if (fact.constant() != null || given || !fact.isProven()) {
                return;
            }
            shapedTensors.add(tensor);
            shapedIndices.add(memory.indices(fact.shape()));
            if (fact.hasProvenValue()) {
                provenTensors.add(tensor);
                provenIndices.add(memory.indices(fact.value()));
                tensor.floats = new float[fact.value().length];
                tensor.longs = new long[fact.value().length];
            }
        });
        shaped = shapedTensors.toArray(Tensor[]::new);
        shapeIndices = shapedIndices.toArray(int[][]::new);
        proven = provenTensors.toArray(Tensor[]::new);
        valueIndices = provenIndices.toArray(int[][]::new);
        for (int kind = 0; kind < 2; kind++) {
            placed[kind] = memory.placed.get(kind).stream().map(this::tensor).toArray(Tensor[]::new);
            sizes[kind] = new long[placed[kind].length];
            offsets[kind] = new long[placed[kind].length];
        }
    }

    /// {@return the tensor of a value, `null` for the empty name}
    Tensor tensor(String name) {
        if (name.isEmpty()) {
            return null;
        }
        return tensors.computeIfAbsent(name, _ -> {
            Fact fact = analysis.fact(name);
            if (fact == null) {
                throw new IllegalArgumentException("nothing computes \"" + name + "\"");
            }
            Constant constant = Analysis.constant(fact);
            return constant != null ? Tensor.of(constant) : new Tensor(fact.type(), fact.shape() == null ? 0 : fact.shape().length);
        });
    }

    Fact fact(String name) {
        return analysis.fact(name);
    }

    Analysis analysis() {
        return analysis;
    }

    /// {@return the names of the inputs}
    public List<String> inputs() {
        return graph.inputs().stream().map(FlowInput::name).toList();
    }

    /// {@return how often extents were evaluated so far: once per change of the inputs' shapes}
    public long evaluations() {
        return evaluations;
    }

    /// {@return the bytes of the arena as it stands}
    public long arenaBytes() {
        return (long) floats.length * Float.BYTES + (long) longs.length * Long.BYTES;
    }

    /// Evaluates all extents and places all values for input shapes, without running anything. Allocates nothing where the
    /// arena is large enough.
    ///
    /// @param values extent of every symbol of [FlowPlan#symbols], in that order
    /// @throws IllegalArgumentException if an extent is out of range
    public void prepare(long... values) {
        if (ready && Arrays.equals(values, bound)) {
            return;
        }
        ready = false;
        evaluator.evaluate(values, extents);
        evaluations++;
        for (int i = 0; i < shaped.length; i++) {
            int[] indices = shapeIndices[i];
            for (int axis = 0; axis < indices.length; axis++) {
                long extent = extents[indices[axis]];
                if (extent < 0 || extent > Integer.MAX_VALUE) {
                    throw outOfRange(shaped[i], extent);
                }
                shaped[i].shape[axis] = (int) extent;
            }
        }
        for (int i = 0; i < proven.length; i++) {
            for (int k = 0; k < valueIndices[i].length; k++) {
                proven[i].longs[k] = extents[valueIndices[i][k]];
                proven[i].floats[k] = extents[valueIndices[i][k]];
            }
        }
        for (int i = 0; i < views.length; i++) {
            if (views[i].elements() != viewed[i].elements()) {
                throw new IllegalArgumentException(made(views[i]) + ": elements of " + viewed[i]
                        + " do not fill " + views[i] + "; the input does not fit this graph");
            }
        }
        place(0);
        place(1);
        System.arraycopy(values, 0, bound, 0, values.length);
        ready = true;
    }

    private String name(Tensor tensor) {
        return tensors.entrySet().stream().filter(e -> e.getValue() == tensor).findFirst().orElseThrow().getKey();
    }

    /// {@return a value and the node that makes it, for a message}
    private String made(Tensor tensor) {
        String name = name(tensor);
        return steps.stream().filter(step -> step.outputs.contains(name)).map(step -> step.at() + ": ").findFirst().orElse("")
                + "value \"" + name + "\"";
    }

    private IllegalArgumentException outOfRange(Tensor tensor, long extent) {
        return new IllegalArgumentException(made(tensor) + " of shape " + analysis.fact(name(tensor)).shapeText()
                + " would get an extent of " + extent + ", wanted 0 to " + Integer.MAX_VALUE
                + "; the input is too small or too large for this graph");
    }

    private void place(int kind) {
        Tensor[] all = placed[kind];
        if (all.length == 0) {
            return;
        }
        for (int i = 0; i < all.length; i++) {
            sizes[kind][i] = all[i].elements();
        }
        long elements = memory.packings[kind].place(sizes[kind], offsets[kind]);
        if (elements > Integer.MAX_VALUE - 16) {
            throw new IllegalArgumentException("the arena would hold " + elements
                    + " elements, at most 2^31 fit one array; give smaller inputs");
        }
        if (kind == 0 && floats.length < elements) {
            floats = new float[(int) elements];
        }
        if (kind == 1 && longs.length < elements) {
            longs = new long[(int) elements];
        }
        for (int i = 0; i < all.length; i++) {
            all[i].floats = kind == 0 ? floats : all[i].floats;
            all[i].longs = kind == 1 ? longs : all[i].longs;
            all[i].from = (int) offsets[kind][i];
        }
    }

    /// Bounds what values whose shape only a run can tell take together: no plan knows it before. Unbounded until then.
    ///
    /// @param elements most elements of one run, at least 1
    public void boundOpenValues(long elements) {
        mostOpenElements = elements;
    }

    /// Counts a value whose shape the run has just told.
    ///
    /// @throws IllegalArgumentException if such values take more together than they may
    void claim(int[] shape) {
        double elements = 1;
        for (int extent : shape) {
            elements *= extent;
        }
        if (elements > mostOpenElements - openElements || elements > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("a value of shape " + Arrays.toString(shape) + " beside " + openElements
                    + " elements of others whose shape only a run can tell, at most " + Math.min(mostOpenElements, Integer.MAX_VALUE)
                    + " are allowed");
        }
        openElements += (long) elements;
    }

    /// Runs the graph.
    ///
    /// @param inputs value of every input, by name
    /// @return value of every output, by name, in the graph's order; arrays of their own
    /// @throws IllegalArgumentException if an input is missing, of another type or of a shape that does not fit: which, got,
    ///                                  wanted; or if a node meets shapes that do not fit each other
    public Map<String, Constant> run(Map<String, Constant> inputs) {
        bind(inputs);
        openElements = 0;
        prepare(bindings);
        for (int i = 0; i < views.length; i++) {
            views[i].floats = viewed[i].floats;
            views[i].longs = viewed[i].longs;
            views[i].from = viewed[i].from;
        }
        for (StepRun run : runs) {
            run.run();
        }
        Map<String, Constant> outputs = new LinkedHashMap<>();
        graph.outputs().forEach(name -> outputs.put(name, tensors.get(name).toConstant()));
        return outputs;
    }

    private void bind(Map<String, Constant> inputs) {
        Arrays.fill(bindings, -1);
        for (FlowInput input : graph.inputs()) {
            Constant given = inputs.get(input.name());
            Fact fact = analysis.fact(input.name());
            if (given == null) {
                throw new IllegalArgumentException("input \"" + input.name() + "\" of shape " + fact.shapeText()
                        + " is missing; given are " + inputs.keySet());
            }
            if (given.type() != input.type()) {
                throw new IllegalArgumentException("input \"" + input.name() + "\" is " + given.type() + ", wanted " + input.type());
            }
            if (fact.shape() != null) {
                bind(input.name(), given.shape(), fact);
            }
            tensors.get(input.name()).point(given);
        }
    }

    private void bind(String name, int[] given, Fact fact) {
        Known[] wanted = fact.shape();
        boolean fits = given.length == wanted.length;
        for (int axis = 0; fits && axis < given.length; axis++) {
            switch (wanted[axis].dimOrNull()) {
                case null -> { }
                case Dim.Constant(long extent) -> fits = given[axis] == extent;
                case Dim.Symbol(String symbol) -> {
                    int index = memory.symbols.indexOf(symbol);
                    fits = given[axis] >= 1 && (bindings[index] < 0 || bindings[index] == given[axis]);
                    bindings[index] = given[axis];
                }
                case Dim.Expression _ -> { }
            }
        }
        if (!fits) {
            throw new IllegalArgumentException("input \"" + name + "\" has shape " + Arrays.toString(given) + ", wanted "
                    + fact.shapeText() + " with extents of at least 1, equal names for equal extents");
        }
    }
}
