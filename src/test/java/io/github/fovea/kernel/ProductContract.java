package io.github.fovea.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.fovea.backend.KernelTables;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// What holds for every product of matrices, of all tables and widths. A subclass has a `main` that prints [#failure] of the
/// vector table, for [KernelContractTest#fork].
abstract class ProductContract {
    static final float FRAME = 1234.5f;

    /// {@return "ok", or the first case in which a table's product is not what it should be}
    abstract String failure(KernelTable table);

    @Test
    void scalarKernel() {
        assertEquals("ok", failure(KernelTables.scalar()));
    }

    @Test
    void vectorKernel() {
        assertEquals("ok", failure(KernelTables.vector()));
    }

    @Test
    void vectorKernelsOfOtherWidths() throws Exception {
        for (String bits : new String[] {"256", "128"}) {
            assertEquals("ok", KernelContractTest.fork("--add-modules", "jdk.incubator.vector", "-Dfovea.vectorBits=" + bits,
                    getClass().getName()));
        }
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
