package io.github.fovea.arena;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OrderTest {
    /// The definition: every order tried, every sum counted anew. Sets of steps are bits.
    private static final class BruteForce {
        private final Dataflow flow;
        private final int[] writer;
        private final int[] readers;
        private long best = Long.MAX_VALUE;

        BruteForce(Dataflow flow) {
            this.flow = flow;
            writer = new int[flow.values().size()];
            readers = new int[flow.values().size()];
            for (int s = 0; s < flow.steps().size(); s++) {
                for (int value : flow.steps().get(s).writes()) {
                    writer[value] |= 1 << s;
                }
                for (int value : flow.steps().get(s).reads()) {
                    readers[value] |= 1 << s;
                }
            }
        }

        private boolean written(int value, int done) {
            return (writer[value] & ~done) == 0;
        }

        private boolean needed(int value, int done) {
            return flow.values().get(value).kept() || (readers[value] & ~done) != 0;
        }

        private long during(int step, int done) {
            Dataflow.Step run = flow.steps().get(step);
            long sum = 0;
            boolean room = false;
            long first = run.writes().isEmpty() ? 0 : flow.values().get(run.writes().getFirst()).elements();
            for (int value = 0; value < writer.length; value++) {
                boolean exists = written(value, done) && needed(value, done);
                long elements = flow.values().get(value).elements();
                if (exists || writer[value] == 1 << step) {
                    sum += elements;
                }
                room |= (readers[value] & 1 << step) != 0 && !needed(value, done | 1 << step) && elements >= first;
            }
            return run.inPlace() && room ? sum - first : sum;
        }

        boolean ready(int step, int done) {
            return (done & 1 << step) == 0 && flow.steps().get(step).reads().stream().allMatch(v -> written(v, done));
        }

        private void extend(int done, long peak) {
            if (peak >= best) {
                return;
            }
            if (Integer.bitCount(done) == flow.steps().size()) {
                best = peak;
                return;
            }
            for (int step = 0; step < flow.steps().size(); step++) {
                if (ready(step, done)) {
                    extend(done | 1 << step, Math.max(peak, during(step, done)));
                }
            }
        }

        long peak() {
            extend(0, IntStream.range(0, writer.length).filter(v -> written(v, 0) && needed(v, 0))
                    .mapToLong(v -> flow.values().get(v).elements()).sum());
            return best;
        }
    }

    @Test
    void peakEqualsBruteForce() {
        SplittableRandom random = new SplittableRandom(11);
        int better = 0;
        for (int round = 0; round < 120; round++) {
            Dataflow flow = RandomFlows.draw(random, 1 + round % 12);
            Order order = Order.of(flow);
            assertTrue(order.exact());
            assertEquals(new BruteForce(flow).peak(), order.peakElements(), () -> "order " + order + " of " + flow);
            assertEquals(order.peakElements(), Order.peak(flow, order.steps()));
            assertEquals(flow.steps().size(), new HashSet<>(order.steps()).size());
            better += order.peakElements() < Order.peak(flow, firstReady(flow)) ? 1 : 0;
        }
        assertTrue(better > 10, "better than the first ready step in " + better + " of 120 graphs");
    }

    private static List<Integer> firstReady(Dataflow flow) {
        List<Integer> order = new ArrayList<>();
        BruteForce definition = new BruteForce(flow);
        int done = 0;
        while (order.size() < flow.steps().size()) {
            int now = done;
            int step = IntStream.range(0, flow.steps().size()).filter(s -> definition.ready(s, now)).findFirst()
                    .orElseThrow();
            order.add(step);
            done |= 1 << step;
        }
        return order;
    }

    @Test
    void longNetworksOfBranchesAreSolvedExactly() {
        // 150 blocks of two branches that meet: 600 steps, yet few sets of steps can have run.
        SplittableRandom random = new SplittableRandom(12);
        List<Dataflow.Value> values = new ArrayList<>(List.of(new Dataflow.Value(4, true)));
        List<Dataflow.Step> steps = new ArrayList<>();
        int last = 0;
        for (int block = 0; block < 150; block++) {
            int from = last;
            for (int branch : new int[] {from, from, values.size()}) {
                steps.add(new Dataflow.Step(List.of(branch), List.of(values.size()), false));
                values.add(new Dataflow.Value(random.nextInt(1, 30), false));
            }
            int n = values.size();
            steps.add(new Dataflow.Step(List.of(n - 1, n - 2), List.of(n), true));
            values.add(new Dataflow.Value(4, block == 149));
            last = n;
        }
        Order order = Order.of(new Dataflow(steps, values));
        assertTrue(order.exact());
        assertEquals(600, order.steps().size());
    }

    @Test
    void wideGraphsAreCutAndStayValid() {
        SplittableRandom random = new SplittableRandom(13);
        List<Dataflow.Value> values = new ArrayList<>();
        List<Dataflow.Step> steps = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            values.add(new Dataflow.Value(random.nextInt(1, 50), false));
            values.add(new Dataflow.Value(random.nextInt(1, 50), true));
            steps.add(new Dataflow.Step(List.of(), List.of(2 * i), false));
            steps.add(new Dataflow.Step(List.of(2 * i), List.of(2 * i + 1), false));
        }
        Dataflow flow = new Dataflow(steps, values);
        Order order = Order.of(flow);
        assertFalse(order.exact());
        assertEquals(order.peakElements(), Order.peak(flow, order.steps()));
        assertTrue(order.peakElements() <= Order.peak(flow, IntStream.range(0, 48).boxed().toList()));
    }

    @Test
    void errors() {
        Dataflow.Value one = new Dataflow.Value(1, false);
        Dataflow circle = new Dataflow(List.of(new Dataflow.Step(List.of(0), List.of(1), false),
                new Dataflow.Step(List.of(1), List.of(0), false)), List.of(one, one));
        assertThrows(IllegalArgumentException.class, () -> Order.of(circle));
        assertThrows(IllegalArgumentException.class, () -> new Dataflow(
                List.of(new Dataflow.Step(List.of(), List.of(3), false)), List.of(one)));
        assertThrows(IllegalArgumentException.class, () -> new Dataflow(List.of(
                new Dataflow.Step(List.of(), List.of(0), false), new Dataflow.Step(List.of(), List.of(0), false)),
                List.of(one)));
        assertThrows(IllegalArgumentException.class,
                () -> new Dataflow(List.of(), List.of(new Dataflow.Value(-1, false))));
        Dataflow chain = new Dataflow(List.of(new Dataflow.Step(List.of(), List.of(0), false),
                new Dataflow.Step(List.of(0), List.of(), false)), List.of(one));
        assertThrows(IllegalArgumentException.class, () -> Order.peak(chain, List.of(1, 0)));
        assertThrows(IllegalArgumentException.class, () -> Order.peak(chain, List.of(0)));
        assertEquals(List.of(), Order.of(new Dataflow(List.of(), List.of())).steps());
    }
}
