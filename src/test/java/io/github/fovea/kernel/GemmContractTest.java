package io.github.fovea.kernel;

import io.github.fovea.backend.KernelTables;
import java.util.Arrays;
import java.util.SplittableRandom;

/// Every product of matrices against sums in double precision, with strides, transposed left factors, and frames of
/// numbers around the result that must stay.
class GemmContractTest extends TableContract {
    private static final int CASES = 300;

    /// For [KernelContractTest#fork]: checks the vector table at another width.
    public static void main(String[] arguments) {
        System.out.println(new GemmContractTest().verdict(KernelTables.vector()));
    }

    @Override
    String verdict(KernelTable table) {
        Gemm gemm = table.gemm();
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
        Arrays.fill(c, FRAME);
        float[] before = new float[m * n];
        for (int i = 0; i < m * n; i++) {
            before[i] = (float) random.nextDouble(-1, 1);
            c[from + i / n * cRow + i % n] = before[i];
        }
        Arrays.fill(scratch, Float.NaN);
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
            if (!right(c[at], sum, size, k)) {
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
}
