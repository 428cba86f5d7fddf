package io.github.fovea.plan;

import io.github.fovea.graph.Graph;
import io.github.fovea.graph.Node;
import io.github.fovea.graph.Op;
import io.github.fovea.kernel.Conv;
import io.github.fovea.kernel.KernelTable;
import java.util.HashSet;
import java.util.Set;

/// What the kernels that run a graph ask of a plan, besides its tensors.
///
/// @param scratchElements floats of scratch memory, for the kernel that wants most
/// @param columnAlignment columns at which a picture may be cut: multiples of this many input pixels
/// @param columnRadius    how far along a row, in input pixels, the bits of an output pixel depend on the input; at
///                        least the receptive radius
/// @param rowAlignment    rows at which a picture may be cut: multiples of this many input pixels
/// @param rowRadius       how far up and down, in input pixels, the bits of an output pixel depend on the input; at
///                        least the receptive radius
/// @param inPieces        the convolutions, by the name of their weights, whose kernels read rows that lie in several
///                        pieces of memory
public record KernelNeeds(
        int scratchElements, int columnAlignment, int columnRadius, int rowAlignment, int rowRadius,
        Set<String> inPieces) {
    /// Copies the set.
    public KernelNeeds {
        inPieces = Set.copyOf(inPieces);
    }

    /// {@return no scratch memory, any column and row, the receptive radius}
    ///
    /// @param graph the network
    static KernelNeeds none(Graph graph) {
        return new KernelNeeds(0, 1, graph.receptiveRadius(), 1, graph.receptiveRadius(), Set.of());
    }

    /// {@return what a table's kernels need for a graph}
    ///
    /// A kernel with a column or row tile of `t` makes pixels of a group depend on all columns or rows of the group's
    /// windows, up to `t - 1` more than a pixel's own window has on either side.
    ///
    /// @param graph   the network
    /// @param kernels the table
    static KernelNeeds of(Graph graph, KernelTable kernels) {
        int nodes = graph.nodes().size();
        int[] columns = new int[nodes];
        int[] rows = new int[nodes];
        int scratch = 0;
        int columnAlignment = 1;
        int rowAlignment = 1;
        Set<String> inPieces = new HashSet<>();
        for (int i = 0; i < nodes; i++) {
            Node node = graph.nodes().get(i);
            for (int input : node.inputs()) {
                columns[i] = Math.max(columns[i], columns[input]);
                rows[i] = Math.max(rows[i], rows[input]);
            }
            if (node.op() instanceof Op.Conv op) {
                Conv kernel = kernels.conv(op.size());
                scratch = Math.max(scratch, kernel.scratchElements(op.inChannels(), op.outChannels()));
                int columnTile = kernel.columnTile(op.inChannels(), op.outChannels());
                int rowTile = kernel.rowTile(op.inChannels(), op.outChannels());
                columnAlignment = Math.max(columnAlignment, columnTile);
                rowAlignment = Math.max(rowAlignment, rowTile);
                columns[i] += inputPixels(columnTile - 1, graph.scale(i));
                rows[i] += inputPixels(rowTile - 1, graph.scale(i));
                if (kernel.readsPieces(op.inChannels(), op.outChannels())) {
                    inPieces.add(op.weights());
                }
            }
        }
        int radius = graph.receptiveRadius();
        return new KernelNeeds(scratch, columnAlignment, radius + columns[nodes - 1], rowAlignment, radius
                + rows[nodes - 1], inPieces);
    }

    /// {@return the same needs of kernels that find rows in one piece only}
    KernelNeeds inOnePiece() {
        return new KernelNeeds(scratchElements, columnAlignment, columnRadius, rowAlignment, rowRadius, Set.of());
    }

    private static int inputPixels(int pixels, int scale) {
        return (pixels + scale - 1) / scale;
    }

    /// {@return whether a plan with these needs serves kernels with those}
    ///
    /// @param others needs of the kernels that are to run
    boolean cover(KernelNeeds others) {
        return scratchElements >= others.scratchElements && columnAlignment % others.columnAlignment == 0
                && columnRadius >= others.columnRadius && rowAlignment % others.rowAlignment == 0
                && rowRadius >= others.rowRadius && others.inPieces.containsAll(inPieces);
    }
}
