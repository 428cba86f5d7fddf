package io.github.fovea.kernel.scalar;

import io.github.fovea.kernel.BlockedGemm;

/// The definition of [BlockedGemm].
public final class BlockedGemmScalar implements BlockedGemm {
    /// Creates the kernel.
    public BlockedGemmScalar() {}

    @Override
    public int columns() {
        return 1;
    }

    @Override
    public int packedElements(int m, int k) {
        return Math.multiplyExact(m, k);
    }

    @Override
    public void pack(float[] a, int m, int k, float[] packed) {
        System.arraycopy(a, 0, packed, 0, m * k);
    }

    @Override
    public void run(float[] packed, float[] bias, float[] b, int bFrom, int[] places, int step, float[] c, int cFrom,
            int cBlock, int m, int n, int k) {
        for (int i = 0; i < (m + BLOCK - 1) / BLOCK * BLOCK; i++) {
            for (int j = 0; j < n; j++) {
                float sum = bias[i];
                for (int p = 0; i < m && p < k; p++) {
                    sum += packed[i * k + p] * b[bFrom + places[p] + j * step];
                }
                c[cFrom + i / BLOCK * cBlock + j * BLOCK + i % BLOCK] = sum;
            }
        }
    }
}
