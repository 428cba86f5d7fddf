package io.github.fovea.pipeline;

import io.github.fovea.backend.Backend;
import io.github.fovea.backend.CpuBackend;
import io.github.fovea.backend.Executable;
import io.github.fovea.backend.RowReader;
import io.github.fovea.backend.RowWriter;
import io.github.fovea.backend.WeightStore;
import io.github.fovea.backend.WorkingMemory;
import io.github.fovea.backend.Workspace;
import io.github.fovea.graph.Graph;
import io.github.fovea.kernel.KernelTable;
import io.github.fovea.model.MetaModel;
import io.github.fovea.model.MetaPoint;
import io.github.fovea.model.StoredModel;
import io.github.fovea.onnx.GeneralNetwork;
import io.github.fovea.patch.Region;
import io.github.fovea.patch.Tile;
import io.github.fovea.patch.Tiling;
import io.github.fovea.plan.Plan;
import io.github.fovea.tensor.TensorView;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// A model compiled for a backend, with one workspace per worker thread, run tile by tile.
///
/// The tiles of one picture may run on several threads at once, each with its own worker number; whoever uses the runner
/// makes sure that no two threads use one worker number at a time ([Workers] does).
public final class NetworkRunner {
    /// Groups are not made of fewer rows than this for the sake of what they read and make.
    private static final int MIN_GROUP_ROWS = 64;
    /// Tiles of groups are no larger, so that progress is heard about every second, and cancelling takes no longer.
    private static final int MAX_TILE_PIXELS = 4 << 20;

    /// `null` where a sub-graph runs.
    private final StoredModel model;
    private final String name;
    /// `null` where a general network runs, as `executable`.
    private final Plan plan;
    private final Executable executable;
    private final Place[] places;
    /// `null` where the planned engine runs.
    private final GeneralNetwork general;
    private final KernelTable generalKernels;
    private final GeneralPlace[] generalPlaces;
    private final long maxMemoryBytes;
    /// The warm-up that tiles wait for, or `null`.
    private volatile Thread warmUp;

    private NetworkRunner(StoredModel model, String name, Plan plan, Executable executable, List<WorkingMemory> memory,
            long maxMemoryBytes) {
        this.model = model;
        this.name = name;
        this.plan = plan;
        this.executable = executable;
        this.maxMemoryBytes = maxMemoryBytes;
        general = null;
        generalKernels = null;
        generalPlaces = null;
        places = memory.stream().map(one -> new Place(executable.newWorkspace(one), plan.scale())).toArray(Place[]::new);
    }

    private NetworkRunner(GeneralNetwork network, KernelTable kernels, int threads, long maxMemoryBytes) {
        model = null;
        name = network.name();
        plan = null;
        executable = null;
        places = new Place[threads];
        general = network;
        generalKernels = kernels;
        generalPlaces = new GeneralPlace[threads];
        this.maxMemoryBytes = maxMemoryBytes;
    }

    /// {@return a network that the planned engine does not run, made ready}
    ///
    /// @param network        the network
    /// @param backend        whose kernels run it
    /// @param threads        how many threads will run tiles at a time
    /// @param maxMemoryBytes bound of the working memory of all threads together
    public static NetworkRunner compile(GeneralNetwork network, CpuBackend backend, int threads, long maxMemoryBytes) {
        return new NetworkRunner(network, backend.table(), threads, maxMemoryBytes);
    }

    /// {@return a model made ready to run}
    ///
    /// @param model          the model
    /// @param backend        what runs it
    /// @param threads        how many threads will run tiles at a time
    /// @param maxMemoryBytes bound of the working memory of all threads together
    public static NetworkRunner compile(StoredModel model, Backend backend, int threads, long maxMemoryBytes) {
        return compile(model, backend, Stream.generate(WorkingMemory::new).limit(threads).toList(), maxMemoryBytes);
    }

    /// {@return a model made ready to run in memory that it shares with other runners: they run in turn}
    ///
    /// @param model          the model
    /// @param backend        what runs it
    /// @param memory         the working memory of every thread that will run tiles
    /// @param maxMemoryBytes bound of the working memory of all threads together
    public static NetworkRunner compile(
            StoredModel model, Backend backend, List<WorkingMemory> memory, long maxMemoryBytes) {
        Plan plan = backend.plan(model.graph());
        return new NetworkRunner(model, model.name(), plan, backend.compile(plan, model.parameters()), memory,
                maxMemoryBytes);
    }

