package io.github.fovea.pipeline;

import io.github.fovea.backend.Backend;
import io.github.fovea.backend.WeightStore;
import io.github.fovea.backend.WorkingMemory;
import io.github.fovea.model.MetaModel;
import io.github.fovea.model.MetaPoint;
import io.github.fovea.model.StoredModel;
import io.github.fovea.patch.Tile;
import io.github.fovea.plan.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// A network compiled for a backend, with working memory for each worker thread, run tile by tile.
///
/// The tiles of one picture may run on several threads at once, each with its own worker number; whoever uses the
/// runner makes sure that no two threads use one worker number at a time ([Workers] does).
public abstract sealed class NetworkRunner permits PlannedRunner, GeneralRunner {
    private final String name;
    private final Map<String, String> figures;
    private final int scale;
    private final int channels;
    private final long macsPerPixel;
    /// The warm-up that tiles wait for, or `null`.
    private volatile Thread warmUp;

    NetworkRunner(String name, Map<String, String> figures, int scale, int channels, long macsPerPixel) {
        this.name = name;
        this.figures = figures;
        this.scale = scale;
        this.channels = channels;
        this.macsPerPixel = macsPerPixel;
    }

    /// {@return a network made ready to run}
    ///
    /// @param network        the network
    /// @param backend        what runs it
    /// @param threads        how many threads will run tiles at a time
    /// @param maxMemoryBytes bound of the working memory of all threads together
    public static NetworkRunner compile(PictureNetwork network, Backend backend, int threads, long maxMemoryBytes) {
        return compile(network, backend, memory(threads), maxMemoryBytes);
    }

    /// {@return a network made ready to run; a planned one in memory that it shares with other runners: they run in
    /// turn}
    ///
    /// @param network        the network
    /// @param backend        what runs it
    /// @param memory         the working memory of every thread that will run tiles
    /// @param maxMemoryBytes bound of the working memory of all threads together
    public static NetworkRunner compile(
            PictureNetwork network, Backend backend, List<WorkingMemory> memory, long maxMemoryBytes) {
        return switch (network) {
            case PictureNetwork.Planned(StoredModel model) -> {
                Plan plan = backend.plan(model.graph());
                yield new PlannedRunner(model.name(), model.figures(), backend.compile(plan, model.parameters()),
                        memory, maxMemoryBytes);
            }
            case PictureNetwork.General(var graph) ->
                new GeneralRunner(graph, PictureNetwork.kernels(backend), memory.size(), maxMemoryBytes);
        };
    }

    /// {@return a model made ready to run}
    ///
    /// @param model          the model
    /// @param backend        what runs it
    /// @param threads        how many threads will run tiles at a time
    /// @param maxMemoryBytes bound of the working memory of all threads together
    public static NetworkRunner compile(StoredModel model, Backend backend, int threads, long maxMemoryBytes) {
        return compile(model, backend, memory(threads), maxMemoryBytes);
    }

    /// {@return a model made ready to run in memory that it shares with other runners: they run in turn}
    ///
    /// @param model          the model
    /// @param backend        what runs it
    /// @param memory         the working memory of every thread that will run tiles
    /// @param maxMemoryBytes bound of the working memory of all threads together
    public static NetworkRunner compile(
            StoredModel model, Backend backend, List<WorkingMemory> memory, long maxMemoryBytes) {
        return compile(new PictureNetwork.Planned(model), backend, memory, maxMemoryBytes);
    }

    private static List<WorkingMemory> memory(int threads) {
        return Stream.generate(WorkingMemory::new).limit(threads).toList();
    }

