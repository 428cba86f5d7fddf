package io.github.fovea.flow;

import io.github.fovea.tensor.TensorView;

/// Memory that the kernels of one executable use in turn: what one left there, the next overwrites. For one thread.
final class Scratch {
    private float[] floats = new float[0];

    /// {@return an array of at least so many floats, of any content}
    ///
    /// @param elements floats wanted
    /// @throws IllegalArgumentException if they are more than one array holds
    float[] floats(long elements) {
        if (elements > TensorView.MAX_ELEMENTS) {
            throw new IllegalArgumentException("a node wants " + elements + " floats of scratch memory, one array "
                    + "holds " + TensorView.MAX_ELEMENTS + "; give smaller inputs");
        }
        if (floats.length < elements) {
            // The old one goes first.
            floats = new float[0];
            floats = new float[(int) elements];
        }
        return floats;
    }

    /// {@return the bytes held}
    long bytes() {
        return (long) Float.BYTES * floats.length;
    }
}