    /// {@return the operating points of a meta-graph made ready to run, the cheapest first: they share the weights, each tensor
    /// once, and the working memory, and run in turn}
    ///
    /// @param model          the model
    /// @param backend        what runs it
    /// @param memory         the working memory of every thread that will run tiles
    /// @param maxMemoryBytes bound of the working memory of all threads together
    public static List<NetworkRunner> compile(
            MetaModel model, Backend backend, List<WorkingMemory> memory, long maxMemoryBytes) {
        WeightStore weights = backend.weights(model.shapes(), model.parameters());
        List<NetworkRunner> points = new ArrayList<>();
        for (MetaPoint point : model.points()) {
            Plan plan = backend.plan(model.meta().subGraph(point.vector()));
            points.add(new NetworkRunner(null, model.name() + " " + point.name(), plan, backend.compile(plan, weights), memory,
                    maxMemoryBytes));
        }
        return points;
    }

    /// {@return the model}
    ///
    /// @throws IllegalStateException    if this is a point of a meta-graph, which is no model of its own
    /// @throws IllegalArgumentException if this is a network that the planned engine does not run
    public StoredModel model() {
        if (model == null) {
            if (general != null) {
                throw notPlanned();
            }
            throw new IllegalStateException(name + " is an operating point, not a model of its own");
        }
        return model;
    }

    /// {@return the name of the model, for a point of a meta-graph with the point's}
    public String name() {
        return name;
    }

    /// {@return the network}
    ///
    /// @throws IllegalArgumentException if it is not one of the planned engine
    public Graph graph() {
        if (general != null) {
            throw notPlanned();
        }
        return plan.graph();
    }

    private IllegalArgumentException notPlanned() {
        return new IllegalArgumentException("network " + name + " does not run on the planned engine, which this wants; it"
                + " enlarges pictures and videos as it is");
    }

    /// Lays out a worker's memory for a tile, as [#run] does first: all that a change of the operating point costs.
    ///
    /// @param tile   one of the tiles of a picture
    /// @param worker number of the worker thread
    public void prepare(Tile tile, int worker) {
        if (general != null) {
            return;
        }
        places[worker].workspace.prepare(tile.read().height(), tile.read().width());
    }

    /// {@return the name of the backend that runs it}
    public String backend() {
        return general != null ? generalKernels.name() : executable.backend();
    }

    /// {@return output pixels per input pixel along each axis}
    public int scale() {
        return general != null ? general.scale() : plan.scale();
    }

    /// {@return channels of the input: 1 for luma, 3 for RGB}
    public int channels() {
        return general != null ? general.channels() : plan.graph().inputChannels();
    }

    /// {@return the tiles of a picture, row of tiles after row of tiles}
    ///
    /// @param width  pixels in a row of the small picture
    /// @param height rows of the small picture
    /// @throws IllegalArgumentException if no tile is small enough for the memory bound; says which bound is
    public List<Tile> tiles(int width, int height) {
        return general != null ? GeneralPlace.tiles(general, width, height, places.length, maxMemoryBytes)
                : tiling(width, height).tiles();
    }

    /// {@return smaller tiles of a picture, for a moment in which memory is short}
    ///
    /// @param width  pixels in a row of the small picture
    /// @param height rows of the small picture
    /// @param share  share of the working memory that the usual tiles take, more than 0, at most 1. Where no tile is so
    ///               small, the smallest ones there are
    public List<Tile> tiles(int width, int height, double share) {
        if (general != null) {
            return GeneralPlace.tiles(general, width, height, places.length, Math.max(1, (long) (share * maxMemoryBytes)));
        }
        Tiling usual = tiling(width, height);
        long least = Tiling.leastBytes(plan, height, width, places.length);
        long bytes = Math.max(least, (long) (share * places.length * usual.workspaceBytes()));
        return share >= 1 ? usual.tiles() : Tiling.of(plan, height, width, bytes, places.length).tiles();
    }

    /// {@return bytes of working memory that a picture takes, over all threads}
    ///
    /// @param width  pixels in a row of the small picture
    /// @param height rows of the small picture
    public long peakBytes(int width, int height) {
        if (general != null) {
            return places.length * tiles(width, height).stream().mapToLong(
                    tile -> general.peakBytes(tile.read().height() + 2 * general.margin(), width + 2 * general.margin())).max()
                    .orElseThrow();
        }
        return places.length * tiling(width, height).workspaceBytes();
    }

    private Tiling tiling(int width, int height) {
        return Tiling.of(plan, height, width, maxMemoryBytes, places.length);
    }

