package io.github.fovea.flow;

import io.github.fovea.dim.Dim;
import io.github.fovea.dim.Known;
import java.util.Arrays;
import java.util.Map;

/// Normalisations.
final class Norms {
    private Norms() {}

    static void register(Map<String, Operator> table) {
        table.put("BatchNormalization", Operator.of(Norms::batch, Norms::batchKernel).backward(Norms::channels));
        table.put("InstanceNormalization", Operator.of(Norms::perChannel,
                Norms::instanceKernel).backward(Norms::channels));
        table.put("LayerNormalization", Operator.of(Norms::layer, Norms::layerKernel).backward(Norms::trailing));
    }

    private static void channels(Inference n) {
        Known[] scale = n.shape(1);
        if (scale != null && scale.length == 1) {
            n.demand(0, 1, scale[0]);
        }
    }

    private static void trailing(Inference n) {
        Known[] scale = n.shape(1);
        for (int i = 1; scale != null && i <= scale.length; i++) {
            if (!scale[scale.length - i].equals(Known.of(1))) {
                n.demand(0, -i, scale[scale.length - i]);
            }
        }
    }

    private static void perChannel(Inference n) {
        Known[] in = n.shape(0);
        if (in != null) {
            if (in.length < 2) {
                throw n.error("input of shape " + n.text(0) + ", wanted a batch and channels at least");
            }
            for (int i = 1; i < n.inputs(); i++) {
                if (n.shape(i) != null && n.shape(i).length == 1) {
                    n.same(n.shape(i)[0], in[1], "length of input " + i);
                }
            }
        }
        n.set(0, ElementType.FLOAT, in);
    }

    private static void batch(Inference n) {
        if (n.attributes.integer("training_mode", 0) != 0) {
            throw n.error("training_mode cannot run here; export the model for inference");
        }
        perChannel(n);
    }

    private static Kernel batchKernel(FlowNode node) {
        double epsilon = new Attributes(node).real("epsilon", 1e-5f);
        return (in, out) -> {
            int channels = in[0].shape[1];
            int pixels = Tensor.elements(in[0].shape, 2, in[0].rank());
            for (int p = 0; p < in[0].shape[0] * channels; p++) {
                int c = p % channels;
                float factor = factor(in, c, epsilon);
                float shift = in[2].floats[in[2].from + c] - in[3].floats[in[3].from + c] * factor;
                int from = in[0].from + p * pixels;
                int to = out[0].from + p * pixels;
                for (int i = 0; i < pixels; i++) {
                    out[0].floats[to + i] = in[0].floats[from + i] * factor + shift;
                }
            }
        };
    }

    /// {@return what a batch normalisation multiplies channel `c` with; `in` holds input, scale, bias, mean, variance}
    static float factor(Tensor[] in, int c, double epsilon) {
        return (float) (in[1].floats[in[1].from + c] / Math.sqrt(in[4].floats[in[4].from + c] + epsilon));
    }

    private static double mean(float[] in, int from, int n) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += in[from + i];
        }
        return sum / n;
    }

    private static double variance(float[] in, int from, int n, double mean) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            double d = in[from + i] - mean;
            sum += d * d;
        }
        return sum / n;
    }

    private static Kernel instanceKernel(FlowNode node) {
        double epsilon = new Attributes(node).real("epsilon", 1e-5f);
        return (in, out) -> {
            int channels = in[0].shape[1];
            int pixels = Tensor.elements(in[0].shape, 2, in[0].rank());
            for (int p = 0; p < in[0].shape[0] * channels; p++) {
                int from = in[0].from + p * pixels;
                double mean = mean(in[0].floats, from, pixels);
                double variance = variance(in[0].floats, from, pixels, mean);
                float factor = (float) (in[1].floats[in[1].from + p % channels] / Math.sqrt(variance + epsilon));
                float shift = in[2].floats[in[2].from + p % channels];
                // The mean goes first: beside a small variance, its product with the factor would drown the shift.
                float middle = (float) mean;
                for (int i = 0; i < pixels; i++) {
                    out[0].floats[out[0].from + p * pixels + i] = (in[0].floats[from + i] - middle) * factor + shift;
                }
            }
        };
    }

    private static void layer(Inference n) {
        Known[] in = n.shape(0);
        n.set(0, ElementType.FLOAT, in);
        if (in == null) {
            return;
        }
        int axis = n.axis(n.attributes.integer("axis", -1), in.length);
        for (int operand = 1; operand < n.inputs(); operand++) {
            Known[] own = n.has(operand) ? n.shape(operand) : null;
            for (int i = 1; own != null && i <= Math.min(own.length, in.length); i++) {
                if (!own[own.length - i].equals(Known.of(1))) {
                    n.same(in[in.length - i], own[own.length - i], "extent " + (in.length - i) + " of the input");
                }
            }
        }
        Known[] statistics = in.clone();
        Arrays.fill(statistics, axis, in.length, Known.of(1));
        for (int i = 1; i < n.outputs(); i++) {
            n.set(i, ElementType.FLOAT, statistics);
        }
    }

    private static Kernel layerKernel(FlowNode node) {
        Attributes attributes = new Attributes(node);
        double epsilon = attributes.real("epsilon", 1e-5f);
        long listed = attributes.integer("axis", -1);
        return (in, out) -> {
            Tensor x = in[0];
            int axis = (int) (listed < 0 ? listed + x.rank() : listed);
            int rows = Tensor.elements(x.shape, 0, axis);
            int n = Tensor.elements(x.shape, axis, x.rank());
            Row scale = new Row(in[1], x, n);
            Row bias = new Row(in.length > 2 && in[2] != null ? in[2] : Tensor.allocate(ElementType.FLOAT, 1), x, n);
            for (int r = 0; r < rows; r++) {
                scale.moveTo(r);
                bias.moveTo(r);
                int from = x.from + r * n;
                int to = out[0].from + r * n;
                double mean = mean(x.floats, from, n);
                double inverse = 1 / Math.sqrt(variance(x.floats, from, n, mean) + epsilon);
                float factor = (float) inverse;
                float middle = (float) mean;
                for (int i = 0; i < n; i++) {
                    out[0].floats[to + i] = (x.floats[from + i] - middle) * factor * scale.values[scale.from + i]
                            + bias.values[bias.from + i];
                }
                statistic(out, 1, r, middle);
                statistic(out, 2, r, factor);
            }
        };
    }

    private static void statistic(Tensor[] out, int output, int row, float value) {
        if (out.length > output && out[output] != null) {
            out[output].floats[out[output].from + row] = value;
        }
    }

    /// The part of a scale or bias that meets a row of the input: it broadcasts to the whole input.
    private static final class Row {
        private final Tensor tensor;
        private final Tensor x;
        private final int n;
        /// Whether all rows meet the same elements, one for each of theirs.
        private final boolean plain;
        final float[] values;
        final int from;

        Row(Tensor tensor, Tensor x, int n) {
            this.tensor = tensor;
            this.x = x;
            this.n = n;
            tensor.checkBroadcast(x.shape);
            plain = tensor.elements() == n && Tensor.elements(x.shape, Math.max(0, x.rank() - tensor.rank()),
                    x.rank()) == n;
            values = plain ? tensor.floats : new float[n];
            from = plain ? tensor.from : 0;
        }

        void moveTo(int row) {
            for (int i = 0; !plain && i < n; i++) {
                values[i] = tensor.floats[tensor.from + Elementwise.element(row * n + i, x.shape, tensor.shape)];
            }
        }
    }
}
