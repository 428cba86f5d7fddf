package io.github.fovea.pipeline;

import io.github.fovea.frame.AlphaBleed;
import io.github.fovea.frame.ColorConversion;
import io.github.fovea.frame.Frame;
import io.github.fovea.frame.FrameFormat;
import io.github.fovea.frame.PixelLayout;
import io.github.fovea.frame.Plane;
import io.github.fovea.patch.Region;
import io.github.fovea.patch.Tile;
import io.github.fovea.resample.ResampleKernel;
import io.github.fovea.resample.Resampler;
import io.github.fovea.tensor.TensorView;
import java.util.ArrayList;
import java.util.List;

/// Enlarges one grey or RGB picture, with or without alpha, band by band, so that the large picture never has to be in
/// memory as a whole.
///
/// A luma network sees BT.601 luma in limited range, as it was trained; chroma and alpha are resampled. An RGB network
/// sees red, green and blue. Everything between is float: nothing is rounded before the last step. Not for use by two
/// threads at a time; the work itself is spread over all workers.
public final class PictureUpscaler {
    /// Output rows of a band where no network dictates them.
    private static final int BAND_ROWS = 128;
    /// Rows of a colour conversion or resampling task.
    private static final int TASK_ROWS = 16;

    private final Frame source;
    private final int width;
    private final int height;
    private final Workers workers;
    private final NetworkRunner network;
    private final ColorConversion conversion;
    private final boolean grey;
    private final boolean rgbNetwork;
    private final Resampler resampler;
    private final Resampler behind;
    private final Resampler.Scratch[] scratch;
    private final Resampler.Scratch[] behindScratch;
    private final List<Band> bands = new ArrayList<>();
    /// The network's whole result, where it must be resampled behind it; else null.
    private final float[][] intermediate;

    /// The window of source rows that the running band reads, one array per colour plane.
    private final float[][] window;
    private int windowBegin;
    private int windowRows;
    /// What the network made of the running band, one array per plane that it makes.
    private final float[][] band;
    private int bandIndex = -1;
    private float[] alphaWindow;
    /// Rows of a task before they become samples, for each worker one array per colour plane.
    private final float[][][] rowScratch;

    /// Output rows `[rowBegin, rowEnd)` and the network's tiles that make them.
    private record Band(int rowBegin, int rowEnd, List<Tile> tiles) {}

    /// Prepares for one picture.
    ///
    /// @param source  grey or RGB, with or without alpha; the colour of its transparent pixels is overwritten
    /// @param width   output width
    /// @param height  output height
    /// @param network a luma or RGB network, or `null` to resample only
    /// @param kernel  the resampler of everything that the network does not do
    /// @param workers the threads that do it
    public PictureUpscaler(
            Frame source, int width, int height, NetworkRunner network, ResampleKernel kernel, Workers workers) {
        PixelLayout layout = source.format().layout();
        if (layout.isYCbCr()) {
            throw new IllegalArgumentException("a picture of " + layout + ", wanted grey or RGB");
        }
        this.source = source;
        this.width = width;
        this.height = height;
        this.workers = workers;
        this.network = network;
        this.conversion = ColorConversion.published(source.format().bitDepth());
        this.grey = layout == PixelLayout.GREY || layout == PixelLayout.GREY_ALPHA;
        this.rgbNetwork = network != null && network.channels() == 3;
        if (layout.hasAlpha()) {
            AlphaBleed.bleed(source, AlphaBleed.DEFAULT_RADIUS);
        }
        int inWidth = source.format().width();
        int inHeight = source.format().height();
        int scale = network == null ? 1 : network.scale();
        boolean resampled = network != null && (inWidth * scale != width || inHeight * scale != height);
        intermediate = resampled ? WholeResult.allocate(rgbNetwork ? 3 : 1, inWidth, inHeight, scale) : null;
        resampler = Resampler.of(inWidth, inHeight, width, height, kernel, true);
        behind = resampled ? Resampler.of(inWidth * scale, inHeight * scale, width, height, kernel, true) : null;
        scratch = new Resampler.Scratch[workers.threads()];
        behindScratch = new Resampler.Scratch[workers.threads()];
        for (int i = 0; i < workers.threads(); i++) {
            scratch[i] = resampler.scratch();
            behindScratch[i] = resampled ? behind.scratch() : null;
        }
        int planes = grey && !rgbNetwork ? 1 : 3;
        window = new float[planes][0];
        band = new float[network == null ? 0 : rgbNetwork ? 3 : 1][0];
        rowScratch = new float[workers.threads()][planes][TASK_ROWS * width];
        if (network == null || resampled) {
            for (int row = 0; row < height; row += BAND_ROWS) {
                bands.add(new Band(row, Math.min(height, row + BAND_ROWS), List.of()));
            }
        } else {
            for (List<Tile> group : network.groups(inWidth, inHeight)) {
                bands.add(bandOf(group, scale));
            }
        }
        if (resampled) {
            runWholeNetwork(inWidth, inHeight);
        }
    }

