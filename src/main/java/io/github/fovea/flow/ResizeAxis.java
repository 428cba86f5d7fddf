package io.github.fovea.flow;

import io.github.fovea.graph.Interpolation;
import java.util.Arrays;

/// How one axis is resized: for every output position the input positions it reads and their weights. Interpolation
/// along several axes is the product of those along each, so axes are resized one after the other.
///
/// @param taps          input positions per output position
/// @param sources       input positions, `taps` per output position
/// @param weights       their weights
/// @param outside       output positions that show nothing of the input, or `null` for none
/// @param extrapolation what stands there
record ResizeAxis(int taps, int[] sources, float[] weights, boolean[] outside, float extrapolation) {
    /// The attributes of `Resize`, named as in ONNX.
    ///
    /// @param mode           `nearest`, `linear` or `cubic`
    /// @param coordinates    coordinate_transformation_mode
    /// @param nearest        nearest_mode
    /// @param cubic          cubic_coeff_a
    /// @param excludeOutside exclude_outside
    /// @param antialias      antialias
    /// @param extrapolation  extrapolation_value
    record Options(String mode, String coordinates, String nearest, float cubic, boolean excludeOutside,
            boolean antialias, float extrapolation) {
        /// How far from the middle between two pixels a position still counts as a tie, as in ONNX Runtime.
        private static final double TIE = 1e-6;
        /// The nearest pixel as opset 10 and `Upsample` take it, which ONNX Runtime rounds up where pictures shrink.
        static final String SIMPLE = "simple";

        boolean crops() {
            return coordinates.equals("tf_crop_and_resize");
        }

        void check() {
            switch (mode) {
                case "nearest", "linear", "cubic" -> { }
                default -> throw new IllegalArgumentException("mode is " + mode + ", wanted nearest, linear or cubic");
            }
            switch (coordinates) {
                case "half_pixel", "half_pixel_symmetric", "pytorch_half_pixel", "align_corners", "asymmetric",
                        "tf_half_pixel_for_nn", "tf_crop_and_resize" -> { }
                default -> throw new IllegalArgumentException("coordinate_transformation_mode is " + coordinates
                        + ", wanted half_pixel, half_pixel_symmetric, pytorch_half_pixel, align_corners, asymmetric, "
                        + "tf_half_pixel_for_nn or tf_crop_and_resize");
            }
            switch (nearest) {
                case "round_prefer_floor", "round_prefer_ceil", "floor", "ceil", SIMPLE -> { }
                default -> throw new IllegalArgumentException("nearest_mode is " + nearest
                        + ", wanted round_prefer_floor, round_prefer_ceil, floor or ceil");
            }
        }

        /// Where an output position lies in the input, in the precision in which ONNX Runtime computes each step: which
        /// of two neighbours is nearest depends on how it rounds.
        private float position(int x, int in, int out, float scale, float start, float end) {
            return switch (coordinates) {
                case "asymmetric" -> x / scale;
                case "align_corners" -> out == 1 ? 0 : (float) x * (in - 1) / (out - 1);
                case "pytorch_half_pixel" -> out == 1 ? 0 : (x + 0.5f) / scale - 0.5f;
                case "tf_half_pixel_for_nn" -> (x + 0.5f) / scale;
                case "half_pixel_symmetric" -> {
                    float adjustment = out / (in * scale);
                    float offset = in / 2f * (1 - adjustment);
                    yield (float) (offset + (x + 0.5) / scale - 0.5);
                }
                case "tf_crop_and_resize" -> out == 1 ? 0.5f * (start + end) * (in - 1)
                        : start * (in - 1) + x * (end - start) * (in - 1) / (out - 1);
                default -> (x + 0.5f) / scale - 0.5f;
            };
        }

        private int nearest(float position, float scale) {
            return (int) switch (nearest) {
                case SIMPLE -> scale < 1 ? Math.ceil(position) : Math.floor(position);
                case "floor" -> Math.floor(position);
                case "ceil" -> Math.ceil(position);
                // A position that rounding moved off the middle between two pixels still lies in the middle.
                case "round_prefer_ceil" -> Math.floor(position + 0.5 + TIE);
                default -> Math.ceil(position - 0.5 - TIE);
            };
        }
    }

    /// Positions that the table of one axis may hold (128 MiB of indices and weights): an axis of a million pixels,
    /// each from sixteen others. Lengths and scales come from files, and some of them only while the network runs.
    private static final double MAX_ENTRIES = 1 << 24;

