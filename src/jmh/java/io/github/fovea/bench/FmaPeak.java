package io.github.fovea.bench;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// The ceiling: fused multiply-adds of one core that never leave the registers.
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
            a = a.fma(x, y);
            b = b.fma(x, y);
            c = c.fma(x, y);
            d = d.fma(x, y);
            e = e.fma(x, y);
            f = f.fma(x, y);
            g = g.fma(x, y);
            h = h.fma(x, y);
            i = i.fma(x, y);
            j = j.fma(x, y);
            k = k.fma(x, y);
            l = l.fma(x, y);
            m = m.fma(x, y);
            n = n.fma(x, y);
            o = o.fma(x, y);
            p = p.fma(x, y);
        }
        a.add(b).add(c).add(d).add(e).add(f).add(g).add(h).add(i).add(j).add(k).add(l).add(m).add(n).add(o).add(p).intoArray(sink, 0);
    }
}
