package io.github.fovea.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.backend.KernelTables;
import io.github.fovea.graph.Graph;
import io.github.fovea.graph.Interpolation;
import io.github.fovea.graph.Node;
import io.github.fovea.graph.Op;
import io.github.fovea.kernel.scalar.ScalarKernels;
import io.github.fovea.network.Networks;
import io.github.fovea.tensor.Layout;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PlanTest {
    private static Graph small() {
        Graph.Builder b = new Graph.Builder();
        int input = b.add(new Op.Input(1));
        int skip = b.add(new Op.Resize(Interpolation.BICUBIC, 2), input);
        int x = b.add(new Op.Conv(1, 16, 3, "w0", "b0"), input);
        x = b.add(new Op.PRelu(16, "s0"), x);
        x = b.add(new Op.Conv(16, 16, 3, "w1", "b1"), x);
        x = b.add(new Op.Relu(), x);
        x = b.add(new Op.Conv(16, 4, 3, "w2", "b2"), x);
        x = b.add(new Op.PixelShuffle(2), x);
        b.add(new Op.Add(), x, skip);
        return b.build();
    }

    @Test
    void fusesActivationsAndAddsInPlace() {
        Plan plan = Plan.of(small(), ScalarKernels.table());
        assertEquals(6, plan.steps().size());
        assertEquals(new Slopes.Parameter("s0"),
                plan.steps().stream().filter(Step.Conv.class::isInstance).map(Step.Conv.class::cast).findFirst()
                        .orElseThrow().slopes());
        Step.Add add = assertInstanceOf(Step.Add.class, plan.steps().getLast());
        assertTrue(add.out() == add.a() || add.out() == add.b());
        assertEquals(add.out(), plan.output());
        assertEquals(Layout.PLANAR, plan.slots().get(plan.output()).layout());
        assertEquals(1, plan.slots().get(plan.input()).border());
    }

    @Test
    void aFewOutputsStayInABlockWhereTheKernelLeavesThemThere() {
        for (boolean quick : new boolean[] {false, true}) {
            Plan plan = Plan.of(small(), quick ? KernelTables.vectorQuick() : KernelTables.vector());
            Step.PixelShuffle shuffle = plan.steps().stream().filter(Step.PixelShuffle.class::isInstance)
                    .map(Step.PixelShuffle.class::cast).findFirst().orElseThrow();
            assertEquals(quick ? Layout.BLOCKED16 : Layout.PLANAR, plan.slots().get(shuffle.in()).layout());
        }
    }

    @Test
    void aFewOutputsThatAreAddedStayInPlanes() {
        Graph.Builder b = new Graph.Builder();
        int input = b.add(new Op.Input(4));
        int x = b.add(new Op.Conv(4, 16, 3, "w0", "b0"), input);
        x = b.add(new Op.Conv(16, 4, 3, "w1", "b1"), x);
        b.add(new Op.PixelShuffle(2), b.add(new Op.Add(), x, input));
        Plan plan = Plan.of(b.build(), KernelTables.vectorQuick());
        assertEquals(1, plan.slots().stream().filter(slot -> slot.layout() == Layout.BLOCKED16).count());
    }

    @Test
    void aShuffleThatNobodyReadsLeavesNothingInABlock() {
        Graph.Builder b = new Graph.Builder();
        int input = b.add(new Op.Input(4));
        int x = b.add(new Op.Conv(4, 16, 3, "w0", "b0"), input);
        x = b.add(new Op.Conv(16, 4, 3, "w1", "b1"), x);
        b.add(new Op.PixelShuffle(2), x);
        b.add(new Op.Add(), x, input);
        Plan plan = Plan.of(b.build(), KernelTables.vectorQuick());
        assertEquals(1, plan.slots().stream().filter(slot -> slot.layout() == Layout.BLOCKED16).count());
    }

    @Test
    void theSkipWaitsForTheLongBranch() {
        // The resized picture is made after the convolutions although the graph names it first.
        List<Step> steps = Plan.of(small(), ScalarKernels.table()).steps();
        assertInstanceOf(Step.Resize.class, steps.get(steps.size() - 2));
    }

    @Test
    void peakIsTheLargestMomentOfThisChain() {
        // Input 1 channel with border 1, then two tensors of 16 channels with border 1 alive together.
        Plan plan = Plan.of(small(), ScalarKernels.table());
        long input = (64 + 2) * (64 + 2) / 16 * 16 + 16;
        long wide = 66 * 66 * 16;
        assertEquals(4 * (Placement.FIRST_ELEMENT + input + 2 * wide), plan.peakBytes(64, 64));
    }

    /// That tensors which live together do not overlap shows `PoisonedMemoryTest`.
    @Test
    void tensorsBeginOnLinesWithinTheAnnouncedArena() {
        SplittableRandom random = new SplittableRandom(7);
        for (int round = 0; round < 300; round++) {
            Plan plan = Plan.of(RandomGraphs.draw(random, random.nextInt(1, 25)), ScalarKernels.table());
            int h = random.nextInt(1, 70);
            int w = random.nextInt(1, 70);
            Placement placement = plan.memory().newPlacement();
            long elements = placement.place(h, w);
            long windows = plan.steps().isEmpty() ? Long.MAX_VALUE : WindowPlan.of(plan).elements(w);
            assertEquals(4 * (WindowPlan.pays(elements, windows) ? windows : elements), plan.peakBytes(h, w));
            for (int i = 0; i < plan.slots().size(); i++) {
                long taken = plan.slots().get(i).elements(h, w);
                assertEquals(taken, placement.size(i));
                assertTrue(placement.offset(i) % 16 == Placement.FIRST_ELEMENT && placement.offset(i) + taken <= elements);
            }
        }
    }

    @Test
    void arenasAreCloseToTheLowerBound() {
        for (String form : Networks.FORMS) {
            for (String size : form.contains("-f") ? List.of("f16-n6", "f64-n16") : List.of("")) {
                for (int scale = 2; scale <= 8; scale++) {
                    for (int channels : new int[] {1, 3}) {
                        String name = form.replace("fF-nN", size);
                        String what = name + " x" + scale;
                        Plan plan = Plan.of(Networks.named(name, scale, channels), ScalarKernels.table());
                        Placement placement = plan.memory().newPlacement();
                        for (int[] shape : new int[][] {{270, 480}, {64, 64}, {48, 54}, {96, 108}, {1, 1}, {3, 200},
                            {100, 7}, {17, 33}}) {
                            long elements = placement.place(shape[0], shape[1]);
                            assertTrue(elements <= 1.2 * placement.lowerBound(), () -> what + " for "
                                    + shape[1] + "x" + shape[0] + ": " + placement + ", at least "
                                    + placement.lowerBound());
                        }
                    }
                }
            }
        }
    }

    @Test
    void sizesAreExpressionsInThePicturesSize() {
        SplittableRandom random = new SplittableRandom(9);
        for (int i = 0; i < 300; i++) {
            Slot slot = new Slot(random.nextInt(1, 70), Layout.values()[random.nextInt(2)], random.nextInt(1, 5),
                    random.nextInt(4), 0, 1);
            int h = random.nextInt(1, 300);
            int w = random.nextInt(1, 300);
            Map<String, Long> picture = Map.of("H", (long) h, "W", (long) w);
            assertEquals(slot.elements(h, w), slot.elements().evaluate(picture), () -> slot + " " + slot.elements());
            assertEquals(slot.scale() * h, slot.height().evaluate(picture));
            assertEquals(slot.scale() * w, slot.width().evaluate(picture));
        }
        assertEquals("256*H*ceil(W/16)", new Slot(16, Layout.BLOCKED16, 1, 0, 0, 0).elements().toString());
    }

    @Test
    void everyStepReadsWhatLivesThen() {
        SplittableRandom random = new SplittableRandom(8);
        for (int round = 0; round < 300; round++) {
            Plan plan = Plan.of(RandomGraphs.draw(random, random.nextInt(1, 25)), ScalarKernels.table());
            for (int s = 0; s < plan.steps().size(); s++) {
                Step step = plan.steps().get(s);
                List<Integer> read = switch (step) {
                    case Step.Conv c -> List.of(c.in());
                    case Step.DepthwiseConv c -> List.of(c.in());
                    case Step.Activation a -> List.of(a.in());
                    case Step.Add a -> List.of(a.a(), a.b());
                    case Step.PixelShuffle p -> List.of(p.in());
                    case Step.Resize r -> List.of(r.in());
                };
                for (int slot : read) {
                    Slot in = plan.slots().get(slot);
                    assertTrue(in.firstStep() < s && s <= in.lastStep(), "step " + s + " " + step + " of " + plan);
                }
                Slot out = plan.slots().get(step.out());
                assertTrue(out.firstStep() <= s && s <= out.lastStep());
                assertTrue(step.out() != plan.input(), "the input is overwritten by " + step);
            }
        }
    }

    @Test
    void aGraphWithoutOperatorsHasNoSteps() {
        Plan plan = Plan.of(new Graph(List.of(new Node(new Op.Input(3), List.of()))), ScalarKernels.table());
        assertEquals(0, plan.steps().size());
        assertEquals(plan.input(), plan.output());
    }

    /// The bound that holds for lower and narrower pictures too, which may be run layer by layer.
    @Test
    void noSmallerPictureTakesMoreThanTheBound() {
        SplittableRandom random = new SplittableRandom(8);
        int more = 0;
        for (int round = 0; round < 120; round++) {
            Plan plan = Plan.of(RandomGraphs.draw(random, random.nextInt(2, 25)), ScalarKernels.table());
            int height = random.nextInt(1, 300);
            int width = random.nextInt(1, 400);
            long most = plan.mostBytes(height, width);
            assertTrue(most >= plan.peakBytes(height, width));
            assertTrue(plan.depthFirst(height, width) || most == plan.peakBytes(height, width));
            for (int i = 0; i < 300; i++) {
                int h = random.nextInt(1, height + 1);
                int w = random.nextInt(2) == 0 ? width : random.nextInt(1, width + 1);
                long bytes = plan.peakBytes(h, w);
                assertTrue(bytes <= most, bytes + " bytes of " + h + "x" + w + ", at most " + most + " of " + height + "x" + width
                        + " said, " + plan);
                more += bytes > plan.peakBytes(height, width) ? 1 : 0;
            }
        }
        assertTrue(more > 100, more + " smaller pictures take more");
        Plan plan = Plan.of(small(), ScalarKernels.table());
        assertEquals(Long.MAX_VALUE, plan.mostBytes(Integer.MAX_VALUE, Integer.MAX_VALUE));
        assertThrows(IllegalArgumentException.class, () -> plan.mostBytes(0, 5));
    }

    @Test
    void bytesNeverOverflow() {
        Plan plan = Plan.of(small(), ScalarKernels.table());
        assertEquals(Long.MAX_VALUE, plan.peakBytes(Integer.MAX_VALUE, Integer.MAX_VALUE));
        assertEquals(Long.MAX_VALUE, plan.peakBytes(1, Integer.MAX_VALUE));
        assertEquals(plan.peakBytes(1000, 100_000), plan.peakBytes(Integer.MAX_VALUE, 100_000));
        assertThrows(IllegalArgumentException.class, () -> plan.peakBytes(0, 5));
        // Nothing enlarged, so that extents fit where products of them do not: 8 rows of each line buffer.
        Graph.Builder same = new Graph.Builder();
        same.add(new Op.Conv(16, 1, 3, "v", "a"), same.add(new Op.Conv(1, 16, 3, "w", "b"), same.add(new Op.Input(1))));
        Plan level = Plan.of(same.build(), ScalarKernels.table());
        assertEquals(level.peakBytes(1 << 20, Integer.MAX_VALUE), level.peakBytes(Integer.MAX_VALUE, Integer.MAX_VALUE));
        long row = (1L << 31) + 2;
        assertTrue(level.peakBytes(Integer.MAX_VALUE, Integer.MAX_VALUE) > 4 * 16 * 8 * row, level.toString());
    }
}
