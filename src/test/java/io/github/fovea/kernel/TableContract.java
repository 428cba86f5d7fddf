package io.github.fovea.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.fovea.backend.KernelTables;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// What holds for a kernel of every table and at every width. A subclass has a `main` that prints [#verdict] of the vector table,
/// for [KernelContractTest#fork].
abstract class TableContract {
    static final float FRAME = 1234.5f;

    /// {@return "ok", and behind it what must be the same at every width; or the first case in which the kernel is wrong}
    abstract String verdict(KernelTable table);

    @Test
    void scalarKernel() {
        checkOk(verdict(KernelTables.scalar()));
    }

    @Test
    void vectorKernels() throws Exception {
        String verdict = verdict(KernelTables.vector());
        checkOk(verdict);
        for (String bits : new String[] {"256", "128"}) {
            assertEquals(verdict, KernelContractTest.fork("--add-modules", "jdk.incubator.vector", "-Dfovea.vectorBits=" + bits,
                    getClass().getName()));
        }
    }

    private static void checkOk(String verdict) {
        assertTrue(verdict.startsWith("ok"), verdict);
    }

    /// {@return whether a sum of products in single precision is right}
    ///
    /// @param got  the sum
    /// @param sum  the sum in double precision
    /// @param size the sum of magnitudes: each of `k` additions rounds by at most 2^-24 of it
    /// @param k    products
    static boolean right(float got, double sum, double size, int k) {
        return Math.abs(got - sum) <= size * (k + 2) * 0x1p-24 + Float.MIN_NORMAL;
    }

    static float[] numbers(SplittableRandom random, int count) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) random.nextDouble(-1, 1);
        }
        return numbers;
    }
}
