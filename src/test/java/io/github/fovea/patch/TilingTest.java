package io.github.fovea.patch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.backend.Backend;
import io.github.fovea.backend.Backends;
import io.github.fovea.backend.Executable;
import io.github.fovea.backend.Workspace;
import io.github.fovea.graph.Graph;
import io.github.fovea.graph.Interpolation;
import io.github.fovea.graph.Op;
import io.github.fovea.plan.Plan;
import io.github.fovea.plan.RandomGraphs;
import io.github.fovea.tensor.TensorView;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TilingTest {
    /// Every operator, and three convolutions in a row that compute columns together, two of them rows too.
    private static Graph everything() {
        Graph.Builder b = new Graph.Builder();
        int input = b.add(new Op.Input(1));
        int x = b.add(new Op.Conv(1, 16, 3, "w0", "b0"), input);
        int head = b.add(new Op.PRelu(16, "s0"), x);
        x = b.add(new Op.Conv(16, 20, 5, "w1", "b1"), head);
        x = b.add(new Op.LeakyRelu(0.1f), x);
        x = b.add(new Op.DepthwiseConv(20, "w2", "b2"), x);
        x = b.add(new Op.Conv(20, 16, 1, "w3", "b3"), x);
        x = b.add(new Op.Add(), x, head);
        x = b.add(new Op.Relu(), x);
        x = b.add(new Op.Conv(16, 16, 3, "w6", "b6"), x);
        x = b.add(new Op.Conv(16, 28, 3, "w7", "b7"), x);
        x = b.add(new Op.Conv(28, 28, 3, "w8", "b8"), x);
        x = b.add(new Op.Conv(28, 4, 3, "w4", "b4"), x);
        x = b.add(new Op.PixelShuffle(2), x);
        x = b.add(new Op.Conv(1, 1, 3, "w5", "b5"), x);
        int skip = b.add(new Op.Resize(Interpolation.BICUBIC, 2), input);
        b.add(new Op.Add(), x, skip);
        return b.build();
    }

    @ParameterizedTest
    @ValueSource(strings = {"scalar", "vector"})
    void tiledEqualsUntiledBitForBit(String name) {
        Backend backend = Backends.require(name);
        Graph graph = everything();
        Plan plan = backend.plan(graph);
        SplittableRandom random = new SplittableRandom(3);
        Executable executable = backend.compile(plan, RandomGraphs.parameters(graph, random));
        for (int[] shape : new int[][] {{1, 1}, {2, 3}, {5, 4}, {19, 61}, {47, 33}, {37, 100}}) {
            int h = shape[0];
            int w = shape[1];
            float[] picture = new float[h * w];
            for (int i = 0; i < picture.length; i++) {
                picture[i] = (float) random.nextDouble();
            }
            float[] whole = run(executable, picture, h, w, new Tiling(
                    List.of(new Tile(new Region(0, 0, w, h), new Region(0, 0, w, h))), 0));
            long least = Tiling.leastBytes(plan, h, w, 1);
            for (double factor : h * w < 500 ? new double[] {1, 1.3, 2} : new double[] {2, 3}) {
                Tiling tiling = Tiling.of(plan, h, w, (long) (factor * least), 1);
                assertArrayEquals(whole, run(executable, picture, h, w, tiling),
                        h + "x" + w + " in " + tiling.tiles().size() + " tiles");
            }
            Tiling cut = randomTiling(plan, h, w, random);
            assertArrayEquals(whole, run(executable, picture, h, w, cut), h + "x" + w + " as " + cut.tiles());
        }
    }

    /// Bands of random heights, each in columns of random widths.
    private static Tiling randomTiling(Plan plan, int h, int w, SplittableRandom random) {
        List<Tile> tiles = new ArrayList<>();
        for (int y = 0; y < h;) {
            int height = Math.min(h - y, random.nextInt(1, 20));
            for (int x = 0; x < w;) {
                int width = Math.min(w - x, random.nextInt(5, 60));
                Region core = new Region(x, y, width, height);
                tiles.add(new Tile(core, core.grow(plan.columnRadius(), plan.rowRadius(), plan.columnAlignment(),
                        plan.rowAlignment(), w, h)));
                x += width;
            }
            y += height;
        }
        return new Tiling(tiles, 0);
    }

    private static float[] run(Executable executable, float[] picture, int h, int w, Tiling tiling) {
        int scale = executable.plan().scale();
        float[] result = new float[scale * h * scale * w];
        Workspace workspace = executable.newWorkspace();
        for (Tile tile : tiling.tiles()) {
            Region read = tile.read();
            workspace.prepare(read.height(), read.width());
            TensorView in = workspace.input();
            for (int y = 0; y < read.height(); y++) {
                System.arraycopy(picture, (read.y() + y) * w + read.x(), in.data(), in.index(0, y, 0), read.width());
            }
            workspace.run();
            Region core = tile.core();
            TensorView out = workspace.output();
            for (int y = 0; y < scale * core.height(); y++) {
                System.arraycopy(out.data(), out.index(0, scale * (core.y() - read.y()) + y, scale * (core.x() - read.x())),
                        result, (scale * core.y() + y) * scale * w + scale * core.x(), scale * core.width());
            }
        }
        if (tiling.workspaceBytes() > 0) {
            assertTrue(workspace.bytes() <= tiling.workspaceBytes());
        }
        return result;
    }

    @Test
    void coresCoverThePictureOnceAndBudgetsHold() {
        Plan plan = Backends.automatic().plan(everything());
        SplittableRandom random = new SplittableRandom(4);
        for (int round = 0; round < 200; round++) {
            int h = random.nextInt(1, 120);
            int w = random.nextInt(1, 120);
            int threads = random.nextInt(1, 4);
            long budget = (long) (Tiling.leastBytes(plan, h, w, threads) * random.nextDouble(1, 8));
            Tiling tiling = Tiling.of(plan, h, w, budget, threads);
            assertTrue(threads * tiling.workspaceBytes() <= budget);
            int[] covered = new int[h * w];
            long largest = 0;
            for (Tile tile : tiling.tiles()) {
                Region core = tile.core();
                assertEquals(core.grow(plan.columnRadius(), plan.rowRadius(), plan.columnAlignment(),
                        plan.rowAlignment(), w, h), tile.read());
                largest = Math.max(largest, plan.peakBytes(tile.read().height(), tile.read().width()));
                for (int y = core.y(); y < core.y() + core.height(); y++) {
                    for (int x = core.x(); x < core.x() + core.width(); x++) {
                        covered[y * w + x]++;
                    }
                }
            }
            assertEquals(largest, tiling.workspaceBytes());
            for (int count : covered) {
                assertEquals(1, count);
            }
        }
    }

    @Test
    void roomForEverythingGivesOneBandPerThread() {
        Plan plan = Backends.automatic().plan(everything());
        assertEquals(1, Tiling.of(plan, 270, 480, Long.MAX_VALUE, 1).tiles().size());
        Tiling two = Tiling.of(plan, 270, 480, Long.MAX_VALUE, 2);
        assertEquals(2, two.tiles().size());
        assertEquals(new Region(0, 0, 480, 135), two.tiles().getFirst().core());
    }

    @Test
    void tooLittleMemoryNamesTheLeastThatWorks() {
        Plan plan = Backends.automatic().plan(everything());
        long least = Tiling.leastBytes(plan, 1000, 2000, 2);
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class,
                () -> Tiling.of(plan, 1000, 2000, least - 2, 2));
        assertTrue(refused.getMessage().contains("at least " + least + " bytes"), refused.getMessage());
        assertTrue(Tiling.of(plan, 100, 200, Tiling.leastBytes(plan, 100, 200, 2), 2).tiles().size() > 100);
    }

    @Test
    void hugePicturesAreCutQuickly() {
        Plan plan = Backends.automatic().plan(everything());
        Tiling tiling = Tiling.of(plan, 8_000, 12_000, 64L << 20, 2);
        assertTrue(2 * tiling.workspaceBytes() <= 64L << 20);
        assertTrue(tiling.pixels() < 1.5 * 8_000 * 12_000, tiling.pixels() + " pixels read");
    }
}
