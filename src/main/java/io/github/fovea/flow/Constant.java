package io.github.fovea.flow;

import java.util.Arrays;

/// A tensor whose value is known before the graph runs. The arrays are not copied and must not be changed.
///
/// @param type   what the elements are
/// @param shape  extents, outermost first; empty for a scalar
/// @param floats the elements, row-major, if `type` is [ElementType#FLOAT]; else `null`
/// @param longs  the elements, row-major, for the other types, truth values as 0 and 1; else `null`
public record Constant(ElementType type, int[] shape, float[] floats, long[] longs) {
    /// Most axes of a value: kernels walk through axes by recursion.
    public static final int MAX_RANK = 32;

    /// Checks that extents and elements agree.
    ///
    /// @throws IllegalArgumentException if they do not
    public Constant {
        long elements = 1;
        for (int extent : shape) {
            if (extent < 0) {
                throw new IllegalArgumentException("constant of shape " + Arrays.toString(shape)
                        + ", extents start at 0");
            }
            elements *= extent;
        }
        int held = type == ElementType.FLOAT ? floats.length : longs.length;
        if (held != elements) {
            throw new IllegalArgumentException("constant of shape " + Arrays.toString(shape) + " needs " + elements
                    + " elements, got " + held);
        }
    }

    /// {@return a constant of floats}
    ///
    /// @param shape  extents, outermost first
    /// @param floats the elements, row-major
    public static Constant of(int[] shape, float... floats) {
        return new Constant(ElementType.FLOAT, shape, floats, null);
    }

    /// {@return a constant of integers}
    ///
    /// @param shape extents, outermost first
    /// @param longs the elements, row-major
    public static Constant of(int[] shape, long... longs) {
        return new Constant(ElementType.LONG, shape, null, longs);
    }

    /// {@return the number of elements}
    public int elements() {
        return type == ElementType.FLOAT ? floats.length : longs.length;
    }
}
