package io.github.fovea.plan;

import io.github.fovea.graph.Op;
import io.github.fovea.kernel.Conv;
import io.github.fovea.kernel.KernelTable;
import java.util.Arrays;
import java.util.Map;

/// The kernels that run plans on some weights: a table's, and for a convolution that reads a slice of a larger tensor
/// one that does so, with other needs.
///
/// A graph may name a tensor with a smaller shape than it is stored with: the first channels of either side in
/// multiples of 16, or the middle of a 3x3 kernel.
///
/// @param table  the table
/// @param stored the shape of every tensor by name, as it is stored
public record Kernels(KernelTable table, Map<String, int[]> stored) {
    /// Copies the map.
    public Kernels {
        stored = Map.copyOf(stored);
    }

    /// {@return the shape with which a tensor is stored}
    ///
    /// @param name  name of the tensor
    /// @param shape the shape that a graph gives it
    /// @throws IllegalArgumentException if there is no such tensor, or none of which that is a slice
    public int[] stored(String name, int... shape) {
        int[] whole = stored.get(name);
        boolean fits = whole != null && whole.length == shape.length;
        for (int d = 0; fits && d < shape.length; d++) {
            // Channels may be fewer in whole blocks, so that no block of a kernel holds channels that are not meant.
            fits = shape[d] == whole[d] || d < 2 && shape[d] < whole[d] && shape[d] % 16 == 0
                    || d >= 2 && shape[d] == 1 && whole[d] == 3;
        }
        if (!fits) {
            throw new IllegalArgumentException("parameter " + name + ": wanted as " + Arrays.toString(shape) + ", "
                    + (whole == null ? "missing" : "stored as " + Arrays.toString(whole)
                    + "; a slice has fewer channels by multiples of 16, or the middle of a 3x3 kernel"));
        }
        return whole;
    }

    /// {@return the shape with which the weights of a convolution are stored}
    ///
    /// @param op the convolution
    /// @throws IllegalArgumentException if it reads no stored tensor and no slice of one
    public int[] stored(Op.Conv op) {
        return stored(op.weights(), op.outChannels(), op.inChannels(), op.size(), op.size());
    }

    /// {@return the kernel that runs a convolution}
    ///
    /// @param op the convolution
    /// @throws IllegalArgumentException if it reads no stored tensor and no slice of one
    public Conv conv(Op.Conv op) {
        int[] whole = stored(op);
        Conv kernel = table.conv(op.size());
        return whole[0] == op.outChannels() && whole[1] == op.inChannels() && whole[2] == op.size()
                ? kernel.version(op.inChannels(), op.outChannels())
                : kernel.slice(whole[2], whole[1], whole[0]);
    }
}