    /// {@return how to resize an axis}
    ///
    /// @param options attributes of the node
    /// @param in      extent of the input
    /// @param out     extent of the output
    /// @param scale   output over input as the node states it
    /// @param start   begin of the region of interest, as a share of the input
    /// @param end     end of the region of interest
    /// @throws IllegalArgumentException when the axis would take too large a table
    static ResizeAxis of(Options options, int in, int out, float scale, float start, float end) {
        boolean stretched = options.antialias && scale < 1 && !options.mode.equals("nearest");
        double radius = switch (options.mode) {
            case "nearest" -> 0.5;
            case "linear" -> 1;
            default -> 2;
        } * (stretched ? 1.0 / scale : 1);
        double reads = options.mode.equals("nearest") ? 1 : stretched ? 2 * Math.ceil(radius) + 1 : 2 * radius;
        if (!(out * reads <= MAX_ENTRIES)) {
            throw new IllegalArgumentException("Resize of " + in + " to " + out + " elements by a scale of " + scale
                    + " reads " + (long) reads + " for each, wanted a table of at most " + (long) MAX_ENTRIES);
        }
        int taps = (int) reads;
        int[] sources = new int[out * taps];
        float[] weights = new float[out * taps];
        boolean[] outside = options.crops() ? new boolean[out] : null;
        for (int x = 0; x < out; x++) {
            float position = options.position(x, in, out, scale, start, end);
            if (outside != null) {
                outside[x] = position < 0 || position > in - 1;
            }
            if (options.mode.equals("nearest")) {
                sources[x] = Math.clamp(options.nearest(position, scale), 0, in - 1);
                weights[x] = 1;
                continue;
            }
            if (options.mode.equals("linear") && !stretched) {
                position = Math.clamp(position, 0, in - 1);
            }
            int first = stretched ? (int) Math.floor(position - radius + 0.5) : (int) Math.floor(position) - taps / 2
                    + 1;
            double sum = 0;
            double[] row = new double[taps];
            for (int t = 0; t < taps; t++) {
                int at = first + t;
                double distance = Math.abs((double) position - at) * (stretched ? scale : 1);
                boolean counts = !options.excludeOutside || at >= 0 && at < in;
                row[t] = !counts ? 0 : options.mode.equals("linear") ? Math.max(0, 1 - distance)
                        : Interpolation.keys(distance, options.cubic);
                sum += row[t];
                sources[x * taps + t] = Math.clamp(at, 0, in - 1);
            }
            for (int t = 0; t < taps; t++) {
                weights[x * taps + t] = (float) (row[t] / (sum == 0 ? 1 : sum));
            }
        }
        return new ResizeAxis(taps, sources, weights, outside, options.extrapolation);
    }

    /// {@return the extent of the output}
    int length() {
        return sources.length / taps;
    }

    /// Resizes one axis of a tensor.
    void run(Tensor in, int axis, Tensor out) {
        int outer = Tensor.elements(in.shape, 0, axis);
        int inner = Tensor.elements(in.shape, axis + 1, in.rank());
        int extent = in.shape[axis];
        int length = length();
        for (int o = 0; o < outer; o++) {
            int from = in.from + o * extent * inner;
            int to = out.from + o * length * inner;
            if (inner == 1) {
                line(in.floats, from, out.floats, to);
            } else {
                for (int x = 0; x < length; x++) {
                    row(in.floats, from, inner, x, out.floats, to + x * inner);
                }
            }
        }
    }

    private void line(float[] in, int from, float[] out, int to) {
        if (taps == 1 && outside == null) {
            for (int x = 0; x < sources.length; x++) {
                out[to + x] = in[from + sources[x]];
            }
            return;
        }
        for (int x = 0; x < length(); x++) {
            if (outside != null && outside[x]) {
                out[to + x] = extrapolation;
            } else if (taps == 1) {
                out[to + x] = in[from + sources[x]];
            } else {
                float sum = 0;
                for (int t = x * taps; t < (x + 1) * taps; t++) {
                    sum += weights[t] * in[from + sources[t]];
                }
                out[to + x] = sum;
            }
        }
    }

    private void row(float[] in, int from, int inner, int x, float[] out, int to) {
        if (outside != null && outside[x]) {
            Arrays.fill(out, to, to + inner, extrapolation);
            return;
        }
        if (taps == 1) {
            System.arraycopy(in, from + sources[x] * inner, out, to, inner);
            return;
        }
        for (int t = 0; t < taps; t++) {
            float weight = weights[x * taps + t];
            int at = from + sources[x * taps + t] * inner;
            if (t == 0) {
                for (int i = 0; i < inner; i++) {
                    out[to + i] = weight * in[at + i];
                }
            } else {
                for (int i = 0; i < inner; i++) {
                    out[to + i] += weight * in[at + i];
                }
            }
        }
    }
}
