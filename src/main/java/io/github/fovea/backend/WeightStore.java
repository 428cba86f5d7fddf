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
    /// Where the packed weights of a convolution lie: with those of others in an array that is large enough to begin on
    /// a 64-byte line.
    ///
    /// @param array holds them
    /// @param from  index of the first, a multiple of 16
    record Packed(float[] array, int from) {}

    private final Kernels kernels;
    private final Map<String, float[]> parameters;
    private final Map<String, Packed> convolutions = new HashMap<>();
    /// Weights of depthwise convolutions, biases and slopes.
    private final Map<String, float[]> others = new HashMap<>();
    /// The array that the next convolution's weights go to, and how many floats of it are taken.
    private float[] room = new float[0];
    private int taken;
    private long packedBytes;

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

    /// {@return the bytes of all packed tensors so far; the arrays that hold them may have some room left}
    public synchronized long bytes() {
        return packedBytes;
    }

    /// {@return where a convolution's weights lie: the same for every executable that reads any part of them; `null`
    /// before the first}
    ///
    /// @param name name of the tensor
    synchronized Packed packed(String name) {
        return convolutions.get(name);
    }

    synchronized Packed conv(Op.Conv op) {
        return convolutions.computeIfAbsent(op.weights(), name -> {
            int[] stored = kernels.stored(op);
            Conv kernel = kernels.table().conv(stored[2]);
            Packed place = place(kernel.packedElements(stored[1], stored[0]));
            kernel.pack(parameters.get(name), 0, stored[1], stored[0], place.array, place.from);
            return place;
        });
    }

    private Packed place(int elements) {
        int whole = Math.addExact(elements, 15) / 16 * 16;
        packedBytes += (long) Float.BYTES * whole;
        if (whole > room.length - taken) {
            float[] array = AlignedArray.allocate(whole);
            if (array.length == whole) {
                return new Packed(array, 0);
            }
            room = array;
            taken = 0;
        }
        Packed place = new Packed(room, taken);
        taken += whole;
        return place;
    }

    synchronized float[] depthwise(Op.DepthwiseConv op) {
        int channels = kernels.stored(op.weights(), op.channels(), 1, 3, 3)[0];
        return others.computeIfAbsent(op.weights(), name -> {
            DepthwiseConv kernel = kernels.table().depthwise3x3();
            float[] order = new float[kernel.packedElements(channels)];
            kernel.pack(parameters.get(name), 0, channels, order);
            packedBytes += (long) Float.BYTES * order.length;
            return order;
        });
    }

    /// {@return a vector by channel, padded with zeros to a multiple of 16}
    synchronized float[] vector(String name, int channels) {
        kernels.stored(name, channels);
        return others.computeIfAbsent(name, _ -> {
            float[] padded = Arrays.copyOf(parameters.get(name), (parameters.get(name).length + 15) / 16 * 16);
            packedBytes += (long) Float.BYTES * padded.length;
            return padded;
        });
    }
}
