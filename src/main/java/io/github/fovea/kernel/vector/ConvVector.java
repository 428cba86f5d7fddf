package io.github.fovea.kernel.vector;

import io.github.fovea.kernel.Conv;
import io.github.fovea.tensor.Layout;
import io.github.fovea.tensor.TensorView;

/// Dense convolution: covers the output with register tiles of 8 or 16 pixels by one vector of output channels, or, where the
/// output is planar, with narrow tiles of 4 output channels.
///
/// Packed weights from [Lanes#FIRST], wide: for each vector of output channels, in the order in which a tile reads
/// them, `[out / lanes][in / 16][ky][in % 16][kx][lanes]`. Behind them, for up to 4 output channels, narrow:
/// `[in / 16][ky][kx][4][in % 16]`.
final class ConvVector implements Conv {
    private final int size;
    private final ConvTile blocked;
    private final ConvTile planar;
    private final ConvNarrowTile narrowBlocked;
    private final ConvNarrowTile narrowPlanar;
    /// Computes a convolution of this size with the middle of stored kernels of size 3; `null` where there is none.
    private final ConvTile middle;
    /// What the packed weights were made for; 0 where it is what the tensors have.
    private final int storedSize;
    private final int storedIn;
    private final int storedOut;
    private final boolean leavesBlocks;

    /// Makes the kernel of one size from its tiles: for blocked and planar inputs, and the narrow ones for those.
    ConvVector(int size, ConvTile blocked, ConvTile planar, ConvNarrowTile narrowBlocked, ConvNarrowTile narrowPlanar,
            ConvTile middle) {
        this(size, blocked, planar, narrowBlocked, narrowPlanar, middle, size, 0, 0, false);
    }

    private ConvVector(int size, ConvTile blocked, ConvTile planar, ConvNarrowTile narrowBlocked,
            ConvNarrowTile narrowPlanar, ConvTile middle, int storedSize, int storedIn, int storedOut,
            boolean leavesBlocks) {
        this.size = size;
        this.blocked = blocked;
        this.planar = planar;
        this.narrowBlocked = narrowBlocked;
        this.narrowPlanar = narrowPlanar;
        this.middle = middle;
        this.storedSize = storedSize;
        this.storedIn = storedIn;
        this.storedOut = storedOut;
        this.leavesBlocks = leavesBlocks;
    }

    /// {@return this kernel for processes that end before another tile's code pays: a few outputs are made by the tile that makes
    /// sixteen}
    ConvVector leavingBlocks() {
        return new ConvVector(size, blocked, planar, narrowBlocked, narrowPlanar, middle, storedSize, storedIn, storedOut, true);
    }

    @Override
    public boolean leavesBlocks() {
        return leavesBlocks;
    }

    @Override
    public Conv slice(int newStoredSize, int newStoredIn, int newStoredOut) {
        if (newStoredSize != size && (middle == null || newStoredSize != 3)) {
            throw new IllegalArgumentException("a kernel of size " + size + " is no slice of one of size "
                    + newStoredSize);
        }
        return new ConvVector(size, newStoredSize == size ? blocked : middle, planar, narrowBlocked, narrowPlanar,
                middle, newStoredSize, newStoredIn, newStoredOut, leavesBlocks);
    }

    @Override
    public int size() {
        return size;
    }

    private int storedIn(int inChannels) {
        return storedIn == 0 ? inChannels : storedIn;
    }

    private int storedOut(int outChannels) {
        return storedOut == 0 ? outChannels : storedOut;
    }

    private int wideElements(int inChannels, int outChannels) {
        return Math.multiplyExact(Layout.BLOCKED16.planes(storedOut(outChannels)) * 16,
                Math.multiplyExact(storedIn(inChannels), storedSize * storedSize));
    }

    @Override
    public boolean readsPieces(int inChannels, int outChannels) {
        return size == 1;
    }

    @Override
    public int packedElements(int inChannels, int outChannels) {
        int narrow = storedOut(outChannels) > ConvNarrowTile.MAX_CHANNELS ? 0
                : Layout.BLOCKED16.planes(storedIn(inChannels)) * 16 * ConvNarrowTile.MAX_CHANNELS * storedSize
                * storedSize;
        return Math.addExact(wideElements(inChannels, outChannels), narrow + Lanes.SLACK);
    }