    private static Band bandOf(List<Tile> group, int scale) {
        Region last = group.getLast().core();
        return new Band(group.getFirst().core().y() * scale, (last.y() + last.height()) * scale, group);
    }

    /// {@return the format of the large picture}
    public FrameFormat format() {
        return source.format().withSize(width, height);
    }

    /// {@return the threads that make it}
    int threads() {
        return workers.threads();
    }

    /// {@return rows of the highest band: what one run of the network makes}
    int bandRows() {
        return bands.stream().mapToInt(b -> b.rowEnd() - b.rowBegin()).max().orElseThrow();
    }

    /// {@return a frame for rows of the large picture}
    ///
    /// @param rows their number
    Frame allocate(int rows) {
        return Frame.allocate(source.format().withSize(width, rows));
    }

    /// Makes rows of the large picture. Asking for them from top to bottom runs the network once; other orders work,
    /// and run it again for each band that they come back to.
    ///
    /// @param y        first row
    /// @param height   rows wanted
    /// @param into     receives them from its own row 0 on: of the large picture's width, layout and depth
    /// @param progress hears of rows done, each time the network has made a band
    /// @param cancel   looked at before each band
    void rows(int y, int height, Frame into, Progress progress, Cancellation cancel) {
        int done = 0;
        while (done < height) {
            int index = indexOf(y + done);
            if (index != bandIndex) {
                cancel.check();
                load(index);
                progress.update(bands.get(index).rowEnd(), this.height);
            }
            int from = y + done;
            int first = done;
            int count = Math.min(height - done, bands.get(index).rowEnd() - from);
            workers.run((count + TASK_ROWS - 1) / TASK_ROWS, (i, worker) -> {
                int begin = i * TASK_ROWS;
                finish(from + begin, Math.min(TASK_ROWS, count - begin), into, first + begin, worker);
            });
            done += count;
        }
    }

    private int indexOf(int row) {
        int index = bandIndex >= 0 && row >= bands.get(bandIndex).rowBegin() ? bandIndex : 0;
        while (row >= bands.get(index).rowEnd()) {
            index++;
        }
        return index;
    }

    /// Runs the network for a band, and keeps the source rows that the rest of it needs.
    private void load(int index) {
        Band wanted = bands.get(index);
        bandIndex = -1;
        loadWindow(wanted);
        List<Tile> tiles = wanted.tiles();
        if (!tiles.isEmpty()) {
            network.makeRoom();
        }
        for (int i = 0; i < band.length && !tiles.isEmpty(); i++) {
            band[i] = atLeast(band[i], (wanted.rowEnd() - wanted.rowBegin()) * width);
        }
        workers.run(tiles.size(), (i, worker) -> network.run(tiles.get(i), worker, this::readTile,
                (from, fromX, fromY, x, y, columns, rows) ->
                        write(from, fromX, fromY, band, x, y - wanted.rowBegin(), width, columns, rows)));
        bandIndex = index;
    }

    /// {@return the whole large picture}
    ///
    /// @param progress     hears of rows done
    /// @param cancellation looked at between bands
    public Frame upscale(Progress progress, Cancellation cancellation) {
        Frame whole = allocate(height);
        rows(0, height, whole, progress, cancellation);
        return whole;
    }

    /// Brings the source rows that a band reads into float.
    private void loadWindow(Band wanted) {
        int begin = resampler.sourceRowBegin(wanted.rowBegin(), wanted.rowEnd());
        int end = resampler.sourceRowEnd(wanted.rowBegin(), wanted.rowEnd());
        for (Tile tile : wanted.tiles()) {
            begin = Math.min(begin, tile.read().y());
            end = Math.max(end, tile.read().y() + tile.read().height());
        }
        loadWindow(begin, end);
    }

    private void loadWindow(int begin, int end) {
        int inWidth = source.format().width();
        windowBegin = begin;
        windowRows = end - begin;
        for (int i = 0; i < window.length; i++) {
            window[i] = atLeast(window[i], windowRows * inWidth);
        }
        boolean alpha = source.format().layout().hasAlpha();
        if (alpha) {
            alphaWindow = atLeast(alphaWindow, windowRows * inWidth);
        }
        workers.run((windowRows + TASK_ROWS - 1) / TASK_ROWS, (i, _) -> {
            int row = i * TASK_ROWS;
            int rows = Math.min(TASK_ROWS, windowRows - row);
            int offset = row * inWidth;
            if (rgbNetwork) {
                for (int p = 0; p < 3; p++) {
                    readSamples(grey ? 0 : p, begin + row, rows, 1f / source.plane(0).maximum(), window[p], offset);
                }
            } else if (grey) {
                conversion.toLuma(source, 0, begin + row, inWidth, rows, window[0], offset, inWidth);
            } else {
                conversion.toYCbCr(source, 0, begin + row, inWidth, rows, window[0], window[1], window[2], offset,
                        inWidth);
            }
            if (alpha) {
                readSamples(source.planes().size() - 1, begin + row, rows, 1f, alphaWindow, offset);
            }
        });
    }

