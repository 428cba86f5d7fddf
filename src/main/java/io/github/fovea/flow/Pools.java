package io.github.fovea.flow;

import io.github.fovea.dim.Known;
import java.util.Arrays;
import java.util.Map;

/// Pools over one or two spatial axes.
final class Pools {
    private Pools() {}

    static void register(Map<String, Operator> table) {
        table.put("MaxPool", Operator.of(Pools::window, node -> new WindowKernel(node, true)).backward(Pools::rank));
        table.put("AveragePool", Operator.of(Pools::window, node -> new WindowKernel(node, false))
                .backward(Pools::rank));
        table.put("GlobalAveragePool", Operator.of(Pools::global, _ -> (in, out) -> global(in[0], out[0], false)));
        table.put("GlobalMaxPool", Operator.of(Pools::global, _ -> (in, out) -> global(in[0], out[0], true)));
    }

    private static void rank(Inference n) {
        long[] kernel = n.attributes.integers("kernel_shape");
        if (kernel != null) {
            n.demandRank(0, kernel.length + 2);
        }
    }

    private static void window(Inference n) {
        Known[] in = n.shape(0);
        if (n.outputs() > 1 && !n.node.outputs().get(1).isEmpty()) {
            throw n.error("output of indices is not supported; export without it");
        }
        if (in == null) {
            n.set(0, n.type(0), (Known[]) null);
            return;
        }
        Window window = Window.of(n.node);
        int axes = n.attributes.integers("kernel_shape").length;
        if (in.length != axes + 2) {
            throw n.error("input of shape " + n.text(0) + " for a window of " + axes + " axes");
        }
        Known[] shape = in.clone();
        for (int i = 2; i < in.length; i++) {
            shape[i] = window.extent(i - in.length + 2, in[i]);
        }
        n.set(0, n.type(0), shape);
    }

    private static void global(Inference n) {
        Known[] in = n.shape(0);
        if (in == null) {
            n.set(0, n.type(0), (Known[]) null);
            return;
        }
        if (in.length < 3) {
            throw n.error("input of shape " + n.text(0) + ", wanted a batch, channels and one spatial axis at least");
        }
        Known[] shape = in.clone();
        Arrays.fill(shape, 2, shape.length, Known.of(1));
        n.set(0, n.type(0), shape);
    }

    private static void global(Tensor in, Tensor out, boolean max) {
        int planes = out.elements();
        int pixels = planes == 0 ? 0 : in.elements() / planes;
        for (int p = 0; p < planes; p++) {
            double sum = max ? Double.NEGATIVE_INFINITY : 0;
            for (int i = in.from + p * pixels; i < in.from + (p + 1) * pixels; i++) {
                sum = max ? Math.max(sum, in.floats[i]) : sum + in.floats[i];
            }
            out.floats[out.from + p] = (float) (max ? sum : sum / pixels);
        }
    }

    private static final class WindowKernel extends ScratchKernel {
        private final Window window;
        private final boolean max;
        private final boolean countsPad;

        WindowKernel(FlowNode node, boolean max) {
            this.max = max;
            window = Window.of(node);
            countsPad = new Attributes(node).integer("count_include_pad", 0) != 0;
        }

        @Override
        public long scratchElements(Tensor[] in, Tensor[] out) {
            Tensor x = in[0];
            return max ? (x.rank() == 3 ? 1 : x.shape[2]) * (long) out[0].shape[out[0].rank() - 1] : 0;
        }

