package io.github.fovea.pipeline;

import io.github.fovea.adapt.FrameWatch;
import io.github.fovea.frame.ColorDescription;
import io.github.fovea.frame.Frame;
import io.github.fovea.frame.FrameFormat;
import io.github.fovea.frame.Plane;
import io.github.fovea.patch.Tile;
import io.github.fovea.resample.ResampleKernel;
import io.github.fovea.resample.Resampler;
import io.github.fovea.tensor.TensorView;
import java.util.ArrayList;
import java.util.List;

/// Enlarges frames of one format: luma by a network, chroma by an exact resampler that keeps its siting.
///
/// Where the wanted size is not the network's own, luma is resampled once more behind the network. Without a network
/// every plane is resampled. Steady state allocates nothing. Not for use by two threads at a time.
///
/// Asked to ([#keepUnchanged]), it computes only those parts of a frame that differ from the frame before; the result has
/// the same bits.
public final class FrameUpscaler implements FrameStage {
    /// Rows of a chroma or resampling task: short enough to balance threads, long enough to be worth handing out.
    private static final int BAND_ROWS = 64;

    private final FrameFormat input;
    private final FrameFormat output;
    private final Workers workers;
    private final NetworkRunner network;
    /// The network's; 1 without one.
    private final int scale;
    private final LumaCodes codes;
    private List<Tile> tiles;
    /// The picture as one tile of all threads, or `null` where each thread has tiles of its own.
    private Tile shared;
    /// Tasks of the first pass that run the network.
    private int networkTasks;
    private final List<Band> bands = new ArrayList<>();
    private final Resampler lumaResampler;
    private final Resampler chromaResampler;
    private final Resampler.Scratch[] lumaScratch;
    private final Resampler.Scratch[] chromaScratch;
    /// Luma as the network made it, where it must be resampled behind it; else null.
    private final float[] intermediate;
    private final float[][] rowScratch;

    /// What differs from the frame before, or `null` where every frame is computed whole.
    private ChangedParts changed;
    /// The large luma of the frame before, where no `intermediate` has it; made when first it is of use.
    private Plane made;
    /// Whether `made`, or `intermediate`, holds what the remembered frame gives.
    private boolean madeKnown;
    /// Whether only what differs is computed in this frame, and whether its luma goes through `made`.
    private boolean parts;
    private boolean throughMade;
    private long framePixels;
    private long keptPixels;

    private final TileReader reader = this::readTile;
    private final TileWriter writer = this::writeTile;
    private final Workers.Task lookTask = this::look;
    private final Workers.Task firstPass = this::runFirst;
    private final Workers.Task secondPass = this::runSecond;
    private final FrameProgress progress = new FrameProgress();
    private Frame source;
    private Frame target;

    /// Rows `[rowBegin, rowEnd)` of an output plane.
    private record Band(int plane, int rowBegin, int rowEnd) {}

    /// Prepares for one format.
    ///
    /// @param input   format of the frames that come: grey or YCbCr
    /// @param width   output width
    /// @param height  output height
    /// @param network a luma network, or `null` to resample only
    /// @param kernel  the resampler of chroma, and of luma where the network does not do it all
    /// @param workers the threads that do it
    public FrameUpscaler(
            FrameFormat input, int width, int height, NetworkRunner network, ResampleKernel kernel, Workers workers) {
        if (!input.layout().isGreyOrYCbCr()) {
            throw new IllegalArgumentException("frames of " + input.layout() + ", wanted grey or YCbCr");
        }
        if (network != null && network.channels() != 1) {
            throw new IllegalArgumentException("model " + network.name() + " works on " + network.channels()
                    + " channels; frames of video want a luma model (fovea train --channels 1)");
        }
        this.input = input;
        this.output = input.withSize(width, height);
        this.workers = workers;
        this.network = network;
        ColorDescription color = input.color().resolved(input.height());
        this.codes = LumaCodes.of(input.range(), input.bitDepth());
        this.tiles = network == null ? List.of() : network.tiles(input.width(), input.height());
        this.shared = network == null ? null : network.sharedTile(input.width(), input.height());
        scale = network == null ? 1 : network.scale();
        int networkWidth = input.width() * scale;
        int networkHeight = input.height() * scale;
        boolean resampled = network == null || networkWidth != width || networkHeight != height;
        this.intermediate = network != null && resampled
                ? WholeResult.allocate(1, input.width(), input.height(), scale)[0] : null;
        this.lumaResampler = resampled
                ? Resampler.of(networkWidth, networkHeight, width, height, kernel, true) : null;
        this.chromaResampler = input.layout().isYCbCr()
                ? Resampler.chroma(input.width(), input.height(), width, height, input.layout(), color.siting(),
                kernel, true) : null;
        this.lumaScratch = new Resampler.Scratch[workers.threads()];
        this.chromaScratch = new Resampler.Scratch[workers.threads()];
        this.rowScratch = new float[intermediate == null ? 0 : workers.threads()][];
        for (int i = 0; i < workers.threads(); i++) {
            lumaScratch[i] = lumaResampler == null ? null : lumaResampler.scratch();
            chromaScratch[i] = chromaResampler == null ? null : chromaResampler.scratch();
            if (intermediate != null) {
                rowScratch[i] = new float[BAND_ROWS * width];
            }
        }
        for (int plane = network == null ? 0 : 1; plane < output.layout().planes(); plane++) {
            int rows = output.layout().planeHeight(plane, height);
            for (int row = 0; row < rows; row += BAND_ROWS) {
                bands.add(new Band(plane, row, Math.min(rows, row + BAND_ROWS)));
            }
        }
    }

