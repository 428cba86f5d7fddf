package io.github.fovea.kernel;

import io.github.fovea.tensor.Layout;
import io.github.fovea.tensor.TensorView;
import java.util.Arrays;

/// Memory with a band on either side, filled with a number that no kernel makes: shows what a kernel wrote that it should not.
final class GuardBands {
    /// Floats of a band.
    static final int SIZE = 64;
    static final float SENTINEL = Float.intBitsToFloat(0x7fc12345);

    private GuardBands() {}

    /// {@return so many floats from index [#SIZE], and a band before and behind them, all of the sentinel}
    static float[] floats(int count) {
        float[] floats = new float[count + 2 * SIZE];
        Arrays.fill(floats, SENTINEL);
        return floats;
    }

    static void check(float[] scratch, int count) {
        for (int i = 0; i < SIZE; i++) {
            if (Float.floatToRawIntBits(scratch[i]) != Float.floatToRawIntBits(SENTINEL)
                    || Float.floatToRawIntBits(scratch[SIZE + count + i]) != Float.floatToRawIntBits(SENTINEL)) {
                throw new AssertionError("wrote outside its scratch memory of " + count + " floats");
            }
        }
    }

    /// A tensor in an array that starts and ends with a guard band, filled with `filling` all over.
    static TensorView tensor(Layout layout, int channels, int height, int width, int border, float filling) {
        float[] data = new float[(int) TensorView.elements(layout, channels, height, width, border) + 2 * SIZE];
        Arrays.fill(data, filling);
        return new TensorView().place(data, SIZE, layout, channels, height, width, border);
    }

    /// Only the written rows, from pixel 0 to the end of their padding, may have changed.
    static void checkUntouched(TensorView out, int rowBegin, int rowEnd) {
        boolean[] allowed = new boolean[out.data().length];
        int padded = (out.width() + TensorView.PIXEL_BLOCK - 1) / TensorView.PIXEL_BLOCK * TensorView.PIXEL_BLOCK;
        for (int plane = 0; plane < out.planes(); plane++) {
            for (int y = rowBegin; y < rowEnd; y++) {
                int row = out.index(plane * out.layout().channelsPerPlane(), y, 0);
                Arrays.fill(allowed, row, row + padded * out.layout().pixelStride(), true);
            }
        }
        int sentinel = Float.floatToRawIntBits(SENTINEL);
        for (int i = 0; i < allowed.length; i++) {
            if (!allowed[i] && Float.floatToRawIntBits(out.data()[i]) != sentinel) {
                throw new AssertionError("wrote " + out.data()[i] + " at index " + i + ", outside its rows of " + out);
            }
        }
    }

    static void checkUnusedLanes(TensorView out, int rowBegin, int rowEnd) {
        for (int c = out.channels(); c < out.planes() * out.layout().channelsPerPlane(); c++) {
            for (int y = rowBegin; y < rowEnd; y++) {
                for (int x = 0; x < out.width(); x++) {
                    if (out.get(c, y, x) != 0f) {
                        throw new AssertionError("unused lane " + c + " of y=" + y + " x=" + x + " holds " + out.get(c, y, x));
                    }
                }
            }
        }
    }
}
