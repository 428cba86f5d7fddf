package io.github.fovea.plan;

import io.github.fovea.graph.Graph;
import io.github.fovea.graph.Node;
import io.github.fovea.graph.Op;
import io.github.fovea.kernel.Conv;
import io.github.fovea.kernel.KernelTable;

/// What the kernels that run a graph ask of a plan, besides its tensors.
///
/// @param scratchElements floats of scratch memory, for the kernel that wants most
/// @param columnAlignment columns at which a picture may be cut: multiples of this many input pixels
/// @param columnRadius    how far along a row, in input pixels, the bits of an output pixel depend on the input; at least
///                        the receptive radius
public record KernelNeeds(int scratchElements, int columnAlignment, int columnRadius) {
    /// {@return no scratch memory, any column, the receptive radius}
    ///
    /// @param graph the network
    static KernelNeeds none(Graph graph) {
        return new KernelNeeds(0, 1, graph.receptiveRadius());
    }

    /// {@return what a table's kernels need for a graph}
    ///
    /// A kernel with a column tile of `t` makes pixels of a group depend on all columns of the group's windows, up to
    /// `t - 1` more than a pixel's own window has on either side.
    ///
    /// @param graph   the network
    /// @param kernels the table
    static KernelNeeds of(Graph graph, KernelTable kernels) {
        int nodes = graph.nodes().size();
        int[] extra = new int[nodes];
        int scratch = 0;
        int alignment = 1;
        for (int i = 0; i < nodes; i++) {
            Node node = graph.nodes().get(i);
            for (int input : node.inputs()) {
                extra[i] = Math.max(extra[i], extra[input]);
            }
            if (node.op() instanceof Op.Conv op) {
                Conv kernel = kernels.conv(op.size());
                scratch = Math.max(scratch, kernel.scratchElements(op.inChannels(), op.outChannels()));
                int tile = kernel.columnTile(op.inChannels(), op.outChannels());
                alignment = Math.max(alignment, tile);
                extra[i] += (tile - 1 + graph.scale(i) - 1) / graph.scale(i);
            }
        }
        return new KernelNeeds(scratch, alignment, graph.receptiveRadius() + extra[nodes - 1]);
    }

    /// {@return whether a plan with these needs serves kernels with those}
    ///
    /// @param others needs of the kernels that are to run
    boolean cover(KernelNeeds others) {
        return scratchElements >= others.scratchElements && columnAlignment % others.columnAlignment == 0
                && columnRadius >= others.columnRadius;
    }
}
