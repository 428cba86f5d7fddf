package io.github.fovea.flow;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// A random node of those that see pixels beside each other. Left out is where ONNX Runtime departs from the specification; each
/// place says how.
final class RandomWindow extends RandomChoices {
    static final List<String> KINDS = List.of("Pad", "Resize", "Upsample", "Conv", "ConvTranspose", "Pool");

    RandomWindow(SplittableRandom random, int opset, String name) {
        super(random, opset, name);
    }

    OracleCase make(String kind) {
        return switch (kind) {
            case "Pad" -> pad();
            case "Resize" -> resize();
            case "Upsample" -> OracleCase.of(9, "Upsample", name).x(1, 2, r.nextInt(1, 7), r.nextInt(4, 9))
                    .w(new float[] {1, 1, r.nextInt(4, 14) / 4f, r.nextInt(5, 14) / 4f}, 4)
                    .text("mode", pick(List.of("nearest", "linear")));
            case "Conv" -> conv();
            case "ConvTranspose" -> convTranspose();
            default -> pool();
        };
    }

    private OracleCase pad() {
        int[] a = shape(1, 4);
        String mode = pick(List.of("constant", "reflect", "edge", "wrap"));
        if (mode.equals("wrap")) {
            Arrays.setAll(a, i -> a[i] + 4);
        }
        int[] axes = distinctAxes(a.length);
        boolean listed = opset >= 18 && chance(0.4);
        int n = listed ? axes.length : a.length;
        // Beyond what there is to wrap, ONNX Runtime reads other memory.
        long[] pads = r.longs(2L * n, chance(0.2) ? -2 : 0, mode.equals("wrap") ? 2 : chance(0.2) ? 9 : 3).toArray();
        OracleCase c = op("Pad").x(a).text("mode", mode);
        if (opset < 11) {
            c.integers("pads", pads);
            return chance(0.5) ? c.real("value", 0.25f) : c;
        }
        ints(c, pads);
        if (chance(0.5)) {
            c.w(new float[] {0.25f});
        } else if (listed) {
            c.none();
        }
        return listed ? ints(c, wide(axes)) : c;
    }

    /// A scale that changes an extent: of the others ONNX Runtime takes some for 1.
    private float scale(int extent) {
        float scale = r.nextInt(2, 14) / pick(List.of(4f, 3f, 5f, 1f));
        return (int) (scale * extent) == extent || scale * extent < 1 ? 2 : scale;
    }

    private OracleCase resize() {
        int[] a = {1, r.nextInt(1, 3), r.nextInt(1, 8), r.nextInt(1, 8)};
        String mode = pick(List.of("nearest", "linear", "cubic"));
        if (opset < 11) {
            return op("Resize").x(a).w(new float[] {1, 1, scale(a[2]), scale(a[3])}, 4)
                    .text("mode", pick(List.of("nearest", "linear")));
        }
        boolean listed = opset >= 18 && chance(0.4);
        String coordinates = pick(List.of("half_pixel", "half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric",
                opset >= 19 ? "half_pixel_symmetric" : "half_pixel", opset < 13 ? "tf_half_pixel_for_nn" : "half_pixel",
                "tf_crop_and_resize"));
        OracleCase c = op("Resize").x(a).text("mode", mode).text("coordinate_transformation_mode", coordinates);
        boolean crop = coordinates.startsWith("tf_crop");
        if (crop) {
            c.w(listed ? new float[] {0.1f, -0.2f, 0.8f, 1.1f} : new float[] {0, 0, 0.1f, -0.2f, 1, 1, 0.8f, 0.9f}, listed ? 4 : 8);
            c.real("extrapolation_value", 0.5f);
        } else if (opset < 13) {
            c.w(new float[0], 0);
        } else {
            c.none();
        }
        boolean bySize = chance(0.5);
        if (bySize) {
            if (opset < 13) {
                c.w(new float[0], 0);
            } else {
                c.none();
            }
            // Of an axis that keeps its size ONNX Runtime does not cut out the region of interest.
            long h = crop ? a[2] + 1 : r.nextInt(1, 15);
            long w = crop ? a[3] + 3 : r.nextInt(1, 15);
            ints(c, listed ? new long[] {h, w} : new long[] {a[0], a[1], h, w});
            if (opset >= 18 && !crop && chance(0.4)) {
                c.text("keep_aspect_ratio_policy", pick(List.of("stretch", "not_larger", "not_smaller")));
            }
        } else {
            float h = scale(a[2]);
            float w = scale(a[3]);
            c.w(listed ? new float[] {h, w} : new float[] {1, 1, h, w}, listed ? 2 : 4);
        }
        if (listed) {
            c.integers("axes", chance(0.5) ? new long[] {2, 3} : new long[] {-2, -1});
        }
        if (mode.equals("nearest") && chance(0.7)) {
            c.text("nearest_mode", pick(List.of("round_prefer_floor", "round_prefer_ceil", "floor", "ceil")));
        }
        if (mode.equals("cubic") && chance(0.4)) {
            c.real("cubic_coeff_a", -0.5f);
        }
        if (!mode.equals("nearest") && chance(0.2)) {
            c.integer("exclude_outside", 1);
        }
        return opset >= 18 && !mode.equals("nearest") && chance(0.25) ? c.integer("antialias", 1) : c;
    }

