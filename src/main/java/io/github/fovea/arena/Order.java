package io.github.fovea.arena;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// An order of steps in which little memory is alive at once.
///
/// What is alive after a set of steps does not depend on their order, so dynamic programming over the sets that can
/// have run finds the order with the smallest peak. Chains have few such sets, and wherever all paths meet in one step
/// there is one only, so large networks are solved exactly too; where the sets of one size are too many, the most
/// promising are followed (beam search). A step that is ready, frees at least what it makes and does not raise the peak
/// is taken at once: what a step adds only shrinks when more has run before it, so waiting cannot help.
///
/// Source: static execution planning of SoD2 (Niu et al., ASPLOS 2024).
///
/// @param steps        all steps, each after those whose results it reads
/// @param peakElements the largest sum of values alive at once, results that take the place of an operand counted once
/// @param exact        whether no order has a smaller peak; false where the search was cut
public record Order(List<Integer> steps, long peakElements, boolean exact) {
    /// Sets of one size that are followed in graphs of up to SMALL steps; all there can be with 16 steps are 12,870.
    private static final int SMALL = 20;
    private static final int SMALL_BEAM = 20_000;
    private static final int MAX_SETS = 12_000;
    private static final int MIN_BEAM = 32;

    /// Copies the list.
    public Order {
        steps = List.copyOf(steps);
    }

    /// {@return an order of small peak}
    ///
    /// @param flow the steps
    /// @throws IllegalArgumentException if steps wait for each other in a circle
    public static Order of(Dataflow flow) {
        return new Search(flow).run();
    }

    /// {@return the largest sum of values alive at once in a given order}
    ///
    /// @param flow  the steps
    /// @param order all steps, each after those whose results it reads
    /// @throws IllegalArgumentException if the order is none of this graph
    public static long peak(Dataflow flow, List<Integer> order) {
        Search search = new Search(flow);
        Done state = search.start();
        for (int step : order) {
            if (!Search.contains(state.ready, step)) {
                throw new IllegalArgumentException("step " + step + " is not ready in " + order);
            }
            state = search.after(state, step);
        }
        if (order.size() != flow.steps().size()) {
            throw new IllegalArgumentException(order.size() + " steps of " + flow.steps().size());
        }
        return state.peak;
    }

    /// A set of steps that have run, with the best known way to it.
    private static final class Done implements Comparable<Done> {
        final Done before;
        final int last;
        final int[] ready;
        final long live;
        final long peak;
        /// Memory times steps: of orders with equal peaks, the one that keeps less for less long wins.
        final long sum;
        /// One bit per step; dropped when no larger set needs it.
        long[] steps;

        Done(Done before, int last, int[] ready, long live, long peak, long sum, long[] steps) {
            this.before = before;
            this.last = last;
            this.ready = ready;
            this.live = live;
            this.peak = peak;
            this.sum = sum;
            this.steps = steps;
        }

        @Override
        public int compareTo(Done other) {
            int byPeak = Long.compare(peak, other.peak);
            int bySum = byPeak != 0 ? byPeak : Long.compare(sum, other.sum);
            return bySum != 0 ? bySum : Long.compare(live, other.live);
        }
    }

