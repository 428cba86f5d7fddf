package io.github.fovea.kernel.vector;

import io.github.fovea.kernel.Activation;
import io.github.fovea.tensor.Layout;
import io.github.fovea.tensor.TensorView;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// Activation that stands alone: whole padded rows. A planar row has one slope, a blocked one a vector of them per lane
/// offset.
final class ActivationVector implements Activation {
    private static final VectorSpecies<Float> S = Lanes.SPECIES;

    @Override
    public void run(TensorView in, float[] slopes, TensorView out, int rowBegin, int rowEnd) {
        boolean planar = out.layout() == Layout.PLANAR;
        for (int y = rowBegin; y < rowEnd; y++) {
            for (int c = 0; c < out.planes() * out.layout().channelsPerPlane(); c += planar ? 1 : Lanes.COUNT) {
                row(in.data(), in.index(c, y, 0), slopes, c, planar, out.data(), out.index(c, y, 0),
                        out.width() * out.layout().pixelStride());
            }
        }
    }

    /// The slopes come as an array: a vector as an argument would be an object wherever this method is not inlined.
    private static void row(
            float[] in, int inFrom, float[] slopes, int c, boolean planar, float[] out, int outFrom, int count) {
        FloatVector zero = FloatVector.zero(S);
        FloatVector slope = planar ? FloatVector.broadcast(S, slopes[c]) : FloatVector.fromArray(S, slopes, c);
        int step = planar ? Lanes.COUNT : 16;
        for (int i = 0; i < count; i += step) {
            FloatVector v = FloatVector.fromArray(S, in, inFrom + i);
            v.blend(v.mul(slope), v.compare(VectorOperators.LT, zero)).intoArray(out, outFrom + i);
        }
    }
}
