package io.github.fovea.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.graph.Graph;
import io.github.fovea.graph.Interpolation;
import io.github.fovea.graph.Op;
import io.github.fovea.kernel.KernelTable;
import io.github.fovea.plan.Plan;
import io.github.fovea.plan.RandomGraphs;
import io.github.fovea.plan.WindowPlan;
import io.github.fovea.tensor.TensorView;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WindowRunTest {
    private static KernelTable table(String name) {
        return NamedBackends.of(name).table();
    }

    /// Depth first equals layer by layer, bit for bit: random graphs of several scales, heights below and above a window,
    /// windows of any height, inputs and outputs read and written in rows or as wholes, memory full of NaN before.
    @ParameterizedTest
    @ValueSource(strings = {"scalar", "vector", "quick"})
    void windowsEqualWholeTensorsBitForBit(String name) {
        SplittableRandom random = new SplittableRandom(21);
        KernelTable table = table(name);
        for (int round = 0; round < 150; round++) {
            Graph graph = RandomGraphs.draw(random, random.nextInt(1, 16));
            Plan plan = new CpuBackend(table).plan(graph);
            if (plan.steps().isEmpty()) {
                continue;
            }
            int windowRows = plan.rowAlignment() * random.nextInt(1, 1 + 12 / plan.rowAlignment());
            String what = "round " + round + ", windows of " + windowRows + " rows, " + graph.nodes();
            compare(plan, RandomGraphs.parameters(graph, random), windowRows, random, what);
        }
    }

    /// A network whose every layer computes columns, and perhaps rows, together; with a skip connection over all of it.
    @ParameterizedTest
    @ValueSource(ints = {8, 12, 16, 24})
    void chainsWithALongSkip(int windowRows) {
        Graph.Builder b = new Graph.Builder();
        int input = b.add(new Op.Input(3));
        int head = b.add(new Op.Conv(3, 32, 3, "w0", "b0"), input);
        int x = head;
        for (int i = 1; i < 7; i++) {
            x = b.add(new Op.Relu(), b.add(new Op.Conv(32, 32, 3, "w" + i, "b" + i), x));
        }
        x = b.add(new Op.Add(), x, head);
        x = b.add(new Op.PixelShuffle(2), b.add(new Op.Conv(32, 12, 3, "w7", "b7"), x));
        b.add(new Op.Add(), b.add(new Op.Resize(Interpolation.BICUBIC, 2), input), x);
        Graph graph = b.build();
        SplittableRandom random = new SplittableRandom(windowRows);
        KernelTable table = table("vector");
        compare(new CpuBackend(table).plan(graph), RandomGraphs.parameters(graph, random), windowRows, random,
                "windows of " + windowRows);
    }

    /// Scalar kernels, because vector code allocates until it is compiled; the windows are the same.
    @Test
    void runsAndNewShapesAllocateNothing() {
        Graph.Builder b = new Graph.Builder();
        int input = b.add(new Op.Input(1));
        int x = b.add(new Op.Conv(16, 16, 3, "w1", "b1"), b.add(new Op.Conv(1, 16, 3, "w0", "b0"), input));
        x = b.add(new Op.PixelShuffle(2), b.add(new Op.Conv(16, 4, 3, "w2", "b2"), x));
        b.add(new Op.Add(), x, b.add(new Op.Resize(Interpolation.BICUBIC, 2), input));
        Graph graph = b.build();
        KernelTable table = table("scalar");
        Plan plan = new CpuBackend(table).plan(graph);
        Workspace workspace = new CpuExecutable(plan,
                new WeightStore(table, graph.parameters(), RandomGraphs.parameters(graph, new SplittableRandom(1))),
                WindowPlan.of(plan), (_, _) -> true).newWorkspace();
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        float[] row = new float[100];
        RowReader reader = (into, begin, end) -> {
            for (int y = begin; y < end; y++) {
                System.arraycopy(row, 0, into.data(), into.index(0, y, 0), into.width());
            }
        };
        RowWriter writer = (from, begin, _) -> row[0] += from.get(0, begin, 0);
        for (int round = 0; round < 2; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 5; i++) {
                workspace.prepare(30 - i, 40 - i);
                workspace.run(reader, writer);
            }
            long bytes = threads.getCurrentThreadAllocatedBytes() - before;
            // The first round grows the arena and loads classes.
            assertTrue(round == 0 || bytes == 0, bytes + " bytes");
        }
    }

    private static void compare(
            Plan plan, Map<String, float[]> parameters, int windowRows, SplittableRandom random,
            String what) {
        WindowPlan windows = WindowPlan.of(plan, windowRows);
        WeightStore weights = new WeightStore(plan.kernels().table(), plan.graph().parameters(), parameters);
        Workspace whole = new CpuExecutable(plan, weights, windows, (_, _) -> false).newWorkspace();
        Workspace depthFirst = new CpuExecutable(plan, weights, windows, (_, _) -> true).newWorkspace();
        for (int repeat = 0; repeat < 3; repeat++) {
            int height = random.nextInt(1, repeat == 0 ? 2 * windowRows : 40);
            int width = random.nextInt(1, 40);
            float[] picture = random.doubles((long) plan.graph().inputChannels() * height * width, -1, 1)
                    .collect(() -> new Collected(plan.graph().inputChannels() * height * width), Collected::add, (_, _) -> { })
                    .values;
            whole.prepare(height, width);
            fill(whole.input(), picture, 0, height);
            whole.run();
            float[] wanted = new float[plan.graph().outputChannels() * height * width * plan.scale() * plan.scale()];
            copy(whole.output(), wanted, 0, height * plan.scale());

            depthFirst.prepare(height, width);
            poison(depthFirst);
            float[] got = new float[wanted.length];
            int[] rows = new int[2];
            depthFirst.run((into, begin, end) -> {
                assertEquals(rows[0], begin);
                fill(into, picture, begin, end);
                rows[0] = end;
            }, (from, begin, end) -> {
                assertEquals(rows[1], begin);
                copy(from, got, begin, end);
                rows[1] = end;
            });
            assertEquals(height, rows[0]);
            assertEquals(height * plan.scale(), rows[1]);
            assertArrayEquals(wanted, got, what + ", " + height + "x" + width);

            fill(depthFirst.input(), picture, 0, height);
            depthFirst.run();
            Arrays.fill(got, Float.NaN);
            copy(depthFirst.output(), got, 0, height * plan.scale());
            assertArrayEquals(wanted, got, what + ", " + height + "x" + width + " as wholes");
        }
    }

    private static final class Collected {
        final float[] values;
        private int count;

        Collected(int length) {
            values = new float[length];
        }

        void add(double value) {
            values[count++] = (float) value;
        }
    }

    /// Whatever is read before it was written shows.
    private static void poison(Workspace workspace) {
        workspace.run((into, begin, end) -> Arrays.fill(into.data(), Float.NaN), (_, _, _) -> { });
    }

    private static void fill(TensorView into, float[] picture, int rowBegin, int rowEnd) {
        int width = into.width();
        for (int c = 0; c < into.channels(); c++) {
            for (int y = rowBegin; y < rowEnd; y++) {
                System.arraycopy(picture, (c * into.height() + y) * width, into.data(), into.index(c, y, 0), width);
            }
        }
    }

    private static void copy(TensorView from, float[] to, int rowBegin, int rowEnd) {
        int width = from.width();
        for (int c = 0; c < from.channels(); c++) {
            for (int y = rowBegin; y < rowEnd; y++) {
                System.arraycopy(from.data(), from.index(c, y, 0), to, (c * from.height() + y) * width, width);
            }
        }
    }
}