    @Override
    public FrameFormat output() {
        return output;
    }

    /// From the next frame on, takes over from the frame before what is the same in both, where the network is one of
    /// the planned engine.
    ///
    /// @return this
    public FrameUpscaler keepUnchanged() {
        changed = network == null ? null : network.changedParts(input.width(), input.height()).orElse(null);
        return this;
    }

    /// {@return the share of all frames' pixels that were taken over from the frame before}
    public double keptShare() {
        return framePixels == 0 ? 0 : (double) keptPixels / framePixels;
    }

    /// Cuts frames into smaller tiles from the next frame on, or into the usual ones again.
    ///
    /// @param share share of the usual working memory, more than 0, at most 1
    void limitTiles(double share) {
        if (network != null) {
            tiles = network.tiles(input.width(), input.height(), share);
            shared = share < 1 ? null : network.sharedTile(input.width(), input.height());
        }
    }

    /// Gives the network's working memory back. Not while a frame is enlarged.
    void release() {
        if (network != null) {
            network.release();
        }
    }

    @Override
    public void upscale(Frame from, Frame to) {
        upscale(from, to, null);
    }

    /// Enlarges a frame, or gives it up.
    ///
    /// @param from  of the input format
    /// @param to    of the output format; every sample is written
    /// @param watch says whether to give up; `null` for never
    /// @throws FrameProgress.GivenUp if the frame was given up
    void upscale(Frame from, Frame to, FrameWatch watch) {
        if (!from.format().equals(input) || !to.format().equals(output)) {
            throw new IllegalArgumentException("frames of " + from.format() + " and " + to.format() + ", wanted "
                    + input + " and " + output);
        }
        source = from;
        target = to;
        progress.begin(watch, (long) input.width() * input.height() * scale * scale);
        lookForChanges();
        makeRoom();
        networkTasks = parts ? changed.count() : shared == null ? tiles.size() : network.share(shared, reader, writer);
        workers.run(networkTasks + bands.size(), firstPass);
        if (intermediate != null || throughMade) {
            workers.run((output.height() + BAND_ROWS - 1) / BAND_ROWS, secondPass);
        }
        if (changed != null) {
            changed.remember(from.plane(0));
            madeKnown = intermediate != null || throughMade;
        }
        source = null;
        target = null;
    }

    /// Finds out whether this frame, and probably the next, is done sooner by parts. Film is not, and its frames are
    /// neither kept nor copied.
    private void lookForChanges() {
        if (changed == null) {
            return;
        }
        workers.run(changed.rows(), lookTask);
        boolean pays = changed.cut();
        parts = pays && madeKnown;
        throughMade = pays && intermediate == null;
        // A frame that is given up leaves a mixture.
        madeKnown = false;
        if (throughMade && made == null) {
            made = new Plane(input.width() * scale, input.height() * scale, input.bitDepth());
        }
        framePixels += (long) input.width() * input.height();
        keptPixels += parts ? changed.samePixels() : 0;
    }

    private void makeRoom() {
        if (parts) {
            network.makeRoom(changed.tileBytes());
        } else if (network != null && shared == null) {
            network.makeRoom();
        }
    }

    private void look(int row, int worker) {
        changed.look(row, source.plane(0));
    }

    private void runFirst(int index, int worker) {
        if (index < networkTasks) {
            if (parts) {
                network.run(changed.tile(index), worker, reader, writer);
            } else if (shared == null) {
                network.run(tiles.get(index), worker, reader, writer);
            } else {
                network.runPart(index, worker);
            }
            return;
        }
        Band band = bands.get(index - networkTasks);
        Resampler resampler = band.plane() == 0 ? lumaResampler : chromaResampler;
        Resampler.Scratch scratch = band.plane() == 0 ? lumaScratch[worker] : chromaScratch[worker];
        resampler.resize(source.plane(band.plane()), target.plane(band.plane()), band.rowBegin(), band.rowEnd(),
                scratch);
    }

    private void readTile(int x, int y, TensorView into, int rowBegin, int rowEnd) {
        progress.check();
        codes.read(source.plane(0), x, y, into, rowBegin, rowEnd);
    }

    private void writeTile(TensorView from, int fromX, int fromY, int x, int y, int width, int height) {
        if (intermediate == null) {
            codes.write(from, fromX, fromY, throughMade ? made : target.plane(0), x, y, width, height);
        } else {
            int stride = input.width() * scale;
            for (int row = 0; row < height; row++) {
                System.arraycopy(from.data(), from.index(0, fromY + row, fromX), intermediate, (y + row) * stride + x,
                        width);
            }
        }
        progress.add((long) width * height);
    }

    private void runSecond(int index, int worker) {
        int rowBegin = index * BAND_ROWS;
        int rowEnd = Math.min(output.height(), rowBegin + BAND_ROWS);
        if (throughMade) {
            System.arraycopy(made.samples(), rowBegin * output.width(), target.plane(0).samples(),
                    rowBegin * output.width(), (rowEnd - rowBegin) * output.width());
            return;
        }
        float[] rows = rowScratch[worker];
        lumaResampler.resize(intermediate, 0, input.width() * scale, rows, 0, output.width(), rowBegin, rowEnd,
                lumaScratch[worker]);
        Plane luma = target.plane(0);
        for (int row = rowBegin; row < rowEnd; row++) {
            codes.write(rows, (row - rowBegin) * output.width(), luma, 0, row, output.width());
        }
    }
}
