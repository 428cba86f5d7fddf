package io.github.fovea.train;

import io.github.fovea.network.MetaGraph;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/// Finds a set of operating points: one sub-graph for each of K bounds of cost, so that the sum of their qualities,
/// less lambda for every node that differs between neighbours, is as large as can be. After DySR, whose search knows
/// that the network will be switched at run time.
///
/// Sub-graphs are found by evolution: for every bound the best so far are kept, and changed in a node or two, or
/// crossed with one of a neighbouring bound. From what was kept, the set is chosen exactly, by dynamic programming over
/// the bounds.
public final class PointSearch {
    /// Sub-graphs kept for each bound.
    private static final int KEPT = 24;
    private final MetaGraph meta;
    private final List<int[]> nested;
    private final ToDoubleFunction<int[]> cost;
    private final ToDoubleFunction<int[]> quality;
    private final double lambda;
    private final Map<List<Integer>, Candidate> known = new LinkedHashMap<>();

    /// A sub-graph that was measured.
    ///
    /// @param choices its choice vector
    /// @param cost    its cost, of the unit of the search's cost function
    /// @param quality its quality in dB
    public record Candidate(List<Integer> choices, double cost, double quality) {
        /// {@return the choice vector}
        public int[] vector() {
            return choices.stream().mapToInt(Integer::intValue).toArray();
        }
    }

    /// Prepares a search.
    ///
    /// @param meta    the meta-graph
    /// @param nested  choice vectors of the sub-graphs with which training began, whose costs are the bounds; the last
    ///                one's is the last bound
    /// @param cost    cost of a choice vector, above 0
    /// @param quality quality of a choice vector in dB
    /// @param lambda  dB that a node that differs between neighbours must bring, at least 0
    public PointSearch(MetaGraph meta, List<int[]> nested, ToDoubleFunction<int[]> cost,
            ToDoubleFunction<int[]> quality, double lambda) {
        nested.forEach(meta::check);
        this.meta = meta;
        this.nested = List.copyOf(nested);
        this.cost = cost;
        this.quality = quality;
        this.lambda = lambda;
        if (!(lambda >= 0)) {
            throw new IllegalArgumentException("lambda " + lambda + ", wanted at least 0");
        }
    }

    /// {@return the bounds of cost: those of the sub-graphs with which training began. Of too many, those
    /// nearest to their neighbours (in the logarithm) are left out; where they are too few, the widest gaps are halved}
    ///
    /// @param points how many, at least 1
    public double[] bounds(int points) {
        double most = cost.applyAsDouble(nested.getLast());
        List<Double> bounds = new ArrayList<>(nested.stream().map(cost::applyAsDouble).filter(costs -> costs <= most)
                .distinct().sorted().toList());
        while (bounds.size() > Math.max(2, points)) {
            int nearest = 1;
            for (int k = 2; k < bounds.size() - 1; k++) {
                nearest = bounds.get(k + 1) / bounds.get(k - 1) < bounds.get(nearest + 1) / bounds.get(nearest - 1) ? k
                        : nearest;
            }
            bounds.remove(nearest);
        }
        while (bounds.size() < points) {
            int widest = 1;
            for (int k = 2; k < bounds.size(); k++) {
                widest = bounds.get(k) / bounds.get(k - 1) > bounds.get(widest) / bounds.get(widest - 1) ? k : widest;
            }
            bounds.add(widest, Math.sqrt(bounds.get(widest) * bounds.get(widest - 1)));
        }
        return bounds.stream().skip(bounds.size() - points).mapToDouble(Double::doubleValue).toArray();
    }

