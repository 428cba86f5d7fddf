package io.github.fovea.flow;

/// Copies a box of elements between tensors, each walked with its own strides: the work of every operator that moves
/// data.
final class StridedCopy {
    private StridedCopy() {}

    /// {@return the row-major strides of a shape, in elements}
    static int[] strides(int[] shape) {
        int[] strides = new int[shape.length];
        int stride = 1;
        for (int i = shape.length - 1; i >= 0; i--) {
            strides[i] = stride;
            stride *= shape[i];
        }
        return strides;
    }

    /// Copies `out[outBase + i . outStrides] = in[inBase + i . inStrides]` for every index `i` within `extents`.
    static void run(Tensor in, int inBase, int[] inStrides, Tensor out, int outBase, int[] outStrides, int[] extents) {
        for (int extent : extents) {
            if (extent == 0) {
                return;
            }
        }
        walk(in, in.from + inBase, inStrides, out, out.from + outBase, outStrides, extents, 0);
    }

    private static void walk(
            Tensor in, int inAt, int[] inStrides, Tensor out, int outAt, int[] outStrides, int[] extents, int axis) {
        if (axis >= extents.length - 1) {
            int extent = extents.length == 0 ? 1 : extents[axis];
            int inStride = extents.length == 0 ? 1 : inStrides[axis];
            int outStride = extents.length == 0 ? 1 : outStrides[axis];
            row(in, inAt, inStride, out, outAt, outStride, extent);
            return;
        }
        for (int i = 0; i < extents[axis]; i++) {
            walk(in, inAt + i * inStrides[axis], inStrides, out, outAt + i * outStrides[axis], outStrides, extents,
                    axis + 1);
        }
    }

    private static void row(Tensor in, int inAt, int inStride, Tensor out, int outAt, int outStride, int extent) {
        if (inStride == 1 && outStride == 1) {
            System.arraycopy(in.array(), inAt, out.array(), outAt, extent);
        } else if (in.isFloat()) {
            float[] from = in.floats;
            float[] to = out.floats;
            for (int i = 0; i < extent; i++) {
                to[outAt + i * outStride] = from[inAt + i * inStride];
            }
        } else {
            long[] from = in.longs;
            long[] to = out.longs;
            for (int i = 0; i < extent; i++) {
                to[outAt + i * outStride] = from[inAt + i * inStride];
            }
        }
    }
}
