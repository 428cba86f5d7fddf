package io.github.fovea.pipeline;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/// Runs the numbered tasks of one job on a fixed number of threads, the caller's own among them. Tasks begin in order
/// of their numbers.
///
/// Who waits looks around for a few microseconds and then sleeps: the next job and the end of the others' tasks are
/// often that near, and waking a thread takes longer. An engine whose threads spin on collapses when another process
/// takes a core. A job allocates nothing when the threads are this object's own, and their callers do not meet. Jobs of
/// several callers take turns.
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

    /// How long who waits looks around before it sleeps.
    private static final long LOOK_NANOS = 20_000;
    /// Added to [#gate] when a job takes no further helpers in.
    private static final int SHUT = Integer.MIN_VALUE;

    private final int threads;
    private final Executor executor;
    private final Runnable helper = this::help;
    /// This object's own threads; empty with an executor.
    private final Thread[] own;

    /// Held by the caller whose job is running.
    private final ReentrantLock turn = new ReentrantLock(true);
    /// Jobs begun so far; written when a job is there to be entered.
    private volatile int jobs;
    private volatile boolean closed;

    /// Helpers inside the running job. What is below is the job's, and is read by helpers inside it only.
    private final AtomicInteger gate = new AtomicInteger(SHUT);
    /// For each worker but the caller, 1 while a helper has its number.
    private final AtomicIntegerArray taken;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private Task task;
    private int count;
    private Thread caller;

    private Workers(int threads, Executor executor) {
        if (threads < 1 || threads > 1024) {
            throw new IllegalArgumentException(threads + " threads, wanted 1 to 1024");
        }
        this.threads = threads;
        this.executor = executor;
        taken = new AtomicIntegerArray(threads);
        own = new Thread[executor == null ? threads - 1 : 0];
        for (int i = 0; i < own.length; i++) {
            own[i] = new Thread(this::serve, "fovea-" + (i + 1));
            own[i].setDaemon(true);
            own[i].start();
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

    /// Runs tasks `0` to `count - 1` and returns when all are done. After a task has thrown, no further task starts and
    /// the first exception is thrown to the caller.
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
        if (closed) {
            throw new IllegalStateException("the upscaler whose threads these are is closed; open another");
        }
        task = body;
        count = tasks;
        caller = Thread.currentThread();
        failure.set(null);
        next.set(0);
        gate.set(0);
        jobs++;
        int helpers = Math.min(tasks, threads) - 1;
        for (int i = 0; i < helpers; i++) {
            if (executor == null) {
                LockSupport.unpark(own[i]);
                continue;
            }
            try {
                executor.execute(helper);
            } catch (RejectedExecutionException e) {
                break; // the caller's thread does the rest
            } catch (RuntimeException | Error e) {
                // Helpers may be inside already, and the next job must not find them there: this one ends as any other.
                failure.compareAndSet(null, e);
                next.set(tasks);
                break;
            }
        }
    }

    /// Lets no further helper in and waits for those inside. A helper that still sits in the executor's queue is not
    /// waited for: the executor's threads may all be callers that wait for their turn.
    private Throwable end() {
        boolean interrupted = false;
        if (gate.addAndGet(SHUT) != SHUT) {
            long begin = System.nanoTime();
            while (gate.get() != SHUT) {
                if (System.nanoTime() - begin < LOOK_NANOS) {
                    Thread.onSpinWait();
                } else {
                    LockSupport.park();
                    interrupted |= Thread.interrupted();
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        task = null;
        return failure.get();
    }

    /// Takes part in the running job, if there is one and a place is free.
    private void help() {
        int inside = gate.get();
        while (inside >= 0 && !gate.compareAndSet(inside, inside + 1)) {
            inside = gate.get();
        }
        if (inside < 0) {
            return;
        }
        int worker = 1;
        while (worker < threads && !taken.compareAndSet(worker, 0, 1)) {
            worker++;
        }
        if (worker < threads) {
            drain(task, count, worker);
            taken.set(worker, 0);
        }
        Thread waiting = caller;
        if (gate.decrementAndGet() == SHUT) {
            LockSupport.unpark(waiting);
        }
    }

    private void drain(Task body, int end, int worker) {
        for (int i = next.getAndIncrement(); i < end; i = next.getAndIncrement()) {
            try {
                body.run(i, worker);
            } catch (Throwable t) {
                failure.compareAndSet(null, t);
                next.set(end);
            }
        }
    }

    private void serve() {
        int seen = 0;
        long begin = System.nanoTime();
        while (!closed) {
            if (jobs != seen) {
                seen = jobs;
                help();
                begin = System.nanoTime();
            } else if (System.nanoTime() - begin < LOOK_NANOS) {
                Thread.onSpinWait();
            } else {
                LockSupport.park();
                Thread.interrupted(); // nobody else's threads: an interruption means nothing here
            }
        }
    }

    /// Ends this object's own threads once the running job is done; an executor of the caller's stays as it is.
    @Override
    public void close() {
        turn.lock();
        try {
            closed = true;
            for (Thread thread : own) {
                LockSupport.unpark(thread);
            }
        } finally {
            turn.unlock();
        }
    }
}
