package io.github.fovea.pipeline;

import io.github.fovea.backend.WorkingMemory;
import java.util.List;

/// What runs of some kinds take of the worker threads' memory, in bytes. Memory that has grown stays, so that runs of
/// several kinds one after the other take of each thread the most that any of them takes of it; the most of their sums
/// would be less than that.
///
/// @param first   bytes of the first thread, in whose memory a tile lies that all threads compute together
/// @param other   bytes of each other thread
/// @param workers how many threads there are, at least 1
public record WorkerBytes(long first, long other, int workers) {
    /// {@return what tiles of one thread each take}
    ///
    /// @param bytes   bytes of a thread
    /// @param workers how many threads there are
    static WorkerBytes each(long bytes, int workers) {
        return new WorkerBytes(bytes, bytes, workers);
    }

    /// {@return what these runs and others take, in any order}
    ///
    /// @param others the others, on the same threads
    public WorkerBytes max(WorkerBytes others) {
        return new WorkerBytes(Math.max(first, others.first), Math.max(other, others.other),
                Math.max(workers, others.workers));
    }

    /// {@return bytes of all threads; [Long#MAX_VALUE] if they overflow}
    public long total() {
        try {
            return Math.addExact(first, Math.multiplyExact(other, workers - 1L));
        } catch (ArithmeticException e) {
            return Long.MAX_VALUE;
        }
    }

    /// Gives memory back before a run that would exceed a bound beside what runs of other kinds have left: runs of
    /// each kind stay within the bound, and of two kinds one may want a large first thread, the other large others. For
    /// the caller's thread, while no worker runs. Allocates nothing.
    ///
    /// @param memory the memory of every thread
    /// @param first  bytes that the run takes of the first thread
    /// @param other  bytes that it takes of each other thread
    /// @param bound  bound of all threads together, in bytes
    static void makeRoom(List<WorkingMemory> memory, long first, long other, long bound) {
        long left = bound;
        for (int i = 0; i < memory.size() && left >= 0; i++) {
            left -= Math.max(memory.get(i).bytes(), i == 0 ? first : other);
        }
        for (int i = 0; i < memory.size() && left < 0; i++) {
            memory.get(i).release();
        }
    }
}
