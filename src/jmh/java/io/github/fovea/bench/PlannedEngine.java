package io.github.fovea.bench;

import io.github.fovea.backend.Backend;
import io.github.fovea.backend.Backends;
import io.github.fovea.backend.Executable;
import io.github.fovea.backend.RowReader;
import io.github.fovea.backend.RowWriter;
import io.github.fovea.backend.Workspace;
import io.github.fovea.patch.Region;
import io.github.fovea.patch.Tile;
import io.github.fovea.patch.Tiling;
import io.github.fovea.pipeline.Workers;
import io.github.fovea.plan.Plan;
import io.github.fovea.tensor.TensorView;

/// Our engine as the product runs it: planned, fused, one tile per thread; floats in memory to floats in memory.
final class PlannedEngine implements AutoCloseable {
    private final EngineCase what;
    private final Tiling tiling;
    private final Workers workers;
    private final Workspace[] workspaces;
    private final float[] picture;
    private final float[] result;
    /// For each worker, the tile that it computes, and what gives its pixels and takes its result.
    private final Tile[] tiles;
    private final RowReader[] readers;
    private final RowWriter[] writers;
    private final Workers.Task task = this::tile;

    PlannedEngine(EngineCase what) {
        this.what = what;
        Backend backend = Backends.require("vector");
        Plan plan = backend.plan(what.graph());
        Executable executable = backend.compile(plan, what.parameters());
        tiling = Tiling.of(plan, what.height(), what.width(), Long.MAX_VALUE, what.threads());
        workers = Workers.ofThreads(what.threads());
        workspaces = new Workspace[what.threads()];
        tiles = new Tile[what.threads()];
        readers = new RowReader[what.threads()];
        writers = new RowWriter[what.threads()];
        for (int i = 0; i < workspaces.length; i++) {
            int worker = i;
            workspaces[i] = executable.newWorkspace();
            readers[i] = (into, begin, end) -> read(tiles[worker].read(), into, begin, end);
            writers[i] = (from, begin, end) -> write(tiles[worker], from, begin, end);
        }
        picture = what.picture();
        result = new float[what.resultElements()];
        executable.warmUp();
    }

    /// {@return bytes of working memory, all threads together}
    long bytes() {
        return tiling.workspaceBytes() * workspaces.length;
    }

    /// Runs one frame.
    ///
    /// @return the result, planar, overwritten by the next frame
    float[] run() {
        workers.run(tiling.tiles().size(), task);
        return result;
    }

    private void tile(int index, int worker) {
        Tile tile = tiling.tiles().get(index);
        Workspace workspace = workspaces[worker];
        workspace.prepare(tile.read().height(), tile.read().width());
        tiles[worker] = tile;
        workspace.want(tile.core().y() - tile.read().y(), tile.core().y() + tile.core().height() - tile.read().y());
        workspace.run(readers[worker], writers[worker]);
    }

    private void read(Region read, TensorView into, int rowBegin, int rowEnd) {
        for (int c = 0; c < into.channels(); c++) {
            for (int y = rowBegin; y < rowEnd; y++) {
                System.arraycopy(picture, (c * what.height() + read.y() + y) * what.width() + read.x(), into.data(),
                        into.index(c, y, 0), read.width());
            }
        }
    }

    private void write(Tile tile, TensorView from, int rowBegin, int rowEnd) {
        int scale = what.graph().scale();
        int above = (tile.core().y() - tile.read().y()) * scale;
        int left = (tile.core().x() - tile.read().x()) * scale;
        Region core = tile.core();
        for (int c = 0; c < from.channels(); c++) {
            for (int y = Math.max(rowBegin, above); y < Math.min(rowEnd, above + core.height() * scale); y++) {
                System.arraycopy(from.data(), from.index(c, y, left), result,
                        ((c * what.height() + core.y()) * scale + y - above) * what.width() * scale + core.x() * scale,
                        core.width() * scale);
            }
        }
    }

    @Override
    public void close() {
        workers.close();
    }
}
