package io.github.fovea.kernel.scalar;

import io.github.fovea.kernel.KernelTable;

/// The complete table of scalar kernels.
public final class ScalarKernels {
    private ScalarKernels() {}

    /// {@return the scalar table, named `scalar`}
    public static KernelTable table() {
        return new KernelTable(
                "scalar",
                new ConvScalar(1),
                new ConvScalar(3),
                new ConvScalar(5),
                new DepthwiseConvScalar(),
                new AddScalar(),
                new ActivationScalar(),
                new PixelShuffleScalar(),
                new ResizeScalar(),
                new ConvWeightGradientScalar(1),
                new ConvWeightGradientScalar(3),
                new ConvWeightGradientScalar(5),
                new ActivationGradientScalar(),
                new GemmScalar(),
                new IndirectGemmScalar(),
                new BlockedGemmScalar(),
                new ExponentialsScalar());
    }
}
