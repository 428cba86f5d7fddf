package io.github.fovea.kernel;

/// One implementation of every operation. The scalar table is complete; a fast table starts from it and replaces what
/// it has, so a missing fast kernel is slow, never wrong.
///
/// @param name          name of the table: `scalar` or `vector`
/// @param conv1x1       dense convolution of size 1
/// @param conv3x3       dense convolution of size 3
/// @param conv5x5       dense convolution of size 5
/// @param depthwise3x3  depthwise convolution of size 3
/// @param add           sum of two tensors
/// @param activation    activation that stands alone
/// @param pixelShuffle  sub-pixel shuffle
/// @param resize        enlargement by an integer factor
/// @param gradient1x1   weight gradient of a dense convolution of size 1
/// @param gradient3x3   weight gradient of a dense convolution of size 3
/// @param gradient5x5   weight gradient of a dense convolution of size 5
/// @param activationGradient gradient of an activation
/// @param gemm          product of matrices
/// @param indirectGemm  product of matrices whose rows lie anywhere
/// @param blockedGemm   product of matrices whose rows lie anywhere, into blocks of channels
/// @param exponentials  exponential function and its relatives
public record KernelTable(
        String name,
        Conv conv1x1,
        Conv conv3x3,
        Conv conv5x5,
        DepthwiseConv depthwise3x3,
        Add add,
        Activation activation,
        PixelShuffle pixelShuffle,
        Resize resize,
        ConvWeightGradient gradient1x1,
        ConvWeightGradient gradient3x3,
        ConvWeightGradient gradient5x5,
        ActivationGradient activationGradient,
        Gemm gemm,
        IndirectGemm indirectGemm,
        BlockedGemm blockedGemm,
        Exponentials exponentials) {

    /// {@return this table by another choice between versions of a convolution}
    ///
    /// @param choice what decides
    public KernelTable choosing(ConvVersions.Choice choice) {
        return new KernelTable(name, choosing(conv1x1, choice), choosing(conv3x3, choice), choosing(conv5x5, choice),
                depthwise3x3, add, activation, pixelShuffle, resize, gradient1x1, gradient3x3, gradient5x5,
                activationGradient, gemm, indirectGemm, blockedGemm, exponentials);
    }

    private static Conv choosing(Conv conv, ConvVersions.Choice choice) {
        return conv instanceof ConvVersions several ? several.choosing(choice) : conv;
    }

    /// {@return the dense convolution of a size}
    ///
    /// @param size 1, 3 or 5
    public Conv conv(int size) {
        return switch (size) {
            case 1 -> conv1x1;
            case 3 -> conv3x3;
            case 5 -> conv5x5;
            default -> throw new IllegalArgumentException("convolution of size " + size + ", wanted 1, 3 or 5");
        };
    }

    /// {@return the weight gradient of a dense convolution of a size}
    ///
    /// @param size 1, 3 or 5
    public ConvWeightGradient gradient(int size) {
        return switch (size) {
            case 1 -> gradient1x1;
            case 3 -> gradient3x3;
            case 5 -> gradient5x5;
            default -> throw new IllegalArgumentException("convolution of size " + size + ", wanted 1, 3 or 5");
        };
    }
}
