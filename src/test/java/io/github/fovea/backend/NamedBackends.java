package io.github.fovea.backend;

/// Backends for tests that run on several: those of [Backends#NAMES], and `quick` for [Backends#forQuickStarts].
final class NamedBackends {
    private NamedBackends() {}

    static CpuBackend of(String name) {
        return (CpuBackend) (name.equals("quick") ? Backends.forQuickStarts() : Backends.require(name));
    }
}
