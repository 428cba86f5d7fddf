package io.github.fovea.plan;

import io.github.fovea.dim.Dim;
import io.github.fovea.tensor.Layout;
import io.github.fovea.tensor.TensorView;

/// A tensor of the plan: what it looks like and which steps it lives through. Steps that work in place share a slot.
///
/// @param channels  channels
/// @param layout    order of the numbers
/// @param scale     factor between the network's input and this tensor
/// @param border    zero pixels around it, the largest radius of its readers
/// @param firstStep first step that writes it; -1 for the network's input, which is there before any step
/// @param lastStep  last step that reads or writes it; the number of steps for the input and the result, which are kept
public record Slot(int channels, Layout layout, int scale, int border, int firstStep, int lastStep) {
    /// Floats of a cache line; planes are whole lines.
    private static final int LINE = 16;
    /// Name of the symbol for the rows of the input picture.
    static final String HEIGHT = "H";
    /// Name of the symbol for the pixels in a row of the input picture.
    static final String WIDTH = "W";

    /// {@return the rows of this tensor, as an expression in `H`, the rows of the input picture}
    public Dim height() {
        return Dim.symbol(HEIGHT).times(scale);
    }

    /// {@return the pixels in a row of this tensor, as an expression in `W`, those of the input picture}
    public Dim width() {
        return Dim.symbol(WIDTH).times(scale);
    }

    /// {@return the floats that this tensor takes, border and padding included, as an expression in `H` and `W`; see
    /// [TensorView#elements]}
    public Dim elements() {
        Dim row = width().ceilDiv(TensorView.PIXEL_BLOCK).times(TensorView.PIXEL_BLOCK).plus(2L * border);
        Dim plane = row.times(height().plus(2L * border)).times(layout.pixelStride());
        return plane.ceilDiv(LINE).times(LINE).times(layout.planes(channels));
    }

    /// {@return the floats that this tensor takes for an input picture, a multiple of 16}
    ///
    /// @param height rows of the input picture
    /// @param width  pixels in its rows
    /// @throws ArithmeticException if an extent or the number overflows
    public long elements(int height, int width) {
        return TensorView.elements(layout, channels, Math.multiplyExact(height, scale),
                Math.multiplyExact(width, scale), border);
    }

    /// {@return whether this tensor and another exist at the same time}
    ///
    /// @param other the other
    public boolean livesWith(Slot other) {
        return firstStep <= other.lastStep && other.firstStep <= lastStep;
    }
}
