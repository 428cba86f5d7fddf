package io.github.fovea.kernel.vector;

import io.github.fovea.kernel.ActivationGradient;
import io.github.fovea.tensor.Layout;
import io.github.fovea.tensor.TensorView;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// Gradient of an activation, lanes are channels. Planar tensors go to the scalar kernel.
final class ActivationGradientVector implements ActivationGradient {
    private static final VectorSpecies<Float> S = Lanes.SPECIES;

    private final ActivationGradient planar;

    /// Makes the kernel; planar tensors go to another one.
    ActivationGradientVector(ActivationGradient planar) {
        this.planar = planar;
    }

    @Override
    public void run(TensorView x, float[] slopes, TensorView d, float[] dslopes, int from) {
        if (x.layout() == Layout.PLANAR) {
            planar.run(x, slopes, d, dslopes, from);
            return;
        }
        for (int c = 0; c < x.channels(); c += Lanes.COUNT) {
            int at = c / 16;
            FloatVector sum = plane(x.data(), x.origin() + at * x.planeStride() + c % 16, x.rowStride(), slopes, c,
                    d.data(), d.origin() + at * d.planeStride() + c % 16, d.rowStride(), x.height(), x.width());
            if (dslopes != null) {
                for (int lane = 0; lane < Math.min(Lanes.COUNT, x.channels() - c); lane++) {
                    dslopes[from + c + lane] += sum.lane(lane);
                }
            }
        }
    }

    private static FloatVector plane(
            float[] x, int xFrom, int xRow, float[] slopes, int channel, float[] d, int dFrom, int dRow, int rows,
            int width) {
        FloatVector slope = FloatVector.fromArray(S, slopes, channel);
        FloatVector zero = FloatVector.zero(S);
        FloatVector sum = zero;
        for (int y = 0; y < rows; y++) {
            int xb = xFrom + y * xRow;
            int db = dFrom + y * dRow;
            for (int i = 0; i < width; i++) {
                FloatVector value = FloatVector.fromArray(S, x, xb);
                FloatVector gradient = FloatVector.fromArray(S, d, db);
                VectorMask<Float> positive = value.compare(VectorOperators.GT, 0f);
                sum = gradient.fma(value.blend(zero, positive), sum);
                gradient.mul(slope).blend(gradient, positive).intoArray(d, db);
                xb += 16;
                db += 16;
            }
        }
        return sum;
    }
}
