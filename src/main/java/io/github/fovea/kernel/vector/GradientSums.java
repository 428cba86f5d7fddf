package io.github.fovea.kernel.vector;

import io.github.fovea.tensor.TensorView;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// What the weight gradients share: the bias gradient, and the way from lanes to `[out][in][size][size]`.
final class GradientSums {
    private static final VectorSpecies<Float> SPECIES = Lanes.SPECIES;

    private GradientSums() {}

    /// Adds the sum of every channel of `dout` to `db`.
    static void bias(TensorView dout, float[] db, int dbFrom) {
        for (int c = 0; c < dout.channels(); c += SPECIES.length()) {
            int from = dout.origin() + c / 16 * dout.planeStride() + c % 16;
            FloatVector even = FloatVector.zero(SPECIES);
            FloatVector odd = FloatVector.zero(SPECIES);
            for (int y = 0; y < dout.height(); y++) {
                int g = from + y * dout.rowStride();
                int i = 0;
                for (; i + 1 < dout.width(); i += 2) {
                    even = even.add(FloatVector.fromArray(SPECIES, dout.data(), g));
                    odd = odd.add(FloatVector.fromArray(SPECIES, dout.data(), g + 16));
                    g += 32;
                }
                if (i < dout.width()) {
                    even = even.add(FloatVector.fromArray(SPECIES, dout.data(), g));
                }
            }
            FloatVector sum = even.add(odd);
            for (int lane = 0; lane < Math.min(SPECIES.length(), dout.channels() - c); lane++) {
                db[dbFrom + c + lane] += sum.lane(lane);
            }
        }
    }

    /// Adds sums `[ky][ci][kx][16]` of one block of inputs and outputs to `dw`.
    static void scatter(
            float[] sums, int size, int inChannels, int firstInput, int inputs, int firstOutput, int outputs,
            float[] dw, int dwFrom) {
        for (int co = 0; co < outputs; co++) {
            for (int ci = 0; ci < inputs; ci++) {
                int to = dwFrom + ((firstOutput + co) * inChannels + firstInput + ci) * size * size;
                for (int ky = 0; ky < size; ky++) {
                    int from = (ky * 16 + ci) * size * 16 + co;
                    for (int kx = 0; kx < size; kx++) {
                        dw[to + ky * size + kx] += sums[from + kx * 16];
                    }
                }
            }
        }
    }
}
