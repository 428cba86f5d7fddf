package io.github.fovea.flow;

import io.github.fovea.arena.Packing;
import io.github.fovea.dim.Dim;
import io.github.fovea.dim.DimEvaluator;
import io.github.fovea.dim.Known;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.stream.LongStream;

/// Which extents must be evaluated for an input shape, and where values of proven size then lie: floats in one array,
/// integers and truth values in another.
final class MemoryPlan {
    private static final long[] NONE = new long[0];
    /// Values begin on multiples of so many elements behind the first, and an array is that much longer: floats of 64
    /// bytes.
    static final int LINE = 16;
    /// Index of the first element: there a large array has a 64-byte line.
    static final int FIRST = 12;

    final List<String> symbols;
    /// Every extent and every element of a proven value, once.
    final List<Dim> dims = new ArrayList<>();
    /// Values in the arena of floats and in that of integers.
    final List<List<String>> placed = List.of(new ArrayList<>(), new ArrayList<>());
    final Packing[] packings = new Packing[2];
    /// First and last step of every value in an arena.
    final Map<String, int[]> ranges = new LinkedHashMap<>();
    /// Views: value -> the value whose memory it shows.
    final Map<String, String> roots;
    private final Map<Dim, Integer> index = new HashMap<>();
    private final Analysis analysis;

    MemoryPlan(FlowGraph graph, Analysis analysis, List<PlanStep> steps, SortedSet<String> symbols, long typical,
            boolean shared) {
        this.analysis = analysis;
        this.symbols = List.copyOf(symbols);
        roots = roots(steps, analysis);
        Set<String> outputs = new HashSet<>();
        graph.outputs().forEach(name -> outputs.add(root(name)));
        for (int i = 0; i < steps.size(); i++) {
            for (String name : steps.get(i).reads()) {
                extend(ranges, root(name), i);
            }
            for (String name : steps.get(i).outputs) {
                if (!name.isEmpty() && inArena(name)) {
                    ranges.put(name, new int[] {shared ? i : 0, shared ? i : steps.size()});
                }
            }
        }
        outputs.forEach(name -> extend(ranges, name, steps.size()));
        for (int kind = 0; kind < 2; kind++) {
            pack(kind, ranges, typical);
        }
        steps.forEach(step -> step.outputs.forEach(this::register));
        steps.forEach(step -> step.reads().forEach(this::register));
        graph.outputs().forEach(this::register);
        graph.inputs().forEach(input -> register(input.name()));
        for (Analysis.Equality equality : analysis.equalities()) {
            register(Known.of(equality.stated()));
            register(Known.of(equality.demanded()));
        }
    }

    private static void extend(Map<String, int[]> ranges, String name, int step) {
        int[] range = ranges.get(name);
        if (range != null) {
            range[1] = Math.max(range[1], step);
        }
    }

    /// {@return for every view the value whose memory it shows; only values of proven shape have views}
    static Map<String, String> roots(List<PlanStep> steps, Analysis analysis) {
        Map<String, String> roots = new HashMap<>();
        for (PlanStep step : steps) {
            if (step.isView()) {
                String from = step.inputs.getFirst();
                String to = step.outputs.getFirst();
                if (analysis.fact(from).isProven() && analysis.fact(to).isProven()) {
                    roots.put(to, roots.getOrDefault(from, from));
                }
            }
        }
        return roots;
    }

    String root(String name) {
        return roots.getOrDefault(name, name);
    }

    /// {@return whether a computed value lies in the arena}
    boolean inArena(String name) {
        Fact fact = analysis.fact(name);
        return fact.isProven() && !fact.hasProvenValue() && !roots.containsKey(name);
    }

    private void pack(int kind, Map<String, int[]> ranges, long typical) {
        List<String> names = placed.get(kind);
        ranges.keySet().stream().filter(name -> kind(name) == kind).forEach(names::add);
        int[] first = names.stream().mapToInt(name -> ranges.get(name)[0]).toArray();
        int[] last = names.stream().mapToInt(name -> ranges.get(name)[1]).toArray();
        List<long[]> sizes = new ArrayList<>();
        for (long extent : new long[] {typical, 4 * typical}) {
            Map<String, Long> bindings = new HashMap<>();
            symbols.forEach(symbol -> bindings.put(symbol, extent));
            sizes.add(names.stream().mapToLong(name -> room(name, bindings)).toArray());
        }
        packings[kind] = Packing.plan(first, last, sizes);
    }

    private int kind(String name) {
        return analysis.fact(name).type() == ElementType.FLOAT ? 0 : 1;
    }

    /// {@return the elements that a value takes, whole lines}
    static long aligned(long elements) {
        return Math.multiplyExact(Math.ceilDiv(elements, LINE), (long) LINE);
    }

    /// The elements that a value takes, whole lines.
    private long room(String name, Map<String, Long> bindings) {
        return aligned(elements(name, bindings));
    }

