package io.github.fovea.kernel;

import io.github.fovea.tensor.TensorView;
import java.util.List;

/// Dense convolution, stride 1, zero padding `size / 2`, plus bias and activation:
///
/// `out[o][y][x] = act(bias[o] + sum over i, ky, kx of weights[o][i][ky][kx] * in[i][y + ky - r][x + kx - r])`, r =
/// size/2.
///
/// Kernels are stateless. Weights are brought into the kernel's own order once by [#pack]. The input's border must be
/// at least `r` wide and hold zeros. Input and output may be planar or blocked; a planar output has at most 4 channels.
public interface Conv {
    /// {@return all kernels that compute this convolution: this one, or the versions between which [#version] chooses}
    default List<Conv> versions() {
        return List.of(this);
    }

    /// {@return the kernel that runs for so many channels: this one, or one of [#versions]}
    ///
    /// @param inChannels  channels in
    /// @param outChannels channels out
    default Conv version(int inChannels, int outChannels) {
        return this;
    }

    /// {@return the kernel size: 1, 3 or 5}
    int size();

    /// {@return the number of floats that [#pack] writes; of a [#slice], how many of them [#run] may look at}
    ///
    /// @param inChannels  channels in
    /// @param outChannels channels out
    int packedElements(int inChannels, int outChannels);

    /// Brings weights into the kernel's order. Unused lanes become zero.
    ///
    /// @param weights      `[out][in][size][size]` from index `from`
    /// @param from         index of the first weight
    /// @param inChannels   channels in
    /// @param outChannels  channels out
    /// @param packed       receives [#packedElements] floats
    /// @param packedFrom   index of the first, a multiple of 16
    void pack(float[] weights, int from, int inChannels, int outChannels, float[] packed, int packedFrom);

    /// How many neighbouring pixels of a row are computed together: their bits depend on all the columns that any of
    /// them looks at. Groups start at multiples of this number from column 0, so pictures cut at such columns, with as
    /// wide a halo, give the same bits.
    ///
    /// @param inChannels  channels in
    /// @param outChannels channels out
    /// @return 1 where a pixel depends on nothing but its own window
    default int columnTile(int inChannels, int outChannels) {
        return 1;
    }

    /// How many neighbouring rows are computed together: their bits depend on all the rows that any of them looks at.
    /// Groups start with the first row that [#run] is called for, so calls that begin at the same rows, or at multiples
    /// of this number behind them, give the same bits.
    ///
    /// @param inChannels  channels in
    /// @param outChannels channels out
    /// @return 1 where rows are independent
    default int rowTile(int inChannels, int outChannels) {
        return 1;
    }

    /// {@return whether [#run] reads inputs whose rows lie in several pieces of memory, see [TensorView#pieces]} All
    /// write such outputs.
    ///
    /// @param inChannels  channels in
    /// @param outChannels channels out
    default boolean readsPieces(int inChannels, int outChannels) {
        return false;
    }

    /// {@return whether outputs that are few enough for planes are better left in a block of 16 channels, where what reads them takes
    /// both} [#run] makes either.
    default boolean leavesBlocks() {
        return false;
    }

    /// {@return the number of floats of scratch memory that [#run] needs}
    ///
    /// @param inChannels  channels in
    /// @param outChannels channels out
    default int scratchElements(int inChannels, int outChannels) {
        return 0;
    }

    /// Computes rows `[rowBegin, rowEnd)` of the output. Writes whole pixel blocks (see [TensorView]); allocates
    /// nothing. Reads the input rows `[rowBegin - size / 2, rowEnd + size / 2)` and no others.
    ///
    /// @param in       input, border at least `size / 2`, zero outside; not the array region of `out`
    /// @param packed     weights as [#pack] left them
    /// @param packedFrom index of the first, a multiple of 16
    /// @param bias     one float per output channel, padded with zeros to a multiple of 16
    /// @param slopes   slope of the negative side per output channel, padded likewise: zeros for ReLU; `null` for none
    /// @param out      output, blocked, or planar with at most 4 channels
    /// @param rowBegin first row; tiles of [#rowTile] rows begin there
    /// @param rowEnd   row after the last; the last tile may have fewer rows
    /// @param scratch     holds [#scratchElements] floats of any content from `scratchFrom`, may be the array of `in`
    ///                    and `out` elsewhere; `null` where none are needed
    /// @param scratchFrom index of the first
    void run(
            TensorView in, float[] packed, int packedFrom, float[] bias, float[] slopes, TensorView out, int rowBegin,
            int rowEnd, float[] scratch, int scratchFrom);

    /// {@return whether there is [#runGated] for such a convolution}
    ///
    /// @param inChannels  channels in
    /// @param outChannels channels out
    default boolean gates(int inChannels, int outChannels) {
        return false;
    }

    /// Sends a gradient back through a layer and through the activation in front of it: what [#run] computes of whole
    /// blocked tensors without bias goes through [ActivationGradient] on its way out. Allocates nothing.
    ///
    /// @param in          gradient of the layer's output
    /// @param packed      the layer's weights for this direction, as [#pack] left them
    /// @param packedFrom  index of their first float
    /// @param gate        the activation's input, or, where no slope is below 0, its output; shaped like `out`,
    ///                    with a border of at least `size / 2` zeros
    /// @param slopes      slope of the negative side per channel of `gate`, padded with zeros to a multiple of 16
    /// @param out         receives the gradient of the activation's input
    /// @param scratch     scratch memory of any content
    /// @param scratchFrom index of its first float; [#scratchElements] floats from there on belong to this call
    /// @param sums        receives what [ActivationGradient] adds for each channel; padded to a multiple of 16
    /// @throws UnsupportedOperationException where [#gates] says no
    default void runGated(
            TensorView in, float[] packed, int packedFrom, TensorView gate, float[] slopes, TensorView out,
            float[] scratch, int scratchFrom, float[] sums) {
        throw new UnsupportedOperationException("a convolution of size " + size() + " from " + in + " to " + out
                + " has no gated form; run it, and the activation's gradient behind it");
    }

    /// {@return this convolution with its weights taken out of a larger packed tensor, without a copy: the first
    /// channels of either side, and the middle of a larger kernel}
    ///
    /// The result's [#run] takes what the table's kernel of size `storedSize` packed for `storedIn` and `storedOut`
    /// channels; it needs no scratch memory and no tiles of columns or rows beyond what this kernel asks for. Input and
    /// output are blocked, or this kernel has the stored size.
    ///
    /// @param storedSize kernel size of the stored tensor: this kernel's own, or 3 for a kernel of size 1
    /// @param storedIn   channels in of the stored tensor; those that run are as many, or a smaller multiple of 16
    /// @param storedOut  channels out of the stored tensor; likewise
    /// @throws IllegalArgumentException if a kernel of this size cannot be taken out of one of the stored size
    Conv slice(int storedSize, int storedIn, int storedOut);
}
