package io.github.fovea;

/// Which kernels run a network.
public enum BackendChoice {
    /// The fastest that works here; falling back to slower ones is logged once, with the reason.
    AUTO,
    /// Vector API kernels; an error where `jdk.incubator.vector` is not in the JVM.
    VECTOR,
    /// The scalar definition: slow, everywhere.
    SCALAR
}
