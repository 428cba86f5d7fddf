package io.github.fovea.cli;

import io.github.fovea.BackendChoice;
import io.github.fovea.UpscalerOptions;
import io.github.fovea.backend.Backend;
import io.github.fovea.backend.Backends;
import picocli.CommandLine.Option;

/// The options of every command that runs a network.
final class EngineOptions {
    @Option(names = "--backend", paramLabel = "NAME", defaultValue = "auto",
            description = "Kernels: auto, vector or scalar (default: ${DEFAULT-VALUE}).")
    private BackendChoice backend;

    @Option(names = "--threads", paramLabel = "N", description = "Threads (default: the number of processors).")
    private Integer threads;

    @Option(names = "--max-memory", paramLabel = "SIZE", converter = SizeConverter.class,
            description = "Bound of the network's working memory, such as 200M (default: a sixteenth of the heap).")
    private Long maxMemoryBytes;

    /// {@return the backend asked for}
    Backend backend() {
        return switch (backend) {
            case AUTO -> Backends.automatic();
            case VECTOR -> Backends.require("vector");
            case SCALAR -> Backends.require("scalar");
        };
    }

    /// {@return threads asked for}
    int threads() {
        return threads == null ? UpscalerOptions.defaults().threads() : checked(threads);
    }

    private static int checked(int threads) {
        if (threads < 1 || threads > 1024) {
            throw new IllegalArgumentException("--threads " + threads + ", wanted 1 to 1024");
        }
        return threads;
    }

    /// {@return bytes of working memory allowed}
    long maxMemoryBytes() {
        return maxMemoryBytes == null ? UpscalerOptions.defaults().maxMemoryBytes() : maxMemoryBytes;
    }
}
