package io.github.fovea.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class WorkersTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void everyTaskRunsOnce(int threads) {
        try (Workers workers = Workers.ofThreads(threads)) {
            for (int count : new int[] {0, 1, 2, 7, 1000}) {
                AtomicIntegerArray runs = new AtomicIntegerArray(Math.max(1, count));
                workers.run(count, (i, _) -> runs.incrementAndGet(i));
                for (int i = 0; i < count; i++) {
                    assertEquals(1, runs.get(i), "task " + i + " of " + count);
                }
            }
        }
    }

    @Test
    void workerNumbersAreNeverSharedAtOneTime() {
        try (Workers workers = Workers.ofThreads(4)) {
            AtomicIntegerArray inside = new AtomicIntegerArray(4);
            workers.run(5000, (_, worker) -> {
                assertEquals(1, inside.incrementAndGet(worker));
                inside.decrementAndGet(worker);
            });
        }
    }

    @Test
    void theFirstExceptionReachesTheCallerAndEndsTheJob() {
        try (Workers workers = Workers.ofThreads(3)) {
            AtomicInteger runs = new AtomicInteger();
            IllegalStateException thrown = assertThrows(IllegalStateException.class, () -> workers.run(100_000, (i, _) -> {
                runs.incrementAndGet();
                if (i == 10) {
                    throw new IllegalStateException("task ten");
                }
                // All others together would take seconds, so a thread that the system stops before it fails ends the job still.
                LockSupport.parkNanos(100_000);
            }));
            assertEquals("task ten", thrown.getMessage());
            assertTrue(runs.get() < 100_000, "tasks went on after the failure");
            AtomicInteger after = new AtomicInteger();
            workers.run(5, (_, _) -> after.incrementAndGet());
            assertEquals(5, after.get(), "the workers are of use after a failure");
        }
    }

    @Test
    void callersTakeTurns() throws Exception {
        try (Workers workers = Workers.ofThreads(2); ExecutorService callers = Executors.newFixedThreadPool(4)) {
            AtomicInteger jobsInside = new AtomicInteger();
            List<Future<?>> jobs = new ArrayList<>();
            for (int job = 0; job < 40; job++) {
                jobs.add(callers.submit(() -> {
                    AtomicInteger sum = new AtomicInteger();
                    int[] entered = new int[1];
                    workers.run(50, (i, _) -> {
                        synchronized (entered) {
                            if (entered[0]++ == 0) {
                                assertEquals(1, jobsInside.incrementAndGet());
                            }
                            if (entered[0] == 50) {
                                jobsInside.decrementAndGet();
                            }
                        }
                        sum.addAndGet(i);
                    });
                    assertEquals(50 * 49 / 2, sum.get());
                }));
            }
            for (Future<?> job : jobs) {
                job.get(30, TimeUnit.SECONDS);
            }
        }
    }

    /// All threads of the executor are callers themselves: nobody is left to help, and nobody may wait for help.
    @Test
    void aFullExecutorCannotBlockItsOwnCallers() throws Exception {
        try (ExecutorService executor = Executors.newFixedThreadPool(3); Workers workers = Workers.of(executor, 3)) {
            List<Future<Integer>> jobs = new ArrayList<>();
            CountDownLatch allInside = new CountDownLatch(3);
            for (int job = 0; job < 3; job++) {
                jobs.add(executor.submit(() -> {
                    allInside.countDown();
                    allInside.await();
                    AtomicInteger runs = new AtomicInteger();
                    for (int round = 0; round < 20; round++) {
                        workers.run(100, (_, _) -> runs.incrementAndGet());
                    }
                    return runs.get();
                }));
            }
            for (Future<Integer> job : jobs) {
                assertEquals(2000, job.get(30, TimeUnit.SECONDS));
            }
        }
    }

    @Test
    void anExecutorThatRefusesLeavesTheWorkToTheCaller() {
        try (Workers workers = Workers.of(_ -> {
            throw new RejectedExecutionException("no");
        }, 4)) {
            Thread caller = Thread.currentThread();
            workers.run(10, (_, worker) -> {
                assertEquals(0, worker);
                assertEquals(caller, Thread.currentThread());
            });
        }
    }

    /// An executor that cannot make a thread ends the job, and the next one begins as if nothing had been.
    @Test
    void anExecutorThatFailsEndsTheJobOnly() {
        AtomicInteger calls = new AtomicInteger();
        try (ExecutorService pool = Executors.newFixedThreadPool(2); Workers workers = Workers.of(task -> {
            if (calls.incrementAndGet() == 2) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            pool.execute(task);
        }, 3)) {
            assertThrows(OutOfMemoryError.class, () -> workers.run(1000, (_, _) -> Thread.onSpinWait()));
            for (int job = 0; job < 20; job++) {
                AtomicInteger runs = new AtomicInteger();
                workers.run(100, (_, _) -> runs.incrementAndGet());
                assertEquals(100, runs.get());
            }
        }
    }

    @Test
    void closedWorkersRefuseAndTheirThreadsEnd() throws InterruptedException {
        List<Thread> seen = java.util.Collections.synchronizedList(new ArrayList<>());
        Workers workers = Workers.ofThreads(2);
        CountDownLatch both = new CountDownLatch(2);
        workers.run(2, (_, _) -> {
            seen.add(Thread.currentThread());
            both.countDown();
            try {
                both.await(20, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        workers.close();
        assertThrows(IllegalStateException.class, () -> workers.run(1, (_, _) -> { }));
        for (Thread thread : seen) {
            if (thread != Thread.currentThread()) {
                assertTrue(thread.join(Duration.ofSeconds(20)), "the worker thread goes on after close");
            }
        }
    }

    /// An interrupted caller waits for the others' tasks all the same, without keeping its processor busy, and is still
    /// interrupted after.
    @Test
    void anInterruptedCallerWaitsForTheOthers() {
        try (Workers workers = Workers.ofThreads(2)) {
            CountDownLatch both = new CountDownLatch(2);
            AtomicInteger done = new AtomicInteger();
            Thread.currentThread().interrupt();
            workers.run(2, (_, worker) -> {
                both.countDown();
                while (both.getCount() > 0) {
                    Thread.onSpinWait();
                }
                if (worker == 1) {
                    LockSupport.parkNanos(2_000_000);
                }
                done.incrementAndGet();
            });
            assertEquals(2, done.get());
            assertTrue(Thread.interrupted(), "the interruption is kept");
        }
    }

    @Test
    void impossibleNumbersOfThreadsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> Workers.ofThreads(0));
        assertThrows(IllegalArgumentException.class, () -> Workers.ofThreads(1025));
    }
}
