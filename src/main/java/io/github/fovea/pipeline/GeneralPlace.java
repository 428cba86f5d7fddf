package io.github.fovea.pipeline;

import io.github.fovea.kernel.KernelTable;
import io.github.fovea.onnx.GeneralNetwork;
import io.github.fovea.patch.Region;
import io.github.fovea.patch.Tile;
import io.github.fovea.tensor.Layout;
import io.github.fovea.tensor.TensorView;
import java.util.ArrayList;
import java.util.List;

/// Runs parts of pictures through a [GeneralNetwork], for one thread: parts in this library's units, with margins of repeated
/// edge pixels where the network gives nothing for the edge.
final class GeneralPlace {
    private static final float CENTRE = 0.5f;
    /// Bands are not made lower than this for the sake of memory.
    private static final int MIN_BAND_ROWS = 16;

    private final GeneralNetwork network;
    private final GeneralNetwork.Executable executable;
    private TensorView small;
    private TensorView large;
    private float[] picture = new float[0];

    GeneralPlace(GeneralNetwork network, KernelTable kernels) {
        this.network = network;
        executable = network.executable(kernels);
    }

    /// {@return a picture in bands of whole rows, as many as threads, or more where memory is short; one tile where it is not
    /// known how far the network looks}
    ///
    /// @param network  the network
    /// @param width    pixels in a row
    /// @param height   rows
    /// @param threads  threads that run at a time
    /// @param maxBytes bound of the memory of all threads together; the smallest bands there are if it is too small
    static List<Tile> tiles(GeneralNetwork network, int width, int height, int threads, long maxBytes) {
        Region whole = new Region(0, 0, width, height);
        if (network.radius().isEmpty()) {
            return List.of(new Tile(whole, whole));
        }
        int halo = network.radius().getAsInt() + network.margin();
        int rows = (height + threads - 1) / threads;
        while (rows > MIN_BAND_ROWS && network.peakBytes(Math.min(height, rows + 2 * halo) + 2 * network.margin(),
                width + 2 * network.margin()) > maxBytes / threads) {
            rows = Math.max(MIN_BAND_ROWS, rows / 2);
        }
        List<Tile> tiles = new ArrayList<>();
        for (int y = 0; y < height; y += rows) {
            int end = Math.min(height, y + rows);
            int from = Math.max(0, y - halo);
            tiles.add(new Tile(new Region(0, y, width, end - y), new Region(0, from, width, Math.min(height, end + halo) - from)));
        }
        return List.copyOf(tiles);
    }

    void run(Tile tile, TileReader reader, TileWriter writer) {
        Region read = tile.read();
        int channels = network.channels();
        int scale = network.scale();
        if (small == null || small.height() != read.height() || small.width() != read.width()) {
            small = TensorView.allocate(Layout.PLANAR, channels, read.height(), read.width(), 0);
            large = TensorView.allocate(Layout.PLANAR, channels, scale * read.height(), scale * read.width(), 0);
        }
        reader.read(read.x(), read.y(), small, 0, read.height());
        int margin = network.margin();
        int height = read.height() + 2 * margin;
        int width = read.width() + 2 * margin;
        if (picture.length != channels * height * width) {
            picture = new float[channels * height * width];
        }
        int to = 0;
        for (int c = 0; c < channels; c++) {
            for (int y = 0; y < height; y++) {
                int row = small.index(c, Math.clamp(y - margin, 0, read.height() - 1), 0);
                for (int x = 0; x < width; x++) {
                    picture[to++] = (small.data()[row + Math.clamp(x - margin, 0, read.width() - 1)] + CENTRE) * network.maximum();
                }
            }
        }
        float[] result = executable.run(picture, height, width);
        int from = 0;
        for (int c = 0; c < channels; c++) {
            for (int y = 0; y < large.height(); y++) {
                int row = large.index(c, y, 0);
                for (int x = 0; x < large.width(); x++) {
                    large.data()[row + x] = result[from++] / network.maximum() - CENTRE;
                }
            }
        }
        Region core = tile.core();
        writer.write(large, (core.x() - read.x()) * scale, (core.y() - read.y()) * scale, core.x() * scale, core.y() * scale,
                core.width() * scale, core.height() * scale);
    }
}
