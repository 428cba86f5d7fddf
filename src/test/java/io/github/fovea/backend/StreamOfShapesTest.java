package io.github.fovea.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import io.github.fovea.arena.Packing;
import io.github.fovea.graph.Graph;
import io.github.fovea.network.Networks;
import io.github.fovea.plan.Placement;
import io.github.fovea.plan.Plan;
import io.github.fovea.plan.RandomGraphs;
import java.lang.management.ManagementFactory;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/// A stream whose patches all have different shapes is planned once. Isolated, because the counter is the JVM's.
@Isolated
class StreamOfShapesTest {
    private static final int ROUNDS = 10;
    private static final int SHAPES = 200;

    @Test
    void twoHundredShapesArePlannedOnceAndAllocateNothing() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Backend backend = Backends.require("scalar");
        Graph graph = Networks.named("wdsr-f16-n4", 2, 1);
        long before = Packing.planned();
        Plan plan = backend.plan(graph);
        Workspace workspace = backend.compile(plan, RandomGraphs.parameters(graph, new SplittableRandom(1)))
                .newWorkspace();
        assertEquals(before + 1, Packing.planned());
        Placement placement = plan.memory().newPlacement();
        workspace.prepare(120, 120);
        int[][] shapes = shapes();
        // The first round may load classes, and code that the JVM gives up gives its objects back to the heap, at some time or
        // other; what allocates does so in every round.
        long allocated = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS && allocated > 0; round++) {
            long begun = threads.getCurrentThreadAllocatedBytes();
            for (int[] shape : shapes) {
                workspace.prepare(shape[0], shape[1]);
                placement.place(shape[0], shape[1]);
            }
            allocated = threads.getCurrentThreadAllocatedBytes() - begun;
        }
        assertEquals(0, allocated, "bytes for " + SHAPES + " shapes");
        assertEquals(before + 1, Packing.planned());
    }

    private static int[][] shapes() {
        SplittableRandom random = new SplittableRandom(2);
        int[][] shapes = new int[SHAPES][];
        Set<Integer> seen = new HashSet<>();
        for (int i = 0; i < SHAPES; i++) {
            do {
                shapes[i] = new int[] {random.nextInt(1, 121), random.nextInt(1, 121)};
            } while (!seen.add(1000 * shapes[i][0] + shapes[i][1]));
        }
        return shapes;
    }
}
