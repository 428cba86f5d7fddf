package io.github.fovea.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.backend.WorkingMemory;
import io.github.fovea.frame.Frame;
import io.github.fovea.frame.FrameFormat;
import io.github.fovea.frame.PixelLayout;
import io.github.fovea.frame.Plane;
import io.github.fovea.graph.Graph;
import io.github.fovea.graph.RandomParameters;
import io.github.fovea.model.Domain;
import io.github.fovea.model.StoredModel;
import io.github.fovea.network.Networks;
import io.github.fovea.patch.Region;
import io.github.fovea.patch.Tile;
import io.github.fovea.plan.Plan;
import io.github.fovea.resample.ResampleKernel;
import io.github.fovea.route.Grid;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What all threads hold stays within the bound and within what was said before, whatever kinds of runs follow each other: tiles
/// of a picture, a frame that all threads compute together, and parts of frames.
class MemoryBoundTest {
    private static final int THREADS = 8;
    private static final int SIDE = 64;

    private static StoredModel model(String name) {
        Graph graph = Networks.named(name, 2, 1);
        return new StoredModel(name, name, Domain.LUMA, graph, RandomParameters.of(graph.parameters(),
                new SplittableRandom(4), (_, _) -> 0.1), "", "", List.of(), Map.of(), "test");
    }

    private static List<WorkingMemory> memory(int threads) {
        return Stream.generate(WorkingMemory::new).limit(threads).toList();
    }

    private static long held(List<WorkingMemory> memory) {
        return memory.stream().mapToLong(WorkingMemory::bytes).sum();
    }

    /// Runs a kind of run as if every worker got the dearest tile: which ones they get is a matter of time.
    private static void run(int kind, NetworkRunner runner, int side, ChangedParts parts, SplittableRandom random) {
        if (kind == 0) {
            runner.makeRoom();
            tiles(runner, runner.groups(side, side).stream().flatMap(List::stream).toList());
        } else if (kind == 1) {
            Tile whole = runner.sharedTile(side, side);
            if (whole == null) {
                runner.makeRoom();
                tiles(runner, runner.tiles(side, side));
                return;
            }
            int shares = runner.share(whole, (_, _, _, _, _) -> { }, (_, _, _, _, _, _, _) -> { });
            for (int i = 0; i < shares; i++) {
                runner.runPart(i, i);
            }
        } else {
            Plane luma = new Plane(side, side, 8);
            parts.remember(luma);
            for (int i = random.nextInt(1, 4); i > 0; i--) {
                luma.set(random.nextInt(side), random.nextInt(side), 99);
            }
            for (int row = 0; row < parts.rows(); row++) {
                parts.look(row, luma);
            }
            if (parts.cut()) {
                runner.makeRoom(parts.tileBytes());
                tiles(runner, Stream.iterate(0, i -> i + 1).limit(parts.count()).map(parts::tile).toList());
            }
        }
    }

