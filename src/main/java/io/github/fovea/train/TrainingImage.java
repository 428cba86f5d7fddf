package io.github.fovea.train;

import io.github.fovea.graph.Interpolation;
import io.github.fovea.kernel.KernelTable;
import io.github.fovea.resample.ResampleKernel;
import io.github.fovea.resample.Resampler;
import io.github.fovea.tensor.Layout;
import io.github.fovea.tensor.TensorView;

/// One picture ready for training: the small picture that goes in and what the network shall make of it.
///
/// Values are `sample / 255 - 0.5`, samples being BT.601 studio luma or RGB. Where the network adds an enlargement of
/// its input to its result, that enlargement has been subtracted from the target already.
///
/// @param name     file name
/// @param channels 1 or 3
/// @param width    of the small picture
/// @param height   of the small picture
/// @param scale    factor to the large one
/// @param small    `[channels][height][width]`, bicubic with antialias, not rounded
/// @param target   `[channels][scale * height][scale * width]`
record TrainingImage(
        String name, int channels, int width, int height, int scale, float[][] small, float[][] target) {

    /// Makes the small picture and the target.
    ///
    /// @param name    file name
    /// @param planes  8-bit samples per channel
    /// @param width   of the planes, a multiple of the scale
    /// @param height  of the planes, a multiple of the scale
    /// @param scale   the factor
    /// @param skip    the enlargement that the network adds by itself, or `null`
    /// @param kernels kernels to compute it with
    static TrainingImage of(
            String name, float[][] planes, int width, int height, int scale, Interpolation skip, KernelTable kernels) {
        int w = width / scale;
        int h = height / scale;
        Resampler shrink = Resampler.of(width, height, w, h, ResampleKernel.BICUBIC, true);
        float[][] small = new float[planes.length][w * h];
        float[][] target = new float[planes.length][width * height];
        for (int c = 0; c < planes.length; c++) {
            shrink.resize(planes[c], 0, width, small[c], 0, w);
            for (int i = 0; i < small[c].length; i++) {
                small[c][i] = small[c][i] / 255 - 0.5f;
            }
            for (int i = 0; i < target[c].length; i++) {
                target[c][i] = planes[c][i] / 255 - 0.5f;
            }
            if (skip != null) {
                subtractEnlarged(small[c], w, h, scale, skip, kernels, target[c]);
            }
        }
        return new TrainingImage(name, planes.length, w, h, scale, small, target);
    }

    private static void subtractEnlarged(
            float[] small, int w, int h, int scale, Interpolation skip, KernelTable kernels, float[] target) {
        TensorView in = TensorView.allocate(Layout.PLANAR, 1, h, w, 0);
        TensorView out = TensorView.allocate(Layout.PLANAR, 1, h * scale, w * scale, 0);
        for (int y = 0; y < h; y++) {
            System.arraycopy(small, y * w, in.data(), in.index(0, y, 0), w);
        }
        kernels.resize().run(in, skip, scale, out, 0, h);
        for (int y = 0; y < h * scale; y++) {
            int from = out.index(0, y, 0);
            for (int x = 0; x < w * scale; x++) {
                target[y * w * scale + x] -= out.data()[from + x];
            }
        }
    }

    /// {@return the root mean square of the target}
    double energy() {
        double sum = 0;
        long count = 0;
        for (float[] plane : target) {
            for (float value : plane) {
                sum += (double) value * value;
            }
            count += plane.length;
        }
        return Math.sqrt(sum / count);
    }

    /// {@return a part of this picture, cut out}
    ///
    /// @param x      first column of the small picture
    /// @param y      first row of the small picture
    /// @param w      columns of the small picture
    /// @param h      rows of the small picture
    TrainingImage cut(int x, int y, int w, int h) {
        float[][] s = new float[channels][w * h];
        float[][] t = new float[channels][w * h * scale * scale];
        for (int c = 0; c < channels; c++) {
            for (int row = 0; row < h; row++) {
                System.arraycopy(small[c], (y + row) * width + x, s[c], row * w, w);
            }
            for (int row = 0; row < h * scale; row++) {
                System.arraycopy(target[c], (y * scale + row) * width * scale + x * scale, t[c], row * w * scale,
                        w * scale);
            }
        }
        return new TrainingImage(name, channels, w, h, scale, s, t);
    }

    /// Copies a square patch, turned.
    ///
    /// @param x     first column of the small picture
    /// @param y     first row of the small picture
    /// @param size  rows and columns of the small picture
    /// @param turn  0 to 7: bit 0 flips rows, bit 1 flips columns, bit 2 swaps rows and columns
    /// @param input receives the patch of the small picture
    /// @param wanted receives the patch of the target, `[c][scale * size][scale * size]`
    void patch(int x, int y, int size, int turn, TensorView input, float[] wanted) {
        int large = size * scale;
        for (int c = 0; c < channels; c++) {
            turned(small[c], width, x, y, size, turn, input.data(), input.index(c, 0, 0), input.rowStride());
            turned(target[c], width * scale, x * scale, y * scale, large, turn, wanted, c * large * large, large);
        }
    }

    /// Rows are copied whole and turned in place: a column's pixels share no line of a cache, and pixels fetched one by
    /// one keep the memory waiting.
    private static void turned(
            float[] plane, int stride, int x, int y, int size, int turn, float[] to, int at, int toStride) {
        boolean flipRows = (turn & 1) != 0;
        boolean flipColumns = (turn & 2) != 0;
        boolean swap = (turn & 4) != 0;
        for (int row = 0; row < size; row++) {
            System.arraycopy(plane, (y + (flipRows ? size - 1 - row : row)) * stride + x, to, at + row * toStride, size);
        }
        if (flipColumns) {
            for (int row = 0; row < size; row++) {
                reverse(to, at + row * toStride, size);
            }
        }
        if (swap) {
            for (int row = 1; row < size; row++) {
                swap(to, at + row * toStride, at + row, toStride, row);
            }
        }
    }

    private static void reverse(float[] row, int from, int count) {
        for (int i = 0, k = count - 1; i < k; i++, k--) {
            float value = row[from + i];
            row[from + i] = row[from + k];
            row[from + k] = value;
        }
    }

    /// Exchanges neighbours of a row with those of a column.
    private static void swap(float[] values, int row, int column, int stride, int count) {
        for (int i = 0; i < count; i++) {
            float value = values[row + i];
            values[row + i] = values[column + i * stride];
            values[column + i * stride] = value;
        }
    }
}
