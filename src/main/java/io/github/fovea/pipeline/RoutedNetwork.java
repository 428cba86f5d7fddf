package io.github.fovea.pipeline;

import io.github.fovea.backend.Backend;
import io.github.fovea.backend.Executable;
import io.github.fovea.backend.WeightStore;
import io.github.fovea.backend.WorkingMemory;
import io.github.fovea.backend.Workspace;
import io.github.fovea.graph.Graph;
import io.github.fovea.graph.Interpolation;
import io.github.fovea.graph.Op;
import io.github.fovea.model.DynamicModel;
import io.github.fovea.model.MetaModel;
import io.github.fovea.model.Routing;
import io.github.fovea.plan.Plan;
import io.github.fovea.plan.WantedRows;
import io.github.fovea.route.Grid;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// All paths of a dynamic model, or all points of a meta-graph as paths, compiled for a backend and resident at once,
/// with workspaces for every worker thread; the workspaces of a thread share their memory, since it runs one path at a
/// time. Path 0 is a graph of one operator, bicubic resampling, so that it runs like the others.
///
/// Cells of a frame fall into texture classes ([#routing]). In a dynamic model class k is what the model sends to path
/// k; over a meta-graph an operating point says which path a class takes ([RoutedFrameUpscaler#take]).
///
/// Changing from path to path and from shape to shape allocates nothing once the largest shape has been seen. Where a
/// segment of the video with weights of its own begins, these are packed anew: that takes about a millisecond and the
/// memory of the weights; plans and working memory stay.
public final class RoutedNetwork {
    /// `null` over a meta-graph.
    private final DynamicModel model;
    private final Backend backend;
    private final String name;
    private final int channels;
    private final Routing routing;
    private final Executable[] executables;
    private final Workspace[][] workspaces;
    private final List<WorkingMemory> memory;
    private final long maxMemoryBytes;
    private volatile Thread warmUp;
    /// The segment whose weights are packed; -1 for the model's own.
    private int segment = -1;

    private RoutedNetwork(DynamicModel model, Backend backend, String name, int channels, Routing routing,
            Executable[] executables, List<WorkingMemory> memory, long maxMemoryBytes) {
        this.model = model;
        this.backend = backend;
        this.name = name;
        this.channels = channels;
        this.routing = routing;
        this.executables = executables;
        this.maxMemoryBytes = maxMemoryBytes;
        this.memory = List.copyOf(memory);
        workspaces = new Workspace[memory.size()][executables.length];
        for (int worker = 0; worker < workspaces.length; worker++) {
            for (int p = 0; p < executables.length; p++) {
                workspaces[worker][p] = executables[p].newWorkspace(memory.get(worker));
            }
        }
    }

    /// {@return a dynamic model made ready to run}
    ///
    /// @param model          the model
    /// @param backend        what runs it
    /// @param threads        how many threads will run rectangles at a time
    /// @param maxMemoryBytes bound of the working memory of all threads together
    public static RoutedNetwork compile(DynamicModel model, Backend backend, int threads, long maxMemoryBytes) {
        return compile(model, backend, Stream.generate(WorkingMemory::new).limit(threads).toList(), maxMemoryBytes);
    }

    /// {@return a dynamic model made ready to run in memory that it shares with other networks: they run in turn}
    ///
    /// @param model          the model
    /// @param backend        what runs it
    /// @param memory         the working memory of every thread that will run rectangles
    /// @param maxMemoryBytes bound of the working memory of all threads together
    public static RoutedNetwork compile(
            DynamicModel model, Backend backend, List<WorkingMemory> memory, long maxMemoryBytes) {
        Executable[] executables = new Executable[model.paths().size() + 1];
        executables[0] = bicubic(model.scale(), model.domain().channels(), backend);
        for (int p = 1; p < executables.length; p++) {
            executables[p] = backend.compile(backend.plan(model.path(p).graph()), model.path(p).parameters());
        }
        return new RoutedNetwork(model, backend, model.name(), model.domain().channels(), model.routing(), executables,
                memory, maxMemoryBytes);
    }

    /// Takes the weights of the segment that a frame belongs to.
    ///
    /// @param frame number of the frame, from 0
    /// @return number of the segment; -1 where weights stay as they are
    int select(int frame) {
        int wanted = model == null ? -1 : model.segments().at(frame);
        if (wanted != segment) {
            DynamicModel now = model.segment(wanted);
            for (int p = 1; p < executables.length; p++) {
                executables[p] = backend.compile(executables[p].plan(), now.path(p).parameters());
                for (int worker = 0; worker < workspaces.length; worker++) {
                    workspaces[worker][p] = executables[p].newWorkspace(memory.get(worker));
                }
            }
            segment = wanted;
        }
        return wanted;
    }

