package io.github.fovea.pipeline;

import io.github.fovea.kernel.KernelTable;
import io.github.fovea.onnx.GeneralNetwork;
import io.github.fovea.patch.Region;
import io.github.fovea.patch.Tile;
import io.github.fovea.tensor.Layout;
import io.github.fovea.tensor.TensorView;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A graph that the planned engine does not run: tiles with a halo, or, where it is not known how far the network
/// looks, the picture as a whole.
final class GeneralRunner extends NetworkRunner {
    private static final float CENTRE = 0.5f;
    /// Sides of a tile's core are not made shorter than this for the sake of memory.
    private static final int LEAST_TILE = 16;
    /// Extents of the pictures that warm kernels.
    private static final int WARM_ROWS = 24;
    private static final int WARM_COLUMNS = 32;
    /// Enough runs for the JIT; a large network stops at [#WARM_NANOS].
    private static final int WARM_RUNS = 200;
    private static final long WARM_NANOS = 2_000_000_000;

    private final GeneralNetwork network;
    private final KernelTable kernels;
    private final int threads;
    private final long maxMemoryBytes;
    /// Places that no tile runs in, the last used one last: there are as many as tiles have run at a time, which is
    /// one for a network that takes a picture as a whole, whichever worker's it is.
    private final Deque<Place> free = new ArrayDeque<>();
    /// What others take the packed weights of; runs nothing itself.
    private GeneralNetwork.Executable first;

    GeneralRunner(GeneralNetwork network, KernelTable kernels, int threads, long maxMemoryBytes) {
        super(network.name(), Map.of(), network.scale(), network.channels(), network.macsPerPixel());
        this.network = network;
        this.kernels = kernels;
        this.maxMemoryBytes = maxMemoryBytes;
        this.threads = threads;
    }

    @Override
    Optional<ChangedParts> changedParts(int width, int height) {
        return Optional.empty();
    }

    @Override
    public String backend() {
        return kernels.name();
    }

    @Override
    public List<Tile> tiles(int width, int height) {
        return tiles(width, height, usual(width, height));
    }

    @Override
    public List<Tile> tiles(int width, int height, double share) {
        Core usual = usual(width, height);
        return tiles(width, height, share >= 1 ? usual
                : core(width, height, (long) (share * usual.bytes), height, threads()));
    }

    /// Cuts a picture into tiles of a size.
    private List<Tile> tiles(int width, int height, Core size) {
        int halo = halo();
        List<Tile> tiles = new ArrayList<>();
        for (int y = 0; y < height; y += size.rows) {
            for (int x = 0; x < width; x += size.columns) {
                Region core = new Region(x, y, Math.min(size.columns, width - x), Math.min(size.rows, height - y));
                tiles.add(new Tile(core, core.grow(halo, halo, 1, 1, width, height)));
            }
        }
        return List.copyOf(tiles);
    }

    /// Whether pictures are cut: it is known how far the network looks.
    private boolean cut() {
        return network.radius().isPresent();
    }

    /// Threads that run tiles of a picture at a time. What looks everywhere is one tile, and one thread's.
    private int threads() {
        return cut() ? threads : 1;
    }

    /// Pixels around a tile's core that are read.
    private int halo() {
        return cut() ? network.radius().getAsInt() + network.margin() : 0;
    }

    /// The size of tiles' cores.
    ///
    /// @param rows    rows
    /// @param columns pixels in a row
    /// @param bytes   what a thread takes for the largest tile
    /// @param least   the least that it would take, among all sizes looked at
    private record Core(int rows, int columns, long bytes, long least) {}

    /// The usual size of tiles.
    ///
    /// @throws IllegalArgumentException if no tile fits into the bound
    private Core usual(int width, int height) {
        Core usual = core(width, height, maxMemoryBytes / threads(), height, threads());
        if (usual.bytes > maxMemoryBytes / threads()) {
            throw tooLarge(width, height, usual.least);
        }
        return usual;
    }

    /// The size of tiles: bands, one for each thread at least, and where they take too much, less: the longer side is
    /// halved, because halos cost least around squares. Where no tile is so small, the smallest.
    ///
    /// @param maxBytes bound of what a thread takes
    /// @param maxRows  rows of a core at most
    /// @param bands    the threads
    private Core core(int width, int height, long maxBytes, int maxRows, int bands) {
        int halo = halo();
        int rows = cut() ? Math.min(maxRows, Math.ceilDiv(height, bands)) : height;
        int columns = width;
        long bytes = bytes(largest(width, columns, halo), largest(height, rows, halo));
        long least = bytes;
        while (bytes > maxBytes && cut() && (rows > LEAST_TILE || columns > LEAST_TILE)) {
            boolean lower = rows > LEAST_TILE && (rows >= columns || columns <= LEAST_TILE);
            rows = lower ? Math.max(LEAST_TILE, rows / 2) : rows;
            columns = lower ? columns : Math.max(LEAST_TILE, columns / 2);
            bytes = bytes(largest(width, columns, halo), largest(height, rows, halo));
            least = Math.min(least, bytes);
        }
        return new Core(rows, columns, bytes, least);
    }

    /// The most that a part reads where a length is cut into parts.
    private static int largest(int length, int part, int halo) {
        int largest = 0;
        for (int begin = 0; begin < length; begin += part) {
            largest = Math.max(largest, Math.min(length, begin + part + halo) - Math.max(0, begin - halo));
        }
        return largest;
    }

