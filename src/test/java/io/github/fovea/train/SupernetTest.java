package io.github.fovea.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.network.MetaGraph;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
    void gradientsGoIntoTheSlicesThatMadeThem() {
        SharedTensors tensors = new SharedTensors(MetaGraph.named("meta-f16-f32-n1", 2, 1));
        MetaGraph meta = MetaGraph.named("meta-f16-f32-n1", 2, 1);
        ParameterLayout layout = new ParameterLayout(meta.subGraph(new int[] {0, 1}));
        float[] ones = new float[layout.elements()];
        Arrays.fill(ones, 1);
        float[] all = new float[tensors.elements()];
        tensors.add(ones, layout, all);
        double sum = 0;
        for (float value : all) {
            sum += value;
        }
        assertEquals(layout.elements(), sum);
        assertArrayEquals(ones, tensors.extract(all, layout));
    }

    /// Costs and qualities of a toy: nodes that add up, with one pair that only works together.
    private static final ToDoubleFunction<int[]> COST = v -> {
        double cost = 1;
        for (int i = 1; i < v.length; i++) {
            cost += new double[] {0, 1, 2, 4, 7}[v[i]];
        }
        return cost;
    };
    private static final ToDoubleFunction<int[]> QUALITY = v -> {
        double quality = 30;
        for (int i = 1; i < v.length; i++) {
            quality += new double[] {0, 0.3, 0.55, 0.8, 1.0}[v[i]] * (1 + 0.1 * i);
        }
        return quality + (v[1] == 3 && v[2] == 2 ? 0.5 : 0);
    };

    private static List<PointSearch.Candidate> all() {
        List<PointSearch.Candidate> all = new ArrayList<>();
        for (int a = 0; a < 5; a++) {
            for (int b = 0; b < 5; b++) {
                int[] vector = {0, a, b};
                all.add(new PointSearch.Candidate(List.of(0, a, b), COST.applyAsDouble(vector), QUALITY.applyAsDouble(vector)));
            }
        }
        return all;
    }

    private static double score(List<PointSearch.Candidate> set, double lambda) {
        double score = 0;
        for (int k = 0; k < set.size(); k++) {
            score += set.get(k).quality();
            score -= k == 0 ? 0 : lambda * META.changedNodes(set.get(k - 1).vector(), set.get(k).vector());
        }
        return score;
    }

    @Test
    void theSearchEqualsBruteForceOnAToy() {
        double[] bounds = {4, 7, 12};
        for (double lambda : new double[] {0, 0.05, 0.2, 0.5, 1}) {
            double best = Double.NEGATIVE_INFINITY;
            for (PointSearch.Candidate a : all()) {
                for (PointSearch.Candidate b : all()) {
                    for (PointSearch.Candidate c : all()) {
                        if (a.cost() <= bounds[0] && b.cost() <= bounds[1] && c.cost() <= bounds[2]) {
                            best = Math.max(best, score(List.of(a, b, c), lambda));
                        }
                    }
                }
            }
            List<PointSearch.Candidate> found =
                    new PointSearch(META, COST, QUALITY, lambda).run(bounds, 25, new SplittableRandom(1));
            assertEquals(best, score(found, lambda), 1e-9, "lambda " + lambda);
        }
    }

    @Test
    void aLargerLambdaChangesFewerNodes() {
        double[] bounds = {3, 5, 8, 11, 15};
        int before = Integer.MAX_VALUE;
        int first = -1;
        for (double lambda : new double[] {0, 0.1, 0.3, 0.8, 3}) {
            List<PointSearch.Candidate> set = PointSearch.choose(all(), bounds, META, lambda);
            int changed = 0;
            for (int k = 1; k < set.size(); k++) {
                changed += META.changedNodes(set.get(k - 1).vector(), set.get(k).vector());
            }
            assertTrue(changed <= before, "lambda " + lambda + ": " + changed + " nodes, " + before + " before");
            before = changed;
            first = first < 0 ? changed : first;
        }
        assertTrue(before < first, "lambda makes no difference");
    }

    @Test
    void dominatedPointsAreLeftOut() {
        List<PointSearch.Candidate> kept = PointSearch.withoutDominated(all());
        for (int i = 1; i < kept.size(); i++) {
            assertTrue(kept.get(i).cost() > kept.get(i - 1).cost() && kept.get(i).quality() > kept.get(i - 1).quality());
        }
        for (PointSearch.Candidate candidate : all()) {
            assertTrue(kept.stream().anyMatch(k -> k.cost() <= candidate.cost() && k.quality() >= candidate.quality()));
        }
    }

    @Test
    void badInputIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new PointSearch(META, COST, QUALITY, -1));
        assertThrows(IllegalArgumentException.class, () -> PointSearch.choose(all(), new double[] {0.5}, META, 0));
        assertThrows(IllegalArgumentException.class, () -> SupernetOptions.of(Path.of("x"), META, 1, 1).withSteps(0));
        assertThrows(IllegalArgumentException.class, () -> SupernetOptions.of(Path.of("x"), META, 1, 0));
        assertThrows(IllegalArgumentException.class,
                () -> SupernetOptions.of(Path.of("x"), META, 1, 1).withPatches(0, 16, 1));
    }
}
