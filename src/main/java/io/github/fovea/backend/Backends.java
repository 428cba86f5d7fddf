package io.github.fovea.backend;

import io.github.fovea.error.UnavailableException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/// Finds backends.
public final class Backends {
    /// Names of all backends, the preferred one first. `vector-strict` does without Winograd transforms: slower, and as
    /// exact as sums in float are.
    public static final List<String> NAMES = List.of("vector", "vector-strict", "scalar");

    private static final AtomicBoolean SAID = new AtomicBoolean();

    private Backends() {}

    /// Looks for a backend.
    ///
    /// @param name one of [#NAMES]
    /// @return the backend, or why it is missing
    public static Lookup find(String name) {
        return switch (name) {
            case "vector", "vector-strict" -> {
                try {
                    yield new Lookup.Available(new CpuBackend(
                            name.equals("vector") ? KernelTables.vector() : KernelTables.vectorStrict()));
                } catch (UnavailableException e) {
                    yield new Lookup.Missing(name, e.what(), e.remedy());
                }
            }
            case "scalar" -> new Lookup.Available(new CpuBackend(KernelTables.scalar()));
            default -> new Lookup.Missing(name, "there is no backend " + name,
                    "choose one of " + String.join(", ", NAMES));
        };
    }

    /// {@return a backend asked for by name}
    ///
    /// @param name one of [#NAMES]
    /// @throws UnavailableException if it is missing
    public static Backend require(String name) {
        return switch (find(name)) {
            case Lookup.Available(var backend) -> backend;
            case Lookup.Missing(var _, var reason, var remedy) ->
                throw new UnavailableException("backend " + name + ": " + reason, remedy);
        };
    }

    /// {@return the best backend of this machine for a process that ends after a picture or two: its kernels are compiled sooner than
    /// those of [#automatic] and may take a fifth longer. Results differ in rounding}
    public static Backend forShortRuns() {
        return find("vector") instanceof Lookup.Available ? new CpuBackend(KernelTables.vectorForShortRuns()) : automatic();
    }

    /// {@return the backend of this machine whose first result is there soonest: it has the fewest and shortest kernels, which take about
    /// twice as long as those of [#automatic]. Results differ in rounding}
    public static Backend forQuickStarts() {
        return find("vector") instanceof Lookup.Available ? new CpuBackend(KernelTables.vectorQuick()) : automatic();
    }

    /// {@return the best backend of this machine; where the fast one is missing, one warning says why}
    public static Backend automatic() {
        return switch (find("vector")) {
            case Lookup.Available(var backend) -> backend;
            case Lookup.Missing(var name, var reason, var remedy) -> {
                if (SAID.compareAndSet(false, true)) {
                    // Not a field: finding a logger takes longer than loading the kernels, and few need one.
                    System.getLogger(Backends.class.getName()).log(System.Logger.Level.WARNING,
                            "backend {0} is missing, the slow scalar kernels run: {1}; {2}", name, reason, remedy);
                }
                yield new CpuBackend(KernelTables.scalar());
            }
        };
    }
}
