package io.github.fovea.tensor;

/// Arrays that kernels read fast.
public final class AlignedArray {
    /// Floats of half a megabyte. G1 puts arrays of more than half a region at the beginning of one, so that kernels
    /// find what they read on 64-byte lines; elsewhere every vector would take two loads, which cost a tenth of the
    /// speed.
    private static final int LARGE = 1 << 17;

    private AlignedArray() {}

    /// {@return an array of zeros on a 64-byte line, where the garbage collector is G1 with regions of 1 MB; it is at
    /// least half a megabyte long for that}
    ///
    /// @param elements floats that it must have room for
    public static float[] allocate(int elements) {
        return new float[Math.max(LARGE, elements)];
    }
}
