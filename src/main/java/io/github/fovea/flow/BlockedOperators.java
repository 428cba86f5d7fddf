package io.github.fovea.flow;

import java.util.Arrays;

/// Kernels that are others for tensors in blocks of channels. Convolutions, `Resize` and element-wise programs work on
/// either order.
final class BlockedOperators {
    private static final int LANES = Tensor.LANES;

    private BlockedOperators() {}

    /// {@return the kernel of a node whose tensors are in blocks; `null` where it is that of tensors in row-major order}
    ///
    /// @param node a node that [Blocking] takes; an `Identity` brings a tensor into row-major order
    static Kernel of(FlowNode node) {
        return switch (node.operator()) {
            case "Concat" -> BlockedOperators::concat;
            case "Split" -> BlockedOperators::split;
            case "MaxPool" -> new MaxKernel(node);
            case "Identity" -> BlockedOperators::rowMajor;
            default -> null;
        };
    }

    private static void concat(Tensor[] in, Tensor[] out) {
        int channel = 0;
        for (Tensor part : in) {
            copy(part, 0, out[0], channel, part.shape[1]);
            channel += part.shape[1];
        }
    }

    private static void split(Tensor[] in, Tensor[] out) {
        int channel = 0;
        for (Tensor part : out) {
            copy(in[0], channel, part, 0, part.shape[1]);
            channel += part.shape[1];
        }
        if (channel != in[0].shape[1]) {
            throw new IllegalArgumentException("parts have " + channel + " channels together, wanted "
                    + in[0].shape[1]);
        }
    }

    /// Copies channels: blocks where they stay blocks, else runs of lanes.
    private static void copy(Tensor from, int first, Tensor to, int at, int channels) {
        if (from.shape[0] != to.shape[0] || from.shape[2] != to.shape[2] || from.shape[3] != to.shape[3]) {
            throw new IllegalArgumentException(from + " does not fit into " + to + " but for channels");
        }
        int plane = from.shape[2] * from.shape[3] * LANES;
        for (int image = 0; image < from.shape[0]; image++) {
            int source = from.from + image * from.blocks() * plane;
            int target = to.from + image * to.blocks() * plane;
            for (int c = 0; c < channels; ) {
                int lane = (first + c) % LANES;
                int toLane = (at + c) % LANES;
                int run = Math.min(Math.min(LANES - lane, LANES - toLane), channels - c);
                int x = source + (first + c) / LANES * plane + lane;
                int y = target + (at + c) / LANES * plane + toLane;
                if (run == LANES) {
                    System.arraycopy(from.floats, x, to.floats, y, plane);
                } else {
                    copyLanes(from.floats, x, to.floats, y, plane, run);
                }
                c += run;
            }
        }
    }

    private static void copyLanes(float[] from, int x, float[] to, int y, int plane, int run) {
        for (int i = 0; i < plane; i += LANES) {
            for (int lane = 0; lane < run; lane++) {
                to[y + i + lane] = from[x + i + lane];
            }
        }
    }

    private static void rowMajor(Tensor[] in, Tensor[] out) {
        Tensor x = in[0];
        int channels = x.shape[1];
        int pixels = x.shape[2] * x.shape[3];
        for (int image = 0; image < x.shape[0]; image++) {
            for (int c = 0; c < channels; c++) {
                int from = x.from + (image * x.blocks() + c / LANES) * pixels * LANES + c % LANES;
                int to = out[0].from + (image * channels + c) * pixels;
                for (int i = 0; i < pixels; i++) {
                    out[0].floats[to + i] = x.floats[from + i * LANES];
                }
            }
        }
    }

    /// Largest numbers of windows: along columns first, then along rows. Two pieces of a row meet in arrays of their
    /// own, read and written from index 0, so that the JIT compiler vectorises.
    private static final class MaxKernel extends ScratchKernel {
        /// Pixels of a piece.
        private static final int PIECE = 64;

        private final Window window;
        private final float[] most = new float[PIECE * LANES];
        private final float[] met = new float[PIECE * LANES];

        MaxKernel(FlowNode node) {
            window = Window.of(node);
        }

        @Override
        public long scratchElements(Tensor[] in, Tensor[] out) {
            return (long) LANES * in[0].shape[3];
        }

        @Override
        public void run(Tensor[] in, Tensor[] out) {
            int h = in[0].shape[2];
            int w = in[0].shape[3];
            int outH = out[0].shape[2];
            int outW = out[0].shape[3];
            window.checkFits(h, w, outH, outW);
            int top = window.before(0, h, outH);
            int left = window.before(1, w, outW);
            float[] row = scratch((long) LANES * w);
            for (int plane = 0; plane < in[0].shape[0] * in[0].blocks(); plane++) {
                for (int oy = 0; oy < outH; oy++) {
                    down(in[0].floats, in[0].from + plane * h * w * LANES, h, w, oy * window.strides()[0] - top, row);
                    across(row, w, out[0].floats, out[0].from + (plane * outH + oy) * outW * LANES, outW, left);
                }
            }
        }

        /// The largest of the rows of a window.
        private void down(float[] x, int from, int h, int w, int first, float[] row) {
            for (int piece = 0; piece < w; piece += PIECE) {
                int n = Math.min(PIECE, w - piece) * LANES;
                Arrays.fill(most, 0, n, Float.NEGATIVE_INFINITY);
                for (int ky = 0; ky < window.kernel()[0]; ky++) {
                    int iy = first + ky * window.dilations()[0];
                    if (iy >= 0 && iy < h) {
                        System.arraycopy(x, from + (iy * w + piece) * LANES, met, 0, n);
                        larger(most, met, n);
                    }
                }
                System.arraycopy(most, 0, row, piece * LANES, n);
            }
        }

        private void across(float[] row, int w, float[] y, int to, int outW, int left) {
            int stride = window.strides()[1];
            for (int piece = 0; piece < outW; piece += PIECE) {
                int count = Math.min(PIECE, outW - piece);
                Arrays.fill(most, 0, count * LANES, Float.NEGATIVE_INFINITY);
                for (int kx = 0; kx < window.kernel()[1]; kx++) {
                    int shift = piece * stride + kx * window.dilations()[1] - left;
                    int begin = Math.min(count, shift >= 0 ? 0 : (-shift + stride - 1) / stride);
                    int end = Math.clamp((long) Math.floorDiv(w - 1 - shift, stride) + 1, begin, count);
                    Arrays.fill(met, 0, begin * LANES, Float.NEGATIVE_INFINITY);
                    if (stride == 1) {
                        System.arraycopy(row, (shift + begin) * LANES, met, begin * LANES, (end - begin) * LANES);
                    }
                    for (int i = begin; stride > 1 && i < end; i++) {
                        System.arraycopy(row, (shift + i * stride) * LANES, met, i * LANES, LANES);
                    }
                    Arrays.fill(met, end * LANES, count * LANES, Float.NEGATIVE_INFINITY);
                    larger(most, met, count * LANES);
                }
                System.arraycopy(most, 0, y, to + piece * LANES, count * LANES);
            }
        }

        private static void larger(float[] most, float[] met, int n) {
            for (int i = 0; i < n; i++) {
                most[i] = Math.max(most[i], met[i]);
            }
        }
    }
}