    private static void tiles(NetworkRunner runner, List<Tile> tiles) {
        for (Tile tile : tiles) {
            for (int worker = 0; worker < THREADS; worker++) {
                runner.prepare(tile, worker);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"collapsed-f16-n6, 64", "wdsr-f16-n4, 64", "collapsed-f16-n6, 96", "collapsed-f16-n3, 150"})
    void noOrderOfRunsExceedsTheBoundOrWhatWasSaid(String name, int side) {
        StoredModel model = model(name);
        Plan plan = RoutedClips.BACKEND.plan(model.graph());
        long together = sharedBytes(model, side, THREADS);
        SplittableRandom random = new SplittableRandom(side);
        boolean sharesMuch = false;
        for (int round = 0; round < 10; round++) {
            long bound = round == 0 ? together : (long) (together * random.nextDouble(0.7, 2));
            List<WorkingMemory> memory = memory(THREADS);
            NetworkRunner runner = NetworkRunner.compile(model, RoutedClips.BACKEND, memory, bound);
            ChangedParts parts = runner.changedParts(side, side).orElseThrow();
            long said = Math.min(bound, runner.workerBytes(side, side).total());
            assertTrue(runner.peakBytes(side, side) <= said, "a frame takes more than all");
            boolean shares = runner.sharedTile(side, side) != null;
            assertTrue(!shares || together <= bound, "shared above the bound");
            sharesMuch |= shares && plan.peakBytes(side, side) > bound / THREADS;
            for (int i = 0; i < 8; i++) {
                int kind = random.nextInt(3);
                run(kind, runner, side, parts, random);
                assertTrue(held(memory) <= said, "round " + round + ", run " + i + " of kind " + kind + ": " + held(memory)
                        + " bytes held of " + said + ", bound " + bound);
            }
        }
        assertTrue(sharesMuch || side > SIDE, "no tile of all threads took more than a share of the bound");
    }

    @Test
    void whatIsSaidIsTakenWhereMemoryIsPlenty() {
        List<WorkingMemory> memory = memory(THREADS);
        NetworkRunner runner = NetworkRunner.compile(model("collapsed-f16-n6"), RoutedClips.BACKEND, memory, RoutedClips.PLENTY);
        assertNotNull(runner.sharedTile(SIDE, SIDE));
        run(1, runner, SIDE, null, new SplittableRandom(1));
        assertEquals(runner.peakBytes(SIDE, SIDE), held(memory), "a frame");
        run(0, runner, SIDE, null, new SplittableRandom(1));
        assertTrue(held(memory) <= runner.workerBytes(SIDE, SIDE).total());
    }

    /// What a tile takes that all threads compute together.
    private static long sharedBytes(StoredModel model, int side, int threads) {
        Plan plan = RoutedClips.BACKEND.plan(model.graph());
        long helper = RoutedClips.BACKEND.compile(plan, model.parameters()).newWorkspace().helperBytes();
        return plan.peakBytes(side, side) + (threads - 1) * helper;
    }

    @Test
    void noTileIsSharedAboveTheBound() {
        StoredModel model = model("collapsed-f16-n6");
        long together = sharedBytes(model, SIDE, THREADS);
        assertNotNull(NetworkRunner.compile(model, RoutedClips.BACKEND, THREADS, together).sharedTile(SIDE, SIDE));
        assertNull(NetworkRunner.compile(model, RoutedClips.BACKEND, THREADS, together - 1).sharedTile(SIDE, SIDE));
    }

    /// A tile of all threads leaves the first thread more than its share, which the others' tiles of a larger frame want.
    @Test
    void framesOfSeveralSizesStayWithinTheBoundTogether() {
        StoredModel model = model("collapsed-f16-n6");
        long bound = sharedBytes(model, SIDE, THREADS);
        List<WorkingMemory> memory = memory(THREADS);
        NetworkRunner runner = NetworkRunner.compile(model, RoutedClips.BACKEND, memory, bound);
        assertNotNull(runner.sharedTile(SIDE, SIDE));
        for (int columns = SIDE; columns < 5 * SIDE; columns += 16) {
            run(1, runner, SIDE, null, new SplittableRandom(1));
            assertTrue(held(memory) <= bound, held(memory) + " bytes held of " + bound + " behind a frame");
            runner.makeRoom();
            tiles(runner, runner.tiles(columns, 5 * SIDE));
            assertTrue(held(memory) <= bound, held(memory) + " bytes held of " + bound + " behind " + columns + " columns");
        }
    }

    /// Every rectangle of cells, alone on a path or among others.
    @ParameterizedTest
    @CsvSource({"collapsed-f16-n1+collapsed-f16-n3, 480, 270, 1073741824", "collapsed-f2-n1+collapsed-f16-n1, 400, 300, 1073741824",
        "collapsed-f16-n1+collapsed-f16-n3, 480, 270, 3400000", "collapsed-f4-n1+collapsed-f16-n2, 301, 207, 4000000"})
    void noRectangleTakesMoreThanWasSaid(String networks, int width, int height, long bound) {
        RoutedNetwork network = RoutedNetwork.compile(RoutedClips.model(networks, 2, RoutedClips.everything(1)), RoutedClips.BACKEND,
                1, bound);
        Grid grid = Grid.of(width, height, 12, 8);
        int rim = Seams.rim(2);
        long pixels = network.maxPixels(grid, rim);
        long said = network.peakBytes(grid, rim);
        long[] ofPath = network.pathBytes(grid, rim);
        assertTrue(said <= bound);
        Reach reach = new Reach(grid, rim);
        byte[] one = new byte[grid.cells().size()];
        for (int path = 0; path < network.paths(); path++) {
            long most = 0;
            for (int column = 0; column < grid.columns(); column++) {
                for (int row = 0; row < grid.rows(); row++) {
                    for (int across = 1; column + across <= grid.columns(); across++) {
                        for (int down = 1; row + down <= grid.rows(); down++) {
                            Region core = grid.block(column, row, across, down);
                            if (across * down > 1 && (long) core.width() * core.height() > pixels) {
                                continue;
                            }
                            Plan plan = network.plan(path);
                            reach.patch(column, row, across, down);
                            most = Math.max(most, plan.peakBytes(reach.height(), reach.width()));
                            reach.alone(column, row, across, down, plan);
                            most = Math.max(most, plan.peakBytes(reach.height(), reach.width()));
                            for (byte[] others : List.of(one, surrounded(grid, column, row, across, down))) {
                                reach.amongPaths(others, column, row, across, down, plan.graph().receptiveRadius());
                                most = Math.max(most, plan.peakBytes(reach.height(), reach.width()));
                            }
                        }
                    }
                }
            }
            assertTrue(most <= ofPath[path] && most <= said, "path " + path + " takes " + most + " bytes, " + ofPath[path]
                    + " were said of it and " + said + " of all");
        }
    }

    /// Cells of one path among those of another.
    private static byte[] surrounded(Grid grid, int column, int row, int across, int down) {
        byte[] paths = new byte[grid.cells().size()];
        for (int y = row; y < row + down; y++) {
            for (int x = column; x < column + across; x++) {
                paths[y * grid.columns() + x] = 1;
            }
        }
        return paths;
    }

    private static FrameStage picture(NetworkRunner network, Workers workers) {
        Frame small = RoutedClips.picture(RoutedClips.format(PixelLayout.GREY, SIDE, 2 * SIDE, 8), 0, 7);
        return new FrameStage() {
            @Override
            public FrameFormat output() {
                return small.format();
            }

            @Override
            public void upscale(Frame from, Frame to) {
                new PictureUpscaler(small, 2 * SIDE, 4 * SIDE, network, ResampleKernel.BICUBIC, workers)
                        .upscale(Progress.NONE, new Cancellation());
            }
        };
    }

    /// A network whose frames all threads share, its pictures and those of a routed network, on real threads.
    @Test
    void networksOfOneMemoryStayWithinTheBoundTogether() {
        int threads = 2;
        StoredModel deep = model("collapsed-f16-n6");
        long bound = sharedBytes(deep, SIDE, threads) + 1000;
        List<WorkingMemory> memory = memory(threads);
        FrameFormat format = RoutedClips.format(PixelLayout.YCBCR_420, SIDE, SIDE, 8);
        Frame small = RoutedClips.picture(format, 0, 5);
        try (Workers workers = Workers.ofThreads(threads)) {
            NetworkRunner first = NetworkRunner.compile(deep, RoutedClips.BACKEND, memory, bound);
            assertNotNull(first.sharedTile(SIDE, SIDE));
            RoutedNetwork paths = RoutedNetwork.compile(RoutedClips.model(RoutedClips.TWO, 2, RoutedClips.everything(1)),
                    RoutedClips.BACKEND, memory, bound);
            List<FrameStage> stages = List.of(
                    new FrameUpscaler(format, 2 * SIDE, 2 * SIDE, first, ResampleKernel.BICUBIC, workers).keepUnchanged(),
                    picture(first, workers),
                    new RoutedFrameUpscaler(format, 2 * SIDE, 2 * SIDE, paths, RouteOptions.DEFAULT, ResampleKernel.BICUBIC,
                            workers));
            Frame large = Frame.allocate(stages.getFirst().output());
            SplittableRandom random = new SplittableRandom(6);
            for (int i = 0; i < 12; i++) {
                int stage = i < 3 ? i : random.nextInt(3);
                small.plane(0).set(random.nextInt(SIDE), random.nextInt(SIDE), random.nextInt(16, 236));
                stages.get(stage).upscale(small, large);
                assertTrue(held(memory) <= bound, held(memory) + " bytes held behind stage " + stage + ", bound " + bound);
            }
        }
    }
}