    private void readSamples(int plane, int row, int rows, float gain, float[] into, int offset) {
        short[] samples = source.plane(plane).samples();
        int from = row * source.format().width();
        for (int i = 0; i < rows * source.format().width(); i++) {
            into[offset + i] = (samples[from + i] & 0xFFFF) * gain;
        }
    }

    private void readTile(int x, int y, TensorView into, int rowBegin, int rowEnd) {
        int inWidth = source.format().width();
        for (int c = 0; c < into.channels(); c++) {
            float[] from = window[c];
            for (int row = rowBegin; row < rowEnd; row++) {
                int source = (y + row - windowBegin) * inWidth + x;
                int to = into.index(c, row, 0);
                for (int i = 0; i < into.width(); i++) {
                    into.data()[to + i] = from[source + i] - 0.5f;
                }
            }
        }
    }

    private static void write(TensorView from, int fromX, int fromY, float[][] to, int x, int y, int stride,
            int columns, int rows) {
        for (int c = 0; c < from.channels(); c++) {
            for (int row = 0; row < rows; row++) {
                int source = from.index(c, fromY + row, fromX);
                int target = (y + row) * stride + x;
                for (int i = 0; i < columns; i++) {
                    to[c][target + i] = from.data()[source + i] + 0.5f;
                }
            }
        }
    }

    /// Runs the network over the whole picture into `intermediate`.
    private void runWholeNetwork(int inWidth, int inHeight) {
        int stride = inWidth * network.scale();
        network.makeRoom();
        for (List<Tile> group : network.groups(inWidth, inHeight)) {
            int begin = group.stream().mapToInt(t -> t.read().y()).min().orElseThrow();
            int end = group.stream().mapToInt(t -> t.read().y() + t.read().height()).max().orElseThrow();
            loadWindow(begin, end);
            workers.run(group.size(), (i, worker) -> network.run(group.get(i), worker, this::readTile,
                    (from, fromX, fromY, x, y, columns, rows) ->
                            write(from, fromX, fromY, intermediate, x, y, stride, columns, rows)));
        }
    }

    /// Resamples what the network did not make and turns `rows` rows from `begin` on into samples.
    private void finish(int begin, int rows, Frame into, int intoRow, int worker) {
        int inWidth = source.format().width();
        float[][] scratchRows = rowScratch[worker];
        Band running = bands.get(bandIndex);
        int made = 0;
        if (intermediate != null) {
            for (; made < intermediate.length; made++) {
                behind.resize(intermediate[made], 0, inWidth * network.scale(), scratchRows[made], 0, width, begin,
                        begin + rows, behindScratch[worker]);
            }
        } else {
            for (; made < band.length; made++) {
                System.arraycopy(band[made], (begin - running.rowBegin()) * width, scratchRows[made], 0, rows * width);
            }
        }
        for (int c = made; c < scratchRows.length; c++) {
            resampler.resize(window[c], -windowBegin * inWidth, inWidth, scratchRows[c], 0, width, begin, begin + rows,
                    scratch[worker]);
        }
        if (rgbNetwork) {
            if (grey) {
                mean(scratchRows, rows * width);
            }
            for (int p = 0; p < (grey ? 1 : 3); p++) {
                writeSamples(scratchRows[p], into.plane(p), intoRow, rows, into.plane(p).maximum());
            }
        } else if (grey) {
            conversion.toGrey(scratchRows[0], 0, width, into, 0, intoRow, width, rows);
        } else {
            conversion.toRgb(scratchRows[0], scratchRows[1], scratchRows[2], 0, width, into, 0, intoRow, width, rows);
        }
        if (source.format().layout().hasAlpha()) {
            resampler.resize(alphaWindow, -windowBegin * inWidth, inWidth, scratchRows[0], 0, width, begin, begin
                    + rows, scratch[worker]);
            writeSamples(scratchRows[0], into.planes().getLast(), intoRow, rows, 1);
        }
    }

    /// Grey through an RGB network is the mean of what it makes of three equal channels.
    private static void mean(float[][] planes, int count) {
        for (int i = 0; i < count; i++) {
            planes[0][i] = (planes[0][i] + planes[1][i] + planes[2][i]) / 3;
        }
    }

    private void writeSamples(float[] from, Plane to, int row, int rows, float gain) {
        float maximum = to.maximum() + 0.5f;
        int first = row * width;
        for (int i = 0; i < rows * width; i++) {
            to.samples()[first + i] = (short) (int) Math.clamp(from[i] * gain + 0.5f, 0f, maximum);
        }
    }

    private static float[] atLeast(float[] array, int elements) {
        return array != null && array.length >= elements ? array : new float[elements];
    }
}