    private long elements(String name, Map<String, Long> bindings) {
        try {
            long elements = 1;
            Known[] shape = analysis.fact(name).shape();
            for (int axis = 0; axis < shape.length; axis++) {
                long extent = Math.max(0, shape[axis].dimOrNull().evaluate(bindings));
                elements = Math.multiplyExact(elements, axis == 1 && analysis.isBlocked(name) ? Tensor.whole(extent)
                        : extent);
            }
            return elements;
        } catch (ArithmeticException e) {
            throw withoutSize(name, bindings, e);
        }
    }

    private IllegalArgumentException withoutSize(String name, Map<String, Long> bindings, ArithmeticException cause) {
        return new IllegalArgumentException("value \"" + name + "\" of shape " + analysis.fact(name).shapeText()
                + " has no size at " + bindings + ": " + cause.getMessage(), cause);
    }

    /// {@return tensors of these values' shapes, and of their values where they are constant}
    Tensor[] shapes(List<String> names, Map<String, Long> bindings) {
        return names.stream().map(name -> name.isEmpty() ? null : shape(name, bindings))
                .toArray(Tensor[]::new);
    }

    private Tensor shape(String name, Map<String, Long> bindings) {
        Fact fact = analysis.fact(name);
        Constant constant = Analysis.constant(fact);
        if (constant != null) {
            return Tensor.of(constant);
        }
        Tensor tensor = new Tensor(fact.type(), 0, analysis.isBlocked(name));
        try {
            tensor.shape = Arrays.stream(fact.shape())
                    .mapToInt(extent -> Math.toIntExact(extent.dimOrNull().evaluate(bindings))).toArray();
        } catch (ArithmeticException e) {
            throw withoutSize(name, bindings, e);
        }
        return tensor;
    }

    private void register(String name) {
        Fact fact = name.isEmpty() ? null : analysis.fact(name);
        if (fact == null) {
            return;
        }
        if (fact.isProven()) {
            Arrays.stream(fact.shape()).forEach(this::register);
        }
        if (fact.value() != null && fact.constant() == null && fact.hasProvenValue()) {
            Arrays.stream(fact.value()).forEach(this::register);
        }
    }

    private void register(Known known) {
        index.computeIfAbsent(known.dimOrNull(), dim -> {
            dims.add(dim);
            return dims.size() - 1;
        });
    }

    /// {@return where in the evaluated extents those of a proven list stand}
    int[] indices(Known[] known) {
        return Arrays.stream(known).mapToInt(k -> index.get(k.dimOrNull())).toArray();
    }

    /// {@return what evaluates all extents; for one thread}
    DimEvaluator evaluator() {
        return new DimEvaluator(symbols, dims);
    }

    /// {@return where every value lies for given extents}
    List<FlowPlan.Place> places(Map<String, Long> bindings) {
        List<FlowPlan.Place> places = new ArrayList<>();
        for (int kind = 0; kind < 2; kind++) {
            List<String> names = placed.get(kind);
            long[] sizes = names.stream().mapToLong(name -> room(name, bindings)).toArray();
            long[] offsets = new long[sizes.length];
            if (sizes.length > 0) {
                packings[kind].place(sizes, offsets);
            }
            for (int i = 0; i < sizes.length; i++) {
                int[] range = ranges.get(names.get(i));
                places.add(new FlowPlan.Place(names.get(i), analysis.fact(names.get(i)).type(),
                        analysis.fact(names.get(i)).shapeText(), range[0], range[1], offsets[i],
                        elements(names.get(i), bindings)));
            }
        }
        return places;
    }

    long peakBytes(Map<String, Long> bindings) {
        return bytes(bindings, false);
    }

    long leastBytes(Map<String, Long> bindings) {
        return bytes(bindings, true);
    }

    private long bytes(Map<String, Long> bindings, boolean least) {
        for (String symbol : symbols) {
            Long extent = bindings.get(symbol);
            if (extent == null || extent < 1) {
                throw new IllegalArgumentException("extent " + symbol + " is " + extent
                        + ", wanted at least 1; the inputs leave " + symbols + " open");
            }
        }
        long bytes = 0;
        for (int kind = 0; kind < 2; kind++) {
            long[] sizes = placed.get(kind).isEmpty() ? NONE
                    : placed.get(kind).stream().mapToLong(name -> least ? elements(name, bindings) : room(name, bindings))
                    .toArray();
            // The bound knows nothing of lines.
            long elements = sizes.length == 0 ? 0
                    : least ? packings[kind].lowerBound(sizes) : packings[kind].place(sizes, new long[sizes.length]);
            bytes += (elements == 0 || least ? elements : elements + LINE) * (kind == 0 ? Float.BYTES : Long.BYTES);
        }
        return bytes;
    }
}
