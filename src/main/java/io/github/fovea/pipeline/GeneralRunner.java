package io.github.fovea.pipeline;

import io.github.fovea.kernel.KernelTable;
import io.github.fovea.onnx.GeneralNetwork;
import io.github.fovea.patch.Region;
import io.github.fovea.patch.Tile;
import io.github.fovea.tensor.Layout;
import io.github.fovea.tensor.TensorView;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// A graph that the planned engine does not run: bands of whole rows with a halo, or, where it is not known how far the
/// network looks, the picture as a whole.
final class GeneralRunner extends NetworkRunner {
    private static final float CENTRE = 0.5f;
    /// Bands are not made lower than this for the sake of memory.
    private static final int MIN_BAND_ROWS = 16;
    /// Extents of the pictures that warm kernels.
    private static final int WARM_ROWS = 24;
    private static final int WARM_COLUMNS = 32;
    /// Enough runs for the JIT; a large network stops at [#WARM_NANOS].
    private static final int WARM_RUNS = 200;
    private static final long WARM_NANOS = 2_000_000_000;

    private final GeneralNetwork network;
    private final KernelTable kernels;
    /// One for each worker, made when it is first wanted.
    private final Place[] places;
    private final long maxMemoryBytes;

    GeneralRunner(GeneralNetwork network, KernelTable kernels, int threads, long maxMemoryBytes) {
        super(network.name(), Map.of(), network.scale(), network.channels(), network.macsPerPixel());
        this.network = network;
        this.kernels = kernels;
        this.maxMemoryBytes = maxMemoryBytes;
        places = new Place[threads];
    }

    @Override
    public String backend() {
        return kernels.name();
    }

    @Override
    public List<Tile> tiles(int width, int height) {
        return tiles(width, height, 1);
    }

    @Override
    public List<Tile> tiles(int width, int height, double share) {
        Region whole = new Region(0, 0, width, height);
        if (network.radius().isEmpty()) {
            return List.of(new Tile(whole, whole));
        }
        int halo = network.radius().getAsInt() + network.margin();
        int rows = (height + places.length - 1) / places.length;
        while (rows > MIN_BAND_ROWS
                && bytes(width, Math.min(height, rows + 2 * halo)) > share * maxMemoryBytes / places.length) {
            rows = Math.max(MIN_BAND_ROWS, rows / 2);
        }
        List<Tile> tiles = new ArrayList<>();
        for (int y = 0; y < height; y += rows) {
            int end = Math.min(height, y + rows);
            int from = Math.max(0, y - halo);
            tiles.add(new Tile(new Region(0, y, width, end - y),
                    new Region(0, from, width, Math.min(height, end + halo) - from)));
        }
        return List.copyOf(tiles);
    }

    private long bytes(int width, int rows) {
        return network.peakBytes(rows + 2 * network.margin(), width + 2 * network.margin());
    }

    @Override
    public long peakBytes(int width, int height) {
        return places.length * tiles(width, height).stream().mapToLong(tile -> bytes(width, tile.read().height())).max()
                .orElseThrow();
    }

    @Override
    public List<List<Tile>> groups(int width, int height) {
        List<Tile> tiles = tiles(width, height);
        List<List<Tile>> bands = new ArrayList<>();
        for (int i = 0; i < tiles.size(); i += places.length) {
            bands.add(tiles.subList(i, Math.min(tiles.size(), i + places.length)));
        }
        return bands;
    }

    /// Nothing: a graph's memory is laid out when it runs.
    @Override
    public void prepare(Tile tile, int worker) {}

    @Override
    Tile sharedTile(int width, int height) {
        return null;
    }

    @Override
    int shareTile(Tile tile, TileReader reader, TileWriter writer) {
        throw new UnsupportedOperationException("a general network shares no tile");
    }

    @Override
    void runPart(int part, int worker) {
        throw new UnsupportedOperationException("a general network shares no tile");
    }

    @Override
    void runTile(Tile tile, int worker, TileReader reader, TileWriter writer) {
        if (places[worker] == null) {
            places[worker] = new Place();
        }
        places[worker].run(tile, reader, writer);
    }

    @Override
    public void warmUp() {
        GeneralNetwork.Executable executable = network.executable(kernels);
        int rows = WARM_ROWS + 2 * network.margin();
        int columns = WARM_COLUMNS + 2 * network.margin();
        float[] flat = new float[channels() * rows * columns];
        Arrays.fill(flat, CENTRE * network.maximum());
        long end = System.nanoTime() + WARM_NANOS;
        for (int i = 0; i < WARM_RUNS && System.nanoTime() < end; i++) {
            executable.run(flat, rows, columns);
        }
    }

    /// What one thread needs: parts come in this library's units and get margins of repeated edge pixels where the
    /// network gives nothing for the edge.
    private final class Place {
        private final GeneralNetwork.Executable executable = network.executable(kernels);
        private TensorView small;
        private TensorView large;
        private float[] picture = new float[0];

        void run(Tile tile, TileReader reader, TileWriter writer) {
            Region read = tile.read();
            if (small == null || small.height() != read.height() || small.width() != read.width()) {
                small = TensorView.allocate(Layout.PLANAR, channels(), read.height(), read.width(), 0);
                large = TensorView.allocate(Layout.PLANAR, channels(), scale() * read.height(), scale() * read.width(),
                        0);
            }
            reader.read(read.x(), read.y(), small, 0, read.height());
            int margin = network.margin();
            int height = read.height() + 2 * margin;
            int width = read.width() + 2 * margin;
            if (picture.length != channels() * height * width) {
                picture = new float[channels() * height * width];
            }
            int to = 0;
            for (int c = 0; c < channels(); c++) {
                for (int y = 0; y < height; y++) {
                    int row = small.index(c, Math.clamp(y - margin, 0, read.height() - 1), 0);
                    for (int x = 0; x < width; x++) {
                        picture[to++] = (small.data()[row + Math.clamp(x - margin, 0, read.width() - 1)]
                                + CENTRE) * network.maximum();
                    }
                }
            }
            float[] result = executable.run(picture, height, width);
            int from = 0;
            for (int c = 0; c < channels(); c++) {
                for (int y = 0; y < large.height(); y++) {
                    int row = large.index(c, y, 0);
                    for (int x = 0; x < large.width(); x++) {
                        large.data()[row + x] = result[from++] / network.maximum() - CENTRE;
                    }
                }
            }
            Region core = tile.core();
            writer.write(large, (core.x() - read.x()) * scale(), (core.y() - read.y()) * scale(), core.x() * scale(),
                    core.y() * scale(), core.width() * scale(), core.height() * scale());
        }
    }
}
