package io.github.fovea.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.fovea.backend.KernelTables;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Every product of matrices against sums in double precision, with strides, transposed left factors, and frames of
/// numbers around the result that must stay.
class GemmContractTest {
    private static final float FRAME = 1234.5f;
    private static final int CASES = 300;

    /// For [KernelContractTest#fork]: checks the vector table at another width.
    public static void main(String[] arguments) {
        System.out.println(failure(KernelTables.vector().gemm()));
    }

    @Test
    void scalarKernel() {
        assertEquals("ok", failure(KernelTables.scalar().gemm()));
    }

    @Test
    void vectorKernel() {
        assertEquals("ok", failure(KernelTables.vector().gemm()));
    }

    @Test
    void vectorKernelsOfOtherWidths() throws Exception {
        for (String bits : new String[] {"256", "128"}) {
            assertEquals("ok", KernelContractTest.fork("--add-modules", "jdk.incubator.vector", "-Dfovea.vectorBits=" + bits,
                    GemmContractTest.class.getName()));
        }
    }

    private static String failure(Gemm gemm) {
        SplittableRandom random = new SplittableRandom(17);
        float[] scratch = new float[gemm.scratchElements()];
        for (int i = 0; i < CASES; i++) {
            String failure = failure(gemm, random, scratch, i);
            if (failure != null) {
                return failure;
            }
        }
        return "ok";
    }

    private static String failure(Gemm gemm, SplittableRandom random, float[] scratch, int number) {
        int m = random.nextInt(1, 20);
        int n = random.nextInt(1, 70);
        int k = number % 10 == 0 ? random.nextInt(250, 530) : random.nextInt(0, 40);
        boolean flipped = random.nextBoolean();
        boolean add = random.nextBoolean();
        int aRow = flipped ? 1 : k + random.nextInt(3);
        int aColumn = flipped ? m + random.nextInt(3) : 1;
        int bRow = n + random.nextInt(5);
        int cRow = n + random.nextInt(5);
        int from = random.nextInt(4);
        float[] a = numbers(random, from + m * aRow + k * aColumn + 1);
        float[] b = numbers(random, from + k * bRow + n);
        float[] c = new float[from + m * cRow + 7];
        java.util.Arrays.fill(c, FRAME);
        float[] before = new float[m * n];
        for (int i = 0; i < m * n; i++) {
            before[i] = (float) random.nextDouble(-1, 1);
            c[from + i / n * cRow + i % n] = before[i];
        }
        java.util.Arrays.fill(scratch, Float.NaN);
        gemm.run(a, from, aRow, aColumn, b, from, bRow, c, from, cRow, m, n, k, add, scratch);
        for (int i = 0; i < m * n; i++) {
            double sum = add ? before[i] : 0;
            double size = Math.abs(sum);
            for (int p = 0; p < k; p++) {
                double product = (double) a[from + i / n * aRow + p * aColumn] * b[from + p * bRow + i % n];
                sum += product;
                size += Math.abs(product);
            }
            int at = from + i / n * cRow + i % n;
            // Each of k additions rounds by at most 2^-24 of the sum of magnitudes.
            if (!(Math.abs(c[at] - sum) <= size * (k + 2) * 0x1p-24 + Float.MIN_NORMAL)) {
                return "case " + number + " [" + m + "," + n + "," + k + "]: element " + i + " is " + c[at] + ", wanted " + sum;
            }
            c[at] = FRAME;
        }
        for (int i = 0; i < c.length; i++) {
            if (c[i] != FRAME) {
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
