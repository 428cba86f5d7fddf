package io.github.fovea.kernel.vector;

import io.github.fovea.graph.Interpolation;
import io.github.fovea.kernel.Resize;
import io.github.fovea.kernel.ResizeWeights;
import io.github.fovea.tensor.Layout;
import io.github.fovea.tensor.TensorView;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// Enlargement of planar tensors: nearest by [NearestRows], bilinear and bicubic by 2 in [DoubledRows], by other
/// factors here. One vector of output pixels draws on `lanes / scale + 4` input columns, which fit in one vector: it is
/// summed vertically first, then shuffled once per horizontal tap. Bilinear is computed as bicubic with two weights of
/// zero.
///
/// Pixels whose columns leave the row are computed one by one with the same fused multiply-adds in the same order, so a
/// pixel's value does not depend on where a tile ends.
final class ResizeVector implements Resize {
    private static final VectorSpecies<Float> S = Lanes.SPECIES;
    private static final int L = Lanes.COUNT;
    private static final int TAPS = 4;
    private static final int MAX_SCALE = 16;

    private final Resize other;
    private final Table[][] tables = new Table[Interpolation.values().length][MAX_SCALE + 1];

    /// What horizontal position `vector` (modulo the scale) of an output row needs, prepared once.
    ///
    /// @param scale    factor
    /// @param rows     vertical weights `[phase][4]`, zero where the interpolation has only two
    /// @param first    input row of the first vertical tap, from the row that the output row is in, per phase
    /// @param columns  horizontal weights `[vector][4][lane]`
    /// @param shuffles column of the window for each lane `[vector][4]`
    private record Table(int scale, float[] rows, int[] first, float[] columns, VectorShuffle<Float>[] shuffles) {}

    /// Makes the kernel; `other` computes what this one does not: blocked tensors, factors other than 2 with 128-bit
    /// vectors.
    ResizeVector(Resize other) {
        this.other = other;
    }

    /// The table of a scale, made on first use (two threads may both make it; they are equal).
    private Table prepared(Interpolation interpolation, int scale) {
        Table table = tables[interpolation.ordinal()][scale];
        if (table == null) {
            table = table(interpolation, scale);
            tables[interpolation.ordinal()][scale] = table;
        }
        return table;
    }

    private static Table table(Interpolation interpolation, int scale) {
        ResizeWeights weights = ResizeWeights.of(interpolation, scale);
        float[] rows = new float[scale * TAPS];
        int[] first = new int[scale];
        int shift = (TAPS - weights.taps()) / 2;
        for (int phase = 0; phase < scale; phase++) {
            first[phase] = weights.first(phase) - shift;
            for (int k = 0; k < weights.taps(); k++) {
                rows[phase * TAPS + shift + k] = weights.weight(phase, k);
            }
        }
        float[] columns = new float[scale * TAPS * L];
        @SuppressWarnings({"unchecked", "rawtypes"})
        VectorShuffle<Float>[] shuffles = new VectorShuffle[scale * TAPS];
        for (int vector = 0; vector < scale; vector++) {
            for (int k = 0; k < TAPS; k++) {
                int tap = k;
                int start = vector * L;
                shuffles[vector * TAPS + k] = VectorShuffle.fromOp(S, lane ->
                        (start + lane) / scale - start / scale + first[(start + lane) % scale] + 2 + tap);
                for (int lane = 0; lane < L; lane++) {
                    columns[(vector * TAPS + k) * L + lane] = rows[(start + lane) % scale * TAPS + k];
                }
            }
        }
        return new Table(scale, rows, first, columns, shuffles);
    }

    @Override
    public void run(
            TensorView in, Interpolation interpolation, int scale, TensorView out, int rowBegin, int rowEnd) {
        if (in.layout() == Layout.PLANAR && interpolation == Interpolation.NEAREST && NearestRows.computes(scale)) {
            NearestRows.run(in, scale, out, rowBegin, rowEnd);
            return;
        }
        if (in.layout() != Layout.PLANAR || interpolation == Interpolation.NEAREST || scale == 1 || scale > MAX_SCALE
                || L < 8 && scale != 2) {
            other.run(in, interpolation, scale, out, rowBegin, rowEnd);
            return;
        }
        Table table = prepared(interpolation, scale);
        int height = in.height();
        for (int c = 0; c < out.channels(); c++) {
            for (int y = scale * rowBegin; y < scale * rowEnd; y++) {
                int top = y / scale + table.first[y % scale];
                int row0 = in.index(c, Interpolation.mirror(top, height), 0);
                int row1 = in.index(c, Interpolation.mirror(top + 1, height), 0);
                int row2 = in.index(c, Interpolation.mirror(top + 2, height), 0);
                int row3 = in.index(c, Interpolation.mirror(top + 3, height), 0);
                if (scale == 2) {
                    doubled(in.data(), row0, row1, row2, row3, in.width(), table, interpolation, y % 2 * TAPS,
                            out.data(), out.index(c, y, 0));
                } else {
                    row(in.data(), row0, row1, row2, row3, in.width(), table, y % scale * TAPS, out.data(),
                            out.index(c, y, 0));
                }
            }
        }
    }

