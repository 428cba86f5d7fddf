package io.github.fovea.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.graph.Graph;
import io.github.fovea.graph.Op;
import io.github.fovea.graph.RandomParameters;
import io.github.fovea.kernel.Conv;
import io.github.fovea.kernel.ForwardingConv;
import io.github.fovea.kernel.KernelTable;
import io.github.fovea.network.MetaGraph;
import io.github.fovea.plan.Plan;
import io.github.fovea.tensor.TensorView;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentSkipListSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Sub-graphs of a meta-graph on shared weights: what they compute, and that nothing is stored twice.
class WeightStoreTest {
    private static final MetaGraph META = MetaGraph.named("meta-f16-f32-f48-n4", 2, 1);

    private static Map<String, float[]> parameters(SplittableRandom random) {
        return RandomParameters.of(META.parameters(), random, (name, shape) -> shape.length == 4 ? 0.08 : 0.2);
    }

    private static int[] vector(SplittableRandom random) {
        int[] vector = new int[META.choices()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = random.nextInt(META.options(i));
        }
        return vector;
    }

    /// Fills rows of a picture, from row `top` on.
    private static void fill(TensorView in, int top) {
        for (int y = 0; y < in.height(); y++) {
            SplittableRandom random = new SplittableRandom(99 + top + y);
            for (int x = 0; x < in.width(); x++) {
                in.set(0, y, x, (float) random.nextDouble(-0.5, 0.5));
            }
        }
    }

    private static float[] run(Workspace workspace, int height, int width) {
        workspace.prepare(height, width);
        fill(workspace.input(), 0);
        workspace.run();
        TensorView out = workspace.output();
        float[] result = new float[out.height() * out.width()];
        for (int y = 0; y < out.height(); y++) {
            for (int x = 0; x < out.width(); x++) {
                result[y * out.width() + x] = out.get(0, y, x);
            }
        }
        return result;
    }

    /// The definition: a sub-graph computes what a network computes that was given copies of its slices.
    @ParameterizedTest
    @ValueSource(strings = {"scalar", "vector"})
    void everySubGraphComputesWhatItsSlicesCompute(String name) {
        Backend backend = Backends.require(name);
        Backend definition = Backends.require("scalar");
        SplittableRandom random = new SplittableRandom(5);
        Map<String, float[]> parameters = parameters(random);
        WeightStore store = backend.weights(META.parameters(), parameters);
        for (int i = 0; i < 12; i++) {
            int[] vector = i == 0 ? META.largest() : i == 1 ? META.smallest() : vector(random);
            Graph graph = META.subGraph(vector);
            Map<String, float[]> own = new HashMap<>();
            graph.parameters().forEach((parameter, shape) -> own.put(parameter,
                    MetaGraph.slice(parameters.get(parameter), META.parameters().get(parameter), shape)));
            float[] wanted = run(definition.compile(definition.plan(graph), own).newWorkspace(), 11, 13);
            float[] got = run(backend.compile(backend.plan(graph, store), store).newWorkspace(), 11, 13);
            float largest = 0;
            for (float value : wanted) {
                largest = Math.max(largest, Math.abs(value));
            }
            assertArrayEquals(wanted, got, name.equals("scalar") ? 0f : 2e-5f * Math.max(1, largest),
                    java.util.Arrays.toString(vector));
        }
    }

    /// The same where rows lie in line buffers: kernels that run whole tensors read rows in pieces, those that run slices
    /// may not. The plan knows which run, so its peak is what is held.
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void subGraphsRunDepthFirstInTheAnnouncedMemory(int width) {
        Backend backend = Backends.automatic();
        Map<String, float[]> parameters = parameters(new SplittableRandom(9));
        int[] vector = META.largest();
        vector[0] = width;
        Graph graph = META.subGraph(vector);
        Map<String, float[]> own = new HashMap<>();
        graph.parameters().forEach((parameter, shape) -> own.put(parameter,
                MetaGraph.slice(parameters.get(parameter), META.parameters().get(parameter), shape)));
        float[] wanted = run(backend.compile(backend.plan(graph), own).newWorkspace(), 150, 210);
        WeightStore store = backend.weights(META.parameters(), parameters);
        Plan plan = backend.plan(graph, store);
        assertTrue(plan.depthFirst(150, 210));
        Workspace workspace = backend.compile(plan, store).newWorkspace();
        workspace.prepare(150, 210);
        assertEquals(plan.peakBytes(150, 210), workspace.bytes());
        float[] got = run(workspace, 150, 210);
        float largest = 0;
        for (float value : wanted) {
            largest = Math.max(largest, Math.abs(value));
        }
        assertArrayEquals(wanted, got, 2e-5f * Math.max(1, largest));
    }