        @Override
        public void run(Tensor[] in, Tensor[] out) {
            Tensor x = in[0];
            Tensor y = out[0];
            int h = x.rank() == 3 ? 1 : x.shape[2];
            int w = x.shape[x.rank() - 1];
            int outH = y.rank() == 3 ? 1 : y.shape[2];
            int outW = y.shape[y.rank() - 1];
            window.checkFits(h, w, outH, outW);
            int top = window.before(0, h, outH);
            int left = window.before(1, w, outW);
            int bottom = h + window.behind(0, h, outH);
            int right = w + window.behind(1, w, outW);
            for (int plane = 0; plane < x.shape[0] * x.shape[1]; plane++) {
                if (max) {
                    maxima(x.floats, x.from + plane * h * w, h, w, y.floats, y.from + plane * outH * outW, outH, outW,
                            top, left);
                    continue;
                }
                for (int oy = 0; oy < outH; oy++) {
                    row(x.floats, x.from + plane * h * w, h, w, y.floats, y.from + (plane * outH + oy) * outW, outW,
                            oy * window.strides()[0] - top, left, bottom, right);
                }
            }
        }

        /// Along rows first, then along columns: the maximum of a window is that of its rows' maxima.
        private void maxima(float[] x, int from, int h, int w, float[] y, int to, int outH, int outW, int top,
                int left) {
            int sx = window.strides()[1];
            float[] rows = scratch((long) h * outW);
            Arrays.fill(rows, 0, h * outW, Float.NEGATIVE_INFINITY);
            for (int iy = 0; iy < h; iy++) {
                int row = iy * outW;
                for (int kx = 0; kx < window.kernel()[1]; kx++) {
                    int shift = kx * window.dilations()[1] - left;
                    int begin = Math.min(outW, shift >= 0 ? 0 : (-shift + sx - 1) / sx);
                    int end = Math.clamp((long) Math.floorDiv(w - 1 - shift, sx) + 1, begin, outW);
                    int source = from + iy * w + shift;
                    for (int ox = begin; ox < end; ox++) {
                        rows[row + ox] = Math.max(rows[row + ox], x[source + ox * sx]);
                    }
                }
            }
            Arrays.fill(y, to, to + outH * outW, Float.NEGATIVE_INFINITY);
            for (int oy = 0; oy < outH; oy++) {
                for (int ky = 0; ky < window.kernel()[0]; ky++) {
                    int iy = oy * window.strides()[0] + ky * window.dilations()[0] - top;
                    for (int ox = 0; iy >= 0 && iy < h && ox < outW; ox++) {
                        y[to + oy * outW + ox] = Math.max(y[to + oy * outW + ox], rows[iy * outW + ox]);
                    }
                }
            }
        }

        /// The averages of a row of windows, tap by tap, so that the inner loop runs along the row.
        private void row(float[] x, int from, int h, int w, float[] y, int to, int outW, int iy0, int left, int bottom,
                int right) {
            int sx = window.strides()[1];
            int dx = window.dilations()[1];
            Arrays.fill(y, to, to + outW, 0f);
            int inside = 0;
            int rowsWithPad = 0;
            for (int ky = 0; ky < window.kernel()[0]; ky++) {
                int iy = iy0 + ky * window.dilations()[0];
                rowsWithPad += iy < bottom ? 1 : 0;
                if (iy < 0 || iy >= h) {
                    continue;
                }
                inside++;
                for (int kx = 0; kx < window.kernel()[1]; kx++) {
                    int shift = kx * dx - left;
                    int begin = Math.min(outW, shift >= 0 ? 0 : (-shift + sx - 1) / sx);
                    int end = Math.clamp((long) Math.floorDiv(w - 1 - shift, sx) + 1, begin, outW);
                    int source = from + iy * w + shift;
                    for (int ox = begin; ox < end; ox++) {
                        y[to + ox] += x[source + ox * sx];
                    }
                }
            }
            for (int ox = 0; ox < outW; ox++) {
                int columns = 0;
                for (int kx = 0; kx < window.kernel()[1]; kx++) {
                    int ix = ox * sx - left + kx * dx;
                    columns += countsPad ? ix < right ? 1 : 0 : ix >= 0 && ix < w ? 1 : 0;
                }
                y[to + ox] /= columns * (countsPad ? rowsWithPad : inside);
            }
        }
    }
}
