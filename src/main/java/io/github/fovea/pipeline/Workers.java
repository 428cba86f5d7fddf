package io.github.fovea.pipeline;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Runs the numbered tasks of one job on a fixed number of threads, the caller's own among them.
///
/// Idle threads sleep, they never spin: an engine whose threads spin collapses when another process takes a core. A job
/// allocates nothing when the threads are this object's own. Jobs of several callers take turns.
public final class Workers implements AutoCloseable {
    /// One numbered task of a job.
    @FunctionalInterface
    public interface Task {
        /// Does the task.
        ///
        /// @param index  number of the task, from 0
        /// @param worker number of the thread that runs it, 0 to `threads() - 1`: index of its private workspace
        void run(int index, int worker);
    }

    private final int threads;
    private final Executor executor;
    private final Runnable helper = this::help;

    /// Held by the caller whose job is running.
    private final ReentrantLock turn = new ReentrantLock(true);
    /// Guards the fields below it.
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition jobStarted = lock.newCondition();
    private final Condition helperLeft = lock.newCondition();
    private final boolean[] taken;
    private Task task;
    private int count;
    private long generation;
    private int inside;
    private boolean closed;
    private Throwable failure;

    private final AtomicInteger next = new AtomicInteger();

    private Workers(int threads, Executor executor) {
        if (threads < 1 || threads > 1024) {
            throw new IllegalArgumentException(threads + " threads, wanted 1 to 1024");
        }
        this.threads = threads;
        this.executor = executor;
        taken = new boolean[threads];
        for (int i = 1; executor == null && i < threads; i++) {
            Thread thread = new Thread(this::serve, "fovea-" + i);
            thread.setDaemon(true);
            thread.start();
        }
    }

    /// {@return workers with daemon threads of their own, started at once and ended by [#close]}
    ///
    /// @param threads number of threads, the caller's included, 1 to 1024
    public static Workers ofThreads(int threads) {
        return new Workers(threads, null);
    }

    /// {@return workers that borrow the threads of an executor, which stays open}
    ///
    /// A task never waits for the executor: what it doesn't take up, the caller does itself.
    ///
    /// @param executor runs up to `threads - 1` helpers at a time
    /// @param threads  number of threads, the caller's included, 1 to 1024
    public static Workers of(Executor executor, int threads) {
        return new Workers(threads, java.util.Objects.requireNonNull(executor, "executor"));
    }

    /// {@return the number of threads, the caller's included}
    public int threads() {
        return threads;
    }

    /// Runs tasks `0` to `count - 1` and returns when all are done. After a task has thrown, no further task starts and the
    /// first exception is thrown to the caller.
    ///
    /// @param count number of tasks
    /// @param task  what to do for each
    public void run(int count, Task task) {
        turn.lock();
        try {
            begin(count, task);
            drain(task, count, 0);
            Throwable thrown = end();
            if (thrown instanceof RuntimeException e) {
                throw e;
            } else if (thrown instanceof Error e) {
                throw e;
            }
        } finally {
            turn.unlock();
        }
    }

    private void begin(int tasks, Task body) {
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("the workers are closed");
            }
            task = body;
            count = tasks;
            failure = null;
            next.set(0);
            generation++;
            jobStarted.signalAll();
        } finally {
            lock.unlock();
        }
        for (int i = 1; executor != null && i < Math.min(tasks, threads); i++) {
            try {
                executor.execute(helper);
            } catch (RejectedExecutionException e) {
                break; // the caller's thread does the rest
            }
        }
    }

    /// Lets no further helper in and waits for those inside. A helper that still sits in the executor's queue is not waited
    /// for: the executor's threads may all be callers that wait for their turn.
    private Throwable end() {
        lock.lock();
        try {
            task = null;
            while (inside > 0) {
                helperLeft.awaitUninterruptibly();
            }
            return failure;
        } finally {
            lock.unlock();
        }
    }

    /// Takes part in the running job, if there is one and a place is free.
    private void help() {
        Task body;
        int end;
        int worker = 1;
        lock.lock();
        try {
            body = task;
            end = count;
            if (body == null || next.get() >= end || inside >= threads - 1) {
                return;
            }
            while (taken[worker]) {
                worker++;
            }
            taken[worker] = true;
            inside++;
        } finally {
            lock.unlock();
        }
        drain(body, end, worker);
        lock.lock();
        try {
            taken[worker] = false;
            inside--;
            if (inside == 0) {
                helperLeft.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private void drain(Task body, int end, int worker) {
        for (int i = next.getAndIncrement(); i < end; i = next.getAndIncrement()) {
            try {
                body.run(i, worker);
            } catch (Throwable t) {
                next.set(end);
                lock.lock();
                try {
                    failure = failure == null ? t : failure;
                } finally {
                    lock.unlock();
                }
            }
        }
    }

    private void serve() {
        long seen = 0;
        while (true) {
            lock.lock();
            try {
                while (generation == seen && !closed) {
                    jobStarted.awaitUninterruptibly();
                }
                if (closed) {
                    return;
                }
                seen = generation;
            } finally {
                lock.unlock();
            }
            help();
        }
    }

    /// Ends this object's own threads once the running job is done; an executor of the caller's stays as it is.
    @Override
    public void close() {
        turn.lock();
        lock.lock();
        try {
            closed = true;
            jobStarted.signalAll();
        } finally {
            lock.unlock();
            turn.unlock();
        }
    }
}
