package io.github.fovea.flow;

import io.github.fovea.dim.Dim;
import io.github.fovea.dim.Known;
import java.util.Arrays;

/// What is proven of a value whatever the inputs hold.
///
/// @param type     what its elements are
/// @param shape    its extents, or `null` while not even their number is known
/// @param value    its elements, row-major, where it is a small tensor of whole numbers that is tracked; else `null`
/// @param constant its value where that is fully known, else `null`
record Fact(ElementType type, Known[] shape, Known[] value, Constant constant) {
    /// Longest value that is tracked element by element.
    static final int MAX_ELEMENTS = 64;

    static Fact of(Constant constant) {
        Known[] shape = new Known[constant.shape().length];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = Known.of(constant.shape()[i]);
        }
        return new Fact(constant.type(), shape, elements(constant), constant);
    }

    private static Known[] elements(Constant constant) {
        if (constant.elements() > MAX_ELEMENTS) {
            return null;
        }
        Known[] elements = new Known[constant.elements()];
        for (int i = 0; i < elements.length; i++) {
            if (constant.longs() != null) {
                elements[i] = Known.of(constant.longs()[i]);
            } else if (constant.floats()[i] == Math.rint(constant.floats()[i])
                    && Math.abs(constant.floats()[i]) < 1 << 24) {
                elements[i] = Known.of((long) constant.floats()[i]);
            } else {
                return null;
            }
        }
        return elements;
    }

    /// {@return the extents as numbers, or `null` unless all are constants of a tensor's range}
    int[] constantShape() {
        long[] numbers = numbers(shape);
        return numbers == null || !Arrays.stream(numbers).allMatch(Fact::isExtent) ? null
                : Arrays.stream(numbers).mapToInt(Math::toIntExact).toArray();
    }

    /// {@return whether a tensor may have so many rows, columns or others}
    static boolean isExtent(long number) {
        return number >= 0 && number <= Integer.MAX_VALUE;
    }

    /// {@return the elements as numbers, or `null` unless all are constants}
    long[] constantValue() {
        return constant != null && constant.longs() != null ? constant.longs() : numbers(value);
    }

    /// Refuses values of more axes than kernels walk through.
    ///
    /// @param rank the axes of a value that a node would make
    static void checkRank(int rank) {
        if (rank > Constant.MAX_RANK) {
            throw new IllegalArgumentException("would make a tensor of " + rank + " axes, wanted at most " + Constant.MAX_RANK);
        }
    }

    /// {@return whether every extent has a form}
    boolean isProven() {
        return proven(shape);
    }

    /// {@return whether every element has a form}
    boolean hasProvenValue() {
        return constant != null || proven(value);
    }

    private static boolean proven(Known[] all) {
        return all != null && Arrays.stream(all).allMatch(k -> k.dimOrNull() != null);
    }

    private static long[] numbers(Known[] all) {
        if (all == null) {
            return null;
        }
        long[] numbers = new long[all.length];
        for (int i = 0; i < all.length; i++) {
            if (!(all[i].dimOrNull() instanceof Dim.Constant(long number))) {
                return null;
            }
            numbers[i] = number;
        }
        return numbers;
    }

    /// {@return the stronger of two true statements: a constant, else a form, else nothing}
    static Known stronger(Known a, Known b) {
        if (a.dimOrNull() == null) {
            return b.dimOrNull() == null && a instanceof Known.Varying ? a : b;
        }
        return b.dimOrNull() instanceof Dim.Constant && !(a.dimOrNull() instanceof Dim.Constant) ? b : a;
    }

    /// {@return what holds on both of two control-flow paths: equal forms stay, all else varies}
    Fact meet(Fact other) {
        Known[] both = shape == null || other.shape == null || shape.length != other.shape.length
                ? null : meet(shape, other.shape);
        Known[] elements = value == null || other.value == null || value.length != other.value.length
                ? null : meet(value, other.value);
        return new Fact(type, both, elements, null);
    }

    private static Known[] meet(Known[] a, Known[] b) {
        Known[] both = new Known[a.length];
        for (int i = 0; i < a.length; i++) {
            both[i] = a[i].meet(b[i]);
        }
        return both;
    }

    /// {@return the shape for a reader, like `[1,3,2*H,2*W]`; `?` where an extent, or the rank, is not proven}
    String shapeText() {
        if (shape == null) {
            return "?";
        }
        StringBuilder text = new StringBuilder("[");
        for (int i = 0; i < shape.length; i++) {
            Dim dim = shape[i].dimOrNull();
            text.append(i == 0 ? "" : ",").append(dim == null ? "?" : dim);
        }
        return text.append(']').toString();
    }
}
