package io.github.fovea.kernel.vector;

import io.github.fovea.kernel.Add;
import io.github.fovea.tensor.TensorView;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// Sum of two tensors: whole padded rows, one vector after the other.
final class AddVector implements Add {
    private static final VectorSpecies<Float> S = Lanes.SPECIES;

    @Override
    public void run(TensorView a, TensorView b, TensorView out, int rowBegin, int rowEnd) {
        int perPlane = out.layout().channelsPerPlane();
        int count = out.width() * out.layout().pixelStride();
        for (int plane = 0; plane < out.planes(); plane++) {
            for (int y = rowBegin; y < rowEnd; y++) {
                row(a.data(), a.index(plane * perPlane, y, 0), b.data(), b.index(plane * perPlane, y, 0),
                        out.data(), out.index(plane * perPlane, y, 0), count);
            }
        }
    }

    /// Adds `count` floats, rounded up to whole vectors: rows are padded for that.
    private static void row(float[] a, int aFrom, float[] b, int bFrom, float[] out, int outFrom, int count) {
        for (int i = 0; i < count; i += Lanes.COUNT) {
            FloatVector.fromArray(S, a, aFrom + i).add(FloatVector.fromArray(S, b, bFrom + i))
                    .intoArray(out, outFrom + i);
        }
    }
}
