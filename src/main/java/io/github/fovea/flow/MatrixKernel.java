package io.github.fovea.flow;

import io.github.fovea.kernel.Gemm;
import io.github.fovea.kernel.IndirectGemm;
import io.github.fovea.kernel.KernelTable;
import io.github.fovea.kernel.scalar.GemmScalar;
import io.github.fovea.kernel.scalar.IndirectGemmScalar;
import java.util.Arrays;

/// A kernel whose work is a product of matrices.
abstract class MatrixKernel extends ScratchKernel {
    private Gemm gemm = new GemmScalar();
    private IndirectGemm indirectGemm = new IndirectGemmScalar();
    private float[] gemmScratch;

    @Override
    public final void use(KernelTable kernels) {
        gemm = kernels.gemm();
        gemmScratch = gemm.scratchElements() == 0 ? null : new float[gemm.scratchElements()];
        indirectGemm = kernels.indirectGemm();
    }

    /// Multiplies; parameters as of [Gemm#run].
    final void multiply(float[] a, int aFrom, int aRow, int aColumn, float[] b, int bFrom, int bRow, float[] c,
            int cFrom, int cRow, int m, int n, int k, boolean add) {
        gemm.run(a, aFrom, aRow, aColumn, b, bFrom, bRow, c, cFrom, cRow, m, n, k, add, gemmScratch);
    }

    final IndirectGemm indirectGemm() {
        return indirectGemm;
    }

    /// Fills a plane with a number.
    static void fill(Tensor tensor, int from, int elements, float value) {
        Arrays.fill(tensor.floats, tensor.from + from, tensor.from + from + elements, value);
    }
}
