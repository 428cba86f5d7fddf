package io.github.fovea.backend;

import io.github.fovea.graph.Op;
import io.github.fovea.kernel.Conv;
import io.github.fovea.kernel.DepthwiseConv;
import io.github.fovea.kernel.KernelTable;
import io.github.fovea.plan.Kernels;
import io.github.fovea.tensor.AlignedArray;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// The weights of one model in the order of a backend's kernels, each tensor once, shared by any number of executables.
///
/// A plan may name a tensor with a smaller shape than it has, see [Kernels]. It then reads a slice of the same array.
/// Safe for use by several threads.
public final class WeightStore {
    /// Floats from which a tensor is worth the room of an [AlignedArray], if it has at least 16 outputs; others belong
    /// to layers that do little.
    private static final int WORTH_A_REGION = 1 << 12;

    private final Kernels kernels;
    private final Map<String, float[]> parameters;
    private final Map<String, float[]> packed = new HashMap<>();

    /// Makes a store; nothing is packed yet.
    ///
    /// @param table      the kernels
    /// @param shapes     the shape of every tensor by name
    /// @param parameters the numbers, row-major; the arrays are read when an executable wants them, and not changed
    /// @throws IllegalArgumentException if a tensor is missing or has the wrong length
    WeightStore(KernelTable table, Map<String, int[]> shapes, Map<String, float[]> parameters) {
        kernels = new Kernels(table, shapes);
        this.parameters = new HashMap<>(parameters);
        shapes.forEach((name, shape) -> {
            long wanted = 1;
            for (int extent : shape) {
                wanted *= extent;
            }
            float[] got = parameters.get(name);
            if (got == null || got.length != wanted) {
                throw new IllegalArgumentException("parameter " + name + ": "
                        + (got == null ? "missing" : "holds " + got.length + " floats") + ", wanted " + wanted + " as "
                        + Arrays.toString(shape));
            }
        });
    }

    /// {@return the kernels for which the weights are packed, and the shapes of the tensors}
    Kernels kernels() {
        return kernels;
    }

    /// {@return the bytes of all packed tensors so far}
    public synchronized long bytes() {
        return packed.values().stream().mapToLong(values -> (long) Float.BYTES * values.length).sum();
    }

    /// {@return the packed array of a tensor: the same for every executable that reads any part of it; `null` before
    /// the first}
    ///
    /// @param name name of the tensor
    public synchronized float[] packed(String name) {
        return packed.get(name);
    }

    synchronized float[] conv(Op.Conv op) {
        return packed.computeIfAbsent(op.weights(), name -> {
            int[] stored = kernels.stored(op);
            Conv kernel = kernels.table().conv(stored[2]);
            int elements = kernel.packedElements(stored[1], stored[0]);
            float[] order = elements < WORTH_A_REGION || stored[0] < 16 ? new float[elements]
                    : AlignedArray.allocate(elements);
            kernel.pack(parameters.get(name), 0, stored[1], stored[0], order);
            return order;
        });
    }

    synchronized float[] depthwise(Op.DepthwiseConv op) {
        int channels = kernels.stored(op.weights(), op.channels(), 1, 3, 3)[0];
        return packed.computeIfAbsent(op.weights(), name -> {
            DepthwiseConv kernel = kernels.table().depthwise3x3();
            float[] order = new float[kernel.packedElements(channels)];
            kernel.pack(parameters.get(name), 0, channels, order);
            return order;
        });
    }

    /// {@return a vector by channel, padded with zeros to a multiple of 16}
    synchronized float[] vector(String name, int channels) {
        kernels.stored(name, channels);
        return packed.computeIfAbsent(name,
                _ -> Arrays.copyOf(parameters.get(name), (parameters.get(name).length + 15) / 16 * 16));
    }
}
