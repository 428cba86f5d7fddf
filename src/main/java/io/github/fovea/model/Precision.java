package io.github.fovea.model;

import java.util.LinkedHashMap;
import java.util.Map;

/// How exactly the weights of a model are kept: what a file spends on each of them. Networks compute with `float`
/// whatever it is: a number is rounded once, before it is measured and written, and [ModelFile] then finds by itself
/// the smallest form that loses nothing.
public enum Precision {
    /// 32-bit floating point: nothing is rounded.
    F32 {
        @Override
        float[] roundAll(int[] shape, float[] values) {
            return values;
        }
    },
    /// 16-bit floating point (IEEE 754 binary16), to nearest, ties to even.
    F16 {
        @Override
        float[] roundAll(int[] shape, float[] values) {
            float[] rounded = new float[values.length];
            float largest = 0;
            for (int i = 0; i < values.length; i++) {
                rounded[i] = half(values[i]);
                largest = Math.max(largest, Math.abs(values[i]));
            }
            return largest > 0 && largest < LEAST_NORMAL_HALF ? values : rounded;
        }
    },
    /// Weights of convolutions as whole numbers of 8 bits times a scale for each output channel, see [Quantised]. All
    /// other numbers, which are few, as [#F16], and so weights from or to at most 4 channels: those of a network's
    /// first and last layer, which are few too and where most of the loss comes from, and of depthwise convolutions.
    I8 {
        @Override
        float[] roundAll(int[] shape, float[] values) {
            return Quantised.shaped(shape) && Math.min(shape[0], shape[1]) > NARROW
                    ? Quantised.of(shape, values).values() : F16.roundAll(shape, values);
        }
    };

    /// Channels up to which weights are no eight bits: luma, colours, luma by 2.
    static final int NARROW = 4;
    /// Below this halves lose digits.
    private static final float LEAST_NORMAL_HALF = 0x1p-14f;

    /// {@return the nearest half}
    static float half(float value) {
        return Float.float16ToFloat(Float.floatToFloat16(value));
    }

    /// Rounds what can be rounded, be the result finite or not.
    abstract float[] roundAll(int[] shape, float[] values);

    /// {@return the numbers of a tensor, each rounded to nearest; the very array where nothing is rounded. A tensor
    /// that this precision has no numbers for stays as it is: one with a number beyond its range (65,504 for
    /// [#F16]), or whose largest number is so small that it would lose digits}
    ///
    /// @param shape  shape of the tensor
    /// @param values its numbers, row-major, finite
    public float[] round(int[] shape, float[] values) {
        float[] rounded = roundAll(shape, values);
        for (float value : rounded) {
            if (!Float.isFinite(value)) {
                return values;
            }
        }
        return rounded;
    }

    /// {@return weights with each tensor rounded, in the order of the shapes}
    ///
    /// @param shapes     shape of each tensor by name
    /// @param parameters the numbers of each of them
    public Map<String, float[]> round(Map<String, int[]> shapes, Map<String, float[]> parameters) {
        Map<String, float[]> rounded = new LinkedHashMap<>();
        shapes.forEach((name, shape) -> rounded.put(name, round(shape, parameters.get(name))));
        return rounded;
    }
}
