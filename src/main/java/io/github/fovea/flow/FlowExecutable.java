package io.github.fovea.flow;

import io.github.fovea.arena.Packing;
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
import java.util.stream.IntStream;

/// A plan bound to kernels, with its memory. One thread at a time may run it; further threads take [#another].
public final class FlowExecutable {
    private final FlowGraph graph;
    private final Analysis analysis;
    private final MemoryPlan memory;
    private final List<PlanStep> steps;
    private final Map<String, Tensor> tensors = new HashMap<>();
    // Arrays: walking through lists would allocate at each run.
    private final StepRun[] runs;
    private final View[] views;
    private final Proven[] shapes;
    private final Proven[] values;
    private final Analysis.Equality[] equalities;
    /// Where in the evaluated extents both sides of each equality stand.
    private final int[][] sides;
    /// Inputs with extents that are expressions: no binding tells whether what is given fits them.
    private final Proven[] expressions;
    private final Arena[] arenas;
    private final Scratch scratch = new Scratch();
    private final WeightMemory weights;
    private final KernelTable kernels;

    private final DimEvaluator evaluator;
    private final long[] bindings;
    private final long[] bound;
    private final long[] extents;
    /// Whether all is placed for the extents in `bound`.
    private boolean ready;
    private long evaluations;
    private long mostOpenElements = Long.MAX_VALUE;
    private long openElements;
    /// What the branches of this graph may take; `null` where nothing bounds them, or a graph around this one does.
    private BranchBudget ownBudget;

