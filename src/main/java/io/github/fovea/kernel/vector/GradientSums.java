package io.github.fovea.kernel.vector;

import io.github.fovea.tensor.Layout;
import io.github.fovea.tensor.TensorView;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// What the weight gradients share: the bias gradient, and the way from lanes to `[out][in][size][size]`.
final class GradientSums {
    private static final VectorSpecies<Float> SPECIES = Lanes.SPECIES;

    private GradientSums() {}

    /// Adds the sum of every channel of `dout` to `db`.
    static void bias(TensorView dout, float[] db, int dbFrom) {
        if (dout.layout() == Layout.PLANAR) {
            planarBias(dout, db, dbFrom);
            return;
        }
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

    /// Rows are padded with zeros to whole vectors.
    private static void planarBias(TensorView dout, float[] db, int dbFrom) {
        for (int c = 0; c < dout.channels(); c++) {
            FloatVector sum = FloatVector.zero(SPECIES);
            for (int y = 0; y < dout.height(); y++) {
                int row = dout.index(c, y, 0);
                for (int x = 0; x < dout.width(); x += SPECIES.length()) {
                    sum = sum.add(FloatVector.fromArray(SPECIES, dout.data(), row + x));
                }
            }
            for (int lane = 0; lane < SPECIES.length(); lane++) {
                db[dbFrom + c] += sum.lane(lane);
            }
        }
    }

    /// Where the sum of each output, input and tap lies: floats from one to the next in each direction.
    ///
    /// @param out    from an output channel to the next
    /// @param in     from an input channel to the next
    /// @param row    from a row of taps to the next
    /// @param column from a tap of a row to the next
    record Strides(int out, int in, int row, int column) {}

    /// Adds the sums of one block of inputs and outputs to `dw`.
    ///
    /// @param sums        sums
    /// @param from        index of the first input's, first output's and first tap's sum
    /// @param strides     where the others lie
    /// @param size        the kernel size
    /// @param inChannels  channels in
    /// @param firstInput  first channel of the block of inputs
    /// @param inputs      channels of it
    /// @param firstOutput first channel of the block of outputs
    /// @param outputs     channels of it
    /// @param dw          receives `[out][in][size][size]`
    /// @param dwFrom      index of the first
    static void scatter(
            float[] sums, int from, Strides strides, int size, int inChannels, int firstInput, int inputs,
            int firstOutput, int outputs, float[] dw, int dwFrom) {
        int rowStride = strides.row();
        int columnStride = strides.column();
        for (int co = 0; co < outputs; co++) {
            for (int ci = 0; ci < inputs; ci++) {
                int to = dwFrom + ((firstOutput + co) * inChannels + firstInput + ci) * size * size;
                int at = from + co * strides.out() + ci * strides.in();
                for (int ky = 0; ky < size; ky++) {
                    for (int kx = 0; kx < size; kx++) {
                        dw[to + ky * size + kx] += sums[at + ky * rowStride + kx * columnStride];
                    }
                }
            }
        }
    }
}
