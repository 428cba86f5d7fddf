package io.github.fovea.backend;

/// What looking for a backend by its name yields.
public sealed interface Lookup {
    /// {@return the name that was asked for}
    String name();

    /// It runs here.
    ///
    /// @param backend the backend
    record Available(Backend backend) implements Lookup {
        @Override
        public String name() {
            return backend.name();
        }
    }

    /// It does not run here.
    ///
    /// @param name   the name
    /// @param reason what is missing
    /// @param remedy what to do
    record Missing(String name, String reason, String remedy) implements Lookup {}
}
