package io.github.fovea.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.graph.Graph;
import io.github.fovea.kernel.KernelTable;
import io.github.fovea.pipeline.Workers;
import io.github.fovea.plan.Plan;
import io.github.fovea.plan.RandomGraphs;
import io.github.fovea.plan.WindowPlan;
import io.github.fovea.tensor.TensorView;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
class SharedRunTest {
    /// Threads that share a run compute what one computes, bit for bit; every row is read and written once.
    @ParameterizedTest
    @CsvSource({"scalar, 2", "vector, 2", "vector, 5"})
    void threadsTogetherEqualOne(String name, int threads) {
        SplittableRandom random = new SplittableRandom(31 + threads);
        KernelTable table = ((CpuBackend) Backends.require(name)).table();
        try (Workers workers = Workers.ofThreads(threads)) {
            for (int round = 0; round < 14; round++) {
                Graph graph = RandomGraphs.draw(random, random.nextInt(1, 16));
                Plan plan = new CpuBackend(table).plan(graph);
                boolean depthFirst = round % 2 == 1 && !plan.steps().isEmpty();
                CpuExecutable executable = new CpuExecutable(plan,
                        new WeightStore(table, graph.parameters(), RandomGraphs.parameters(graph, random)),
                        plan.steps().isEmpty() ? null : WindowPlan.of(plan, plan.rowAlignment() * random.nextInt(1, 20)),
                        (_, _) -> depthFirst);
                List<WorkingMemory> memory = Stream.generate(WorkingMemory::new).limit(threads).toList();
                Workspace one = executable.newWorkspace();
                Workspace together = executable.newWorkspace(memory.getFirst());
                for (int repeat = 0; repeat < 2; repeat++) {
                    Pictures run = new Pictures(plan, random.nextInt(1, 50), random.nextInt(1, 20), random);
                    one.prepare(run.height, run.width);
                    one.run(run::read, run::write);
                    float[] wanted = run.result.clone();
                    run.forget();
                    together.prepare(run.height, run.width);
                    Arrays.fill(memory.getLast().data(), Float.NaN);
                    workers.run(together.share(threads, run::read, run::write),
                            (part, worker) -> together.runPart(part, memory.get(worker)));
                    String what = "round " + round + ", " + run.height + "x" + run.width + ", " + graph.nodes();
                    assertArrayEquals(wanted, run.result, what);
                    run.assertRows(what);
                }
            }
        }
    }

    /// Whoever waits for a part that failed does not wait for ever, and the next run is as good as any.
    @Test
    void aPartThatFailsEndsTheRun() {
        SplittableRandom random = new SplittableRandom(5);
        Graph graph = RandomGraphs.draw(random, 12);
        KernelTable table = ((CpuBackend) Backends.require("scalar")).table();
        Plan plan = new CpuBackend(table).plan(graph);
        Workspace workspace = new CpuBackend(table).compile(plan, RandomGraphs.parameters(graph, random))
                .newWorkspace(new WorkingMemory());
        List<WorkingMemory> memory = Stream.generate(WorkingMemory::new).limit(3).toList();
        Pictures run = new Pictures(plan, 40, 9, random);
        try (Workers workers = Workers.ofThreads(3)) {
            workspace.prepare(run.height, run.width);
            int failing = workspace.share(3, (_, begin, _) -> {
                if (begin > 0) {
                    throw new IllegalStateException("no rows from " + begin);
                }
            }, run::write);
            IllegalStateException thrown = assertThrows(IllegalStateException.class,
                    () -> workers.run(failing, (part, worker) -> workspace.runPart(part, memory.get(worker))));
            assertTrue(thrown.getMessage().startsWith("no rows from"), thrown.getMessage());
            run.forget();
            workers.run(workspace.share(3, run::read, run::write),
                    (part, worker) -> workspace.runPart(part, memory.get(worker)));
            run.assertRows("the run after");
        }
    }

    /// Scalar kernels, because vector code allocates until it is compiled.
    @Test
    void aSharedRunAllocatesNothing() {
        SplittableRandom random = new SplittableRandom(6);
        Graph graph = RandomGraphs.draw(random, 12);
        KernelTable table = ((CpuBackend) Backends.require("scalar")).table();
        Plan plan = new CpuBackend(table).plan(graph);
        List<WorkingMemory> memory = Stream.generate(WorkingMemory::new).limit(2).toList();
        Workspace workspace = new CpuBackend(table).compile(plan, RandomGraphs.parameters(graph, random))
                .newWorkspace(memory.getFirst());
        RowReader reader = (_, _, _) -> { };
        RowWriter writer = (_, _, _) -> { };
        Workers.Task part = (index, worker) -> workspace.runPart(index, memory.get(worker));
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long[] ids = new long[2];
        try (Workers workers = Workers.ofThreads(2)) {
            CountDownLatch both = new CountDownLatch(2);
            workers.run(2, (_, worker) -> {
                ids[worker] = Thread.currentThread().threadId();
                both.countDown();
                while (both.getCount() > 0) {
                    Thread.onSpinWait();
                }
            });
            workspace.prepare(40, 20);
            for (int round = 0; round < 2; round++) {
                long before = Arrays.stream(threads.getThreadAllocatedBytes(ids)).sum();
                for (int i = 0; i < 50; i++) {
                    workspace.prepare(40, 20);
                    workers.run(workspace.share(2, reader, writer), part);
                }
                long bytes = Arrays.stream(threads.getThreadAllocatedBytes(ids)).sum() - before;
                // The first round grows the memory and loads classes; asking for the figure allocates a little itself.
                assertTrue(round == 0 || bytes < 50 * 16, bytes + " bytes in 50 runs");
            }
        }
    }

    /// A picture and what came out of it; safe for threads that ask for different rows.
    private static final class Pictures {
        final int height;
        final int width;
        final float[] result;
        private final float[] picture;
        private final AtomicIntegerArray read;
        private final AtomicIntegerArray written;

        Pictures(Plan plan, int height, int width, SplittableRandom random) {
            this.height = height;
            this.width = width;
            picture = new float[plan.graph().inputChannels() * height * width];
            for (int i = 0; i < picture.length; i++) {
                picture[i] = (float) random.nextDouble(-1, 1);
            }
            int scale = plan.scale();
            result = new float[plan.graph().outputChannels() * height * width * scale * scale];
            read = new AtomicIntegerArray(height);
            written = new AtomicIntegerArray(height * scale);
        }

        void forget() {
            Arrays.fill(result, Float.NaN);
            for (int i = 0; i < written.length(); i++) {
                written.set(i, 0);
                read.set(i % height, 0);
            }
        }

        void read(TensorView into, int begin, int end) {
            for (int y = begin; y < end; y++) {
                read.incrementAndGet(y);
                for (int c = 0; c < into.channels(); c++) {
                    System.arraycopy(picture, (c * height + y) * width, into.data(), into.index(c, y, 0), width);
                }
            }
        }

        void write(TensorView from, int begin, int end) {
            for (int y = begin; y < end; y++) {
                written.incrementAndGet(y);
                for (int c = 0; c < from.channels(); c++) {
                    System.arraycopy(from.data(), from.index(c, y, 0), result, (c * from.height() + y) * from.width(),
                            from.width());
                }
            }
        }

        void assertRows(String what) {
            for (int y = 0; y < height; y++) {
                assertEquals(1, read.get(y), what + ", read row " + y);
            }
            for (int y = 0; y < written.length(); y++) {
                assertEquals(1, written.get(y), what + ", written row " + y);
            }
        }
    }
}
