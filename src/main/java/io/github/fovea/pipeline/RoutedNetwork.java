package io.github.fovea.pipeline;

import io.github.fovea.backend.Backend;
import io.github.fovea.backend.Executable;
import io.github.fovea.backend.WorkingMemory;
import io.github.fovea.backend.Workspace;
import io.github.fovea.graph.Graph;
import io.github.fovea.graph.Interpolation;
import io.github.fovea.graph.Op;
import io.github.fovea.model.DynamicModel;
import io.github.fovea.plan.Plan;
import io.github.fovea.plan.WantedRows;
import io.github.fovea.route.Grid;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// All paths of a dynamic model compiled for a backend and resident at once, with workspaces for every worker thread; the
/// workspaces of a thread share their memory, since it runs one path at a time. Path 0
/// is a graph of one operator, bicubic resampling, so that it runs like the others.
///
/// Changing from path to path and from shape to shape allocates nothing once the largest shape has been seen.
public final class RoutedNetwork {
    private final DynamicModel model;
    private final Executable[] executables;
    private final Workspace[][] workspaces;
    private final List<WorkingMemory> memory;
    private final long maxMemoryBytes;
    private volatile Thread warmUp;

    private RoutedNetwork(
            DynamicModel model, Executable[] executables, List<WorkingMemory> memory, long maxMemoryBytes) {
        this.model = model;
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
        Graph.Builder bicubic = new Graph.Builder();
        bicubic.add(new Op.Resize(Interpolation.BICUBIC, model.scale()), bicubic.add(new Op.Input(model.domain().channels())));
        executables[0] = backend.compile(backend.plan(bicubic.build()), Map.of());
        for (int p = 1; p < executables.length; p++) {
            executables[p] = backend.compile(backend.plan(model.path(p).graph()), model.path(p).parameters());
        }
        return new RoutedNetwork(model, executables, memory, maxMemoryBytes);
    }

    /// {@return the model}
    public DynamicModel model() {
        return model;
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

    /// {@return how many rows above and below a rectangle a path computes for it on average over its layers, in LR rows; the
    /// first layers compute the whole halo, the last only what is wanted}
    ///
    /// @param path number of the path
    /// @param rim  LR rows around a rectangle that are wanted with it
    double haloRows(int path, int rim) {
        Plan plan = plan(path);
        long perRow = plan.graph().macsPerPixel();
        if (perRow == 0) {
            return plan.graph().receptiveRadius() + rim;
        }
        int radius = plan.graph().receptiveRadius() + rim;
        WantedRows rows = new WantedRows(plan);
        int core = 4 * plan.rowAlignment();
        rows.want(core + 2 * radius, radius - rim, radius + core + rim);
        return ((double) rows.macs(1) / perRow - core) / 2;
    }

    Workspace workspace(int worker, int path) {
        return workspaces[worker][path];
    }

    /// {@return the most LR pixels that a rectangle may have, its surroundings included, so that the workspaces of all paths and
    /// threads stay within the bound}
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
        long pixels = (long) grid.width() * grid.height();
        while (peakBytes(grid, rim, pixels) > maxMemoryBytes) {
            pixels -= pixels / 8 + 1;
        }
        return Math.max(1, pixels);
    }

    /// A shape of a rectangle and what a path takes for it.
    private record Shape(int path, int rows, int columns, long bytes) {}

    /// {@return bytes of all workspaces once every path has seen rectangles of at most so many pixels, of any shape}
    ///
    /// @param grid   the cells of a frame
    /// @param rim    LR pixels around a rectangle that are computed with it
    /// @param pixels most LR pixels of a rectangle of more than one cell, without its surroundings
    private long peakBytes(Grid grid, int rim, long pixels) {
        long most = largest(grid, rim, pixels).bytes();
        return most > Long.MAX_VALUE / workspaces.length ? Long.MAX_VALUE : most * workspaces.length;
    }

    /// The rectangle that takes most.
    private Shape largest(Grid grid, int rim, long pixels) {
        Shape most = new Shape(0, 1, 1, 0);
        for (int path = 0; path < executables.length; path++) {
            Plan plan = executables[path].plan();
            // Rectangles are blocks of cells: for every width the highest that is allowed, at least a cell.
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
                    long bytes = plan.peakBytes(rows, columns);
                    most = bytes > most.bytes() ? new Shape(path, rows, columns, bytes) : most;
                }
            }
        }
        return most;
    }

    /// Takes all the working memory that frames will need, so that none of them does.
    ///
    /// @param grid the cells of a frame
    /// @param rim  LR pixels around a rectangle that are computed with it
    void reserve(Grid grid, int rim) {
        Shape largest = largest(grid, rim, maxPixels(grid, rim));
        for (Workspace[] ofWorker : workspaces) {
            ofWorker[largest.path()].prepare(largest.rows(), largest.columns());
        }
    }

    /// {@return bytes of working memory that a frame's rectangles take at most, over all threads and paths}
    ///
    /// @param grid the cells of a frame
    /// @param rim  LR pixels around a rectangle that are computed with it
    long peakBytes(Grid grid, int rim) {
        return peakBytes(grid, rim, maxPixels(grid, rim));
    }

    /// {@return bytes of working memory that frames of a size take at most, over all threads and paths; known before the first}
    ///
    /// @param width  LR pixels in a row
    /// @param height LR rows
    /// @throws IllegalArgumentException if not even one cell fits in the bound
    public long peakBytes(int width, int height) {
        return peakBytes(Grid.of(width, height, model.routing()), Seams.rim(model.scale()));
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
