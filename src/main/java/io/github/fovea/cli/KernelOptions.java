package io.github.fovea.cli;

import io.github.fovea.BackendChoice;
import io.github.fovea.backend.Backend;
import io.github.fovea.backend.Backends;
import io.github.fovea.backend.CpuBackend;
import io.github.fovea.backend.Lookup;
import picocli.CommandLine.Option;

/// The options that say whose kernels run a network.
final class KernelOptions {
    private static final String STRICT_VECTOR = "vector-strict";

    @Option(names = "--backend", paramLabel = "NAME", defaultValue = "auto",
            description = "Kernels: auto, vector or scalar (default: ${DEFAULT-VALUE}).")
    private BackendChoice backend;

    @Option(names = "--accuracy", paramLabel = "NAME", defaultValue = "fast",
            description = "fast, or strict: kernels without transforms, as exact as sums in float are (default: "
                    + "${DEFAULT-VALUE}).")
    private Accuracy accuracy;

    /// How exact kernels are.
    private enum Accuracy { FAST, STRICT }

    /// {@return the backend asked for}
    Backend backend() {
        return backend(RunLength.LONG);
    }

    /// {@return the backend asked for}
    ///
    /// @param length how much there is to enlarge
    Backend backend(RunLength length) {
        boolean strict = accuracy == Accuracy.STRICT;
        return switch (backend) {
            case AUTO -> strict ? automaticStrict() : automatic(length);
            case VECTOR -> Backends.require(strict ? STRICT_VECTOR : "vector");
            case SCALAR -> Backends.require("scalar");
        };
    }

    /// {@return the backend of a command that asks for none}
    ///
    /// @param length how much there is to enlarge
    static Backend automatic(RunLength length) {
        return switch (length) {
            case QUICK -> Backends.forQuickStarts();
            case SHORT -> Backends.forShortRuns();
            case LONG -> Backends.automatic();
        };
    }

    private static Backend automaticStrict() {
        return switch (Backends.find(STRICT_VECTOR)) {
            case Lookup.Available(Backend found) -> found;
            case Lookup.Missing _ -> Backends.require("scalar");
        };
    }

    /// {@return the backend asked for, as one of this machine's processor}
    CpuBackend cpuBackend() {
        return switch (backend()) {
            case CpuBackend cpu -> cpu;
            case Backend other -> throw new IllegalArgumentException("backend " + other.name()
                    + " does not run tensors");
        };
    }
}
