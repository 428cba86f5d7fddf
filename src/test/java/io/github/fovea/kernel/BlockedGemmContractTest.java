package io.github.fovea.kernel;

import io.github.fovea.backend.KernelTables;
import java.util.Arrays;
import java.util.SplittableRandom;

/// Every product of matrices into blocks against sums in double precision: widths below a tile's, blocks that are not full, all
/// distances of pixels, rows that overlap, and frames of numbers around what may be written. What must not be read is no number.
class BlockedGemmContractTest extends TableContract {
    private static final int CASES = 300;
    private static final int REACH = 300;

    /// For [KernelContractTest#fork]: checks the vector table at another width.
    public static void main(String[] arguments) {
        System.out.println(new BlockedGemmContractTest().verdict(KernelTables.vector()));
    }

    @Override
    String verdict(KernelTable table) {
        BlockedGemm gemm = table.blockedGemm();
        SplittableRandom random = new SplittableRandom(31);
        for (int i = 0; i < CASES; i++) {
            String failure = failure(gemm, random, i);
            if (failure != null) {
                return failure;
            }
        }
        return "ok";
    }

    private static String failure(BlockedGemm gemm, SplittableRandom random, int number) {
        int m = random.nextInt(1, 70);
        int n = random.nextInt(1, 45);
        int k = number % 10 == 0 ? random.nextInt(250, 530) : random.nextInt(1, 40);
        int step = new int[] {1, 2, 16, 32}[number % 4];
        int from = random.nextInt(4);
        int rows = (m + 15) / 16 * 16;
        int block = n * 16 + random.nextInt(5);
        float[] a = numbers(random, m * k);
        float[] b = numbers(random, from + REACH + (n - 1) * step + 5);
        Arrays.fill(b, 0, from, Float.NaN);
        Arrays.fill(b, from + REACH + (n - 1) * step, b.length, Float.NaN);
        int[] places = random.ints(k, 0, REACH).toArray();
        float[] bias = numbers(random, rows);
        float[] packed = new float[gemm.packedElements(m, k)];
        Arrays.fill(packed, Float.NaN);
        gemm.pack(a, m, k, packed);
        float[] c = new float[from + rows / 16 * block + 7];
        Arrays.fill(c, FRAME);
        gemm.run(packed, bias, b, from, places, step, c, from, block, m, n, k);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < n; j++) {
                double sum = bias[i];
                double size = Math.abs(sum);
                for (int p = 0; i < m && p < k; p++) {
                    double product = (double) a[i * k + p] * b[from + places[p] + j * step];
                    sum += product;
                    size += Math.abs(product);
                }
                int at = from + i / 16 * block + j * 16 + i % 16;
                if (!right(c[at], sum, size, k)) {
                    return "case " + number + " [" + m + "," + n + "," + k + "]: element " + i + "," + j + " is " + c[at] + ", wanted "
                            + sum;
                }
                c[at] = FRAME;
            }
        }
        for (int i = 0; i < c.length; i++) {
            if (c[i] != FRAME) {
                return "case " + number + ": writes beside the product at " + i;
            }
        }
        return null;
    }
}
