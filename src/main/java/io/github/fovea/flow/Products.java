package io.github.fovea.flow;

import io.github.fovea.dim.Dim;
import io.github.fovea.dim.Known;
import java.util.Arrays;
import java.util.Map;

/// Products of matrices.
final class Products {
    private Products() {}

    static void register(Map<String, Operator> table) {
        table.put("MatMul", Operator.of(Products::matMul, _ -> new MatMulKernel()).backward(Products::matMulBackward));
        table.put("Gemm", Operator.of(Products::gemm, GemmKernel::new).backward(Products::gemmBackward));
    }

    private static void matMul(Inference n) {
        Known[] a = n.shape(0);
        Known[] b = n.shape(1);
        if (a == null || b == null) {
            n.set(0, ElementType.FLOAT, (Known[]) null);
            return;
        }
        if (a.length == 0 || b.length == 0) {
            throw n.error("operand without axes: " + n.text(0) + " and " + n.text(1));
        }
        n.same(a[a.length - 1], b[b.length == 1 ? 0 : b.length - 2], "last extent of " + n.text(0));
        int outerA = Math.max(0, a.length - 2);
        int outerB = Math.max(0, b.length - 2);
        int outer = Math.max(outerA, outerB);
        Known[] shape = new Known[outer + (a.length > 1 ? 1 : 0) + (b.length > 1 ? 1 : 0)];
        for (int i = 0; i < outer; i++) {
            Known x = i - outer + outerA < 0 ? Known.of(1) : a[i - outer + outerA];
            Known y = i - outer + outerB < 0 ? Known.of(1) : b[i - outer + outerB];
            if (!y.equals(Known.of(1)) && !x.equals(Known.of(1))) {
                n.same(x, y, "extent " + i + " of " + n.text(0));
            }
            boolean fixed = x.dimOrNull() instanceof Dim.Constant;
            shape[i] = x.equals(Known.of(1)) || x.equals(y) ? y
                    : y.equals(Known.of(1)) || fixed ? x
                    : y.dimOrNull() instanceof Dim.Constant ? y : x.with(y, Dim::max);
        }
        int at = outer;
        if (a.length > 1) {
            shape[at++] = a[a.length - 2];
        }
        if (b.length > 1) {
            shape[at] = b[b.length - 1];
        }
        n.set(0, ElementType.FLOAT, shape);
    }

    private static void matMulBackward(Inference n) {
        Known[] b = n.shape(1);
        if (b != null && b.length >= 1) {
            n.demand(0, -1, b[b.length == 1 ? 0 : b.length - 2]);
        }
        Known[] a = n.shape(0);
        if (a != null && a.length >= 1) {
            n.demand(1, n.shape(1) != null && n.shape(1).length == 1 ? -1 : -2, a[a.length - 1]);
        }
    }

    private static void gemm(Inference n) {
        Known[] a = n.shape(0);
        Known[] b = n.shape(1);
        boolean flipA = n.attributes.integer("transA", 0) != 0;
        boolean flipB = n.attributes.integer("transB", 0) != 0;
        for (int i = 0; i < 2; i++) {
            if (n.shape(i) != null && n.shape(i).length != 2) {
                throw n.error("input " + i + " of shape " + n.text(i) + ", wanted a matrix");
            }
        }
        if (a != null && b != null) {
            n.same(a[flipA ? 0 : 1], b[flipB ? 1 : 0], "inner extent of " + n.text(0));
        }
        n.set(0, ElementType.FLOAT, a == null ? Known.UNDEFINED : a[flipA ? 1 : 0],
                b == null ? Known.UNDEFINED : b[flipB ? 0 : 1]);
    }

    private static void gemmBackward(Inference n) {
        n.demandRank(0, 2);
        n.demandRank(1, 2);
        boolean flipA = n.attributes.integer("transA", 0) != 0;
        boolean flipB = n.attributes.integer("transB", 0) != 0;
        n.demand(0, flipA ? 0 : 1, n.shape(1)[flipB ? 1 : 0]);
    }

