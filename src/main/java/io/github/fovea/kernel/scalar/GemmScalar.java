package io.github.fovea.kernel.scalar;

import io.github.fovea.kernel.Gemm;

/// The definition of [Gemm].
public final class GemmScalar implements Gemm {
    /// Creates the kernel.
    public GemmScalar() {}

    @Override
    public void run(float[] a, int aFrom, int aRow, int aColumn, float[] b, int bFrom, int bRow, float[] c, int cFrom,
            int cRow, int m, int n, int k, boolean add, float[] scratch) {
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                if (!add) {
                    c[cFrom + i * cRow + j] = 0f;
                }
            }
            for (int p = 0; p < k; p++) {
                float left = a[aFrom + i * aRow + p * aColumn];
                for (int j = 0; j < n; j++) {
                    c[cFrom + i * cRow + j] += left * b[bFrom + p * bRow + j];
                }
            }
        }
    }
}
