package io.github.fovea;

import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;

/// How an [Upscaler] uses the machine. Immutable; start from [#defaults()] and change what matters.
///
/// @param backend        which kernels run the network; default [BackendChoice#AUTO]
/// @param threads        threads that work on one picture or frame, the caller's included, 1 to 1024; default the
///                       number of processors
/// @param maxMemoryBytes bound of the network's working memory over all threads; default a sixteenth of the largest
///                       heap. Pictures themselves are not counted
/// @param executor       runs the helpers of a job; empty (the default) means daemon threads that the upscaler starts
///                       and ends itself
public record UpscalerOptions(BackendChoice backend, int threads, long maxMemoryBytes, Optional<Executor> executor) {
    /// Checks the ranges.
    public UpscalerOptions {
        Objects.requireNonNull(backend, "backend");
        Objects.requireNonNull(executor, "executor");
        if (threads < 1 || threads > 1024) {
            throw new IllegalArgumentException(threads + " threads, wanted 1 to 1024");
        }
        if (maxMemoryBytes < 1) {
            throw new IllegalArgumentException("a memory bound of " + maxMemoryBytes + " bytes, wanted at least 1");
        }
    }

    /// {@return the defaults}
    public static UpscalerOptions defaults() {
        return new UpscalerOptions(BackendChoice.AUTO, Math.min(1024, Runtime.getRuntime().availableProcessors()),
                Math.max(1, Runtime.getRuntime().maxMemory() / 16), Optional.empty());
    }

    /// {@return these options with another backend}
    ///
    /// @param newBackend which kernels run the network
    public UpscalerOptions withBackend(BackendChoice newBackend) {
        return new UpscalerOptions(newBackend, threads, maxMemoryBytes, executor);
    }

    /// {@return these options with another number of threads}
    ///
    /// @param newThreads threads that work on one picture or frame, 1 to 1024
    public UpscalerOptions withThreads(int newThreads) {
        return new UpscalerOptions(backend, newThreads, maxMemoryBytes, executor);
    }

    /// {@return these options with another bound of the network's working memory}
    ///
    /// @param newMaxMemoryBytes bytes over all threads, at least 1
    public UpscalerOptions withMaxMemoryBytes(long newMaxMemoryBytes) {
        return new UpscalerOptions(backend, threads, newMaxMemoryBytes, executor);
    }

    /// {@return these options with the caller's executor, which stays open when the upscaler is closed}
    ///
    /// @param newExecutor runs the helpers of a job
    public UpscalerOptions withExecutor(Executor newExecutor) {
        return new UpscalerOptions(backend, threads, maxMemoryBytes, Optional.of(Objects.requireNonNull(newExecutor, "executor")));
    }
}
