package io.github.fovea.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.graph.Graph;
import io.github.fovea.kernel.KernelTable;
import io.github.fovea.plan.Plan;
import io.github.fovea.plan.RandomGraphs;
import io.github.fovea.plan.Step;
import io.github.fovea.plan.WantedRows;
import io.github.fovea.tensor.TensorView;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Between any two steps of a plan, everything in the arena but the tensors that a later step reads is overwritten: no tensor
/// may lie, even in part, where another one lies that is still wanted, and no kernel may read what none has written. Which are
/// wanted follows from the steps, and where they lie from the views that kernels get; nothing is asked of the plan's own lives
/// and sizes.
class PoisonedMemoryTest {
    @ParameterizedTest
    @ValueSource(strings = {"scalar", "vector", "quick"})
    void whatNoLaterStepReadsMayHoldAnything(String name) {
        SplittableRandom random = new SplittableRandom(41);
        KernelTable table = NamedBackends.of(name).table();
        int poisoned = 0;
        for (int round = 0; round < 60; round++) {
            Graph graph = RandomGraphs.draw(random, random.nextInt(1, 25));
            Plan plan = Plan.of(graph, table);
            WeightStore weights = new WeightStore(table, graph.parameters(), RandomGraphs.parameters(graph, random));
            CpuExecutable executable = new CpuExecutable(plan, weights);
            int height = random.nextInt(1, 40);
            int width = random.nextInt(1, 40);
            float[] picture = new float[plan.graph().inputChannels() * height * width];
            for (int i = 0; i < picture.length; i++) {
                picture[i] = (float) random.nextDouble(-1, 1);
            }
            float[] wanted = new float[plan.graph().outputChannels() * height * width * plan.scale() * plan.scale()];
            float[] got = wanted.clone();
            run(plan, executable, picture, height, width, wanted, false);
            poisoned += run(plan, executable, picture, height, width, got, true);
            for (int i = 0; i < wanted.length; i++) {
                assertEquals(wanted[i], got[i], "round " + round + ", " + height + "x" + width + ", " + plan);
            }
        }
        assertTrue(poisoned > 100_000, poisoned + " floats");
    }

    /// Runs a picture layer by layer; how many floats of tensors were overwritten on the way.
    private static int run(Plan plan, CpuExecutable executable, float[] picture, int height, int width, float[] result,
            boolean poisons) {
        LayerRun layers = new LayerRun(plan, executable.calls());
        long elements = layers.elements(height, width) + plan.kernelNeeds().scratchElements();
        float[] arena = new float[Math.toIntExact(elements)];
        Arrays.fill(arena, Float.NaN);
        layers.place(arena, height, width);
        copy(layers.input(), picture, true);
        WantedRows rows = new WantedRows(plan);
        rows.want(height, 0, height);
        layers.begin(rows, null, null);
        int poisoned = 0;
        for (int stage = 0; stage < layers.count(); stage++) {
            layers.open(stage);
            layers.run(stage, 0, 1, 1, arena, layers.scratchFrom());
            if (poisons && stage > 0 && stage <= plan.steps().size()) {
                poisoned += poison(plan, layers, stage - 1, arena);
            }
        }
        copy(layers.output(), result, false);
        return poisoned;
    }

    /// Overwrites what no step behind `step` reads.
    private static int poison(Plan plan, LayerRun layers, int step, float[] arena) {
        boolean[] kept = new boolean[arena.length];
        for (int slot = 0; slot < plan.slots().size(); slot++) {
            TensorView view = layers.view(slot);
            if (isRead(plan, slot, step)) {
                int begin = view.index(0, -view.border(), -view.border());
                int last = view.index((view.planes() - 1) * view.layout().channelsPerPlane(), view.height() - 1 + view.border(), 0);
                // Rows are padded to whole blocks of pixels, and the padding of rows with a border is zero.
                int row = (view.width() + 15) / 16 * 16 + view.border();
                Arrays.fill(kept, begin, last + row * view.layout().pixelStride(), true);
            }
        }
        int poisoned = 0;
        for (int i = 0; i < arena.length; i++) {
            if (!kept[i]) {
                poisoned += Float.isNaN(arena[i]) ? 0 : 1;
                arena[i] = Float.NaN;
            }
        }
        return poisoned;
    }

    /// Whether what a slot holds after a step is read by a later one, or is the picture or the result.
    private static boolean isRead(Plan plan, int slot, int step) {
        if (slot == plan.input()) {
            return true;
        }
        boolean written = false;
        for (int i = 0; i <= step; i++) {
            written |= plan.steps().get(i).out() == slot;
        }
        for (int i = step + 1; i < plan.steps().size() && written; i++) {
            Step later = plan.steps().get(i);
            if (reads(later).contains(slot)) {
                return true;
            }
            written = later.out() != slot;
        }
        return written && slot == plan.output();
    }

    private static List<Integer> reads(Step step) {
        return switch (step) {
            case Step.Conv conv -> List.of(conv.in());
            case Step.DepthwiseConv conv -> List.of(conv.in());
            case Step.Activation activation -> List.of(activation.in());
            case Step.Add add -> List.of(add.a(), add.b());
            case Step.PixelShuffle shuffle -> List.of(shuffle.in());
            case Step.Resize resize -> List.of(resize.in());
        };
    }

    private static void copy(TensorView view, float[] numbers, boolean into) {
        int at = 0;
        for (int c = 0; c < view.channels(); c++) {
            for (int y = 0; y < view.height(); y++) {
                for (int x = 0; x < view.width(); x++, at++) {
                    if (into) {
                        view.set(c, y, x, numbers[at]);
                    } else {
                        numbers[at] = view.get(c, y, x);
                    }
                }
            }
        }
    }
}