    /// What a plan asks for is what its kernels ask for: those that run slices compute no columns and rows together.
    @Test
    void plansKnowWhichKernelsRunSlices() {
        KernelTable table = KernelTables.vector().choosing((versions, _, _) -> versions.size() - 1);
        CpuBackend backend = new CpuBackend(table);
        Graph graph = META.subGraph(META.smallest());
        int[] deep = META.largest();
        deep[0] = 0;
        Graph narrow = META.subGraph(deep);
        WeightStore store = backend.weights(META.parameters(), parameters(new SplittableRandom(3)));
        for (Graph sub : List.of(graph, narrow)) {
            Plan plan = backend.plan(sub, store);
            assertEquals(List.of(sub.receptiveRadius(), sub.receptiveRadius(), 1, 1, 0), List.of(plan.rowRadius(),
                    plan.columnRadius(), plan.rowAlignment(), plan.columnAlignment(), plan.kernelNeeds().scratchElements()));
        }
        assertEquals(4, backend.plan(narrow).rowAlignment());
        assertTrue(backend.plan(META.subGraph(META.largest()), store).rowRadius()
                > META.subGraph(META.largest()).receptiveRadius());
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class,
                () -> backend.compile(backend.plan(narrow), store));
        assertTrue(refused.getMessage().contains("for these weights"), refused.getMessage());
    }

    /// Tiles with the halo that a plan asks for give, bit for bit, what the whole picture gives.
    @Test
    void aSlicesHaloIsWideEnough() {
        Backend backend = Backends.require("vector");
        SplittableRandom random = new SplittableRandom(12);
        WeightStore store = backend.weights(META.parameters(), parameters(random));
        for (int i = 0; i < 8; i++) {
            Plan plan = backend.plan(META.subGraph(i == 0 ? META.largest() : vector(random)), store);
            Executable executable = backend.compile(plan, store);
            float[] whole = run(executable.newWorkspace(), 60, 50);
            int begin = 32;
            int top = Math.max(0, begin - plan.rowRadius()) / plan.rowAlignment() * plan.rowAlignment();
            Workspace part = executable.newWorkspace();
            part.prepare(60 - top, 50);
            fill(part.input(), top);
            part.run();
            for (int y = 2 * begin; y < 120; y++) {
                for (int x = 0; x < 100; x++) {
                    assertEquals(whole[y * 100 + x], part.output().get(0, y - 2 * top, x), "round " + i + ", row " + y);
                }
            }
        }
    }

    /// The kernels that read slices are warmed up, each on its own, and not those that would run the graph alone.
    @Test
    void slicesAreWarmedUp() {
        Set<String> ran = new ConcurrentSkipListSet<>();
        KernelTable s = KernelTables.scalar();
        KernelTable table = new KernelTable("recorder of slices", new Recorder("1x1", s.conv1x1(), ran),
                new Recorder("3x3", s.conv3x3(), ran), s.conv5x5(), s.depthwise3x3(), s.add(), s.activation(),
                s.pixelShuffle(), s.resize(), s.gradient1x1(), s.gradient3x3(), s.gradient5x5(), s.activationGradient(), s.gemm(),
                s.indirectGemm(), s.blockedGemm(), s.exponentials());
        CpuBackend backend = new CpuBackend(table);
        WeightStore store = backend.weights(META.parameters(), parameters(new SplittableRandom(4)));
        int[] vector = META.smallest();
        vector[1] = MetaGraph.Candidate.POINT.ordinal();
        vector[2] = MetaGraph.Candidate.CONV.ordinal();
        backend.compile(backend.plan(META.subGraph(vector), store), store).warmUp();
        assertEquals(Set.of("1x1 of 3x3", "3x3 of 3x3"), ran);
    }

    /// Tells which convolutions run.
    private static final class Recorder extends ForwardingConv {
        private final String name;
        private final Set<String> ran;

        Recorder(String name, Conv conv, Set<String> ran) {
            super(conv);
            this.name = name;
            this.ran = ran;
        }

        @Override
        public void run(
                TensorView in, float[] packed, int packedFrom, float[] bias, float[] slopes, TensorView out,
                int rowBegin, int rowEnd, float[] scratch, int scratchFrom) {
            super.run(in, packed, packedFrom, bias, slopes, out, rowBegin, rowEnd, scratch, scratchFrom);
            ran.add(name);
        }

        @Override
        protected Conv sliced(int storedSize, Conv slice) {
            return new Recorder(name + " of " + storedSize + "x" + storedSize, slice, ran);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"scalar", "vector"})
    void everyTensorIsStoredOnce(String name) {
        Backend backend = Backends.require(name);
        SplittableRandom random = new SplittableRandom(6);
        WeightStore store = backend.weights(META.parameters(), parameters(random));
        int[] separable = META.largest();
        Arrays.fill(separable, 1, separable.length, MetaGraph.Candidate.SEPARABLE.ordinal());
        backend.compile(backend.plan(META.subGraph(META.largest()), store), store);
        long largest = store.bytes();
        WeightStore.Packed shared = store.packed("node.2.weight");
        backend.compile(backend.plan(META.subGraph(separable), store), store);
        // One tail for each depth.
        for (int depth = 0; depth < META.nodes(); depth++) {
            int[] shallow = META.largest();
            Arrays.fill(shallow, 1 + depth, shallow.length, 0);
            backend.compile(backend.plan(META.subGraph(shallow), store), store);
        }
        long all = store.bytes();
        for (int i = 0; i < 20; i++) {
            backend.compile(backend.plan(META.subGraph(vector(random)), store), store);
            assertSame(shared, store.packed("node.2.weight"), "one place for every width and kernel size");
        }
        assertEquals(all, store.bytes(), "sub-graphs add nothing");
        // Tables: depthwise kernels, biases, slopes, and tails for all depths but the last.
        assertTrue(all < 1.1 * largest, all + " bytes for all, " + largest + " for the largest sub-graph");
    }

    @Test
    void smallTensorsShareAnArrayAndDoNotMeet() {
        Backend backend = Backends.automatic();
        WeightStore store = backend.weights(META.parameters(), parameters(new SplittableRandom(9)));
        backend.compile(backend.plan(META.subGraph(META.largest()), store), store);
        List<WeightStore.Packed> places = META.parameters().keySet().stream().map(store::packed)
                .filter(Objects::nonNull).sorted(Comparator.comparingInt(WeightStore.Packed::from)).toList();
        assertTrue(places.size() > 3 && places.stream().allMatch(place -> place.from() % 16 == 0), places.toString());
        assertTrue(places.stream().map(WeightStore.Packed::array).distinct().count() < places.size());
        for (int i = 1; i < places.size(); i++) {
            WeightStore.Packed place = places.get(i);
            assertTrue(places.subList(0, i).stream()
                    .noneMatch(other -> other.array() == place.array() && other.from() == place.from()));
        }
        // That none reaches into the next is what the same pictures as from arrays of their own say.
        assertTrue(store.bytes() <= places.stream().map(WeightStore.Packed::array).distinct()
                .mapToLong(array -> (long) Float.BYTES * array.length).sum() + (64 << 10));
    }

    /// A switch gives, bit for bit, what a fresh build of the sub-graph gives, in memory that other sub-graphs have used.
    @Test
    void aSwitchEqualsAFreshBuild() {
        Backend backend = Backends.automatic();
        SplittableRandom random = new SplittableRandom(7);
        Map<String, float[]> parameters = parameters(random);
        WeightStore store = backend.weights(META.parameters(), parameters);
        WorkingMemory memory = new WorkingMemory();
        Workspace[] resident = new Workspace[6];
        float[][] wanted = new float[resident.length][];
        for (int i = 0; i < resident.length; i++) {
            Graph graph = META.subGraph(vector(random));
            resident[i] = backend.compile(backend.plan(graph, store), store).newWorkspace(memory);
            WeightStore fresh = backend.weights(META.parameters(), parameters);
            wanted[i] = run(backend.compile(backend.plan(graph, fresh), fresh).newWorkspace(), 20, 24);
        }
        for (int k = 0; k < 100; k++) {
            int point = random.nextInt(resident.length);
            assertArrayEquals(wanted[point], run(resident[point], 20, 24), "switch " + k + " to " + point);
        }
    }

    @Test
    void whatIsNoSliceIsRefused() {
        Backend backend = Backends.automatic();
        SplittableRandom random = new SplittableRandom(8);
        Map<String, float[]> parameters = parameters(random);
        WeightStore store = backend.weights(META.parameters(), parameters);
        Graph.Builder narrow = new Graph.Builder();
        int in = narrow.add(new Op.Input(1));
        narrow.add(new Op.Conv(1, 20, 3, "head.weight", "head.bias"), in);
        assertThrows(IllegalArgumentException.class, () -> backend.compile(backend.plan(narrow.build()), store));
        Graph.Builder unknown = new Graph.Builder();
        unknown.add(new Op.Conv(1, 16, 3, "nothing", "head.bias"), unknown.add(new Op.Input(1)));
        assertThrows(IllegalArgumentException.class, () -> backend.compile(backend.plan(unknown.build()), store));
        parameters.remove("tail.0.bias");
        assertThrows(IllegalArgumentException.class, () -> backend.weights(META.parameters(), parameters));
        Backend other = Backends.require("scalar");
        assertThrows(IllegalArgumentException.class, () -> other.compile(other.plan(META.subGraph(META.smallest())),
                Backends.require("vector").weights(META.parameters(), parameters(random))));
    }
}
