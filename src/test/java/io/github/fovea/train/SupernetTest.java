package io.github.fovea.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.graph.Graph;
import io.github.fovea.graph.Op;
import io.github.fovea.model.MetaModel;
import io.github.fovea.model.MetaPoint;
import io.github.fovea.model.Origin;
import io.github.fovea.network.MetaGraph;
import io.github.fovea.network.Networks;
import io.github.fovea.tensor.TensorView;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SupernetTest {
    private static final MetaGraph META = MetaGraph.named("meta-f16-n2", 2, 1);

    private static Path pictures(Path folder) throws IOException {
        for (int k = 0; k < 3; k++) {
            BufferedImage image = new BufferedImage(520, 260, BufferedImage.TYPE_BYTE_GRAY);
            for (int y = 0; y < 260; y++) {
                for (int x = 0; x < 520; x++) {
                    int value = (x * (k + 3) / 9 + y / 5) % 2 == 0 ? 60 : 190;
                    image.getRaster().setSample(x, y, 0, value);
                }
            }
            ImageIO.write(image, "png", folder.resolve("p" + k + ".png").toFile());
        }
        return folder;
    }

    /// Pictures that can be enlarged better than by bicubic at any scale: shapes with edges, no fine patterns.
    private static void shapes(Path folder) throws IOException {
        for (int k = 0; k < 3; k++) {
            SplittableRandom random = new SplittableRandom(k);
            BufferedImage image = new BufferedImage(660, 330, BufferedImage.TYPE_BYTE_GRAY);
            Graphics2D g = image.createGraphics();
            g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            for (int i = 0; i < 400; i++) {
                int grey = random.nextInt(256);
                g.setColor(new Color(grey, grey, grey));
                g.fillOval(random.nextInt(660), random.nextInt(330), random.nextInt(8, 60), random.nextInt(8, 60));
            }
            g.dispose();
            ImageIO.write(image, "png", folder.resolve("s" + k + ".png").toFile());
        }
    }

    private static Supernet train(Path folder, int threads, long steps) throws IOException {
        return Supernet.train(SupernetOptions.of(folder, META, 3, threads).withSteps(steps).withPatches(3, 16, 2),
                (_, _, _) -> { });
    }

    @Test
    void everySubGraphLearnsAndThreadsDoNotMatter(@TempDir Path folder) throws IOException {
        pictures(folder);
        Supernet one = train(folder, 1, 150);
        for (int[] vector : new int[][] {META.smallest(), META.largest(), {0, 1, 2}, {0, 3, 0}, {0, 2, 4}}) {
            assertTrue(one.psnr(vector) > one.bicubic() + 0.1, Arrays.toString(vector) + ": " + one.psnr(vector)
                    + " dB, bicubic " + one.bicubic());
        }
        Supernet few = train(folder, 1, 12);
        Supernet again = train(folder, 2, 12);
        few.parameters().forEach((name, values) -> assertArrayEquals(values, again.parameters().get(name), name));
    }

    @Test
    void slicesGoIntoTheTensorsThatTheyComeFrom() {
        MetaGraph meta = MetaGraph.named("meta-f16-f32-n1", 2, 1);
        SharedTensors tensors = new SharedTensors(meta);
        int[] indices = tensors.indices(new ParameterLayout(JointGraph.of(meta, List.of(new int[] {0, 1})).graph()));
        assertEquals(indices.length, Arrays.stream(indices).distinct().count());
        // Output channel 1, input channel 2, the middle of the kernel, of a tensor of 32 channels each way.
        int middle = tensors.layout().offset("node.0.weight") + (32 + 2) * 9 + 4;
        assertTrue(Arrays.stream(indices).anyMatch(index -> index == middle));
        assertTrue(Arrays.stream(indices).noneMatch(index -> index == middle + 1));
    }

    private static Backpropagation forward(Graph graph, Map<String, float[]> parameters, int seed) {
        ParameterLayout layout = new ParameterLayout(graph);
        float[] all = new float[layout.elements()];
        parameters.forEach((name, values) -> System.arraycopy(values, 0, all, layout.offset(name), values.length));
        PackedParameters packed = new PackedParameters(graph, layout, Training.kernels());
        packed.update(all);
        Backpropagation pass = new Backpropagation(graph, layout, Training.kernels(), 12, 12, false);
        fill(pass.input(), seed);
        pass.forward(packed);
        return pass;
    }

    private static void fill(TensorView picture, int seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int y = 0; y < picture.height(); y++) {
            for (int x = 0; x < picture.width(); x++) {
                picture.data()[picture.index(0, y, x)] = random.nextFloat() - 0.5f;
            }
        }
    }

    static WarmStart chain(String network) {
        SplittableRandom random = new SplittableRandom(5);
        Map<String, float[]> parameters = new LinkedHashMap<>();
        Networks.named(network, 2, 1).parameters().forEach((name, shape) -> {
            float[] values = new float[Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (0.2 * random.nextGaussian());
            }
            parameters.put(name, values);
        });
        return new WarmStart(network, parameters);
    }

    /// Sub-graphs of each chain's nodes and head make what the chain makes; behind the last one stands a block that adds nothing.
    @ParameterizedTest
    @ValueSource(strings = {"meta-f16-n6-h2", "meta-f16-n5-h3"})
    void startingFromChainsSubGraphsMakeWhatTheChainsMake(String name) {
        MetaGraph meta = MetaGraph.named(name, 2, 1);
        List<WarmStart> starts = List.of(chain("collapsed-f16-n2"), chain("collapsed-f16-n3"));
        SharedTensors tensors = new SharedTensors(meta);
        Chains chains = new Chains(meta, tensors.layout(), starts);
        Map<String, float[]> all = tensors.layout().named(chains.values(tensors, new SplittableRandom(1)));
        List<int[]> nested = chains.nested();
        makesTheSame(meta, nested.get(2), all, starts.getFirst());
        makesTheSame(meta, nested.get(5), all, starts.getLast());
        makesTheSame(meta, nested.getLast(), all, starts.getLast());
        assertEquals(meta.heads() == 3 ? 2 : 0, meta.head(nested.getFirst()), "a head of its own where there is one left");
        assertArrayEquals(all.get("head.weight"), all.get(MetaGraph.headName(meta.head(nested.getFirst())) + ".weight"));
        assertArrayEquals(new int[] {0, 3, 3}, Arrays.copyOf(nested.get(2), 3));
        assertArrayEquals(new int[] {1, 0, 0, 3, 3, 3}, Arrays.copyOf(nested.get(5), 6));
        assertEquals(List.of(0, 1, 3, 4), chains.tailless(tensors).stream().map(meta::exit).toList());
    }

    private static void makesTheSame(MetaGraph meta, int[] vector, Map<String, float[]> all, WarmStart chain) {
        Graph graph = Training.withoutSkip(meta.subGraph(vector));
        Map<String, float[]> own = new LinkedHashMap<>();
        graph.parameters().keySet().forEach(parameter -> own.put(parameter, all.get(parameter)));
        TensorView made = forward(graph, own, 3).output();
        TensorView wanted = forward(Training.withoutSkip(Networks.named(chain.name(), 2, 1)), chain.parameters(), 3).output();
        for (int y = 0; y < wanted.height(); y++) {
            for (int x = 0; x < wanted.width(); x++) {
                assertEquals(wanted.get(0, y, x), made.get(0, y, x), 1e-6);
            }
        }
    }

    @Test
    void channelsOrderedByImportanceMakeTheSame() {
        WarmStart start = chain("collapsed-f32-n2");
        WarmStart ordered = ChannelOrder.byImportance(start, 2, 32);
        assertFalse(Arrays.equals(start.parameters().get("body.1.weight"), ordered.parameters().get("body.1.weight")));
        Graph graph = Training.withoutSkip(Networks.named("collapsed-f32-n2", 2, 1));
        TensorView wanted = forward(graph, start.parameters(), 3).output();
        TensorView made = forward(graph, ordered.parameters(), 3).output();
        for (int y = 0; y < wanted.height(); y++) {
            for (int x = 0; x < wanted.width(); x++) {
                assertEquals(wanted.get(0, y, x), made.get(0, y, x), 1e-4);
            }
        }
        float[] weights = ordered.parameters().get("body.1.weight");
        double[] worth = new double[32];
        for (int i = 0; i < weights.length; i++) {
            worth[i / 9 % 32] += weights[i] * weights[i];
        }
        for (int c = 1; c < 32; c++) {
            assertTrue(worth[c] <= worth[c - 1] + 1e-4, "channel " + c);
        }
    }

    @Test
    void onlyChainsThatFitAreStartedFrom() {
        SharedTensors tensors = new SharedTensors(META);
        for (String network : List.of("collapsed-f16-n3", "collapsed-f32-n2", "edsr-f16-n2", "fsrcnn")) {
            WarmStart start = chain(network);
            IllegalArgumentException refused = assertThrows(IllegalArgumentException.class,
                    () -> new Chains(META, tensors.layout(), List.of(start)));
            assertTrue(refused.getMessage().contains(network) && refused.getMessage().contains("meta-f16-n2"),
                    refused.getMessage());
        }
    }

    /// Gradients of several sub-graphs in one graph against the sum of each one's own, distillation off.
    @Test
    void jointPassesAddUpSingleOnes() {
        MetaGraph meta = MetaGraph.named("meta-f16-f32-n3", 2, 1);
        SharedTensors tensors = new SharedTensors(meta);
        SplittableRandom random = new SplittableRandom(9);
        float[] all = tensors.initial(random);
        for (int i = 0; i < all.length; i++) {
            all[i] += (float) (0.05 * random.nextGaussian());
        }
        List<int[]> vectors = List.of(new int[] {1, 3, 3, 4}, new int[] {1, 3, 0, 0}, new int[] {0, 3, 2, 1},
                new int[] {0, 0, 0, 0}, new int[] {1, 3, 3, 2});
        float[] target = new float[24 * 24];
        Arrays.setAll(new double[target.length], i -> target[i] = (float) (0.1 * random.nextGaussian()));
        float[] together = new float[all.length];
        gradients(meta, tensors, vectors, all, target, together);
        float[] single = new float[all.length];
        for (int[] vector : vectors) {
            gradients(meta, tensors, List.of(vector), all, target, single);
        }
        double largest = 0;
        for (float value : single) {
            largest = Math.max(largest, Math.abs(value));
        }
        assertTrue(largest > 0);
        for (int i = 0; i < all.length; i++) {
            assertEquals(single[i], together[i], 1e-5 * largest);
        }
    }

    private static void gradients(
            MetaGraph meta, SharedTensors tensors, List<int[]> vectors, float[] all, float[] target, float[] to) {
        JointPass pass = new JointPass(meta, tensors, vectors, Training.kernels(), 12, 1);
        pass.update(all);
        fill(pass.input(0), 4);
        float[] sums = new float[pass.elements()];
        pass.run(0, Loss.L2, target, new float[target.length], 0, 1f / target.length, 1, sums);
        pass.add(sums, to);
    }

    @Test
    void whatNestedSubGraphsShareIsComputedOnce() {
        MetaGraph meta = MetaGraph.named("meta-f16-n6", 2, 1);
        List<int[]> nested = new ArrayList<>();
        for (int exit = 6; exit >= 0; exit--) {
            int[] vector = meta.smallest();
            Arrays.fill(vector, 1, 1 + exit, 3);
            nested.add(vector);
        }
        Graph joint = JointGraph.of(meta, nested).graph();
        long convolutions = joint.nodes().stream().filter(node -> node.op() instanceof Op.Conv).count();
        assertEquals(1 + 6 + 7, convolutions, "head, nodes, tails");
    }

    @Test
    void leastSquaresFindTheWeightsThatMadeTheNumbers() {
        SplittableRandom random = new SplittableRandom(2);
        NormalEquations equations = new NormalEquations(5, 2);
        double[][] weights = {{1, -2, 0.5, 3, 0.25}, {0, 4, -1, 0.125, -3}};
        for (int n = 0; n < 40; n++) {
            // A sixth number that does not belong to the row.
            double[] row = random.doubles(6, -1, 1).toArray();
            double[] wanted = new double[2];
            for (int o = 0; o < 2; o++) {
                for (int i = 0; i < 5; i++) {
                    wanted[o] += weights[o][i] * row[i];
                }
            }
            equations.add(row, wanted);
        }
        double[][] solved = equations.solve(1e-12);
        for (int o = 0; o < 2; o++) {
            assertArrayEquals(weights[o], solved[o], 1e-8);
        }
    }

    @Test
    void startedTailsAreBetterThanBicubicBeforeAnyTraining(@TempDir Path folder) throws IOException {
        pictures(folder);
        SupernetOptions options = SupernetOptions.of(folder, META, 3, 1).from(chain("collapsed-f16-n2")).withSteps(1)
                .withPatches(1, 16, 2).withCourse(0, 1e-9, Loss.L1, 0.5);
        Supernet started = Supernet.train(options, (_, _, _) -> { });
        assertTrue(started.psnr(META.smallest()) > started.bicubic() + 0.1, "exit 0: " + started.psnr(META.smallest()));
        assertTrue(started.psnr(new int[] {0, 3, 0}) > started.bicubic() + 0.1, "exit 1: " + started.psnr(new int[] {0, 3, 0}));
    }

    @Test
    void aChainThatSharesNothingStaysAsItIs(@TempDir Path folder) throws IOException {
        pictures(folder);
        MetaGraph meta = MetaGraph.named("meta-f16-n2-h2", 2, 1);
        WarmStart last = chain("collapsed-f16-n1");
        SupernetOptions options = SupernetOptions.of(folder, meta, 3, 1).from(chain("collapsed-f16-n1"), last).withSteps(3)
                .withPatches(1, 16, 2).withCourse(1, 1e-3, Loss.L1, 0.5);
        List<Long> heard = new ArrayList<>();
        Supernet supernet = Supernet.train(options, (step, _, _) -> heard.add(step));
        assertEquals(List.of(), heard, "no first stage");
        float[] before = supernet.parameters().get("node.0.weight");
        List<int[]> points = List.of(meta.smallest(), new int[] {0, 3, 0}, new int[] {1, 0, 3});
        assertArrayEquals(points.get(2), supernet.nested().getLast());
        supernet.refine(points, (step, _, _) -> heard.add(step));
        assertEquals(3, heard.getLast());
        assertFalse(Arrays.equals(before, supernet.parameters().get("node.0.weight")));
        assertArrayEquals(last.parameters().get("head.weight"), supernet.parameters().get("head.1.weight"));
        assertArrayEquals(last.parameters().get("body.0.weight"), supernet.parameters().get("node.1.weight"));
        assertArrayEquals(last.parameters().get("tail.weight"), supernet.parameters().get("tail.2.weight"));
    }

    @Test
    void aKeptChainStaysAsItIsThoughAnotherPointUsesItsNodes(@TempDir Path folder) throws IOException {
        pictures(folder);
        MetaGraph meta = MetaGraph.named("meta-f16-n3", 2, 1);
        WarmStart chain = chain("collapsed-f16-n2");
        List<int[]> points = List.of(meta.convolutions("0:0+2"), meta.convolutions("0:0-1"));
        SupernetOptions options = SupernetOptions.of(folder, meta, 3, 1).from(chain).withSteps(3).withPatches(1, 16, 2)
                .withPoints(points).withKeep(true);
        List<Long> heard = new ArrayList<>();
        Supernet supernet = Supernet.train(options, (step, _, _) -> heard.add(step));
        assertEquals(List.of(), heard, "nothing is searched, so nothing is trained for it");
        assertTrue(supernet.psnr(points.getFirst()) > supernet.bicubic(), "a tail by least squares");
        Map<String, float[]> before = supernet.parameters();
        supernet.refine(supernet.settledPoints(), (step, _, _) -> heard.add(step));
        assertEquals(3, heard.getLast());
        Map<String, float[]> after = supernet.parameters();
        assertFalse(Arrays.equals(before.get("node.2.weight"), after.get("node.2.weight")));
        assertFalse(Arrays.equals(before.get("tail.3.weight"), after.get("tail.3.weight")));
        Map.of("head", "head", "body.0", "node.0", "body.1", "node.1", "tail", "tail.2").forEach((from, to) -> assertArrayEquals(
                chain.parameters().get(from + ".weight"), after.get(to + ".weight"), to));
        Supernet alone = supernet.alone(points.getFirst(), (_, _, _) -> { });
        assertFalse(Arrays.equals(before.get("node.0.weight"), alone.parameters().get("node.0.weight")), "alone nothing is kept");
    }

    @Test
    void onlyATrainedChainCanBeKept(@TempDir Path folder) throws IOException {
        shapes(folder);
        MetaGraph meta = MetaGraph.named("meta-f16-n2", 3, 1);
        for (SupernetOptions options : List.of(SupernetOptions.of(folder, META, 3, 1),
                SupernetOptions.of(folder, meta, 3, 1).from(chain("collapsed-f16-n2")))) {
            assertThrows(IllegalArgumentException.class, () -> Supernet.train(options.withSteps(1).withPatches(1, 16, 2)
                    .withKeep(true), (_, _, _) -> { }));
        }
    }

    @Test
    void resumedTrainingEndsWithTheSameBits(@TempDir Path folder) throws IOException {
        pictures(folder);
        Path file = folder.resolve("saved.checkpoint");
        List<int[]> points = List.of(new int[] {0, 3, 0}, new int[] {0, 3, 3});
        SupernetOptions options = SupernetOptions.of(folder, META, 3, 1).from(chain("collapsed-f16-n2")).withSteps(16)
                .withPatches(2, 16, 2).withCourse(0.5, 1e-3, Loss.PSNR, 0.5);
        Supernet whole = Supernet.train(options, (_, _, _) -> { });
        whole.refine(points, (_, _, _) -> { });
        Supernet.train(options.withCheckpoint(file, false), (_, _, _) -> { });
        List<Long> heard = new ArrayList<>();
        Supernet second = Supernet.train(options.withCheckpoint(file, true), (step, _, _) -> heard.add(step));
        assertEquals(List.of(), heard, "the first stage was done");
        assertEquals(List.of(), second.settledPoints());
        second.refine(points, (_, _, _) -> { });
        Supernet third = Supernet.train(options.withCheckpoint(file, true), (step, _, _) -> heard.add(step));
        assertEquals(2, third.settledPoints().size());
        assertArrayEquals(points.get(1), third.refine(List.of(), (step, _, _) -> heard.add(step)).get(1));
        assertEquals(List.of(), heard, "the second stage was done");
        for (Supernet other : List.of(second, third)) {
            whole.parameters().forEach((name, values) -> assertArrayEquals(values, other.parameters().get(name), name));
        }
        assertThrows(IOException.class, () -> Supernet.train(options.withSteps(20).withCheckpoint(file, true),
                (_, _, _) -> { }));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void pointsOfAMetaGraphAreTrainedOn(int scale, @TempDir Path folder) throws IOException {
        shapes(folder);
        SharedTensors tensors = new SharedTensors(META);
        List<MetaPoint> points = List.of(new MetaPoint("a", List.of(0, 3, 0), 33), new MetaPoint("b", List.of(0, 3, 3), 34));
        MetaModel model = new MetaModel("before", META,
                tensors.layout().named(new Chains(META, tensors.layout(), List.of(chain("collapsed-f16-n2")))
                        .values(tensors, new SplittableRandom(1))), points, "PSNR", 30,
                new Origin("", "", List.of(), Map.of(), "", "", ""));
        MetaGraph meta = new MetaGraph(META.widths(), META.nodes(), scale, 1, 1);
        SupernetOptions options = SupernetOptions.of(folder, meta, 3, 1).withSteps(4).withPatches(1, 16, 2).from(model);
        List<Long> heard = new ArrayList<>();
        Supernet supernet = Supernet.train(options, (step, _, _) -> heard.add(step));
        assertEquals(List.of(), heard);
        assertEquals(2, supernet.settledPoints().size());
        assertArrayEquals(model.parameters().get("node.0.weight"), supernet.parameters().get("node.0.weight"));
        assertEquals(scale == 2, Arrays.equals(model.parameters().get("tail.2.weight"),
                supernet.parameters().get("tail.2.weight")));
        if (scale == 3) {
            assertTrue(supernet.psnr(new int[] {0, 3, 3}) > supernet.bicubic(), "tails by least squares");
        }
        supernet.refine(supernet.settledPoints(), (step, _, _) -> heard.add(step));
        assertEquals(4, heard.getLast());
        assertFalse(Arrays.equals(model.parameters().get("node.0.weight"), supernet.parameters().get("node.0.weight")));
        assertThrows(IllegalArgumentException.class,
                () -> SupernetOptions.of(folder, MetaGraph.named("meta-f16-n3", 2, 1), 3, 1).from(model));
    }

    @Test
    void refiningLeavesTensorsOfOtherSubGraphsAlone(@TempDir Path folder) throws IOException {
        pictures(folder);
        SupernetOptions options = SupernetOptions.of(folder, META, 3, 1).from(chain("collapsed-f16-n2")).withSteps(12)
                .withPatches(2, 16, 2).withCourse(0.5, 1e-3, Loss.PSNR, 0.5);
        Supernet supernet = Supernet.train(options, (_, _, _) -> { });
        Map<String, float[]> before = supernet.parameters();
        supernet.refine(List.of(new int[] {0, 3, 0}), (_, _, _) -> { });
        Map<String, float[]> after = supernet.parameters();
        assertArrayEquals(before.get("node.0.second.weight"), after.get("node.0.second.weight"));
        assertArrayEquals(before.get("tail.0.weight"), after.get("tail.0.weight"));
        assertFalse(Arrays.equals(before.get("tail.1.weight"), after.get("tail.1.weight")));
        assertFalse(Arrays.equals(before.get("tail.2.weight"), after.get("tail.2.weight")), "the largest teaches and learns");
    }

    @Test
    void badInputIsRefused() {
        assertThrows(IllegalArgumentException.class,
                () -> SupernetOptions.of(Path.of("x"), META, 1, 1).withCourse(1.01, 1e-3, Loss.L1, 0.5));
        assertThrows(IllegalArgumentException.class,
                () -> SupernetOptions.of(Path.of("x"), META, 1, 1).withCourse(0.5, 1e-3, Loss.L1, 1.5));
        assertThrows(IllegalArgumentException.class, () -> SupernetOptions.of(Path.of("x"), META, 1, 1).withSteps(0));
        assertThrows(IllegalArgumentException.class, () -> SupernetOptions.of(Path.of("x"), META, 1, 0));
        assertThrows(IllegalArgumentException.class,
                () -> SupernetOptions.of(Path.of("x"), META, 1, 1).withPatches(0, 16, 1));
    }
}
