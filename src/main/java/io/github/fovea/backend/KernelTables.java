package io.github.fovea.backend;

import io.github.fovea.error.UnavailableException;
import io.github.fovea.kernel.KernelTable;
import io.github.fovea.kernel.scalar.ScalarKernels;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;

/// The kernel tables of this process. The vector table is loaded by name, so that nothing links it where the module
/// `jdk.incubator.vector` is absent.
public final class KernelTables {
    /// What to do where the Vector API is absent.
    public static final String REMEDY = "start java with --add-modules jdk.incubator.vector";

    private static final String VECTOR_MODULE = "jdk.incubator.vector";
    private static final String VECTOR_KERNELS = "io.github.fovea.kernel.vector.VectorKernels";

    private KernelTables() {}

    /// {@return the scalar table}
    public static KernelTable scalar() {
        return ScalarKernels.table();
    }

    /// {@return the vector table; versions of a convolution are chosen by measured times}
    ///
    /// @throws UnavailableException if the Vector API is not in this process, or its vectors are too narrow
    public static KernelTable vector() {
        if (Loaded.MISSING != null) {
            throw new UnavailableException(Loaded.MISSING.what(), Loaded.MISSING.remedy());
        }
        return Loaded.TABLE;
    }

    /// {@return the vector table for a process that ends after a picture or two: of a convolution's versions it takes one that is
    /// more to compile only where that gains a fifth}
    ///
    /// @throws UnavailableException as for [#vector]
    static KernelTable vectorForShortRuns() {
        vector();
        return Loaded.SHORT_RUN;
    }

    /// {@return the vector table with the fewest and shortest kernels}
    ///
    /// @throws UnavailableException as for [#vector]
    public static KernelTable vectorQuick() {
        vector();
        return Quick.TABLE;
    }

    /// {@return the vector table whose convolutions are sums of plain products only, without Winograd transforms}
    ///
    /// @throws UnavailableException as for [#vector]
    public static KernelTable vectorStrict() {
        vector();
        return Strict.TABLE;
    }

    /// {@return the width in bits of the vectors that the vector table uses; 0 where there is none}
    static int vectorBits() {
        return Loaded.BITS;
    }

    /// {@return the times by which the vector table chooses between versions of a convolution: those that `fovea
    /// profile` kept for this machine, else those that come with Fovea for vectors of this width}
    ///
    /// @throws UnavailableException as for [#vector]
    public static MachineProfile costs() {
        vector();
        return new MachineProfile(Machine.here(), Loaded.COSTS);
    }

    /// Made by the first who asks: most processes run on one table.
    private static final class Quick {
        static final KernelTable TABLE = Loaded.load("quickTable");
    }

    /// Likewise.
    private static final class Strict {
        static final KernelTable TABLE = Loaded.load("strictTable");
    }

    /// Loads the vector table once: a class whose start failed cannot be asked a second time why.
    private static final class Loaded {
        static final KernelTable TABLE;
        static final KernelTable SHORT_RUN;
        static final UnavailableException MISSING;
        static final int BITS;
        static final List<MachineProfile.Cost> COSTS;

        static {
            KernelTable table = null;
            UnavailableException missing = null;
            try {
                table = load("table");
            } catch (UnavailableException e) {
                missing = e;
            }
            MISSING = missing;
            BITS = table == null ? 0 : bits();
            COSTS = table == null ? List.of() : MeasuredChoice.costs(BITS);
            MeasuredChoice choice = new MeasuredChoice(COSTS);
            TABLE = table == null ? null : table.choosing(choice);
            SHORT_RUN = table == null ? null : table.choosing(choice.forShortRuns());
        }

        private static int bits() {
            try {
                return (int) MethodHandles.lookup().findStatic(Class.forName(VECTOR_KERNELS), "vectorBits",
                        MethodType.methodType(int.class)).invokeExact();
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalStateException("the vector kernels do not tell their width", e);
            }
        }

        private static KernelTable load(String name) {
            if (ModuleLayer.boot().findModule(VECTOR_MODULE).isEmpty()) {
                throw new UnavailableException("module " + VECTOR_MODULE + " is not in this JVM", REMEDY);
            }
            try {
                MethodHandle table = MethodHandles.lookup().findStatic(Class.forName(VECTOR_KERNELS), name,
                        MethodType.methodType(KernelTable.class, KernelTable.class));
                return (KernelTable) table.invokeExact(scalar());
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException("the vector kernels are missing from this build", e);
            } catch (ExceptionInInitializerError e) {
                throw new UnavailableException("vector kernels do not start: " + e.getCause().getMessage(),
                        "set -Dfovea.vectorBits to 512, 256 or 128, or use the scalar backend");
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
