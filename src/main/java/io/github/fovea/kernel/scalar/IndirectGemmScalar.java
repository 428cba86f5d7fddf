package io.github.fovea.kernel.scalar;

import io.github.fovea.kernel.IndirectGemm;

/// The definition of [IndirectGemm].
public final class IndirectGemmScalar implements IndirectGemm {
    /// Creates the kernel.
    public IndirectGemmScalar() {}

    @Override
    public int rows() {
        return 1;
    }

    @Override
    public void run(float[] packed, int packedFrom, float[] bias, int biasFrom, float[] b, int bFrom, int[] places,
            int step, float[] c, int cFrom, int cRow, int m, int n, int k, float[] scratch) {
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                c[cFrom + i * cRow + j] = bias[biasFrom + i];
            }
            for (int p = 0; p < k; p++) {
                float left = packed[packedFrom + i * k + p];
                for (int j = 0; j < n; j++) {
                    c[cFrom + i * cRow + j] += left * b[bFrom + places[p] + j * step];
                }
            }
        }
    }
}