    /// Searches.
    ///
    /// @param bounds      bounds of cost, ascending
    /// @param evaluations sub-graphs to measure
    /// @param random      source of chance
    /// @return the points by rising cost and quality; fewer than bounds where points of several bounds are the same or
    ///         dominated
    /// @throws IllegalArgumentException if no sub-graph is as cheap as the first bound
    public List<Candidate> run(double[] bounds, int evaluations, SplittableRandom random) {
        // The best ones are near those with which training began.
        nested.forEach(this::measure);
        measure(meta.smallest());
        for (int i = 0; i < evaluations / 4; i++) {
            measure(Supernet.draw(meta, random));
        }
        // Most vectors are known after a while where the meta-graph is small: then there is nothing more to find.
        for (int tries = 0; known.size() < evaluations && tries < 20 * evaluations; tries++) {
            List<Candidate> parents = best(bounds, random.nextInt(bounds.length));
            if (parents.isEmpty()) {
                measure(Supernet.draw(meta, random));
                continue;
            }
            int[] child = parents.get(random.nextInt(parents.size())).vector();
            if (random.nextInt(3) == 0) {
                List<Candidate> others = best(bounds, random.nextInt(bounds.length));
                int[] other = others.isEmpty() ? child : others.get(random.nextInt(others.size())).vector();
                for (int i = 0; i < child.length; i++) {
                    child[i] = random.nextBoolean() ? child[i] : other[i];
                }
            }
            for (int changes = 1 + random.nextInt(2); changes > 0; changes--) {
                int at = random.nextInt(child.length);
                child[at] = random.nextInt(meta.options(at));
            }
            measure(child);
        }
        return choose(new ArrayList<>(known.values()), bounds, meta, lambda);
    }

    private void measure(int[] vector) {
        known.computeIfAbsent(Arrays.stream(vector).boxed().toList(),
                choices -> new Candidate(choices, cost.applyAsDouble(vector), quality.applyAsDouble(vector)));
    }

    private List<Candidate> best(double[] bounds, int bound) {
        return known.values().stream().filter(c -> c.cost() <= bounds[bound])
                .sorted(Comparator.comparingDouble((Candidate c) -> -c.quality())).limit(KEPT).toList();
    }

    /// {@return the best set of candidates, one for each bound: exactly, by dynamic programming}
    ///
    /// @param candidates what there is to choose from
    /// @param bounds     bounds of cost, ascending
    /// @param meta       says how many nodes differ
    /// @param lambda     what each of them costs, in dB
    static List<Candidate> choose(List<Candidate> candidates, double[] bounds, MetaGraph meta, double lambda) {
        int n = candidates.size();
        double[] score = new double[n];
        int[][] from = new int[bounds.length][n];
        for (int k = 0; k < bounds.length; k++) {
            double[] next = new double[n];
            for (int i = 0; i < n; i++) {
                next[i] = Double.NEGATIVE_INFINITY;
                if (candidates.get(i).cost() > bounds[k]) {
                    continue;
                }
                if (k == 0) {
                    next[i] = candidates.get(i).quality();
                    continue;
                }
                int[] vector = candidates.get(i).vector();
                for (int j = 0; j < n; j++) {
                    if (score[j] == Double.NEGATIVE_INFINITY) {
                        continue;
                    }
                    double total = score[j] + candidates.get(i).quality()
                            - lambda * meta.changedNodes(candidates.get(j).vector(), vector);
                    if (total > next[i]) {
                        next[i] = total;
                        from[k][i] = j;
                    }
                }
            }
            score = next;
        }
        int at = 0;
        for (int i = 1; i < n; i++) {
            at = score[i] > score[at] ? i : at;
        }
        if (n == 0 || score[at] == Double.NEGATIVE_INFINITY) {
            throw new IllegalArgumentException("no sub-graph costs at most " + bounds[0]
                    + ", the first bound; raise it");
        }
        List<Candidate> chosen = new ArrayList<>();
        for (int k = bounds.length - 1; k >= 0; k--) {
            chosen.addFirst(candidates.get(at));
            at = from[k][at];
        }
        return chosen;
    }

    /// {@return points without those that another one dominates or equals, by rising cost and quality}
    ///
    /// @param points points
    public static List<Candidate> withoutDominated(List<Candidate> points) {
        List<Candidate> kept = new ArrayList<>();
        points.stream().distinct().sorted(Comparator.comparingDouble(Candidate::cost)
                .thenComparing(Comparator.comparingDouble(Candidate::quality).reversed())).forEach(point -> {
            if (kept.isEmpty() || point.quality() > kept.getLast().quality() && point.cost() > kept.getLast().cost()) {
                kept.add(point);
            }
        });
        return kept;
    }
}
