package io.github.fovea.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.graph.Graph;
import io.github.fovea.graph.Interpolation;
import io.github.fovea.graph.Op;
import io.github.fovea.plan.Plan;
import io.github.fovea.plan.RandomGraphs;
import io.github.fovea.tensor.TensorView;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExecutableTest {
    private static Graph chain() {
        Graph.Builder b = new Graph.Builder();
        int input = b.add(new Op.Input(1));
        int x = b.add(new Op.Conv(1, 16, 3, "w0", "b0"), input);
        x = b.add(new Op.Relu(), x);
        x = b.add(new Op.Conv(16, 16, 3, "w1", "b1"), x);
        int y = b.add(new Op.PRelu(16, "s1"), x);
        x = b.add(new Op.DepthwiseConv(16, "w2", "b2"), y);
        x = b.add(new Op.Add(), x, y);
        x = b.add(new Op.Relu(), x);
        x = b.add(new Op.Conv(16, 4, 3, "w3", "b3"), x);
        x = b.add(new Op.PixelShuffle(2), x);
        int skip = b.add(new Op.Resize(Interpolation.BICUBIC, 2), input);
        b.add(new Op.Add(), x, skip);
        return b.build();
    }

    private static Executable compile(Backend backend, Graph graph, Map<String, float[]> parameters) {
        return backend.compile(backend.plan(graph), parameters);
    }

    /// Random graphs: the planned, fused, in-place vector run equals node by node evaluation of the graph with
    /// separate tensors and scalar kernels.
    @ParameterizedTest
    @ValueSource(strings = {"scalar", "vector", "quick"})
    void runEqualsNodeByNodeEvaluation(String name) {
        SplittableRandom random = new SplittableRandom(11);
        for (int round = 0; round < 60; round++) {
            Graph graph = RandomGraphs.draw(random, random.nextInt(1, 14));
            Map<String, float[]> parameters = RandomGraphs.parameters(graph, random);
            Workspace workspace = compile(NamedBackends.of(name), graph, parameters).newWorkspace();
            for (int repeat = 0; repeat < 2; repeat++) {
                workspace.prepare(random.nextInt(1, 12), random.nextInt(1, 40));
                fill(workspace.input(), random);
                GraphDefinition definition = new GraphDefinition(graph, parameters, workspace.input());
                workspace.run();
                definition.assertEqual(workspace.output(), "round " + round + " " + graph.nodes());
            }
        }
    }

    private static void fill(TensorView view, SplittableRandom random) {
        for (int c = 0; c < view.channels(); c++) {
            for (int y = 0; y < view.height(); y++) {
                for (int x = 0; x < view.width(); x++) {
                    view.set(c, y, x, (float) random.nextDouble(-1, 1));
                }
            }
        }
    }

    private static float[] pixels(TensorView view) {
        float[] pixels = new float[view.channels() * view.height() * view.width()];
        int i = 0;
        for (int c = 0; c < view.channels(); c++) {
            for (int y = 0; y < view.height(); y++) {
                for (int x = 0; x < view.width(); x++) {
                    pixels[i++] = view.get(c, y, x);
                }
            }
        }
        return pixels;
    }

    /// In a JVM of its own: here other tests run vectors of other widths and kernels of their own, and C2, which goes by what
    /// it has seen, may then make objects of vectors for as long as the JVM lives.
    @ParameterizedTest
    @ValueSource(strings = {"scalar", "vector"})
    void runAllocatesNothing(String name) throws Exception {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "--add-modules",
                "jdk.incubator.vector", "-cp", System.getProperty("java.class.path"), Allocation.class.getName(), name)
                .redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        assertTrue(said.lines().anyMatch("0 bytes in 5 runs, 0 when shapes change"::equals), said);
    }

    /// Runs until nothing is allocated any more, and says what was at last.
    static final class Allocation {
        private static final long PATIENCE_NANOS = 120_000_000_000L;

        private Allocation() {}

        public static void main(String[] arguments) {
            Graph graph = chain();
            SplittableRandom random = new SplittableRandom(5);
            Executable executable = compile(Backends.require(arguments[0]), graph, RandomGraphs.parameters(graph, random));
            executable.warmUp();
            Workspace workspace = executable.newWorkspace();
            workspace.prepare(40, 50);
            fill(workspace.input(), random);
            var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
            // Interpreted and half-compiled vector code allocates its vectors; compiled code must not. It is compiled in the
            // background, so how long that takes is not known.
            long patience = System.nanoTime() + PATIENCE_NANOS;
            long same = Long.MAX_VALUE;
            long changing = Long.MAX_VALUE;
            while ((same > 0 || changing > 0) && System.nanoTime() < patience) {
                workspace.prepare(40, 50);
                long before = threads.getCurrentThreadAllocatedBytes();
                for (int run = 0; run < 5; run++) {
                    workspace.run();
                }
                same = threads.getCurrentThreadAllocatedBytes() - before;
                for (int run = 0; run < 20; run++) {
                    workspace.prepare(40 - run, 50 - run);
                    workspace.run();
                }
                changing = threads.getCurrentThreadAllocatedBytes() - before - same;
            }
            System.out.println(same + " bytes in 5 runs, " + changing + " when shapes change");
        }
    }

    @Test
    void aRunLeavesTheInputAndMayBeRepeated() {
        Graph graph = chain();
        SplittableRandom random = new SplittableRandom(6);
        Workspace workspace = compile(Backends.automatic(), graph, RandomGraphs.parameters(graph, random))
                .newWorkspace();
        workspace.prepare(13, 29);
        fill(workspace.input(), random);
        float[] input = pixels(workspace.input());
        workspace.run();
        float[] first = pixels(workspace.output());
        workspace.run();
        assertArrayEquals(first, pixels(workspace.output()));
        assertArrayEquals(input, pixels(workspace.input()));
    }

    @Test
    void workspacesShareNothing() {
        Graph graph = chain();
        SplittableRandom random = new SplittableRandom(9);
        Executable executable = compile(Backends.automatic(), graph, RandomGraphs.parameters(graph, random));
        Workspace one = executable.newWorkspace();
        one.prepare(20, 20);
        fill(one.input(), random);
        one.run();
        float[] wanted = pixels(one.output());
        Workspace two = executable.newWorkspace();
        two.prepare(31, 9);
        fill(two.input(), random);
        two.run();
        executable.warmUp();
        assertArrayEquals(wanted, pixels(one.output()));
        one.run();
        assertArrayEquals(wanted, pixels(one.output()));
    }

    @Test
    void bytesAreThePlansPeak() {
        Graph graph = chain();
        Plan plan = Backends.automatic().plan(graph);
        Workspace workspace = Backends.automatic()
                .compile(plan, RandomGraphs.parameters(graph, new SplittableRandom(1))).newWorkspace();
        assertEquals(0, workspace.bytes());
        assertThrows(IllegalStateException.class, workspace::run);
        workspace.prepare(33, 65);
        assertEquals(plan.peakBytes(33, 65), workspace.bytes());
        workspace.prepare(10, 10);
        assertEquals(plan.peakBytes(33, 65), workspace.bytes());
        // Line buffers: the height no longer counts, and whole inputs and outputs come on top when they are asked for.
        workspace.prepare(500, 600);
        assertEquals(plan.peakBytes(500, 600), workspace.bytes());
        assertEquals(plan.peakBytes(500, 600), plan.peakBytes(5000, 600));
        assertTrue(workspace.input().height() == 500 && workspace.output().height() == 1000);
        assertTrue(workspace.bytes() > plan.peakBytes(500, 600) + 4L * 5 * 500 * 600);
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class,
                () -> workspace.prepare(10, 100_000_000));
        assertTrue(refused.getMessage().contains("tiles"), refused.getMessage());
        assertThrows(IllegalArgumentException.class, () -> workspace.prepare(0, 4));
        workspace.release();
        assertEquals(0, workspace.bytes());
    }

    @Test
    void plansForOtherKernelsAreRefused() {
        Graph graph = chain();
        Map<String, float[]> parameters = RandomGraphs.parameters(graph, new SplittableRandom(1));
        Plan scalar = Backends.require("scalar").plan(graph);
        Plan vector = Backends.require("vector").plan(graph);
        assertEquals(0, scalar.kernelNeeds().scratchElements());
        assertTrue(vector.kernelNeeds().scratchElements() > 0);
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class,
                () -> Backends.require("vector").compile(scalar, parameters));
        assertTrue(refused.getMessage().contains("plan method of backend vector"), refused.getMessage());
        assertThrows(IllegalArgumentException.class, () -> Backends.require("scalar").compile(vector, parameters));
    }

    @Test
    void wrongWeightsAreRefused() {
        Graph graph = chain();
        Map<String, float[]> parameters = new HashMap<>(RandomGraphs.parameters(graph, new SplittableRandom(1)));
        parameters.put("w1", new float[7]);
        IllegalArgumentException wrong = assertThrows(IllegalArgumentException.class,
                () -> compile(Backends.automatic(), graph, parameters));
        assertEquals("parameter w1: holds 7 floats, wanted 2304 as [16, 16, 3, 3]", wrong.getMessage());
        parameters.remove("w1");
        wrong = assertThrows(IllegalArgumentException.class,
                () -> compile(Backends.automatic(), graph, parameters));
        assertTrue(wrong.getMessage().startsWith("parameter w1: missing"), wrong.getMessage());
    }
}
