package io.github.fovea.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.fovea.backend.KernelTables;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Every indirect product of matrices against sums in double precision, with rows that overlap, and with frames of numbers
/// around what may be written.
class IndirectGemmContractTest {
    private static final float FRAME = 1234.5f;
    private static final int CASES = 200;

    /// For [KernelContractTest#fork]: checks the vector table at another width.
    public static void main(String[] arguments) {
        System.out.println(failure(KernelTables.vector().indirectGemm()));
    }

    @Test
    void scalarKernel() {
        assertEquals("ok", failure(KernelTables.scalar().indirectGemm()));
    }

    @Test
    void vectorKernel() {
        assertEquals("ok", failure(KernelTables.vector().indirectGemm()));
    }

    @Test
    void vectorKernelsOfOtherWidths() throws Exception {
        for (String bits : new String[] {"256", "128"}) {
            assertEquals("ok", KernelContractTest.fork("--add-modules", "jdk.incubator.vector", "-Dfovea.vectorBits=" + bits,
                    IndirectGemmContractTest.class.getName()));
        }
    }

    private static String failure(IndirectGemm gemm) {
        SplittableRandom random = new SplittableRandom(18);
        for (int i = 0; i < CASES; i++) {
            String failure = failure(gemm, random, i);
            if (failure != null) {
                return failure;
            }
        }
        return "ok";
    }

    private static String failure(IndirectGemm gemm, SplittableRandom random, int number) {
        int m = random.nextInt(1, 20);
        int n = random.nextInt(1, 90);
        int k = number % 10 == 0 ? random.nextInt(250, 530) : random.nextInt(1, 40);
        int from = random.nextInt(4);
        int rows = gemm.writtenRows(m);
        int columns = gemm.writtenColumns(n);
        int cRow = columns + random.nextInt(5);
        float[] a = numbers(random, from + m * k);
        float[] b = numbers(random, from + 300 + columns);
        int[] places = random.ints(k, 0, 301).toArray();
        float[] bias = numbers(random, from + rows);
        float[] packed = new float[from + rows * k];
        Arrays.fill(packed, Float.NaN);
        gemm.pack(a, from, m, k, packed, from);
        float[] c = new float[from + rows * cRow + 7];
        Arrays.fill(c, FRAME);
        gemm.run(packed, from, bias, from, b, from, places, c, from, cRow, m, n, k);
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                double sum = bias[from + i];
                double size = Math.abs(sum);
                for (int p = 0; p < k; p++) {
                    double product = (double) a[from + i * k + p] * b[from + places[p] + j];
                    sum += product;
                    size += Math.abs(product);
                }
                float got = c[from + i * cRow + j];
                // Each of k additions rounds by at most 2^-24 of the sum of magnitudes.
                if (!(Math.abs(got - sum) <= size * (k + 2) * 0x1p-24 + Float.MIN_NORMAL)) {
                    return "case " + number + " [" + m + "," + n + "," + k + "]: element " + i + "," + j + " is " + got + ", wanted "
                            + sum;
                }
            }
        }
        for (int i = 0; i < c.length; i++) {
            int at = i - from;
            boolean written = at >= 0 && at / cRow < rows && at % cRow < columns;
            if (!written && c[i] != FRAME) {
                return "case " + number + ": writes beside the product at " + i;
            }
        }
        return null;
    }

    private static float[] numbers(SplittableRandom random, int count) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) random.nextDouble(-1, 1);
        }
        return numbers;
    }
}
