package io.github.fovea.kernel.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// The one vector width of this process. A block of 16 channels is one vector of 512 bits, two of 256 or four of 128.
///
/// No kernel uses vectors of another width: the Vector API's methods are shared by all kernels, and once their profile has seen
/// floats of two classes, C2 makes objects of vectors in some of the kernels that it compiles from then on (docs/kernels.md,
/// Cold start).
final class Lanes {
    /// System property that caps the width in bits: 512, 256 or 128. For tests.
    static final String WIDTH_PROPERTY = "fovea.vectorBits";

    /// The species that every kernel uses.
    static final VectorSpecies<Float> SPECIES = choose();

    /// Floats in a vector: 16, 8 or 4.
    static final int COUNT = SPECIES.length();

    /// Index, behind a multiple of 16, at which packed weights begin: there a large array, which begins with 16 bytes
    /// of header, has a 64-byte line. A vector that lies across two lines takes two loads.
    static final int FIRST = 12;
    /// Floats in front of packed weights and behind them, so that they take a multiple of 16.
    static final int SLACK = 16;

    private Lanes() {}

    private static VectorSpecies<Float> choose() {
        int preferred = FloatVector.SPECIES_PREFERRED.vectorBitSize();
        int cap = Integer.getInteger(WIDTH_PROPERTY, 512);
        if (cap != 512 && cap != 256 && cap != 128) {
            throw new IllegalArgumentException(WIDTH_PROPERTY + "=" + cap + ", wanted 512, 256 or 128");
        }
        return switch (Math.min(preferred, cap)) {
            case 512 -> FloatVector.SPECIES_512;
            case 256 -> FloatVector.SPECIES_256;
            case 128 -> FloatVector.SPECIES_128;
            default -> throw new UnsupportedOperationException(
                    "the JVM prefers vectors of " + preferred + " bits here, at least 128 wanted");
        };
    }
}