    private record Key(long[] bits) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Key(long[] to) && Arrays.equals(bits, to);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bits);
        }
    }

    private static final class Search {
        private final Dataflow flow;
        private final int count;
        private final int[] writer;
        private final int[][] readers;
        private final int[][] waitsFor;
        private final int[][] followers;

        Search(Dataflow flow) {
            this.flow = flow;
            count = flow.steps().size();
            int values = flow.values().size();
            writer = new int[values];
            Arrays.fill(writer, -1);
            for (int s = 0; s < count; s++) {
                for (int value : flow.steps().get(s).writes()) {
                    writer[value] = s;
                }
            }
            // Plain loops: planning runs in JVMs that have just started, where every lambda takes its time.
            readers = new int[values][0];
            waitsFor = new int[count][0];
            followers = new int[count][0];
            for (int s = 0; s < count; s++) {
                for (int value : flow.steps().get(s).reads()) {
                    readers[value] = with(readers[value], s);
                    int before = writer[value];
                    if (before >= 0 && !contains(waitsFor[s], before)) {
                        waitsFor[s] = with(waitsFor[s], before);
                        followers[before] = with(followers[before], s);
                    }
                }
            }
        }

        private static int[] with(int[] set, int element) {
            int[] larger = Arrays.copyOf(set, set.length + 1);
            larger[set.length] = element;
            return larger;
        }

        private static boolean contains(int[] set, int element) {
            for (int other : set) {
                if (other == element) {
                    return true;
                }
            }
            return false;
        }

        Done start() {
            long live = 0;
            for (int v = 0; v < writer.length; v++) {
                Dataflow.Value value = flow.values().get(v);
                if (writer[v] < 0 && (value.kept() || readers[v].length > 0)) {
                    live = Math.addExact(live, value.elements());
                }
            }
            int[] ready = new int[count];
            int n = 0;
            for (int s = 0; s < count; s++) {
                if (waitsFor[s].length == 0) {
                    ready[n++] = s;
                }
            }
            return new Done(null, -1, Arrays.copyOf(ready, n), live, live, 0, new long[(count + 63) / 64]);
        }

        private static boolean has(long[] set, int step) {
            return (set[step >> 6] & 1L << (step & 63)) != 0;
        }

        private boolean dies(int value, long[] set, int step) {
            if (flow.values().get(value).kept()) {
                return false;
            }
            for (int reader : readers[value]) {
                if (reader != step && !has(set, reader)) {
                    return false;
                }
            }
            return true;
        }

        Done after(Done done, int step) {
            Dataflow.Step run = flow.steps().get(step);
            long during = done.live;
            for (int value : run.writes()) {
                during = Math.addExact(during, flow.values().get(value).elements());
            }
            long live = during;
            long first = run.writes().isEmpty() ? 0 : flow.values().get(run.writes().getFirst()).elements();
            boolean shared = false;
            for (int value : run.reads()) {
                if (dies(value, done.steps, step)) {
                    long elements = flow.values().get(value).elements();
                    live -= elements;
                    shared |= elements >= first;
                }
            }
            for (int value : run.writes()) {
                if (readers[value].length == 0 && !flow.values().get(value).kept()) {
                    live -= flow.values().get(value).elements();
                }
            }
            if (run.inPlace() && shared) {
                during -= first;
            }
            long[] set = done.steps.clone();
            set[step >> 6] |= 1L << (step & 63);
            return new Done(done, step, readyAfter(done, step, set), live, Math.max(done.peak, during),
                    saturatedSum(done.sum, during), set);
        }

        private static long saturatedSum(long a, long b) {
            return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
        }

        private int[] readyAfter(Done done, int step, long[] set) {
            int[] ready = new int[done.ready.length - 1 + followers[step].length];
            int n = 0;
            for (int other : done.ready) {
                if (other != step) {
                    ready[n++] = other;
                }
            }
            for (int follower : followers[step]) {
                boolean waits = false;
                for (int before : waitsFor[follower]) {
                    waits |= !has(set, before);
                }
                if (!waits) {
                    ready[n++] = follower;
                }
            }
            return n == ready.length ? ready : Arrays.copyOf(ready, n);
        }

        Order run() {
            int beam = count <= SMALL ? SMALL_BEAM : Math.max(MIN_BEAM, MAX_SETS / count);
            boolean exact = true;
            Collection<Done> level = List.of(start());
            for (int size = 0; size < count; size++) {
                Map<Key, Done> next = new HashMap<>();
                for (Done done : level) {
                    for (Done larger : next(done)) {
                        Key key = new Key(larger.steps);
                        Done known = next.get(key);
                        if (known == null || larger.compareTo(known) < 0) {
                            next.put(key, larger);
                        }
                    }
                    done.steps = null;
                }
                if (next.isEmpty()) {
                    throw new IllegalArgumentException("steps wait for each other in a circle: only " + size + " of "
                            + count + " can run");
                }
                level = next.values();
                if (level.size() > beam) {
                    exact = false;
                    level = level.stream().sorted().limit(beam).toList();
                }
            }
            Done best = Collections.min(level);
            List<Integer> order = new ArrayList<>();
            for (Done done = best; done.before != null; done = done.before) {
                order.add(done.last);
            }
            Collections.reverse(order);
            return new Order(order, best.peak, exact);
        }

        private List<Done> next(Done done) {
            List<Done> all = new ArrayList<>(done.ready.length);
            for (int step : done.ready) {
                Done larger = after(done, step);
                if (larger.live <= done.live && larger.peak == done.peak) {
                    return List.of(larger);
                }
                all.add(larger);
            }
            return all;
        }
    }
}
