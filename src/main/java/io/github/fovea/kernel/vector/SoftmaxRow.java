package io.github.fovea.kernel.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// Softmax of a run of numbers: the largest, the powers, their sum, the quotients.
final class SoftmaxRow {
    private static final VectorSpecies<Float> S = Lanes.SPECIES;
    private static final int L = Lanes.COUNT;

    private SoftmaxRow() {}

    /// As [io.github.fovea.kernel.Exponentials#softmax].
    static void run(float[] in, int from, float[] out, int to, int n) {
        ExpRow.run(in, from, max(in, from, n), out, to, n);
        scale(out, to, n, 1 / sum(out, to, n));
    }

    /// What is no number is never the largest here: its power, and so the sum, is none either.
    private static float max(float[] in, int from, int n) {
        FloatVector max = FloatVector.broadcast(S, Float.NEGATIVE_INFINITY);
        int whole = S.loopBound(n);
        for (int i = 0; i < whole; i += L) {
            FloatVector x = FloatVector.fromArray(S, in, from + i);
            max = max.blend(x, x.compare(VectorOperators.GT, max));
        }
        if (whole < n) {
            VectorMask<Float> lanes = S.indexInRange(whole, n);
            FloatVector x = FloatVector.fromArray(S, in, from + whole, lanes);
            max = max.blend(x, x.compare(VectorOperators.GT, max, lanes));
        }
        return max.reduceLanes(VectorOperators.MAX);
    }

    /// There are 16 partial sums at every width, added in the same order: every machine finds the same.
    private static float sum(float[] in, int from, int n) {
        FloatVector a = FloatVector.zero(S);
        FloatVector b = a;
        FloatVector c = a;
        FloatVector d = a;
        int whole = n & -16;
        for (int i = 0; i < whole; i += 16) {
            a = a.add(FloatVector.fromArray(S, in, from + i));
            if (L <= 8) {
                b = b.add(FloatVector.fromArray(S, in, from + i + L));
            }
            if (L == 4) {
                c = c.add(FloatVector.fromArray(S, in, from + i + 8));
                d = d.add(FloatVector.fromArray(S, in, from + i + 12));
            }
        }
        if (whole < n) {
            a = a.add(FloatVector.fromArray(S, in, from + whole, S.indexInRange(whole, n)));
            if (L <= 8) {
                b = b.add(FloatVector.fromArray(S, in, from + whole + L, S.indexInRange(whole + L, n)));
            }
            if (L == 4) {
                c = c.add(FloatVector.fromArray(S, in, from + whole + 8, S.indexInRange(whole + 8, n)));
                d = d.add(FloatVector.fromArray(S, in, from + whole + 12, S.indexInRange(whole + 12, n)));
            }
        }
        if (L >= 8) {
            a = a.add(a.rearrange(LaneSwaps.SWAP_4));
            b = b.add(b.rearrange(LaneSwaps.SWAP_4));
        }
        FloatVector sum = L == 16 ? a.add(a.rearrange(LaneSwaps.SWAP_8)) : L == 8 ? a.add(b) : a.add(b).add(c.add(d));
        return sum.lane(0) + sum.lane(1) + (sum.lane(2) + sum.lane(3));
    }

    private static void scale(float[] out, int to, int n, float factor) {
        int whole = S.loopBound(n);
        for (int i = 0; i < whole; i += L) {
            FloatVector.fromArray(S, out, to + i).mul(factor).intoArray(out, to + i);
        }
        if (whole < n) {
            VectorMask<Float> lanes = S.indexInRange(whole, n);
            FloatVector.fromArray(S, out, to + whole, lanes).mul(factor).intoArray(out, to + whole, lanes);
        }
    }
}
