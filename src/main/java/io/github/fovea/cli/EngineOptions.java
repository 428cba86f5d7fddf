package io.github.fovea.cli;

import io.github.fovea.UpscalerOptions;
import io.github.fovea.backend.Backend;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The options of every command that runs a network.
final class EngineOptions {
    /// Most threads that any command takes.
    static final int MAX_THREADS = 1024;

    @Mixin
    private KernelOptions kernels;

    @Option(names = "--threads", paramLabel = "N", description = "Threads (default: the number of processors).")
    private Integer threads;

    @Option(names = "--max-memory", paramLabel = "SIZE", converter = SizeConverter.class,
            description = "Bound of the network's working memory, such as 200M (default: a sixteenth of the heap).")
    private Long maxMemoryBytes;

    /// {@return the backend asked for}
    Backend backend() {
        return kernels.backend();
    }

    /// {@return the backend asked for}
    ///
    /// @param length how much there is to enlarge
    Backend backend(RunLength length) {
        return kernels.backend(length);
    }

    /// {@return threads asked for}
    int threads() {
        OptionRange.check("--threads", threads, 1, MAX_THREADS);
        return threads == null ? UpscalerOptions.defaults().threads() : threads;
    }

    /// {@return bytes of working memory allowed}
    long maxMemoryBytes() {
        return maxMemoryBytes == null ? UpscalerOptions.defaults().maxMemoryBytes() : maxMemoryBytes;
    }
}