    /// {@return the tiles of a picture in groups of whole rows of tiles, each group with work for all threads: a picture
    /// that is made group by group needs only a band of memory} What a group reads and makes stays within the bound of the
    /// working memory too, as float samples.
    ///
    /// @param width  pixels in a row of the small picture
    /// @param height rows of the small picture
    public List<List<Tile>> groups(int width, int height) {
        if (general != null) {
            List<Tile> tiles = tiles(width, height);
            List<List<Tile>> bands = new ArrayList<>();
            for (int i = 0; i < tiles.size(); i += places.length) {
                bands.add(tiles.subList(i, Math.min(tiles.size(), i + places.length)));
            }
            return bands;
        }
        long rowBytes = (long) Float.BYTES * width
                * (channels() + (long) plan.graph().outputChannels() * plan.scale() * plan.scale());
        long groupRows = Math.max(MIN_GROUP_ROWS, maxMemoryBytes / rowBytes);
        long progressRows = Math.max(MIN_GROUP_ROWS, MAX_TILE_PIXELS / width);
        int maxTileRows = (int) Math.min(height, Math.min(progressRows, Math.max(1, groupRows / places.length)));
        List<List<Tile>> groups = new ArrayList<>();
        List<Tile> group = new ArrayList<>();
        for (Tile tile : Tiling.of(plan, height, width, maxMemoryBytes, places.length, maxTileRows).tiles()) {
            boolean newRow = !group.isEmpty() && tile.core().y() != group.getLast().core().y();
            if (newRow && group.size() >= places.length) {
                groups.add(List.copyOf(group));
                group.clear();
            }
            group.add(tile);
        }
        groups.add(List.copyOf(group));
        return groups;
    }

    /// Runs one tile.
    ///
    /// @param tile   one of the tiles of a picture
    /// @param worker number of the calling worker thread: whose workspace is used
    /// @param reader fills the network's input
    /// @param writer takes the core of its result
    public void run(Tile tile, int worker, TileReader reader, TileWriter writer) {
        if (warmUp != null) {
            awaitWarmUp();
        }
        if (general == null) {
            places[worker].run(tile, reader, writer);
            return;
        }
        if (generalPlaces[worker] == null) {
            generalPlaces[worker] = new GeneralPlace(general, generalKernels);
        }
        generalPlaces[worker].run(tile, reader, writer);
    }

    /// A workspace and the tile that runs in it.
    private static final class Place {
        private final Workspace workspace;
        private final int scale;
        private final RowReader rowReader = this::read;
        private final RowWriter rowWriter = this::write;
        private Tile tile;
        private TileReader tileReader;
        private TileWriter tileWriter;

        Place(Workspace workspace, int scale) {
            this.workspace = workspace;
            this.scale = scale;
        }

        void run(Tile newTile, TileReader reader, TileWriter writer) {
            tile = newTile;
            tileReader = reader;
            tileWriter = writer;
            workspace.prepare(tile.read().height(), tile.read().width());
            int above = tile.core().y() - tile.read().y();
            workspace.want(above, above + tile.core().height());
            workspace.run(rowReader, rowWriter);
            tileReader = null;
            tileWriter = null;
        }

        private void read(TensorView into, int rowBegin, int rowEnd) {
            tileReader.read(tile.read().x(), tile.read().y(), into, rowBegin, rowEnd);
        }

        /// Passes on those rows that belong to the core.
        private void write(TensorView from, int rowBegin, int rowEnd) {
            Region core = tile.core();
            Region read = tile.read();
            int above = (core.y() - read.y()) * scale;
            int begin = Math.max(rowBegin, above);
            int end = Math.min(rowEnd, above + core.height() * scale);
            if (begin < end) {
                tileWriter.write(from, (core.x() - read.x()) * scale, begin, core.x() * scale,
                        core.y() * scale + begin - above, core.width() * scale, end - begin);
            }
        }
    }

    /// Runs the kernels on tiny inputs until the JIT has compiled them. May run beside real work.
    public void warmUp() {
        if (general == null) {
            executable.warmUp();
        }
    }

    /// Begins the warm-up on a thread of its own; tiles wait for its end. In the interpreter a tile would be a thousand times
    /// slower and would take the processor from the compiler, so whoever has other things to prepare does them meanwhile.
    public void warmUpInBackground() {
        warmUp = Thread.ofPlatform().daemon().name("fovea-warm-up").start(this::warmUp);
    }

    private void awaitWarmUp() {
        Thread running = warmUp;
        try {
            if (running != null) {
                running.join();
            }
            warmUp = null;
        } catch (InterruptedException e) {
            // The tile runs now, slowly; whoever interrupted learns of it from the thread's flag.
            Thread.currentThread().interrupt();
        }
    }
}
