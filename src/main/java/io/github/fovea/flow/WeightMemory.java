package io.github.fovea.flow;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/// What the executables of one plan and one table of kernels share: packed weights, and the plans of branches. Each
/// part is made when the first of them wants it and never changes then. Weights of several convolutions share an array,
/// which is large, so that it, and with it every vector of weights, lies on 64-byte lines. Safe for use by threads.
final class WeightMemory {
    /// Floats of an array: half a megabyte.
    private static final int ARRAY_ELEMENTS = 1 << 17;

    private final Map<Key, Object> parts = new HashMap<>();
    private float[] array = new float[0];
    private int used;
    private long bytes;

    /// A step may keep more than one part.
    private record Key(PlanStep step, Class<?> maker) {}

    /// Weights in a kernel's order.
    ///
    /// @param data holds them
    /// @param from index of the first
    /// @param bias one for each output channel, and zeros up to what the kernel reads
    record Packed(float[] data, int from, float[] bias) {}

    /// Brings weights into a kernel's order.
    @FunctionalInterface
    interface Packing {
        /// Packs.
        ///
        /// @param data receives them
        /// @param from index of the first
        /// @param bias receives the biases; holds zeros
        void pack(float[] data, int from, float[] bias);
    }

    /// {@return a step's packed weights, as whoever came first packed them}
    ///
    /// @param step     the step
    /// @param maker    whose order it is
    /// @param elements floats of the packed weights
    /// @param biases   floats of the biases
    /// @param packing  packs them
    Packed packed(PlanStep step, Class<?> maker, int elements, int biases, Packing packing) {
        return part(step, maker, Packed.class, () -> {
            if (array.length - used < elements) {
                array = new float[Math.max(ARRAY_ELEMENTS, elements)];
                used = 0;
                bytes += (long) Float.BYTES * array.length;
            }
            Packed packed = new Packed(array, used, new float[biases]);
            used = (int) Math.min(array.length, MemoryPlan.aligned((long) used + elements));
            packing.pack(packed.data, packed.from, packed.bias);
            return packed;
        });
    }

    /// {@return a part that a step keeps, as whoever came first made it}
    ///
    /// @param step  the step
    /// @param maker who keeps it
    /// @param type  what it is
    /// @param make  makes it
    synchronized <T> T part(PlanStep step, Class<?> maker, Class<T> type, Supplier<T> make) {
        Key key = new Key(step, maker);
        Object part = parts.get(key);
        if (part == null) {
            part = make.get();
            parts.put(key, part);
        }
        return type.cast(part);
    }

    /// {@return the bytes of the arrays of packed weights, without those of branches}
    synchronized long bytes() {
        return bytes;
    }
}
