package io.github.fovea.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.graph.Graph;
import io.github.fovea.network.Networks;
import io.github.fovea.plan.Plan;
import io.github.fovea.plan.RandomGraphs;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Memory that is given back is free: nothing holds its array any more.
class WorkingMemoryTest {
    private static final Graph GRAPH = Networks.named("collapsed-f16-n1", 2, 1);
    private static final Map<String, float[]> PARAMETERS = RandomGraphs.parameters(GRAPH, new SplittableRandom(3));
    private static final Backend BACKEND = Backends.require("scalar");
    private static final Plan PLAN = BACKEND.plan(GRAPH);
    /// Rows and columns of a picture whose layers run one after the other, and of one that runs depth first.
    private static final int[] SMALL = {24, 30};
    private static final int[] LARGE = {400, 300};

    /// Workspaces in one memory whose latest runs were of all kinds: layer by layer, depth first with readers and writers, and
    /// depth first on whole tensors.
    private static List<Workspace> used(WorkingMemory memory) {
        assertTrue(!PLAN.depthFirst(SMALL[0], SMALL[1]) && PLAN.depthFirst(LARGE[0], LARGE[1]));
        Executable executable = BACKEND.compile(PLAN, PARAMETERS);
        List<Workspace> all = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            all.add(executable.newWorkspace(memory));
        }
        // The largest first: the others find room, and all have laid their tensors into one array.
        all.get(0).prepare(LARGE[0], LARGE[1]);
        all.get(0).run((_, _, _) -> { }, (_, _, _) -> { });
        all.get(1).prepare(SMALL[0], SMALL[1]);
        all.get(1).run();
        all.get(2).prepare(LARGE[0], LARGE[1]);
        all.get(2).run();
        return all;
    }

    private static void assertCollected(WeakReference<float[]> array, String what) throws InterruptedException {
        for (int i = 0; i < 100 && array.get() != null; i++) {
            System.gc();
            Thread.sleep(10);
        }
        assertTrue(array.get() == null, what);
    }

    @Test
    void whatIsReleasedIsHeldByNoWorkspace() throws InterruptedException {
        WorkingMemory memory = new WorkingMemory();
        List<Workspace> workspaces = used(memory);
        WeakReference<float[]> array = new WeakReference<>(memory.data());
        assertNotNull(array.get());
        memory.release();
        assertEquals(0, memory.bytes());
        assertCollected(array, "a workspace holds what was released");
        for (Workspace workspace : workspaces) {
            assertThrows(IllegalStateException.class, workspace::run);
            workspace.prepare(SMALL[0], SMALL[1]);
            workspace.run();
        }
        assertEquals(PLAN.peakBytes(SMALL[0], SMALL[1]), memory.bytes());
    }

    @Test
    void memoryThatGrowsLeavesNothingBehind() throws InterruptedException {
        WorkingMemory memory = new WorkingMemory();
        List<Workspace> workspaces = used(memory);
        WeakReference<float[]> array = new WeakReference<>(memory.data());
        workspaces.get(1).prepare(LARGE[0], 2 * LARGE[1]);
        assertTrue(memory.bytes() > PLAN.peakBytes(LARGE[0], LARGE[1]));
        assertCollected(array, "a workspace holds the smaller array");
        workspaces.get(1).run();
        workspaces.get(0).prepare(LARGE[0], LARGE[1]);
        workspaces.get(0).run();
    }

    @Test
    void aWorkspaceThatIsReleasedHoldsNoWholePicturesEither() throws InterruptedException {
        WorkingMemory memory = new WorkingMemory();
        Workspace workspace = used(memory).get(2);
        WeakReference<float[]> planes = new WeakReference<>(workspace.input().data());
        workspace.release();
        assertEquals(0, workspace.bytes());
        assertCollected(planes, "a view holds the whole input");
    }

    /// A memory outlives the networks that used it.
    @Test
    void workspacesThatNobodyUsesAreNotKept() throws InterruptedException {
        WorkingMemory memory = new WorkingMemory();
        WeakReference<Workspace> workspace = new WeakReference<>(used(memory).getFirst());
        for (int i = 0; i < 100 && workspace.get() != null; i++) {
            System.gc();
            Thread.sleep(10);
        }
        assertTrue(workspace.get() == null, "a workspace is held by its memory");
    }
}
