package io.github.fovea.plan;

import io.github.fovea.graph.Graph;
import io.github.fovea.graph.Node;
import io.github.fovea.graph.Op;
import io.github.fovea.kernel.Conv;

/// What the kernels that run a graph ask of a plan, besides its tensors.
///
/// @param scratchElements floats of scratch memory, for the kernel that wants most
/// @param columnAlignment columns at which a picture may be cut: multiples of this many input pixels
/// @param columnRadius    how far along a row, in input pixels, the bits of an output pixel depend on the input; at
///                        least the receptive radius
/// @param rowAlignment    rows at which a picture may be cut: multiples of this many input pixels
public record KernelNeeds(int scratchElements, int columnAlignment, int columnRadius, int rowAlignment) {
    /// {@return what kernels need for a graph}
    ///
    /// A kernel with a column tile of `t` makes pixels of a group depend on all columns of the group's windows, up to
    /// `t - 1` more than a pixel's own window has on either side.
    ///
    /// @param graph   the network
    /// @param kernels the kernels
    static KernelNeeds of(Graph graph, Kernels kernels) {
        int nodes = graph.nodes().size();
        int[] columns = new int[nodes];
        int scratch = 0;
        int columnAlignment = 1;
        int rowAlignment = 1;
        for (int i = 0; i < nodes; i++) {
            Node node = graph.nodes().get(i);
            for (int input : node.inputs()) {
                columns[i] = Math.max(columns[i], columns[input]);
            }
            if (node.op() instanceof Op.Conv op) {
                Conv kernel = kernels.conv(op);
                scratch = Math.max(scratch, kernel.scratchElements(op.inChannels(), op.outChannels()));
                int columnTile = kernel.columnTile(op.inChannels(), op.outChannels());
                int rowTile = kernel.rowTile(op.inChannels(), op.outChannels());
                columnAlignment = Math.max(columnAlignment, columnTile);
                rowAlignment = Math.max(rowAlignment, rowTile);
                columns[i] += inputPixels(columnTile - 1, graph.scale(i));
            }
        }
        return new KernelNeeds(scratch, columnAlignment, graph.receptiveRadius() + columns[nodes - 1], rowAlignment);
    }

    private static int inputPixels(int pixels, int scale) {
        return (pixels + scale - 1) / scale;
    }
}
