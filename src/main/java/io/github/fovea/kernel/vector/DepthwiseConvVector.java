package io.github.fovea.kernel.vector;

import io.github.fovea.kernel.DepthwiseConv;
import io.github.fovea.tensor.Layout;
import io.github.fovea.tensor.TensorView;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// Depthwise 3x3 convolution: register tiles for blocked tensors, vectors of pixels for planar ones. Packed weights:
/// `[c / 16][3][3][16]`.
final class DepthwiseConvVector implements DepthwiseConv {
    private static final VectorSpecies<Float> S = Lanes.SPECIES;

    @Override
    public int packedElements(int channels) {
        return Layout.BLOCKED16.planes(channels) * 144;
    }

    @Override
    public void pack(float[] weights, int from, int channels, float[] packed) {
        for (int block = 0; block < Layout.BLOCKED16.planes(channels); block++) {
            for (int tap = 0; tap < 9; tap++) {
                for (int lane = 0; lane < 16; lane++) {
                    int c = block * 16 + lane;
                    packed[block * 144 + tap * 16 + lane] = c < channels ? weights[from + c * 9 + tap] : 0f;
                }
            }
        }
    }

    @Override
    public void run(
            TensorView in, float[] packed, float[] bias, float[] slopes, TensorView out, int rowBegin, int rowEnd) {
        if (out.layout() == Layout.PLANAR) {
            for (int c = 0; c < out.channels(); c++) {
                for (int y = rowBegin; y < rowEnd; y++) {
                    planarRow(in.data(), in.index(c, y - 1, -1), in.rowStride(), packed, c / 16 * 144 + c % 16, bias[c],
                            slopes == null ? 1f : slopes[c], out.data(), out.index(c, y, 0), out.width());
                }
            }
            return;
        }
        int tiles = (out.width() + DepthwiseConv3x3Tile.PIXELS - 1) / DepthwiseConv3x3Tile.PIXELS;
        int step = DepthwiseConv3x3Tile.PIXELS * 16;
        for (int y = rowBegin; y < rowEnd; y++) {
            for (int lane = 0; lane < out.planes() * 16; lane += Lanes.COUNT) {
                int inRow = in.index(lane / 16 * 16, y - 1, -1) + lane % 16;
                int outRow = out.index(lane / 16 * 16, y, 0) + lane % 16;
                int packedFrom = lane / 16 * 144 + lane % 16;
                for (int t = 0; t < tiles; t++) {
                    DepthwiseConv3x3Tile.run(in.data(), inRow + t * step, in.rowStride(), packed, packedFrom, bias,
                            slopes, lane, out.data(), outRow + t * step);
                }
            }
        }
    }

    private static void planarRow(
            float[] in, int inFrom, int rowStride, float[] packed, int packedFrom, float bias, float slope,
            float[] out, int outFrom, int width) {
        FloatVector zero = FloatVector.zero(S);
        for (int x = 0; x < width; x += Lanes.COUNT) {
            FloatVector sum = FloatVector.broadcast(S, bias);
            int w = packedFrom;
            for (int ky = 0; ky < 3; ky++) {
                int i = inFrom + ky * rowStride + x;
                sum = FloatVector.fromArray(S, in, i).fma(FloatVector.broadcast(S, packed[w]), sum);
                sum = FloatVector.fromArray(S, in, i + 1).fma(FloatVector.broadcast(S, packed[w + 16]), sum);
                sum = FloatVector.fromArray(S, in, i + 2).fma(FloatVector.broadcast(S, packed[w + 32]), sum);
                w += 48;
            }
            sum.blend(sum.mul(slope), sum.compare(VectorOperators.LT, zero)).intoArray(out, outFrom + x);
        }
    }
}
