package io.github.fovea.kernel;

import io.github.fovea.tensor.TensorView;

/// A convolution that another one computes. What it does not say of tiles, pieces and scratch memory it does without.
public abstract class ForwardingConv implements Conv {
    private final Conv conv;

    protected ForwardingConv(Conv conv) {
        this.conv = conv;
    }

    @Override
    public int size() {
        return conv.size();
    }

    @Override
    public int packedElements(int inChannels, int outChannels) {
        return conv.packedElements(inChannels, outChannels);
    }

    @Override
    public void pack(float[] weights, int from, int inChannels, int outChannels, float[] packed, int packedFrom) {
        conv.pack(weights, from, inChannels, outChannels, packed, packedFrom);
    }

    @Override
    public void run(
            TensorView in, float[] packed, int packedFrom, float[] bias, float[] slopes, TensorView out, int rowBegin,
            int rowEnd, float[] scratch, int scratchFrom) {
        conv.run(in, packed, packedFrom, bias, slopes, out, rowBegin, rowEnd, scratch, scratchFrom);
    }

    @Override
    public final Conv slice(int storedSize, int storedIn, int storedOut) {
        return sliced(storedSize, conv.slice(storedSize, storedIn, storedOut));
    }

    /// {@return this around a slice}
    protected abstract Conv sliced(int storedSize, Conv slice);
}
