package io.github.fovea.arena;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;

/// Places in one array for values of which some exist at the same time. Planned once, for some typical sizes; what is kept
/// is which value lies below which. For any sizes a value then begins where the highest of those below it ends, so that no
/// two values that exist together overlap, whatever the sizes are, and new sizes need no search. Immutable; all sizes and
/// offsets are elements.
///
/// The plan is the best of several greedy ones: values in an order, each in the lowest or in the tightest gap between those
/// placed before it that exist with it. The orders: from the step of most memory outward (dynamic memory planning of SoD2,
/// Niu et al., ASPLOS 2024), by size (Pisarchyk and Lee 2020, "Efficient Memory Management for Deep Neural Net
/// Inference"), by size times steps, by first step; then orders in which the values that stuck out go first.
public final class Packing {
    /// Offset of the lowest value. The first element of a Java array lies 16 bytes behind the object's start, so with an
    /// object on a 64-byte line (always so for an array of megabytes under G1) element 12 of a `float[]` starts a line.
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
        if (lastStep.length != n || typical.isEmpty() || typical.stream().anyMatch(sizes -> sizes.length != n)) {
            throw new IllegalArgumentException(n + " first steps, " + lastStep.length + " last steps, sizes "
                    + typical.stream().map(sizes -> sizes.length).toList() + ": wanted equal numbers");
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

    private static final class Search {
        private final int n;
        private final int[] firstStep;
        private final int[] lastStep;
        private final List<long[]> typical;
        private final int[][] together;
        private Packing best;
        private double bestRatio = Double.POSITIVE_INFINITY;

        Search(int[] firstStep, int[] lastStep, List<long[]> typical) {
            n = firstStep.length;
            this.firstStep = firstStep;
            this.lastStep = lastStep;
            this.typical = typical;
            together = Arrays.stream(firstStep).distinct().sorted().mapToObj(step -> IntStream.range(0, n)
                    .filter(i -> firstStep[i] <= step && step <= lastStep[i]).toArray()).toArray(int[][]::new);
        }

        Packing run() {
            for (long[] sizes : typical) {
                for (Comparator<Integer> order : orders(sizes)) {
                    if (bestRatio <= 1) {
                        return best;
                    }
                    List<Integer> values = IntStream.range(0, n).boxed().sorted(order).toList();
                    attempt(values, sizes, false);
                    attempt(values, sizes, true);
                    if (n <= MAX_IMPROVED) {
                        improve(values, sizes);
                    }
                }
            }
            return best;
        }

        private List<Comparator<Integer>> orders(long[] sizes) {
            long most = -1;
            int[] starts = Arrays.stream(firstStep).distinct().sorted().toArray();
            int peakStep = 0;
            for (int k = 0; k < together.length; k++) {
                long sum = Arrays.stream(together[k]).mapToLong(i -> sizes[i]).sum();
                if (sum > most) {
                    most = sum;
                    peakStep = starts[k];
                }
            }
            int at = peakStep;
            Comparator<Integer> bySize = Comparator.<Integer>comparingLong(i -> -sizes[i]).thenComparingInt(i -> i);
            Comparator<Integer> outward =
                    Comparator.comparingInt(i -> Math.max(0, Math.max(firstStep[i] - at, at - lastStep[i])));
            Comparator<Integer> byArea =
                    Comparator.comparingDouble(i -> -(double) sizes[i] * (lastStep[i] - firstStep[i] + 1));
            Comparator<Integer> byLength = Comparator.comparingInt(i -> firstStep[i] - lastStep[i]);
            Comparator<Integer> byStart = Comparator.comparingInt(i -> firstStep[i]);
            return List.of(outward.thenComparing(bySize), bySize, byArea.thenComparing(bySize),
                    byLength.thenComparing(bySize), outward.thenComparing(byLength).thenComparing(bySize),
                    byStart.thenComparing(bySize));
        }

        /// Lets the value that ends highest go first, again and again, and now and then another.
        private void improve(List<Integer> start, long[] sizes) {
            SplittableRandom random = new SplittableRandom(n);
            List<Integer> values = new ArrayList<>(start);
            for (int round = 0; round < MAX_TRIES && bestRatio > 1; round++) {
                long[] offsets = attempt(values, sizes, false);
                int top = IntStream.range(0, n).boxed()
                        .max(Comparator.comparingLong(i -> offsets[i] + sizes[i])).orElseThrow();
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
            // An empty value has no place of its own: the end decides between values of equal offset.
            int[] upward = IntStream.range(0, n).boxed()
                    .sorted(Comparator.<Integer>comparingLong(i -> offsets[i]).thenComparingLong(i -> sizes[i]))
                    .mapToInt(Integer::intValue).toArray();
            int[][] below = new int[n][];
            for (int k = 0; k < n; k++) {
                int value = upward[k];
                below[value] = Arrays.stream(upward, 0, k)
                        .filter(o -> firstStep[value] <= lastStep[o] && firstStep[o] <= lastStep[value]).toArray();
            }
            return new Packing(firstStep, lastStep, upward, below, together);
        }
    }
}