    private IllegalArgumentException tooLarge(int width, int height, long least) {
        return new IllegalArgumentException("a picture of " + width + "x" + height + " does not fit in "
                + maxMemoryBytes + " bytes on " + threads() + " threads" + (cut() ? "" : whole()) + "; allow at least "
                + Math.multiplyExact(least, (long) threads()) + " bytes" + (threads() > 1
                ? ", or " + core(width, height, 0, height, 1).least + " on one thread" : ""));
    }

    private String whole() {
        return " (network " + name() + " needs it as a whole: it is not known how far it looks)";
    }

    /// What a thread takes for a part of a picture: the graph's memory, the samples that go in and come out in its
    /// units and in this library's.
    private long bytes(int width, int rows) {
        int fullRows = rows + 2 * network.margin();
        int fullColumns = width + 2 * network.margin();
        long samples = (long) channels() * ((long) fullRows * fullColumns + (long) scale() * rows * scale() * width)
                + TensorView.elements(Layout.PLANAR, channels(), rows, width, 0)
                + TensorView.elements(Layout.PLANAR, channels(), scale() * rows, scale() * width, 0);
        return network.peakBytes(fullRows, fullColumns, kernels) + Float.BYTES * samples;
    }

    @Override
    public long peakBytes(int width, int height) {
        List<Tile> tiles = tiles(width, height);
        return Math.min(threads(), tiles.size()) * tiles.stream().mapToLong(tile -> bytes(tile.read().width(),
                tile.read().height())).max().orElseThrow();
    }

    @Override
    public WorkerBytes workerBytes(int width, int height) {
        return new WorkerBytes(peakBytes(width, height), 0, 1);
    }

    @Override
    public List<List<Tile>> groups(int width, int height) {
        Core usual = usual(width, height); // refuses what the network alone cannot do
        BandMemory band = new BandMemory(width, scale(), channels(), halo(), threads(), maxMemoryBytes);
        if (!cut()) {
            // The band is the picture, however little is left for it.
            long sum = usual.bytes + band.bytes(height);
            if (sum > maxMemoryBytes) {
                throw new IllegalArgumentException("a picture of " + width + "x" + height + " takes " + usual.bytes
                        + " bytes of the network and " + band.bytes(height) + " for its samples" + whole()
                        + ", the bound is " + maxMemoryBytes + "; allow at least " + sum + " bytes");
            }
            return groups(tiles(width, height, usual), 1);
        }
        return groups(tiles(width, height, core(width, height, band.leftBytes(height) / threads(),
                band.tileRows(height), threads())), threads);
    }

    /// Nothing: a graph's memory is laid out when it runs.
    @Override
    public void prepare(Tile tile, int worker) {}

    @Override
    Tile sharedTile(int width, int height) {
        return null;
    }

    /// Nothing: no tile takes more than a thread's share.
    @Override
    void makeRoom() {}

    @Override
    void makeRoom(long each) {}

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
        Place place = borrow();
        try {
            place.run(tile, reader, writer);
        } finally {
            giveBack(place);
        }
    }

    private Place borrow() {
        synchronized (free) {
            Place place = free.pollLast();
            return place == null ? new Place(executable()) : place;
        }
    }

    private void giveBack(Place place) {
        synchronized (free) {
            free.addLast(place);
        }
    }

    /// What runs the network on one thread; weights are packed for the first of them only.
    private GeneralNetwork.Executable executable() {
        synchronized (free) {
            if (first == null) {
                first = network.executable(kernels);
            }
            return first.another();
        }
    }

    @Override
    void release() {
        synchronized (free) {
            free.clear();
        }
    }

    @Override
    public void warmUp() {
        GeneralNetwork.Executable executable = executable();
        int rows = WARM_ROWS + 2 * network.margin();
        int columns = WARM_COLUMNS + 2 * network.margin();
        float[] flat = new float[channels() * rows * columns];
        Arrays.fill(flat, CENTRE * network.maximum());
        long end = System.nanoTime() + WARM_NANOS;
        for (int i = 0; i < WARM_RUNS && System.nanoTime() < end; i++) {
            executable.run(flat, rows, columns);
        }
    }

    /// What a tile runs in: parts come in this library's units and get margins of repeated edge pixels where the
    /// network gives nothing for the edge.
    private final class Place {
        private final GeneralNetwork.Executable executable;
        private TensorView small;
        private TensorView large;
        private float[] picture = new float[0];

        Place(GeneralNetwork.Executable executable) {
            this.executable = executable;
        }

        void run(Tile tile, TileReader reader, TileWriter writer) {
            Region read = tile.read();
            if (small == null || small.height() != read.height() || small.width() != read.width()) {
                // The old ones go first: both together were not announced.
                small = null;
                large = null;
                small = TensorView.allocate(Layout.PLANAR, channels(), read.height(), read.width(), 0);
                large = TensorView.allocate(Layout.PLANAR, channels(), scale() * read.height(), scale() * read.width(),
                        0);
            }
            reader.read(read.x(), read.y(), small, 0, read.height());
            int margin = network.margin();
            int height = read.height() + 2 * margin;
            int width = read.width() + 2 * margin;
            if (picture.length != channels() * height * width) {
                picture = new float[0];
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