    /// {@return the points of a meta-graph as paths, ready to run: path k is point k, counted from 1. They share the
    /// weights, each tensor once, and working memory with other networks, with which they run in turn}
    ///
    /// @param model          the model
    /// @param routing        finds the texture class of each cell, as if classes were paths
    /// @param backend        what runs it
    /// @param memory         the working memory of every thread that will run rectangles
    /// @param maxMemoryBytes bound of the working memory of all threads together
    public static RoutedNetwork compile(
            MetaModel model, Routing routing, Backend backend, List<WorkingMemory> memory, long maxMemoryBytes) {
        WeightStore weights = backend.weights(model.shapes(), model.parameters());
        Executable[] executables = new Executable[model.points().size() + 1];
        executables[0] = bicubic(model.meta().scale(), model.meta().channels(), backend);
        for (int p = 1; p < executables.length; p++) {
            executables[p] = backend.compile(
                    backend.plan(model.meta().subGraph(model.points().get(p - 1).vector()), weights), weights);
        }
        return new RoutedNetwork(null, backend, model.name(), model.meta().channels(), routing, executables, memory,
                maxMemoryBytes);
    }

    private static Executable bicubic(int scale, int channels, Backend backend) {
        Graph.Builder bicubic = new Graph.Builder();
        bicubic.add(new Op.Resize(Interpolation.BICUBIC, scale), bicubic.add(new Op.Input(channels)));
        return backend.compile(backend.plan(bicubic.build()), Map.of());
    }

    /// {@return the dynamic model}
    ///
    /// @throws IllegalStateException if these are the points of a meta-graph
    public DynamicModel model() {
        if (model == null) {
            throw new IllegalStateException(name + " is a meta-graph, not a dynamic model");
        }
        return model;
    }

    /// {@return the model's name}
    public String name() {
        return name;
    }

    /// {@return channels of the input: 1 for luma, 3 for RGB}
    public int channels() {
        return channels;
    }

    /// {@return output pixels per input pixel along each axis}
    public int scale() {
        return executables[0].plan().scale();
    }

    /// {@return what finds the texture class of each cell}
    Routing routing() {
        return routing;
    }

    /// {@return the number of texture classes}
    int classes() {
        return model != null ? executables.length : routing.thresholds().size() + 1;
    }

    /// {@return multiply-adds per LR pixel of each path, path 0 first; resampling counts nothing}
    long[] macs() {
        long[] macs = new long[executables.length];
        for (int p = 1; p < macs.length; p++) {
            macs[p] = executables[p].plan().graph().macsPerPixel();
        }
        return macs;
    }

    /// {@return the name of the backend that runs it}
    public String backend() {
        return executables[0].backend();
    }

    /// {@return the number of paths, bicubic included}
    int paths() {
        return executables.length;
    }

    Plan plan(int path) {
        return executables[path].plan();
    }

    /// {@return how many rows above and below a rectangle a path computes for it on average over its layers, in LR
    /// rows; the first layers compute the whole halo, the last only what is wanted}
    ///
    /// @param path number of the path
    /// @param rim  LR rows around a rectangle that are wanted with it
    double haloRows(int path, int rim) {
        return new WantedRows(plan(path)).haloRows(rim);
    }

    Workspace workspace(int worker, int path) {
        return workspaces[worker][path];
    }

    /// {@return the most LR pixels that a rectangle may have, its surroundings included, so that the workspaces of all
    /// paths and threads stay within the bound}
    ///
    /// @param grid    the cells of a frame
    /// @param rim     LR pixels around a rectangle that are computed with it
    /// @throws IllegalArgumentException if not even one cell fits; says which bound does
    long maxPixels(Grid grid, int rim) {
        long least = peakBytes(grid, rim, 1);
        if (least > maxMemoryBytes) {
            throw new IllegalArgumentException("cells of " + grid + " do not fit in " + maxMemoryBytes + " bytes on "
                    + workspaces.length + " threads; allow at least " + least + " bytes, or fewer threads");
        }
        return maxPixels(grid, rim, maxMemoryBytes);
    }

    private long maxPixels(Grid grid, int rim, long bytes) {
        long pixels = (long) grid.width() * grid.height();
        while (pixels > 1 && peakBytes(grid, rim, pixels) > bytes) {
            pixels -= pixels / 8 + 1;
        }
        return Math.max(1, pixels);
    }

    /// {@return the most LR pixels of a rectangle in a moment in which memory is short}
    ///
    /// @param grid  the cells of a frame
    /// @param rim   LR pixels around a rectangle that are computed with it
    /// @param share share of the usual working memory, more than 0, at most 1. Where no cell is so small, a cell
    long maxPixels(Grid grid, int rim, double share) {
        return share >= 1 ? maxPixels(grid, rim) : maxPixels(grid, rim, (long) (share * peakBytes(grid, rim)));
    }

