package io.github.fovea.kernel;

import io.github.fovea.backend.KernelTables;
import java.util.Arrays;
import java.util.SplittableRandom;

/// Every indirect product of matrices against sums in double precision, with rows that overlap, and with frames of numbers
/// around what may be written.
class IndirectGemmContractTest extends TableContract {
    private static final int CASES = 200;

    /// For [KernelContractTest#fork]: checks the vector table at another width.
    public static void main(String[] arguments) {
        System.out.println(new IndirectGemmContractTest().verdict(KernelTables.vector()));
    }

    @Override
    String verdict(KernelTable table) {
        IndirectGemm gemm = table.indirectGemm();
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
        int step = random.nextInt(1, 4);
        int rows = gemm.packedRows(m);
        int cRow = n + random.nextInt(5);
        float[] a = numbers(random, from + m * k);
        float[] b = numbers(random, from + 300 + n * step);
        int[] places = random.ints(k, 0, 301).toArray();
        float[] bias = numbers(random, from + rows);
        float[] packed = new float[from + rows * k];
        Arrays.fill(packed, Float.NaN);
        gemm.pack(a, from, m, k, packed, from);
        float[] scratch = new float[gemm.scratchElements()];
        Arrays.fill(scratch, Float.NaN);
        float[] c = new float[from + m * cRow + 7];
        Arrays.fill(c, FRAME);
        gemm.run(packed, from, bias, from, b, from, places, step, c, from, cRow, m, n, k, scratch);
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                double sum = bias[from + i];
                double size = Math.abs(sum);
                for (int p = 0; p < k; p++) {
                    double product = (double) a[from + i * k + p] * b[from + places[p] + j * step];
                    sum += product;
                    size += Math.abs(product);
                }
                float got = c[from + i * cRow + j];
                if (!right(got, sum, size, k)) {
                    return "case " + number + " [" + m + "," + n + "," + k + "]: element " + i + "," + j + " is " + got + ", wanted "
                            + sum;
                }
            }
        }
        for (int i = 0; i < c.length; i++) {
            int at = i - from;
            boolean written = at >= 0 && at / cRow < m && at % cRow < n;
            if (!written && c[i] != FRAME) {
                return "case " + number + ": writes beside the product at " + i;
            }
        }
        return null;
    }
}
