package io.github.fovea.train;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;

/// A fixed number of threads, the caller among them, that do one piece of work each and wait for one another.
final class WorkerTeam implements AutoCloseable {
    private final int members;
    private final ExecutorService others;

    /// Starts the threads.
    WorkerTeam(int members) {
        this.members = members;
        others = members == 1 ? null : Executors.newFixedThreadPool(members - 1,
                Thread.ofPlatform().name("fovea-train-", 1).daemon().factory());
    }

    int members() {
        return members;
    }

    /// Runs `work` once per member, with the member's index; returns when all are done.
    void run(IntConsumer work) {
        List<Future<?>> running = new ArrayList<>();
        for (int i = 1; i < members; i++) {
            int member = i;
            running.add(others.submit(() -> work.accept(member)));
        }
        try {
            work.accept(0);
        } finally {
            for (Future<?> future : running) {
                await(future);
            }
        }
    }

    private static void await(Future<?> future) {
        boolean interrupted = false;
        while (true) {
            try {
                future.get();
                break;
            } catch (InterruptedException _) {
                interrupted = true;
            } catch (ExecutionException e) {
                if (e.getCause() instanceof RuntimeException cause) {
                    throw cause;
                }
                throw new IllegalStateException("a training thread failed", e.getCause());
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        if (others != null) {
            others.shutdown();
        }
    }
}
