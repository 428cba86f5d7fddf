package io.github.fovea.pipeline;

import io.github.fovea.frame.ColorDescription.Range;
import io.github.fovea.frame.Plane;
import io.github.fovea.tensor.TensorView;

/// The linear map between a plane's luma codes and a luma network's units.
///
/// Networks are trained on limited-range luma as `code / 255 - 0.5` (8 bit). Deeper samples are shifted down to that
/// scale; full-range luma is squeezed into 16..235 first, so that black is black for the network.
///
/// @param gain units per code
/// @param bias units of code 0
record LumaCodes(float gain, float bias) {
    /// {@return the map of a kind of luma plane}
    ///
    /// @param range    limited or full
    /// @param bitDepth bits of a sample, 8 to 16
    static LumaCodes of(Range range, int bitDepth) {
        return switch (range) {
            case LIMITED, UNSPECIFIED -> new LumaCodes(1f / (255 << bitDepth - 8), -0.5f);
            case FULL -> new LumaCodes((float) (219.0 / 255 / ((1 << bitDepth) - 1)), (float) (16.0 / 255 - 0.5));
        };
    }

    /// Converts a part of a plane to rows of a network's input.
    ///
    /// @param plane    the plane
    /// @param x        column that becomes column 0
    /// @param y        row that becomes row 0
    /// @param into     planar, one channel
    /// @param rowBegin first row to fill
    /// @param rowEnd   row after the last
    void read(Plane plane, int x, int y, TensorView into, int rowBegin, int rowEnd) {
        float[] data = into.data();
        short[] samples = plane.samples();
        int width = into.width();
        for (int row = rowBegin; row < rowEnd; row++) {
            int from = (y + row) * plane.width() + x;
            int to = into.index(0, row, 0);
            for (int i = 0; i < width; i++) {
                data[to + i] = (samples[from + i] & 0xFFFF) * gain + bias;
            }
        }
    }

    /// Converts a rectangle of a network's result to codes, rounded to nearest and clipped.
    ///
    /// @param from   planar, one channel
    /// @param fromX  first column
    /// @param fromY  first row
    /// @param plane  receives the codes
    /// @param x      first column there
    /// @param y      first row there
    /// @param width  columns
    /// @param height rows
    void write(TensorView from, int fromX, int fromY, Plane plane, int x, int y, int width, int height) {
        for (int row = 0; row < height; row++) {
            write(from.data(), from.index(0, fromY + row, fromX), plane, x, y + row, width);
        }
    }

    /// Converts a row of units to codes, rounded to nearest and clipped.
    ///
    /// @param data   holds the row
    /// @param offset index of its first number
    /// @param plane  receives the codes
    /// @param x      first column there
    /// @param y      row there
    /// @param width  columns
    void write(float[] data, int offset, Plane plane, int x, int y, int width) {
        short[] samples = plane.samples();
        float scale = 1f / gain;
        float shift = 0.5f - bias * scale;
        float maximum = plane.maximum() + 0.5f;
        int to = y * plane.width() + x;
        for (int i = 0; i < width; i++) {
            samples[to + i] = (short) (int) Math.clamp(data[offset + i] * scale + shift, 0f, maximum);
        }
    }
}
