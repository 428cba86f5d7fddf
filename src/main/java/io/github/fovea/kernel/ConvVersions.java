package io.github.fovea.kernel;

import io.github.fovea.tensor.TensorView;
import java.util.List;

/// A dense convolution of which there are several versions. Which one runs depends on the numbers of channels alone:
/// what packs weights, what asks for tiles and what runs agree then, and two runs never differ.
public final class ConvVersions implements Conv {
    /// Decides which version of a convolution runs.
    public interface Choice {
        /// {@return the index of the version that runs} Equal arguments give equal answers; allocates nothing.
        ///
        /// @param versions    the versions, at least one
        /// @param inChannels  channels in
        /// @param outChannels channels out
        int choose(List<Conv> versions, int inChannels, int outChannels);
    }

    /// Channels in and out up to which an answer is kept: training asks before every call.
    private static final int MOST_KEPT = 64;

    private final List<Conv> versions;
    private final Choice choice;
    /// The index that was chosen and 1, by channels in and out. Threads that ask at once find the same.
    private final byte[] chosen = new byte[(MOST_KEPT + 1) * (MOST_KEPT + 1)];

    /// Makes a convolution that runs its last version.
    ///
    /// @param versions kernels of one size, which agree up to rounding; each computes everything; by how far they read,
    ///                 the least first
    public ConvVersions(List<Conv> versions) {
        this(versions, (all, _, _) -> all.size() - 1);
    }

    private ConvVersions(List<Conv> versions, Choice choice) {
        if (versions.isEmpty() || versions.stream().anyMatch(version -> version.size() != versions.getFirst().size())) {
            throw new IllegalArgumentException("versions of sizes " + versions.stream().map(Conv::size).toList()
                    + ", wanted at least one, and one size");
        }
        this.versions = List.copyOf(versions);
        this.choice = choice;
    }

    /// {@return these versions by another choice}
    ///
    /// @param by what decides
    public ConvVersions choosing(Choice by) {
        return new ConvVersions(versions, by);
    }

    @Override
    public List<Conv> versions() {
        return versions;
    }

    @Override
    public Conv version(int inChannels, int outChannels) {
        if (inChannels > MOST_KEPT || outChannels > MOST_KEPT) {
            return versions.get(choice.choose(versions, inChannels, outChannels));
        }
        int at = inChannels * (MOST_KEPT + 1) + outChannels;
        int known = chosen[at];
        if (known == 0) {
            known = choice.choose(versions, inChannels, outChannels) + 1;
            chosen[at] = (byte) known;
        }
        return versions.get(known - 1);
    }

    @Override
    public int size() {
        return versions.getFirst().size();
    }

    @Override
    public int packedElements(int inChannels, int outChannels) {
        return version(inChannels, outChannels).packedElements(inChannels, outChannels);
    }

    @Override
    public void pack(float[] weights, int from, int inChannels, int outChannels, float[] packed, int packedFrom) {
        version(inChannels, outChannels).pack(weights, from, inChannels, outChannels, packed, packedFrom);
    }

    @Override
    public int columnTile(int inChannels, int outChannels) {
        return version(inChannels, outChannels).columnTile(inChannels, outChannels);
    }

    @Override
    public int rowTile(int inChannels, int outChannels) {
        return version(inChannels, outChannels).rowTile(inChannels, outChannels);
    }

    @Override
    public boolean readsPieces(int inChannels, int outChannels) {
        return version(inChannels, outChannels).readsPieces(inChannels, outChannels);
    }

    @Override
    public int scratchElements(int inChannels, int outChannels) {
        return version(inChannels, outChannels).scratchElements(inChannels, outChannels);
    }

    @Override
    public void run(
            TensorView in, float[] packed, int packedFrom, float[] bias, float[] slopes, TensorView out, int rowBegin,
            int rowEnd, float[] scratch, int scratchFrom) {
        version(in.channels(), out.channels())
                .run(in, packed, packedFrom, bias, slopes, out, rowBegin, rowEnd, scratch, scratchFrom);
    }

    @Override
    public boolean gates(int inChannels, int outChannels) {
        return version(inChannels, outChannels).gates(inChannels, outChannels);
    }

    @Override
    public void runGated(
            TensorView in, float[] packed, int packedFrom, TensorView gate, float[] slopes, TensorView out,
            float[] scratch, int scratchFrom, float[] sums) {
        version(in.channels(), out.channels())
                .runGated(in, packed, packedFrom, gate, slopes, out, scratch, scratchFrom, sums);
    }

    @Override
    public Conv slice(int storedSize, int storedIn, int storedOut) {
        return version(storedIn, storedOut).slice(storedSize, storedIn, storedOut);
    }
}
