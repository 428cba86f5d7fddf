package io.github.fovea.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.network.MetaGraph;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

class PointSearchTest {
    private static final MetaGraph META = MetaGraph.named("meta-f16-n2", 2, 1);

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
                    new PointSearch(META, List.of(META.largest()), COST, QUALITY, lambda).run(bounds, 25, new SplittableRandom(1));
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
    void boundsAreCostsOfNestedSubGraphs() {
        MetaGraph meta = MetaGraph.named("meta-f16-n8", 2, 1);
        List<int[]> nested = new Chains(meta, new SharedTensors(meta).layout(), List.of(SupernetTest.chain("collapsed-f16-n8"))).nested();
        PointSearch search = new PointSearch(meta, nested, vector -> meta.subGraph(vector).macsPerPixel(), _ -> 0, 0);
        assertArrayEquals(new double[] {720, 3024, 5328, 7632, 9936, 12240, 14544, 16848, 19152}, search.bounds(9));
        assertArrayEquals(new double[] {720, 3024, 5328, 7632, 9936, 12240, 14544, 19152}, search.bounds(8));
        assertArrayEquals(new double[] {720, 19152}, search.bounds(2));
        assertArrayEquals(new double[] {19152}, search.bounds(1));
        double[] more = search.bounds(10);
        assertEquals(10, more.length);
        assertEquals(Math.sqrt(720.0 * 3024), more[1], 1e-9);
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
        assertThrows(IllegalArgumentException.class, () -> new PointSearch(META, List.of(META.largest()), COST, QUALITY, -1));
        assertThrows(IllegalArgumentException.class, () -> new PointSearch(META, List.of(new int[] {0, 5, 0}), COST, QUALITY, 0));
        assertThrows(IllegalArgumentException.class, () -> PointSearch.choose(all(), new double[] {0.5}, META, 0));
    }
}