    private void window(OracleCase c, int[] weights, boolean transposed) {
        int axes = weights.length - 2;
        boolean same = chance(0.15);
        if (same) {
            c.text("auto_pad", pick(List.of("SAME_UPPER", "SAME_LOWER")));
        } else if (chance(0.2)) {
            c.text("auto_pad", pick(List.of("VALID", "NOTSET")));
        } else if (chance(0.7)) {
            c.integers("pads", r.longs(2L * axes, 0, 3).toArray());
        }
        if (chance(0.6)) {
            // Windows shorter than their strides do not reach the size that SAME asks of a transposed convolution.
            long[] strides = r.longs(axes, 1, 4).toArray();
            Arrays.setAll(strides, i -> same && transposed ? Math.min(strides[i], weights[i + 2]) : strides[i]);
            c.integers("strides", strides);
        }
        if (chance(0.4)) {
            c.integers("dilations", r.longs(axes, 1, 4).toArray());
        }
    }

    private OracleCase conv() {
        int axes = r.nextInt(1, 3);
        int group = pick(List.of(1, 1, 2, 3));
        int in = r.nextInt(1, 4);
        int out = group * r.nextInt(1, 4);
        int[] x = new int[axes + 2];
        int[] w = new int[axes + 2];
        x[0] = r.nextInt(1, 3);
        x[1] = in * group + (chance(0.02) ? 1 : 0);
        w[0] = out;
        w[1] = in;
        for (int i = 2; i < x.length; i++) {
            x[i] = r.nextInt(1, 12);
            w[i] = r.nextInt(1, 5);
        }
        OracleCase c = op("Conv").x(x);
        given(c, w);
        if (chance(0.5)) {
            given(c, out);
        }
        if (group > 1 || chance(0.2)) {
            c.integer("group", group);
        }
        if (chance(0.4)) {
            c.integers("kernel_shape", wide(Arrays.copyOfRange(w, 2, w.length)));
        }
        window(c, w, false);
        return c;
    }

    private OracleCase convTranspose() {
        int axes = r.nextInt(1, 3);
        int group = pick(List.of(1, 1, 2));
        int[] x = new int[axes + 2];
        int[] w = new int[axes + 2];
        x[0] = r.nextInt(1, 3);
        x[1] = group * r.nextInt(1, 4);
        w[0] = x[1];
        w[1] = r.nextInt(1, 4);
        for (int i = 2; i < x.length; i++) {
            x[i] = r.nextInt(1, 8);
            w[i] = r.nextInt(1, 5);
        }
        OracleCase c = op("ConvTranspose").x(x);
        given(c, w);
        if (chance(0.5)) {
            given(c, w[1] * group);
        }
        if (group > 1) {
            c.integer("group", group);
        }
        window(c, w, true);
        if (chance(0.3)) {
            c.integers("output_padding", r.longs(axes, 0, 3).toArray());
        }
        if (chance(0.25)) {
            long[] shape = new long[axes];
            for (int i = 0; i < axes; i++) {
                shape[i] = x[i + 2] * 2L + r.nextInt(-2, 4);
            }
            c.integers("output_shape", shape);
        }
        return c;
    }

    private OracleCase pool() {
        int axes = r.nextInt(1, 3);
        int[] x = new int[axes + 2];
        x[0] = r.nextInt(1, 3);
        x[1] = r.nextInt(1, 3);
        String operator = pick(List.of("MaxPool", "AveragePool"));
        long[] kernel = r.longs(axes, 1, 5).toArray();
        // With auto_pad ONNX Runtime forgets dilations, and pads negatively where strides are longer than the window.
        boolean same = chance(0.2);
        boolean dilated = !same && (opset >= 19 || operator.equals("MaxPool")) && chance(0.4);
        long[] dilations = dilated ? r.longs(axes, 1, 4).toArray() : Arrays.stream(kernel).map(_ -> 1).toArray();
        for (int i = 2; i < x.length; i++) {
            // A window that does not fit makes an empty result there, or one where it overhangs by less than a stride.
            x[i] = (int) ((kernel[i - 2] - 1) * dilations[i - 2]) + r.nextInt(1, 9);
        }
        OracleCase c = op(operator).x(x).integers("kernel_shape", kernel);
        if (dilated) {
            c.integers("dilations", dilations);
        }
        if (same) {
            c.text("auto_pad", pick(List.of("SAME_UPPER", "SAME_LOWER")));
        } else if (chance(0.2)) {
            c.text("auto_pad", pick(List.of("VALID", "NOTSET")));
        } else if (chance(0.6)) {
            c.integers("pads", r.longs(2L * axes, 0, 3).toArray());
        }
        if (chance(0.6)) {
            c.integers("strides", same ? Arrays.stream(kernel).map(k -> r.nextLong(1, k + 1)).toArray()
                    : r.longs(axes, 1, 4).toArray());
        }
        if (!same && chance(0.4)) {
            c.integer("ceil_mode", r.nextInt(2));
        }
        if (operator.equals("AveragePool") && chance(0.5)) {
            c.integer("count_include_pad", r.nextInt(2));
        }
        return c;
    }
}