    private static final class MatMulKernel extends MatrixKernel {
        @Override
        public void run(Tensor[] in, Tensor[] out) {
            Tensor a = in[0];
            Tensor b = in[1];
            Tensor c = out[0];
            int rankA = a.rank();
            int rankB = b.rank();
            int m = rankA == 1 ? 1 : a.shape[rankA - 2];
            int k = a.shape[rankA - 1];
            int n = rankB == 1 ? 1 : b.shape[rankB - 1];
            int outer = Math.max(Math.max(0, rankA - 2), Math.max(0, rankB - 2));
            if (k != b.shape[Math.max(0, rankB - 2)]) {
                throw new IllegalArgumentException("last extent of " + a + " and rows of " + b + " differ");
            }
            checkBatch(a, c.shape, outer);
            checkBatch(b, c.shape, outer);
            if (Tensor.elements(b.shape, 0, Math.max(0, rankB - 2)) == 1) {
                // One right factor for all: the left ones are rows of one matrix.
                int rows = Tensor.elements(a.shape, 0, Math.max(0, rankA - 2)) * m;
                multiply(a.floats, a.from, k, 1, b.floats, b.from, n, c.floats, c.from, n, rows, n, k, false);
                return;
            }
            int count = Tensor.elements(c.shape, 0, outer);
            for (int i = 0; i < count; i++) {
                multiply(a.floats, a.from + batch(i, c.shape, outer, a) * m * k, k, 1,
                        b.floats, b.from + batch(i, c.shape, outer, b) * k * n, n, c.floats, c.from + i * m * n, n, m,
                        n, k, false);
            }
        }

        /// Checks that a factor has one matrix, or as many as the product, along each axis.
        private static void checkBatch(Tensor factor, int[] shape, int outer) {
            int own = Math.max(0, factor.rank() - 2);
            for (int axis = 0; axis < own; axis++) {
                int wanted = shape[outer - own + axis];
                if (factor.shape[axis] != 1 && factor.shape[axis] != wanted) {
                    throw new IllegalArgumentException("extent " + axis + " of " + factor + " is " + factor.shape[axis]
                            + ", wanted 1 or " + wanted);
                }
            }
        }

        /// Which matrix of a factor takes part in matrix `i` of the product.
        private static int batch(int i, int[] shape, int outer, Tensor factor) {
            int own = Math.max(0, factor.rank() - 2);
            int index = 0;
            int stride = 1;
            int rest = i;
            for (int axis = outer - 1; axis >= 0; axis--) {
                int at = rest % shape[axis];
                rest /= shape[axis];
                int k = axis - outer + own;
                if (k >= 0) {
                    index += factor.shape[k] == 1 ? 0 : at * stride;
                    stride *= factor.shape[k];
                }
            }
            return index;
        }
    }

    private static final class GemmKernel extends MatrixKernel {
        private final float alpha;
        private final float beta;
        private final boolean flipA;
        private final boolean flipB;

        GemmKernel(FlowNode node) {
            Attributes attributes = new Attributes(node);
            alpha = attributes.real("alpha", 1f);
            beta = attributes.real("beta", 1f);
            flipA = attributes.integer("transA", 0) != 0;
            flipB = attributes.integer("transB", 0) != 0;
        }

        @Override
        public void run(Tensor[] in, Tensor[] out) {
            Tensor a = in[0];
            Tensor b = in[1];
            Tensor y = out[0];
            int m = y.shape[0];
            int n = y.shape[1];
            int k = a.shape[flipA ? 0 : 1];
            if (b.shape[flipB ? 1 : 0] != k) {
                throw new IllegalArgumentException("inner extents of " + a + " and " + b + " are " + k + " and "
                        + b.shape[flipB ? 1 : 0] + ", wanted equal ones");
            }
            float[] right = b.floats;
            int rightFrom = b.from;
            if (flipB) {
                right = transposed(b, n, k);
                rightFrom = 0;
            }
            multiply(a.floats, a.from, flipA ? 1 : k, flipA ? m : 1, right, rightFrom, n, y.floats, y.from, n, m, n, k,
                    false);
            if (alpha != 1f) {
                for (int i = y.from; i < y.from + m * n; i++) {
                    y.floats[i] *= alpha;
                }
            }
            if (in.length > 2 && in[2] != null) {
                add(in[2], y, m, n);
            }
        }

        private void add(Tensor c, Tensor y, int m, int n) {
            int rows = c.rank() == 2 ? c.shape[0] : 1;
            int columns = c.rank() == 0 ? 1 : c.shape[c.rank() - 1];
            if (rows != 1 && rows != m || columns != 1 && columns != n) {
                throw new IllegalArgumentException("Gemm adds " + Arrays.toString(c.shape) + " to [" + m + ", " + n
                        + "]");
            }
            for (int i = 0; i < m; i++) {
                for (int j = 0; j < n; j++) {
                    y.floats[y.from + i * n + j] +=
                            beta * c.floats[c.from + (rows == 1 ? 0 : i) * columns + (columns == 1 ? 0 : j)];
                }
            }
        }

        @Override
        public long scratchElements(Tensor[] in, Tensor[] out) {
            return flipB ? in[1].elements() : 0;
        }

        /// Only for factors that are computed: constant ones were transposed when the plan was made.
        private float[] transposed(Tensor b, int n, int k) {
            float[] flipped = scratch(b.elements());
            for (int j = 0; j < n; j++) {
                for (int p = 0; p < k; p++) {
                    flipped[p * n + j] = b.floats[b.from + j * k + p];
                }
            }
            return flipped;
        }
    }
}
