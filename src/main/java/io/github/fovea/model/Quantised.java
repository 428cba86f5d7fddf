package io.github.fovea.model;

/// Weights of a convolution in 8 bits: every output channel has a scale, and each of its weights is a whole number from
/// -127 to 127 times that scale (symmetric quantisation per channel; Krishnamoorthi 2018, arXiv 1806.08342). Scales are
/// bfloat16, so that every product is exact in `float` and weights that were rounded once are found again bit for bit.
///
/// @param codes  the whole numbers, row-major
/// @param scales the scale of each output channel
record Quantised(byte[] codes, float[] scales) {
    /// The largest code; a channel's largest weight takes it.
    private static final int LARGEST = 127;

    /// {@return whether tensors of a shape are weights of a convolution}
    static boolean shaped(int[] shape) {
        return shape.length == 4;
    }

    /// {@return weights rounded to the nearest code}
    ///
    /// @param shape  shape of the weights, output channels first
    /// @param values the weights, row-major, finite
    static Quantised of(int[] shape, float[] values) {
        byte[] codes = new byte[values.length];
        float[] scales = new float[shape[0]];
        int size = values.length / shape[0];
        for (int channel = 0; channel < scales.length; channel++) {
            float largest = 0;
            for (int i = channel * size; i < (channel + 1) * size; i++) {
                largest = Math.max(largest, Math.abs(values[i]));
            }
            float scale = bfloat16(largest / LARGEST);
            // Subnormal scales have too few digits to be found again; such weights are as good as zero.
            if (scale >= Float.MIN_NORMAL) {
                scales[channel] = scale;
                for (int i = channel * size; i < (channel + 1) * size; i++) {
                    codes[i] = (byte) Math.clamp(Math.rint((double) values[i] / scale), -LARGEST, LARGEST);
                }
            }
        }
        return new Quantised(codes, scales);
    }

    /// {@return the nearest number of 8 significant bits, ties to even}
    private static float bfloat16(float positive) {
        int bits = Float.floatToRawIntBits(positive);
        return Float.intBitsToFloat(bits + 0x7FFF + (bits >>> 16 & 1) & 0xFFFF0000);
    }

    /// {@return the weights that this stands for}
    float[] values() {
        float[] values = new float[codes.length];
        int size = values.length / scales.length;
        for (int i = 0; i < values.length; i++) {
            values[i] = codes[i] * scales[i / size];
        }
        return values;
    }
}
