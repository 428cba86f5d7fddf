package io.github.fovea.pipeline;

import io.github.fovea.backend.Backend;
import io.github.fovea.backend.Executable;
import io.github.fovea.backend.MachineProfile;
import io.github.fovea.backend.WeightStore;
import io.github.fovea.backend.Workspace;
import io.github.fovea.network.MetaGraph;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/// What the parts of a meta-graph take on this machine: head, tail and enlargement together by width, and a node by
/// width and candidate. A sub-graph's time is their sum.
///
/// A node's time is the difference between networks with and without some of it, so that it holds what a node really
/// costs, fused and in the cache as it is; times of lone kernels do not add up to that. The times are costs of a
/// [MachineProfile] with names of their own, `meta-base`, `meta-conv` and so on, and may be kept in its file.
public final class NodeTimes {
    private static final String BASE = "meta-base";
    /// Nodes that a difference is taken over: as many as networks have. One of four finds more of its rows in the cache,
    /// and its nodes took up to 7 % less than those of networks of fourteen.
    private static final int NODES = 8;
    /// Rounds that are run until none has become faster for this time, because the JVM is still compiling, are not
    /// counted; nor are they many more than the limit allows.
    private static final long STEADY_NANOS = 500_000_000L;
    private static final long LIMIT_NANOS = 6_000_000_000L;
    private static final int LEAST_RUNS = 3;
    /// Faster by less than this is noise.
    private static final double FASTER = 0.98;
    /// Rounds that are counted: so many, or as many as there is time for.
    private static final int MOST_ROUNDS = 60;
    private static final int LEAST_ROUNDS = 9;
    private static final long ROUNDS_NANOS = 6_000_000_000L;

    private NodeTimes() {}

    private static String operation(MetaGraph.Candidate candidate) {
        return "meta-" + candidate.name().toLowerCase(Locale.ROOT);
    }

    /// Channels behind the tail, which tell networks of different scale apart.
    private static int tail(MetaGraph meta) {
        return meta.channels() * meta.scale() * meta.scale();
    }

    /// {@return the times of all parts on one thread}
    ///
    /// @param meta    the meta-graph
    /// @param backend what runs it
    /// @param height  rows of the patch
    /// @param width   pixels in a row of the patch
    public static List<MachineProfile.Cost> measure(MetaGraph meta, Backend backend, int height, int width) {
        MetaGraph chain = new MetaGraph(meta.widths(), NODES, meta.scale(), meta.channels(), 1);
        Map<String, float[]> parameters = new LinkedHashMap<>();
        chain.parameters().forEach((name, shape) -> {
            int elements = 1;
            for (int extent : shape) {
                elements *= extent;
            }
            parameters.put(name, new float[elements]);
        });
        WeightStore weights = backend.weights(chain.parameters(), parameters);
        List<int[]> vectors = new ArrayList<>();
        for (int w = 0; w < meta.widths().size(); w++) {
            for (MetaGraph.Candidate candidate : MetaGraph.Candidate.values()) {
                int[] vector = new int[chain.choices()];
                java.util.Arrays.fill(vector, 1, vector.length, candidate.ordinal());
                vector[0] = w;
                vectors.add(vector);
            }
        }
        long[] nanos = times(chain, vectors, backend, weights, height, width);
        List<MachineProfile.Cost> costs = new ArrayList<>();
        Map<Integer, Long> base = new HashMap<>();
        for (int i = 0; i < vectors.size(); i++) {
            int channels = meta.width(vectors.get(i));
            MetaGraph.Candidate candidate = chain.candidate(vectors.get(i), 0);
            if (candidate == MetaGraph.Candidate.SKIP) {
                base.put(channels, nanos[i]);
                costs.add(new MachineProfile.Cost(BASE, backend.name(), channels, tail(meta), height, width,
                        Math.max(1, nanos[i])));
            } else {
                costs.add(new MachineProfile.Cost(operation(candidate), backend.name(), channels, channels, height,
                        width, Math.max(1, (nanos[i] - base.get(channels)) / NODES)));
            }
        }
        return costs;
    }

    /// {@return the time of sub-graphs on one thread, in nanoseconds: runs are taken in turns, and what the machine's
    /// speed does meanwhile is taken out of them}
    ///
    /// @param meta    the meta-graph
    /// @param vectors the sub-graphs
    /// @param backend what runs them
    /// @param weights weights of the meta-graph
    /// @param height  rows of the patch
    /// @param width   pixels in a row of the patch
    public static long[] times(
            MetaGraph meta, List<int[]> vectors, Backend backend, WeightStore weights, int height, int width) {
        Workspace[] workspaces = new Workspace[vectors.size()];
        for (int i = 0; i < workspaces.length; i++) {
            Executable executable = backend.compile(backend.plan(meta.subGraph(vectors.get(i)), weights), weights);
            executable.warmUp();
            workspaces[i] = executable.newWorkspace();
            workspaces[i].prepare(height, width);
            workspaces[i].run();
        }
        untilSteady(workspaces);
        List<long[]> rounds = new ArrayList<>();
        long end = System.nanoTime() + ROUNDS_NANOS;
        while (rounds.size() < LEAST_ROUNDS || rounds.size() < MOST_ROUNDS && System.nanoTime() < end) {
            rounds.add(round(workspaces));
        }
        return TimesInTurns.typical(rounds);
    }

    private static void untilSteady(Workspace[] workspaces) {
        long[] best = round(workspaces);
        long start = System.nanoTime();
        long improved = start;
        for (int run = 1; run < LEAST_RUNS || System.nanoTime() - improved < STEADY_NANOS
                && System.nanoTime() - start < LIMIT_NANOS; run++) {
            long[] round = round(workspaces);
            for (int i = 0; i < round.length; i++) {
                if (round[i] < FASTER * best[i]) {
                    improved = System.nanoTime();
                }
                best[i] = Math.min(best[i], round[i]);
            }
        }
    }

    private static long[] round(Workspace[] workspaces) {
        long[] nanos = new long[workspaces.length];
        for (int i = 0; i < nanos.length; i++) {
            long before = System.nanoTime();
            workspaces[i].run();
            nanos[i] = Math.max(1, System.nanoTime() - before);
        }
        return nanos;
    }

    /// {@return the predicted time of a sub-graph on one thread, in nanoseconds; empty where a part of it was not
    /// measured}
    ///
    /// @param profile a profile with the times that [#measure] took
    /// @param meta    the meta-graph
    /// @param vector  the choices
    /// @param height  rows of the picture
    /// @param width   pixels in its rows
    public static OptionalDouble predict(MachineProfile profile, MetaGraph meta, int[] vector, int height, int width) {
        meta.check(vector);
        int channels = meta.width(vector);
        OptionalDouble sum = profile.nanos(BASE, channels, tail(meta), height, width);
        for (int i = 0; i < meta.nodes() && sum.isPresent(); i++) {
            MetaGraph.Candidate candidate = meta.candidate(vector, i);
            if (candidate != MetaGraph.Candidate.SKIP) {
                OptionalDouble node = profile.nanos(operation(candidate), channels, channels, height, width);
                sum = node.isPresent() ? OptionalDouble.of(sum.getAsDouble() + node.getAsDouble()) : node;
            }
        }
        return sum;
    }
}
