package io.github.fovea.flow;

/// Memory for the packed weights of one executable: those of several convolutions share an array, which is large, so
/// that it, and with it every vector of weights, lies on 64-byte lines.
final class WeightMemory {
    /// Floats of an array: half a megabyte.
    private static final int ARRAY_ELEMENTS = 1 << 17;

    private float[] array = new float[0];
    private int used;

    /// {@return an array with room for so many more floats, from what [#take] gives on}
    ///
    /// @param elements how many, at least 0
    float[] room(int elements) {
        if (array.length - used < elements) {
            array = new float[Math.max(ARRAY_ELEMENTS, elements)];
            used = 0;
        }
        return array;
    }

    /// Takes the room that [#room] found.
    ///
    /// @param elements how many floats
    /// @return the index of the first, a multiple of 16
    int take(int elements) {
        int from = used;
        used = (int) Math.min(array.length, MemoryPlan.aligned((long) used + elements));
        return from;
    }
}
