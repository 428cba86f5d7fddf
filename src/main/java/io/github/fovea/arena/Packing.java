package io.github.fovea.arena;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.LongAdder;

/// Places in one array for values of which some exist at the same time. Planned once, for some typical sizes; what is
/// kept is which value lies below which. For any sizes a value then begins where the highest of those below it ends, so
/// that no two values that exist together overlap, whatever the sizes are, and new sizes need no search. Immutable; all
/// sizes and offsets are elements.
///
/// The plan is the best of several greedy ones: values in an order, each in the lowest or in the tightest gap between
/// those placed before it that exist with it. The orders: from the step of most memory outward (dynamic memory planning
/// of SoD2, Niu et al., ASPLOS 2024), by size (Pisarchyk and Lee 2020, "Efficient Memory Management for Deep Neural Net
/// Inference"), by size times steps, by first step; then orders in which the values that stuck out go first.
public final class Packing {
    /// Offset of the lowest value. The first element of a Java array lies 16 bytes behind the object's start, so with
    /// an object on a 64-byte line (always so for an array of megabytes under G1) element 12 of a `float[]` starts a
    /// line.
    public static final int FIRST_ELEMENT = 12;
    /// Values begin at multiples of this many elements, counted from [#FIRST_ELEMENT].
    public static final int ALIGNMENT = 16;

    private static final int MAX_TRIES = 60;
    private static final int MAX_IMPROVED = 400;
    private static final LongAdder PLANNED = new LongAdder();

    private final int[] firstStep;
    private final int[] lastStep;
    /// Values in an order in which those below a value come before it.
    private final int[] upward;
    private final int[][] below;
    /// For each step at which something begins: what exists then.
    private final int[][] together;

    private Packing(int[] firstStep, int[] lastStep, int[] upward, int[][] below, int[][] together) {
        this.firstStep = firstStep;
        this.lastStep = lastStep;
        this.upward = upward;
        this.below = below;
        this.together = together;
    }

    /// Plans places.
    ///
    /// @param firstStep first step at which each value exists
    /// @param lastStep  last step at which it exists
    /// @param typical   at least one array of all values' sizes, each for a typical shape of the input
    /// @return the plan
    /// @throws IllegalArgumentException if the arrays' lengths differ, or a value ends before it begins
    public static Packing plan(int[] firstStep, int[] lastStep, List<long[]> typical) {
        int n = firstStep.length;
        if (typical.isEmpty()) {
            throw new IllegalArgumentException("no typical sizes");
        }
        for (long[] sizes : typical) {
            if (lastStep.length != n || sizes.length != n) {
                throw new IllegalArgumentException(n + " first steps, " + lastStep.length + " last steps, "
                        + sizes.length + " sizes: wanted equal numbers");
            }
        }
        for (int i = 0; i < n; i++) {
            if (lastStep[i] < firstStep[i]) {
                throw new IllegalArgumentException("value " + i + " exists from step " + firstStep[i] + " to "
                        + lastStep[i]);
            }
        }
        PLANNED.increment();
        return new Search(firstStep.clone(), lastStep.clone(), typical).run();
    }

    /// {@return how many packings this JVM has planned so far; does not change while new sizes are placed}
    public static long planned() {
        return PLANNED.sum();
    }

    /// {@return the number of values}
    public int size() {
        return firstStep.length;
    }

    /// {@return whether two values exist at the same time}
    ///
    /// @param a a value
    /// @param b a value
    public boolean together(int a, int b) {
        return firstStep[a] <= lastStep[b] && firstStep[b] <= lastStep[a];
    }

    /// Places all values. Allocates and searches nothing.
    ///
    /// @param sizes   size of each value, at least 0
    /// @param offsets receives the offset of each value
    /// @return the length of the array that holds them all
    /// @throws ArithmeticException if an offset overflows
    public long place(long[] sizes, long[] offsets) {
        long end = FIRST_ELEMENT;
        for (int i : upward) {
            long offset = FIRST_ELEMENT;
            for (int j : below[i]) {
                offset = Math.max(offset, Math.addExact(offsets[j], aligned(sizes[j])));
            }
            offsets[i] = offset;
            end = Math.max(end, Math.addExact(offset, aligned(sizes[i])));
        }
        return end;
    }