    /// {@return bytes of all workspaces once every path has seen rectangles of at most so many pixels, of any shape}
    ///
    /// @param grid   the cells of a frame
    /// @param rim    LR pixels around a rectangle that are computed with it
    /// @param pixels most LR pixels of a rectangle of more than one cell, without its surroundings
    private long peakBytes(Grid grid, int rim, long pixels) {
        long most = largest(grid, rim, pixels);
        return most > Long.MAX_VALUE / workspaces.length ? Long.MAX_VALUE : most * workspaces.length;
    }

    /// Bytes that no rectangle takes more of on any path.
    private long largest(Grid grid, int rim, long pixels) {
        return IntStream.range(0, executables.length).mapToLong(path -> largest(grid, rim, pixels, path)).max()
                .orElseThrow();
    }

    /// Bytes that no rectangle takes more of on a path.
    private long largest(Grid grid, int rim, long pixels, int path) {
        long most = 0;
        Plan plan = executables[path].plan();
        // Rectangles are blocks of cells: for every width the highest that is allowed, at least a cell. Lower ones, and
        // those that read less because they lie at a side of the frame or no other path begins beside them, may be run
        // layer by layer where the highest is not, and take more: the plan bounds them all.
        for (int across = 1; across <= grid.columns(); across++) {
            for (int column = 0; column + across <= grid.columns(); column += Math.max(1, grid.columns() - across)) {
                int width = grid.x(column + across) - grid.x(column);
                int cell = grid.height() - grid.y(grid.rows() - 1);
                long high = Math.max(across == 1 ? Math.max(cell, grid.cellHeight()) : 0, pixels / width);
                if (high == 0) {
                    continue;
                }
                int rows = (int) Math.min(grid.height(), high + 2L * (rim + plan.rowRadius()) + plan.rowAlignment());
                int columns = Math.min(grid.width(), width + 2 * (rim + plan.columnRadius()) + plan.columnAlignment());
                most = Math.max(most, plan.mostBytes(rows, columns));
            }
        }
        return most;
    }

    /// Makes room for rectangles, which are to run next: see [WorkerBytes#makeRoom].
    void makeRoom() {
        long each = maxMemoryBytes / memory.size();
        WorkerBytes.makeRoom(memory, each, each, maxMemoryBytes);
    }

    /// Takes all the working memory that frames will need, so that none of them does.
    ///
    /// @param grid the cells of a frame
    /// @param rim  LR pixels around a rectangle that are computed with it
    void reserve(Grid grid, int rim) {
        long each = largest(grid, rim, maxPixels(grid, rim));
        memory.forEach(one -> one.reserve(each));
    }

    /// {@return bytes of working memory that a frame's rectangles take at most, over all threads and paths}
    ///
    /// @param grid the cells of a frame
    /// @param rim  LR pixels around a rectangle that are computed with it
    long peakBytes(Grid grid, int rim) {
        return peakBytes(grid, rim, maxPixels(grid, rim));
    }

    /// {@return bytes of working memory that a frame's rectangles take at most on each path, over all threads}
    ///
    /// @param grid the cells of a frame
    /// @param rim  LR pixels around a rectangle that are computed with it
    long[] pathBytes(Grid grid, int rim) {
        long pixels = maxPixels(grid, rim);
        return IntStream.range(0, paths()).mapToLong(path -> workspaces.length * largest(grid, rim, pixels,
                path)).toArray();
    }

    /// {@return bytes of working memory that frames of a size take at most, over all threads and paths; known before
    /// the first}
    ///
    /// @param width  LR pixels in a row
    /// @param height LR rows
    /// @throws IllegalArgumentException if not even one cell fits in the bound
    public long peakBytes(int width, int height) {
        return peakBytes(Grid.of(width, height, routing), Seams.rim(scale()));
    }

    /// {@return what frames of a size take at most of each thread's working memory}
    ///
    /// @param width  LR pixels in a row
    /// @param height LR rows
    /// @throws IllegalArgumentException if not even one cell fits in the bound
    public WorkerBytes workerBytes(int width, int height) {
        return WorkerBytes.each(peakBytes(width, height) / workspaces.length, workspaces.length);
    }

    /// {@return bytes of working memory held now, over all threads}
    public long workspaceBytes() {
        return memory.stream().mapToLong(WorkingMemory::bytes).sum();
    }

    /// Runs the kernels on tiny inputs until the JIT has compiled them. May run beside real work.
    public void warmUp() {
        for (Executable executable : executables) {
            executable.warmUp();
        }
    }

    /// Begins the warm-up on a thread of its own; frames wait for its end.
    public void warmUpInBackground() {
        warmUp = Thread.ofPlatform().daemon().name("fovea-warm-up").start(this::warmUp);
    }

    void awaitWarmUp() {
        Thread running = warmUp;
        if (running != null) {
            try {
                running.join();
                warmUp = null;
            } catch (InterruptedException e) {
                // The frame is made now, slowly; whoever interrupted learns of it from the thread's flag.
                Thread.currentThread().interrupt();
            }
        }
    }
}