    FlowExecutable(FlowGraph graph, Analysis analysis, List<PlanStep> steps, MemoryPlan memory, KernelTable kernels,
            WeightMemory weights) {
        this.kernels = kernels;
        this.weights = weights;
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
        views = steps.stream().map(step -> step.outputs.getFirst()).filter(memory.roots::containsKey)
                .map(name -> new View(tensors.get(name), tensor(memory.roots.get(name)))).toArray(View[]::new);
        List<Proven> provenShapes = new ArrayList<>();
        List<Proven> provenValues = new ArrayList<>();
        tensors.forEach((name, tensor) -> {
            Fact fact = analysis.fact(name);
            boolean given = graph.inputs().stream().anyMatch(input -> input.name().equals(name));
            if (fact.constant() != null || given || !fact.isProven()) {
                return;
            }
            provenShapes.add(new Proven(tensor, memory.indices(fact.shape())));
            if (fact.hasProvenValue()) {
                provenValues.add(new Proven(tensor, memory.indices(fact.value())));
                tensor.floats = new float[fact.value().length];
                tensor.longs = new long[fact.value().length];
            }
        });
        shapes = provenShapes.toArray(Proven[]::new);
        values = provenValues.toArray(Proven[]::new);
        equalities = analysis.equalities().toArray(Analysis.Equality[]::new);
        sides = Arrays.stream(equalities).map(equality -> memory.indices(new Known[] {Known.of(equality.stated()),
            Known.of(equality.demanded())})).toArray(int[][]::new);
        expressions = graph.inputs().stream().map(FlowInput::name).filter(this::hasExpressions)
                .map(name -> new Proven(tensor(name), memory.indices(analysis.fact(name).shape())))
                .toArray(Proven[]::new);
        arenas = IntStream.range(0, 2).filter(kind -> !memory.placed.get(kind).isEmpty())
                .mapToObj(kind -> new Arena(memory.packings[kind],
                memory.placed.get(kind).stream().map(this::tensor).toList()))
                .toArray(Arena[]::new);
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
            return constant != null ? Tensor.of(constant) : new Tensor(fact.type(), fact.shape() == null ? 0
                    : fact.shape().length, analysis.isBlocked(name));
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

    /// {@return the memory in which the steps' kernels work}
    Scratch scratch() {
        return scratch;
    }

    /// {@return the memory of packed weights}
    WeightMemory weights() {
        return weights;
    }

    /// {@return an executable of the same plan and kernels for another thread: it has values and scratch memory of its
    /// own and reads the same packed weights} Any thread may call, beside runs too.
    public FlowExecutable another() {
        return new FlowExecutable(graph, analysis, steps, memory, kernels, weights);
    }

    /// {@return the bytes of the kernels' scratch memory as it stands}
    public long scratchBytes() {
        return scratch.bytes();
    }

    /// {@return the bytes of the arena as it stands}
    public long arenaBytes() {
        return Arrays.stream(arenas).mapToLong(Arena::bytes).sum();
    }

    /// Evaluates all extents and places all values for input shapes, without running anything. Allocates nothing where
    /// the arena is large enough.
    ///
    /// @param symbols extent of every symbol of [FlowPlan#symbols], in that order
    /// @throws IllegalArgumentException if an extent is out of range
    public void prepare(long... symbols) {
        if (ready && Arrays.equals(symbols, bound)) {
            return;
        }
        ready = false;
        try {
            evaluator.evaluate(symbols, extents);
        } catch (ArithmeticException e) {
            throw withoutSize(symbols, e);
        }
        evaluations++;
        for (int i = 0; i < equalities.length; i++) {
            long made = extents[sides[i][0]];
            long wanted = extents[sides[i][1]];
            if (made != wanted) {
                throw new IllegalArgumentException(equalities[i].node() + " would give value \"" + equalities[i].value()
                        + "\" an extent of " + made + " where its readers want " + wanted
                        + "; the input does not fit this graph");
            }
        }
        for (Proven proven : shapes) {
            for (int axis = 0; axis < proven.indices.length; axis++) {
                long extent = extents[proven.indices[axis]];
                if (extent < 0 || extent > Integer.MAX_VALUE) {
                    throw outOfRange(proven.tensor, extent);
                }
                proven.tensor.shape[axis] = (int) extent;
            }
        }
        for (Proven proven : values) {
            for (int k = 0; k < proven.indices.length; k++) {
                proven.tensor.longs[k] = extents[proven.indices[k]];
                proven.tensor.floats[k] = extents[proven.indices[k]];
            }
        }
        for (View view : views) {
            if (view.tensor.elements() != view.root.elements()) {
                throw new IllegalArgumentException(made(view.tensor) + ": elements of " + view.root
                        + " do not fill " + view.tensor + "; the input does not fit this graph");
            }
        }
        for (View view : views) {
            view.tensor.forget();
        }
        for (Arena arena : arenas) {
            arena.place();
        }
        System.arraycopy(symbols, 0, bound, 0, symbols.length);
        ready = true;
    }

    private boolean hasExpressions(String input) {
        Fact fact = analysis.fact(input);
        return fact.isProven() && Arrays.stream(fact.shape()).anyMatch(k -> k.dimOrNull() instanceof Dim.Expression);
    }

    private String name(Tensor tensor) {
        return tensors.entrySet().stream().filter(e -> e.getValue() == tensor).findFirst().orElseThrow().getKey();
    }

    /// {@return a value and the node that makes it, for a message}
    private String made(Tensor tensor) {
        String name = name(tensor);
        return steps.stream().filter(step -> step.outputs.contains(name)).map(step -> step.at()
                + ": ").findFirst().orElse("") + "value \"" + name + "\"";
    }

    /// Says which value has no size, for a division by zero or a number beyond 64 bits.
    private IllegalArgumentException withoutSize(long[] symbols, ArithmeticException cause) {
        Map<String, Long> given = named(symbols);
        String where = "a size that nodes compute";
        for (PlanStep step : steps.reversed()) {
            for (String name : step.outputs) {
                if (!name.isEmpty() && analysis.fact(name).isProven() && !hasSize(analysis.fact(name), given)) {
                    where = step.at() + ": value \"" + name + "\" of shape " + analysis.fact(name).shapeText();
                }
            }
        }
        return new IllegalArgumentException(where + " has no number at " + given + ": " + cause.getMessage()
                + "; the input does not fit this graph", cause);
    }

    private static boolean hasSize(Fact fact, Map<String, Long> given) {
        try {
            for (Known extent : fact.shape()) {
                extent.dimOrNull().evaluate(given);
            }
            return true;
        } catch (ArithmeticException e) {
            return false;
        }
    }

    private IllegalArgumentException outOfRange(Tensor tensor, long extent) {
        return new IllegalArgumentException(made(tensor) + " of shape " + analysis.fact(name(tensor)).shapeText()
                + " would get an extent of " + extent + ", wanted 0 to " + Integer.MAX_VALUE
                + "; the input is too small or too large for this graph");
    }

    /// Bounds what no plan of the graph counts: values whose shape only a run can tell, and the branches of `If` nodes.
    /// Unbounded until then.
    ///
    /// @param elements most elements of such values in one run, and in one of each branch, at least 1
    /// @param bytes    most memory of a branch
    /// @param macs     most multiply-adds of all branches that one run goes through
    public void bound(long elements, long bytes, long macs) {
        ownBudget = new BranchBudget(bytes, macs);
        bound(elements, ownBudget);
    }

    void bound(long elements, BranchBudget budget) {
        mostOpenElements = elements;
        for (StepRun run : runs) {
            run.bound(elements, budget);
        }
    }

    /// {@return the extents that inputs give the symbols}
    ///
    /// @param inputs value of every input, by name
    Map<String, Long> extents(Map<String, Constant> inputs) {
        bind(inputs);
        return named(bindings);
    }

    private Map<String, Long> named(long[] symbols) {
        Map<String, Long> given = new HashMap<>();
        for (int i = 0; i < symbols.length; i++) {
            given.put(memory.symbols.get(i), symbols[i]);
        }
        return given;
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
                    + " elements of others whose shape only a run can tell, at most " + Math.min(mostOpenElements,
                    Integer.MAX_VALUE) + " are allowed");
        }
        openElements += (long) elements;
    }

    /// Runs the graph.
    ///
    /// @param inputs value of every input, by name
    /// @return value of every output, by name, in the graph's order; arrays of their own
    /// @throws IllegalArgumentException if an input is missing, of another type or of a shape that does not fit: which,
    ///                                  got, wanted; or if a node meets shapes that do not fit each other
    public Map<String, Constant> run(Map<String, Constant> inputs) {
        bind(inputs);
        openElements = 0;
        if (ownBudget != null) {
            ownBudget.begin();
        }
        prepare(bindings);
        for (Proven input : expressions) {
            for (int axis = 0; axis < input.indices.length; axis++) {
                if (input.tensor.shape[axis] != extents[input.indices[axis]]) {
                    throw misfit(name(input.tensor), input.tensor.shape);
                }
            }
        }
        for (View view : views) {
            view.tensor.floats = view.root.floats;
            view.tensor.longs = view.root.longs;
            view.tensor.from = view.root.from;
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
                throw new IllegalArgumentException("input \"" + input.name() + "\" is " + given.type() + ", wanted "
                        + input.type());
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
                case Dim.Expression _ -> { } // compared when all symbols are bound
            }
        }
        if (!fits) {
            throw misfit(name, given);
        }
    }

    private IllegalArgumentException misfit(String input, int[] given) {
        return new IllegalArgumentException("input \"" + input + "\" has shape " + Arrays.toString(given) + ", wanted "
                + analysis.fact(input).shapeText() + " with extents of at least 1, equal names for equal extents");
    }

    /// What is proven of a tensor: where in the evaluated extents its own, or its elements, stand.
    private record Proven(Tensor tensor, int[] indices) {}

    /// A value that shows the memory of another.
    private record View(Tensor tensor, Tensor root) {}

    /// One array, of floats or of integers, and the values in it.
    private static final class Arena {
        private final Packing packing;
        private final List<Tensor> tensors;
        private final boolean isFloat;
        private final long[] sizes;
        private final long[] offsets;
        private float[] floats = new float[0];
        private long[] longs = new long[0];

        Arena(Packing packing, List<Tensor> tensors) {
            this.packing = packing;
            this.tensors = tensors;
            isFloat = tensors.getFirst().isFloat();
            sizes = new long[tensors.size()];
            offsets = new long[sizes.length];
        }

        void place() {
            for (int i = 0; i < sizes.length; i++) {
                sizes[i] = MemoryPlan.aligned(tensors.get(i).stored());
            }
            long placed = packing.place(sizes, offsets);
            long elements = placed == 0 ? 0 : placed + MemoryPlan.LINE;
            if (elements > Integer.MAX_VALUE - 16) {
                throw new IllegalArgumentException("the arena would hold " + elements
                        + " elements, at most 2^31 fit one array; give smaller inputs");
            }
            if (isFloat && floats.length < elements || !isFloat && longs.length < elements) {
                // The old array goes first: both together were not announced.
                floats = new float[0];
                longs = new long[0];
                tensors.forEach(Tensor::forget);
                floats = new float[isFloat ? (int) elements : 0];
                longs = new long[isFloat ? 0 : (int) elements];
            }
            for (int i = 0; i < sizes.length; i++) {
                Tensor tensor = tensors.get(i);
                tensor.floats = isFloat ? floats : tensor.floats;
                tensor.longs = isFloat ? tensor.longs : longs;
                tensor.from = (int) offsets[i];
            }
        }

        long bytes() {
            return (long) floats.length * Float.BYTES + (long) longs.length * Long.BYTES;
        }
    }
}