    /// {@return the operating points of a meta-graph made ready to run, the cheapest first: they share the weights,
    /// each tensor once, and the working memory, and run in turn}
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
            Plan plan = backend.plan(model.meta().subGraph(point.vector()), weights);
            points.add(new PlannedRunner(model.name() + " " + point.name(), Map.of(), backend.compile(plan, weights),
                    memory, maxMemoryBytes));
        }
        return points;
    }

    /// {@return the name of the model, for a point of a meta-graph with the point's}
    public final String name() {
        return name;
    }

    /// {@return measured quality by what was measured, as the model's file tells it}
    public final Map<String, String> figures() {
        return figures;
    }

    /// {@return output pixels per input pixel along each axis}
    public final int scale() {
        return scale;
    }

    /// {@return channels of the input: 1 for luma, 3 for RGB}
    public final int channels() {
        return channels;
    }

    /// {@return multiply-adds per input pixel}
    public final long macsPerPixel() {
        return macsPerPixel;
    }

    /// {@return the parts of frames that differ from the frame before, of a luma network that computes parts of a frame
    /// with the same bits}
    ///
    /// @param width  LR pixels in a row of the frames
    /// @param height LR rows
    abstract Optional<ChangedParts> changedParts(int width, int height);

    /// {@return the name of the backend that runs it}
    public abstract String backend();

    /// {@return the tiles of a picture, row of tiles after row of tiles}
    ///
    /// @param width  pixels in a row of the small picture
    /// @param height rows of the small picture
    /// @throws IllegalArgumentException if no tile is small enough for the memory bound; says which bound is
    public abstract List<Tile> tiles(int width, int height);

    /// {@return smaller tiles of a picture, for a moment in which memory is short}
    ///
    /// @param width  pixels in a row of the small picture
    /// @param height rows of the small picture
    /// @param share  share of the working memory that the usual tiles take, more than 0, at most 1. Where no tile is so
    ///               small, the smallest ones there are
    public abstract List<Tile> tiles(int width, int height, double share);

    /// {@return bytes of working memory that a frame of a video takes that is computed whole, over all threads; that a
    /// picture takes, where the network works on RGB}
    ///
    /// @param width  pixels in a row of the small picture
    /// @param height rows of the small picture
    public abstract long peakBytes(int width, int height);

    /// {@return what pictures of a size and frames of a video take at most of each thread's working memory, in any
    /// order: frames computed whole, and by those parts that differ from the frame before
    /// ([FrameUpscaler#keepUnchanged])} Where their sum is more than the bound, memory is given back between runs of
    /// different kinds, and all threads together hold no more than the bound.
    ///
    /// @param width  pixels in a row of the small picture
    /// @param height rows of the small picture
    /// @throws IllegalArgumentException if no tile is small enough for the memory bound
    public abstract WorkerBytes workerBytes(int width, int height);

    /// {@return the tiles of a picture in groups of whole rows of tiles, each group with work for all threads: a
    /// picture that is made group by group needs only a band of memory} The bound of the working memory is that of the
    /// network and of the band together, see [BandMemory].
    ///
    /// @param width  pixels in a row of the small picture
    /// @param height rows of the small picture
    public abstract List<List<Tile>> groups(int width, int height);

    /// {@return tiles in groups of whole rows, each of at least as many as there are threads, but for the last}
    static List<List<Tile>> groups(List<Tile> tiles, int threads) {
        List<List<Tile>> groups = new ArrayList<>();
        List<Tile> group = new ArrayList<>();
        for (Tile tile : tiles) {
            boolean newRow = !group.isEmpty() && tile.core().y() != group.getLast().core().y();
            if (newRow && group.size() >= threads) {
                groups.add(List.copyOf(group));
                group.clear();
            }
            group.add(tile);
        }
        groups.add(List.copyOf(group));
        return groups;
    }

    /// Lays out a worker's memory for a tile, as [#run] does first: all that a change of the operating point costs.
    ///
    /// @param tile   one of the tiles of a picture
    /// @param worker number of the worker thread
    public abstract void prepare(Tile tile, int worker);

    /// {@return the picture as one tile that all threads compute together, or `null` where a tile for each is done
    /// sooner}
    ///
    /// @param width  pixels in a row of the small picture
    /// @param height rows of the small picture
    /// @throws IllegalArgumentException if no tile is small enough for the memory bound
    abstract Tile sharedTile(int width, int height);

    /// Makes room for tiles of one thread each, which are to run next: see [WorkerBytes#makeRoom].
    abstract void makeRoom();

    /// Makes room for tiles of one thread each, of which it is known what they take.
    ///
    /// @param each bytes that a thread takes at most
    abstract void makeRoom(long each);

    /// Begins a run of a [#sharedTile], whose parts are to be run as tasks of [Workers].
    ///
    /// @param tile   the tile
    /// @param reader fills the network's input; several threads call at once, for different rows in any order
    /// @param writer takes the core of its result, likewise
    /// @return the number of parts
    final int share(Tile tile, TileReader reader, TileWriter writer) {
        awaitWarmUp();
        return shareTile(tile, reader, writer);
    }

    /// Begins a run on warm kernels; parameters as of [#share].
    abstract int shareTile(Tile tile, TileReader reader, TileWriter writer);

    /// Runs a part of the shared tile.
    ///
    /// @param part   its number
    /// @param worker number of the calling worker thread
    abstract void runPart(int part, int worker);

    /// Runs one tile.
    ///
    /// @param tile   one of the tiles of a picture
    /// @param worker number of the calling worker thread: whose workspace is used
    /// @param reader fills the network's input
    /// @param writer takes the core of its result
    public final void run(Tile tile, int worker, TileReader reader, TileWriter writer) {
        awaitWarmUp();
        runTile(tile, worker, reader, writer);
    }

    /// Runs one tile on warm kernels; parameters as of [#run].
    abstract void runTile(Tile tile, int worker, TileReader reader, TileWriter writer);

    /// Gives working memory back; the next tiles take what they need. Not while a tile runs.
    abstract void release();

    /// Runs the kernels on tiny inputs until the JIT has compiled them. May run beside real work.
    public abstract void warmUp();

    /// Begins the warm-up on a thread of its own; tiles wait for its end. In the interpreter a tile would be a thousand
    /// times slower and would take the processor from the compiler, so whoever has other things to prepare does them
    /// meanwhile.
    public final void warmUpInBackground() {
        warmUp = Thread.ofPlatform().daemon().name("fovea-warm-up").start(this::warmUp);
    }

    private void awaitWarmUp() {
        Thread running = warmUp;
        if (running == null) {
            return;
        }
        try {
            running.join();
            warmUp = null;
        } catch (InterruptedException e) {
            // The tile runs now, slowly; whoever interrupted learns of it from the thread's flag.
            Thread.currentThread().interrupt();
        }
    }
}