    private static void doubled(
            float[] in, int row0, int row1, int row2, int row3, int width, Table table, Interpolation interpolation,
            int phase, float[] out, int outFrom) {
        if (interpolation == Interpolation.BILINEAR && width >= L + 2) {
            DoubledRows.bilinear(in, row1, row2, width, table.rows, phase, out, outFrom);
        } else if (interpolation == Interpolation.BICUBIC && width >= L + 4) {
            DoubledRows.bicubic(in, row0, row1, row2, row3, width, table.rows, phase, out, outFrom);
        } else {
            pixels(in, row0, row1, row2, row3, width, table, phase, 0, 0, 2 * width, out, outFrom);
        }
    }

    private static void row(
            float[] in, int row0, int row1, int row2, int row3, int width, Table table, int phase,
            float[] out, int outFrom) {
        int scale = table.scale;
        float v0 = table.rows[phase];
        float v1 = table.rows[phase + 1];
        float v2 = table.rows[phase + 2];
        float v3 = table.rows[phase + 3];
        // Vectors of output pixels whose columns [x / scale - 2, x / scale - 2 + L) all lie in the row.
        int begin = Math.min(width * scale, (2 * scale + L - 1) / L * L);
        int end = begin;
        for (int x = begin; x / scale - 2 + L <= width; x += L) {
            int i = x / scale - 2;
            int vector = x / L % scale * TAPS;
            FloatVector column = FloatVector.fromArray(S, in, row0 + i).mul(v0);
            column = FloatVector.fromArray(S, in, row1 + i).fma(FloatVector.broadcast(S, v1), column);
            column = FloatVector.fromArray(S, in, row2 + i).fma(FloatVector.broadcast(S, v2), column);
            column = FloatVector.fromArray(S, in, row3 + i).fma(FloatVector.broadcast(S, v3), column);
            FloatVector sum = column.rearrange(table.shuffles[vector])
                    .mul(FloatVector.fromArray(S, table.columns, vector * L));
            sum = column.rearrange(table.shuffles[vector + 1])
                    .fma(FloatVector.fromArray(S, table.columns, vector * L + L), sum);
            sum = column.rearrange(table.shuffles[vector + 2])
                    .fma(FloatVector.fromArray(S, table.columns, vector * L + 2 * L), sum);
            sum = column.rearrange(table.shuffles[vector + 3])
                    .fma(FloatVector.fromArray(S, table.columns, vector * L + 3 * L), sum);
            sum.intoArray(out, outFrom + x);
            end = x + L;
        }
        pixels(in, row0, row1, row2, row3, width, table, phase, 0, 0, begin, out, outFrom);
        pixels(in, row0, row1, row2, row3, width, table, phase, end / scale, end % scale, width * scale, out, outFrom);
    }

    /// Output pixels one by one, mirrored at the row's ends: from phase `phase` of input pixel `x` to output pixel
    /// `end`.
    private static void pixels(
            float[] in, int row0, int row1, int row2, int row3, int width, Table table, int rowPhase,
            int x, int phase, int end, float[] out, int outFrom) {
        float v0 = table.rows[rowPhase];
        float v1 = table.rows[rowPhase + 1];
        float v2 = table.rows[rowPhase + 2];
        float v3 = table.rows[rowPhase + 3];
        for (int to = x * table.scale + phase; to < end; to++) {
            int left = x + table.first[phase];
            float sum = 0;
            for (int k = 0; k < TAPS; k++) {
                int i = left + k >= 0 && left + k < width ? left + k : Interpolation.mirror(left + k, width);
                float column = in[row0 + i] * v0;
                column = Math.fma(in[row1 + i], v1, column);
                column = Math.fma(in[row2 + i], v2, column);
                column = Math.fma(in[row3 + i], v3, column);
                float weight = table.rows[phase * TAPS + k];
                sum = k == 0 ? column * weight : Math.fma(column, weight, sum);
            }
            out[outFrom + to] = sum;
            phase++;
            if (phase == table.scale) {
                phase = 0;
                x++;
            }
        }
    }
}
