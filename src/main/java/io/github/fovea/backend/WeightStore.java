package io.github.fovea.backend;

import io.github.fovea.graph.Op;
import io.github.fovea.kernel.Conv;
import io.github.fovea.kernel.DepthwiseConv;
import io.github.fovea.kernel.KernelTable;
import io.github.fovea.tensor.AlignedArray;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/// The weights of one model in the order of a backend's kernels, each tensor once, shared by any number of executables.
///
/// A plan may name a tensor with a smaller shape than it has: the first channels of either side in multiples of 16, or
/// the middle of a 3x3 kernel. It then reads a slice of the same array. Safe for use by several threads.
public final class WeightStore {
    /// Floats from which a tensor is worth the room of an [AlignedArray], if it has at least 16 outputs; others belong
    /// to layers that do little.
    private static final int WORTH_A_REGION = 1 << 12;

    private final KernelTable table;
    private final Map<String, int[]> shapes;
    private final Map<String, float[]> parameters;
    private final Map<String, float[]> packed = new HashMap<>();

    /// Makes a store; nothing is packed yet.
    ///
    /// @param table      the kernels
    /// @param shapes     the shape of every tensor by name
    /// @param parameters the numbers, row-major; the arrays are read when an executable wants them, and not changed
    /// @throws IllegalArgumentException if a tensor is missing or has the wrong length
    WeightStore(KernelTable table, Map<String, int[]> shapes, Map<String, float[]> parameters) {
        this.table = table;
        this.shapes = new LinkedHashMap<>(shapes);
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

    KernelTable table() {
        return table;
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

    private int[] shape(String name, int[] wanted) {
        int[] stored = shapes.get(name);
        boolean fits = stored != null && stored.length == wanted.length;
        for (int d = 0; fits && d < wanted.length; d++) {
            // Channels may be fewer in whole blocks, so that no block of a kernel holds channels that are not meant.
            fits = wanted[d] == stored[d] || d < 2 && wanted[d] < stored[d] && wanted[d] % 16 == 0
                    || d >= 2 && wanted[d] == 1 && stored[d] == 3;
        }
        if (!fits) {
            throw new IllegalArgumentException("parameter " + name + ": wanted as " + Arrays.toString(wanted) + ", "
                    + (stored == null ? "missing" : "stored as " + Arrays.toString(stored)
                    + "; a slice has fewer channels by multiples of 16, or the middle of a 3x3 kernel"));
        }
        return stored;
    }

    /// {@return the kernel that runs a convolution with the array that [#conv] gives}
    Conv kernel(Op.Conv op) {
        int[] stored = shape(op.weights(), new int[] {op.outChannels(), op.inChannels(), op.size(), op.size()});
        Conv kernel = table.conv(op.size());
        return stored[0] == op.outChannels() && stored[1] == op.inChannels() && stored[2] == op.size()
                ? kernel.version(op.inChannels(), op.outChannels())
                : kernel.slice(stored[2], stored[1], stored[0]);
    }

    synchronized float[] conv(Op.Conv op) {
        return packed.computeIfAbsent(op.weights(), name -> {
            int[] stored = shapes.get(name);
            Conv kernel = table.conv(stored[2]);
            int elements = kernel.packedElements(stored[1], stored[0]);
            float[] order = elements < WORTH_A_REGION || stored[0] < 16 ? new float[elements]
                    : AlignedArray.allocate(elements);
            kernel.pack(parameters.get(name), 0, stored[1], stored[0], order);
            return order;
        });
    }

    synchronized float[] depthwise(Op.DepthwiseConv op) {
        shape(op.weights(), new int[] {op.channels(), 1, 3, 3});
        return packed.computeIfAbsent(op.weights(), name -> {
            DepthwiseConv kernel = table.depthwise3x3();
            int channels = shapes.get(name)[0];
            float[] order = new float[kernel.packedElements(channels)];
            kernel.pack(parameters.get(name), 0, channels, order);
            return order;
        });
    }

    /// {@return a vector by channel, padded with zeros to a multiple of 16}
    synchronized float[] vector(String name, int channels) {
        shape(name, new int[] {channels});
        return packed.computeIfAbsent(name,
                _ -> Arrays.copyOf(parameters.get(name), (parameters.get(name).length + 15) / 16 * 16));
    }
}
