package io.github.fovea.flow;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// Choices that random nodes of all kinds are made of.
abstract class RandomChoices {
    final SplittableRandom r;
    final int opset;
    final String name;

    RandomChoices(SplittableRandom random, int opset, String name) {
        r = random;
        this.opset = opset;
        this.name = name;
    }

    final boolean chance(double p) {
        return r.nextDouble() < p;
    }

    final <T> T pick(List<T> list) {
        return list.get(r.nextInt(list.size()));
    }

    final int[] shape(int least, int most) {
        int[] shape = new int[r.nextInt(least, most + 1)];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = r.nextInt(1, 6);
        }
        return shape;
    }

    /// {@return an axis, mostly a legal one}
    final int axis(int rank) {
        return chance(0.06) ? r.nextInt(-rank - 2, rank + 2) : rank == 0 ? 0 : r.nextInt(-rank, rank);
    }

    final OracleCase op(String operator) {
        return OracleCase.of(opset, operator, name);
    }

    final OracleCase given(OracleCase c, int... shape) {
        return chance(0.7) ? c.x(shape) : c.w(shape);
    }

    final OracleCase ints(OracleCase c, long... values) {
        return values.length == 0 || chance(0.6) ? c.ints(values) : c.n(values, values.length);
    }

    /// {@return axes in any order, some counted from the end, seldom one too large}
    final int[] distinctAxes(int rank) {
        int count = rank == 0 ? 0 : r.nextInt(1, rank + 1);
        int[] axes = r.ints(rank == 0 ? 0 : 100, 0, Math.max(1, rank)).distinct().limit(count).toArray();
        for (int i = 0; i < axes.length; i++) {
            axes[i] -= chance(0.4) ? rank : 0;
            axes[i] += chance(0.02) ? rank + 1 : 0;
        }
        return axes;
    }

    static long[] wide(int[] values) {
        return Arrays.stream(values).asLongStream().toArray();
    }
}
