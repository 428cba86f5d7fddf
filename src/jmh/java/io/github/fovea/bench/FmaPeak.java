package io.github.fovea.bench;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// The ceiling: fused multiply-adds of one core that never leave the registers.
///
/// Sums stand where the machine's instruction adds in place; products there, as in `a = a * x + y`, make C2 copy `y` into a
/// register for each of them, and the front end of a core with two such units passes four instructions a cycle.
final class FmaPeak {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int ROUNDS = 200_000;

    private FmaPeak() {}

    /// {@return GFLOP/s of this thread, best of `samples` after a warm-up; `sink` keeps the result alive}
    static double gigaflops(int samples, float[] sink) {
        double best = 0;
        for (int i = 0; i < samples + 50; i++) {
            long start = System.nanoTime();
            spin(sink);
            double flops = 2.0 * ROUNDS * 16 * S.length();
            if (i >= 50) {
                best = Math.max(best, flops / (System.nanoTime() - start));
            }
        }
        return best;
    }

    private static void spin(float[] sink) {
        FloatVector x = FloatVector.broadcast(S, 0.999f);
        FloatVector y = FloatVector.broadcast(S, 0.001f);
        FloatVector a = x;
        FloatVector b = x;
        FloatVector c = x;
        FloatVector d = x;
        FloatVector e = x;
        FloatVector f = x;
        FloatVector g = x;
        FloatVector h = x;
        FloatVector i = x;
        FloatVector j = x;
        FloatVector k = x;
        FloatVector l = x;
        FloatVector m = x;
        FloatVector n = x;
        FloatVector o = x;
        FloatVector p = x;
        for (int round = 0; round < ROUNDS; round++) {
            a = x.fma(y, a);
            b = x.fma(y, b);
            c = x.fma(y, c);
            d = x.fma(y, d);
            e = x.fma(y, e);
            f = x.fma(y, f);
            g = x.fma(y, g);
            h = x.fma(y, h);
            i = x.fma(y, i);
            j = x.fma(y, j);
            k = x.fma(y, k);
            l = x.fma(y, l);
            m = x.fma(y, m);
            n = x.fma(y, n);
            o = x.fma(y, o);
            p = x.fma(y, p);
        }
        a.add(b).add(c).add(d).add(e).add(f).add(g).add(h).add(i).add(j).add(k).add(l).add(m).add(n).add(o).add(p).intoArray(sink, 0);
    }
}