    @Override
    public void pack(float[] weights, int from, int inChannels, int outChannels, float[] packed, int packedFrom) {
        int taps = size * size;
        int to = packedFrom + Lanes.FIRST;
        for (int lane = 0; lane < Layout.BLOCKED16.planes(outChannels) * 16; lane += Lanes.COUNT) {
            for (int block = 0; block < inChannels; block += 16) {
                int inputs = Math.min(16, inChannels - block);
                for (int i = 0; i < inputs; i++) {
                    for (int o = lane; o < lane + Lanes.COUNT; o++) {
                        int w = from + (o * inChannels + block + i) * taps;
                        for (int ky = 0; ky < size; ky++) {
                            for (int kx = 0; kx < size; kx++) {
                                packed[to + ((ky * inputs + i) * size + kx) * Lanes.COUNT + o - lane] =
                                        o < outChannels ? weights[w + ky * size + kx] : 0f;
                            }
                        }
                    }
                }
                to += inputs * taps * Lanes.COUNT;
            }
        }
        if (outChannels <= ConvNarrowTile.MAX_CHANNELS) {
            packNarrow(weights, from, inChannels, outChannels, packed, to);
        }
    }

    private void packNarrow(float[] weights, int from, int inChannels, int outChannels, float[] packed,
            int narrowFrom) {
        int to = narrowFrom;
        for (int block = 0; block < inChannels; block += 16) {
            for (int tap = 0; tap < size * size; tap++) {
                for (int o = 0; o < ConvNarrowTile.MAX_CHANNELS; o++) {
                    for (int i = block; i < block + 16; i++) {
                        packed[to++] = o < outChannels && i < inChannels
                                ? weights[from + (o * inChannels + i) * size * size + tap] : 0f;
                    }
                }
            }
        }
    }

    @Override
    public void run(
            TensorView in, float[] packed, int packedFrom, float[] bias, float[] slopes, TensorView out, int rowBegin,
            int rowEnd, float[] scratch, int scratchFrom) {
        if (out.layout() == Layout.BLOCKED16) {
            runWide(in, packed, packedFrom, bias, slopes, out, rowBegin, rowEnd);
        } else if (out.channels() <= ConvNarrowTile.MAX_CHANNELS) {
            runNarrow(in, packed, packedFrom, bias, slopes, out, rowBegin, rowEnd);
        } else {
            throw new IllegalArgumentException("convolution to planar " + out + ", wanted at most "
                    + ConvNarrowTile.MAX_CHANNELS + " channels or a blocked output");
        }
    }

    private void runWide(
            TensorView in, float[] packed, int packedFrom, float[] bias, float[] slopes, TensorView out, int rowBegin,
            int rowEnd) {
        int radius = size / 2;
        int channels = in.channels();
        ConvTile tile = in.layout() == Layout.PLANAR ? planar : blocked;
        int pixels = tile.pixels();
        int inStep = pixels * in.layout().pixelStride();
        int outStep = pixels * 16;
        int tiles = (out.width() + pixels - 1) / pixels;
        int packedStep = storedIn(channels) * storedSize * storedSize * Lanes.COUNT;
        for (int y = rowBegin; y < rowEnd; y++) {
            int inRow = in.index(0, y - radius, -radius);
            int w = packedFrom + Lanes.FIRST;
            for (int lane = 0; lane < out.planes() * 16; lane += Lanes.COUNT) {
                int outRow = out.index(0, y, 0) + lane / 16 * out.planeStride() + lane % 16;
                for (int t = 0; t < tiles; t++) {
                    tile.run(in.data(), inRow + t * inStep, in.rowStride(), in.planeStride(), channels,
                            packed, w, bias, slopes, lane, out.data(), outRow + t * outStep);
                }
                w += packedStep;
            }
        }
    }

    private void runNarrow(
            TensorView in, float[] packed, int packedFrom, float[] bias, float[] slopes, TensorView out, int rowBegin,
            int rowEnd) {
        int radius = size / 2;
        ConvNarrowTile tile = in.layout() == Layout.PLANAR ? narrowPlanar : narrowBlocked;
        int pixels = tile.pixels();
        int inStep = pixels * in.layout().pixelStride();
        int tiles = (out.width() + pixels - 1) / pixels;
        int w = packedFrom + Lanes.FIRST + wideElements(in.channels(), out.channels());
        for (int y = rowBegin; y < rowEnd; y++) {
            int inRow = in.index(0, y - radius, -radius);
            int outRow = out.index(0, y, 0);
            for (int t = 0; t < tiles; t++) {
                tile.run(in.data(), inRow + t * inStep, in.rowStride(), in.planeStride(), in.channels(),
                        packed, w, bias, slopes, out.data(), outRow + t * pixels, out.planeStride(),
                        out.channels());
            }
        }
    }
}