    /// {@return the length that no array for these sizes can be below: the largest sum of values that exist together}
    ///
    /// @param sizes size of each value
    public long lowerBound(long[] sizes) {
        long most = 0;
        for (int[] step : together) {
            long sum = 0;
            for (int value : step) {
                sum = Math.addExact(sum, aligned(sizes[value]));
            }
            most = Math.max(most, sum);
        }
        return Math.addExact(FIRST_ELEMENT, most);
    }

    private static long aligned(long size) {
        return Math.addExact(size, ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    private enum Priority {
        FROM_THE_PEAK, LARGE_FIRST, LARGE_AND_LONG_FIRST, LONG_FIRST, FROM_THE_PEAK_LONG_FIRST, EARLY_FIRST
    }

    private static final class Search {
        private final int n;
        private final int[] firstStep;
        private final int[] lastStep;
        private final List<long[]> typical;
        /// Steps at which something begins.
        private final int[] starts;
        private final int[][] together;
        private Packing best;
        private double bestRatio = Double.POSITIVE_INFINITY;

        Search(int[] firstStep, int[] lastStep, List<long[]> typical) {
            n = firstStep.length;
            this.firstStep = firstStep;
            this.lastStep = lastStep;
            this.typical = typical;
            starts = starts(firstStep);
            together = new int[starts.length][];
            for (int k = 0; k < starts.length; k++) {
                int[] values = new int[n];
                int count = 0;
                for (int i = 0; i < n; i++) {
                    if (firstStep[i] <= starts[k] && starts[k] <= lastStep[i]) {
                        values[count++] = i;
                    }
                }
                together[k] = Arrays.copyOf(values, count);
            }
        }

        private static int[] starts(int[] firstStep) {
            int[] sorted = firstStep.clone();
            Arrays.sort(sorted);
            int count = 0;
            for (int i = 0; i < sorted.length; i++) {
                if (i == 0 || sorted[i] != sorted[i - 1]) {
                    sorted[count++] = sorted[i];
                }
            }
            return Arrays.copyOf(sorted, count);
        }

        Packing run() {
            for (long[] sizes : typical) {
                int peakStep = peakStep(sizes);
                for (Priority priority : Priority.values()) {
                    if (bestRatio <= 1) {
                        return best;
                    }
                    List<Integer> values = new ArrayList<>();
                    for (int i = 0; i < n; i++) {
                        values.add(i);
                    }
                    values.sort(new ByPriority(priority, peakStep, sizes));
                    attempt(values, sizes, false);
                    attempt(values, sizes, true);
                    if (n <= MAX_IMPROVED) {
                        improve(values, sizes);
                    }
                }
            }
            return best;
        }

        /// The step at which most exists.
        private int peakStep(long[] sizes) {
            long most = -1;
            int peakStep = 0;
            for (int k = 0; k < together.length; k++) {
                long sum = 0;
                for (int i : together[k]) {
                    sum += sizes[i];
                }
                if (sum > most) {
                    most = sum;
                    peakStep = starts[k];
                }
            }
            return peakStep;
        }

        /// An order of values; equal ones go by size.
        private final class ByPriority implements Comparator<Integer> {
            private final Priority priority;
            private final int peakStep;
            private final long[] sizes;

            ByPriority(Priority priority, int peakStep, long[] sizes) {
                this.priority = priority;
                this.peakStep = peakStep;
                this.sizes = sizes;
            }

            private int distance(int i) {
                return Math.max(0, Math.max(firstStep[i] - peakStep, peakStep - lastStep[i]));
            }

            private int duration(int i) {
                return lastStep[i] - firstStep[i] + 1;
            }

            @Override
            public int compare(Integer a, Integer b) {
                int order = switch (priority) {
                    case FROM_THE_PEAK -> Integer.compare(distance(a), distance(b));
                    case FROM_THE_PEAK_LONG_FIRST -> {
                        int byDistance = Integer.compare(distance(a), distance(b));
                        yield byDistance != 0 ? byDistance : Integer.compare(duration(b), duration(a));
                    }
                    case LARGE_FIRST -> 0;
                    case LARGE_AND_LONG_FIRST ->
                        Double.compare((double) sizes[b] * duration(b), (double) sizes[a] * duration(a));
                    case LONG_FIRST -> Integer.compare(duration(b), duration(a));
                    case EARLY_FIRST -> Integer.compare(firstStep[a], firstStep[b]);
                };
                int bySize = order != 0 ? order : Long.compare(sizes[b], sizes[a]);
                return bySize != 0 ? bySize : Integer.compare(a, b);
            }
        }

        /// Lets the value that ends highest go first, again and again, and now and then another.
        private void improve(List<Integer> start, long[] sizes) {
            if (bestRatio <= 1) {
                return;
            }
            SplittableRandom random = new SplittableRandom(n);
            List<Integer> values = new ArrayList<>(start);
            for (int round = 0; round < MAX_TRIES && bestRatio > 1; round++) {
                long[] offsets = attempt(values, sizes, false);
                int top = 0;
                for (int i = 1; i < n; i++) {
                    top = offsets[i] + sizes[i] > offsets[top] + sizes[top] ? i : top;
                }
                int from = values.indexOf(top);
                int to = from == 0 ? random.nextInt(n) : random.nextInt(from);
                values.add(to, values.remove(from));
            }
        }

        private long[] attempt(List<Integer> values, long[] sizes, boolean tightest) {
            long[] offsets = greedy(values, sizes, tightest);
            Packing packing = packing(offsets, sizes);
            double ratio = 1;
            for (long[] shape : typical) {
                ratio = Math.max(ratio, (double) packing.place(shape, new long[n]) / packing.lowerBound(shape));
            }
            if (ratio < bestRatio) {
                best = packing;
                bestRatio = ratio;
            }
            return offsets;
        }

        private long[] greedy(List<Integer> values, long[] sizes, boolean tightest) {
            long[] offsets = new long[n];
            List<Integer> placed = new ArrayList<>();
            for (int value : values) {
                long end = 0;
                long at = -1;
                long gap = Long.MAX_VALUE;
                for (int other : placed) {
                    if (firstStep[value] <= lastStep[other] && firstStep[other] <= lastStep[value]) {
                        long room = offsets[other] - end;
                        if (room >= aligned(sizes[value]) && (at < 0 || tightest && room < gap)) {
                            at = end;
                            gap = room;
                        }
                        end = Math.max(end, Math.addExact(offsets[other], aligned(sizes[other])));
                    }
                }
                offsets[value] = at < 0 ? end : at;
                int index = placed.size();
                while (index > 0 && offsets[placed.get(index - 1)] > offsets[value]) {
                    index--;
                }
                placed.add(index, value);
            }
            return offsets;
        }

        private Packing packing(long[] offsets, long[] sizes) {
            // An empty value has no place of its own: the size decides between values of equal offset.
            int[] upward = new int[n];
            int[][] below = new int[n][];
            for (int value = 0; value < n; value++) {
                int at = value;
                while (at > 0 && isBelow(value, upward[at - 1], offsets, sizes)) {
                    upward[at] = upward[at - 1];
                    at--;
                }
                upward[at] = value;
            }
            for (int k = 0; k < n; k++) {
                int value = upward[k];
                int[] lower = new int[k];
                int count = 0;
                for (int i = 0; i < k; i++) {
                    int other = upward[i];
                    if (firstStep[value] <= lastStep[other] && firstStep[other] <= lastStep[value]) {
                        lower[count++] = other;
                    }
                }
                below[value] = Arrays.copyOf(lower, count);
            }
            return new Packing(firstStep, lastStep, upward, below, together);
        }

        private static boolean isBelow(int a, int b, long[] offsets, long[] sizes) {
            return offsets[a] < offsets[b] || offsets[a] == offsets[b] && sizes[a] < sizes[b];
        }
    }
}
