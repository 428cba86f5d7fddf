package io.github.fovea.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
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
import org.junit.jupiter.params.provider.CsvSource;

/// Runs of which only some rows are wanted.
class WantedRowsTest {
    private static KernelTable table(String name) {
        return ((CpuBackend) Backends.require(name)).table();
    }

    /// The wanted rows are those of a whole run, bit for bit, in memory that was full of NaN before.
    @ParameterizedTest
    @CsvSource({"scalar, false", "scalar, true", "vector, false", "vector, true"})
    void wantedRowsAreThoseOfAWholeRun(String name, boolean depthFirst) {
        SplittableRandom random = new SplittableRandom(5);
        KernelTable table = table(name);
        for (int round = 0; round < 120; round++) {
            Graph graph = RandomGraphs.draw(random, random.nextInt(1, 16));
            Plan plan = new CpuBackend(table).plan(graph);
            if (plan.steps().isEmpty()) {
                continue;
            }
            WeightStore weights = new WeightStore(table, graph.parameters(), RandomGraphs.parameters(graph, random));
            Workspace workspace = new CpuExecutable(plan, weights, WindowPlan.of(plan), (_, _) -> depthFirst).newWorkspace();
            for (int repeat = 0; repeat < 3; repeat++) {
                int height = random.nextInt(1, 50);
                int width = random.nextInt(1, 30);
                long seed = random.nextLong();
                workspace.prepare(height, width);
                fill(workspace.input(), seed);
                workspace.run();
                float[][] wanted = rows(workspace.output(), 0, height * plan.scale());
                long all = workspace.want(0, height);
                // Drawn graphs may have operators whose results nobody reads.
                assertTrue(all <= graph.macsPerPixel() * height * width, all + " MACs");
                int begin = random.nextInt(0, height);
                int end = random.nextInt(begin + 1, height + 1);
                fill(workspace.input(), seed);
                long macs = workspace.want(begin, end);
                assertTrue(macs <= all);
                workspace.run();
                float[][] got = rows(workspace.output(), begin * plan.scale(), end * plan.scale());
                for (int c = 0; c < got.length; c++) {
                    int length = width * plan.scale();
                    int from = begin * plan.scale() * length;
                    for (int i = 0; i < got[c].length; i++) {
                        assertEquals(wanted[c][from + i], got[c][i], "round " + round + ", rows " + begin + " to " + end + " of "
                                + height + "x" + width + " at " + i + ", " + graph.nodes());
                    }
                }
            }
        }
    }

    /// Everything in memory but the picture and the zeros around it is NaN.
    private static void fill(TensorView input, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Arrays.fill(input.data(), Float.NaN);
        input.clearBorder(0, input.height());
        for (int c = 0; c < input.channels(); c++) {
            for (int y = 0; y < input.height(); y++) {
                for (int x = 0; x < input.width(); x++) {
                    input.set(c, y, x, (float) random.nextDouble(-1, 1));
                }
            }
        }
    }

    private static float[][] rows(TensorView output, int begin, int end) {
        float[][] rows = new float[output.channels()][(end - begin) * output.width()];
        for (int c = 0; c < rows.length; c++) {
            for (int y = begin; y < end; y++) {
                System.arraycopy(output.data(), output.index(c, y, 0), rows[c], (y - begin) * output.width(), output.width());
            }
        }
        return rows;
    }

    /// Of three convolutions the first computes two more rows than are wanted on either side, the last none.
    @Test
    void everyLayerComputesLessOfTheHalo() {
        Graph.Builder b = new Graph.Builder();
        int input = b.add(new Op.Input(1));
        int x = b.add(new Op.Conv(3, 8, 3, "w1", "b1"), b.add(new Op.Conv(1, 3, 3, "w0", "b0"), input));
        x = b.add(new Op.PixelShuffle(2), b.add(new Op.Conv(8, 4, 3, "w2", "b2"), x));
        b.add(new Op.Add(), x, b.add(new Op.Resize(Interpolation.BICUBIC, 2), input));
        Graph graph = b.build();
        Plan plan = new CpuBackend(table("scalar")).plan(graph);
        Workspace workspace = new CpuExecutable(plan, new WeightStore(table("scalar"), graph.parameters(),
                RandomGraphs.parameters(graph, new SplittableRandom(1))), WindowPlan.of(plan), (_, _) -> false).newWorkspace();
        assertThrows(IllegalStateException.class, () -> workspace.want(0, 1));
        workspace.prepare(40, 11);
        assertEquals(11L * (14 * 27 + 12 * 216 + 10 * 288), workspace.want(20, 30));
        assertEquals(11L * (12 * 27 + 11 * 216 + 10 * 288), workspace.want(0, 10));
        assertEquals(11L * (40 * 27 + 40 * 216 + 40 * 288), workspace.want(0, 40));
        assertThrows(IllegalArgumentException.class, () -> workspace.want(0, 41));
        assertThrows(IllegalArgumentException.class, () -> workspace.want(5, 5));
        workspace.want(3, 4);
        workspace.prepare(40, 11);
        fill(workspace.input(), 3);
        workspace.run();
        for (float value : rows(workspace.output(), 0, 80)[0]) {
            assertTrue(Float.isFinite(value), "a new shape wants all rows");
        }
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long bytes = 0;
        for (int round = 0; round < 2; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 20; i++) {
                workspace.want(i, 20 + i);
            }
            bytes = threads.getCurrentThreadAllocatedBytes() - before;
        }
        assertTrue(bytes < 64, bytes + " bytes");
    }
}
