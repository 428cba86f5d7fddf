package io.github.fovea.bench;

import io.github.fovea.backend.Backend;
import io.github.fovea.backend.Backends;
import io.github.fovea.backend.Executable;
import io.github.fovea.backend.RowReader;
import io.github.fovea.backend.RowWriter;
import io.github.fovea.backend.WorkingMemory;
import io.github.fovea.backend.Workspace;
import io.github.fovea.patch.Sharing;
import io.github.fovea.patch.Tile;
import io.github.fovea.patch.Tiling;
import io.github.fovea.pipeline.Workers;
import io.github.fovea.plan.Plan;
import io.github.fovea.plan.WantedRows;
import io.github.fovea.tensor.TensorView;

/// Our engine as the product runs it: planned, fused, a tile per thread or all threads together on the picture, whichever
/// costs less; floats in memory to floats in memory.
final class PlannedEngine implements AutoCloseable {
    private final EngineCase what;
    private final Tiling tiling;
    private final boolean shared;
    private final Workers workers;
    private final Lane[] lanes;
    private final float[] picture;
    private final float[] result;
    private final Workers.Task part = this::part;
    private final Workers.Task whole = this::tile;

    /// What a thread works with: memory, and the tile that it is at.
    private final class Lane {
        final WorkingMemory memory = new WorkingMemory();
        final Workspace workspace;
        final RowReader reader = this::read;
        final RowWriter writer = this::write;
        Tile tile;

        Lane(Executable executable) {
            workspace = executable.newWorkspace(memory);
        }

        void prepare(Tile newTile) {
            tile = newTile;
            workspace.prepare(tile.read().height(), tile.read().width());
            int above = tile.core().y() - tile.read().y();
            workspace.want(above, above + tile.core().height());
        }

        private void read(TensorView into, int begin, int end) {
            for (int c = 0; c < into.channels(); c++) {
                for (int y = begin; y < end; y++) {
                    System.arraycopy(picture, (c * what.height() + tile.read().y() + y) * what.width() + tile.read().x(),
                            into.data(), into.index(c, y, 0), into.width());
                }
            }
        }

        private void write(TensorView from, int begin, int end) {
            int scale = what.graph().scale();
            int first = (tile.core().y() - tile.read().y()) * scale;
            int last = first + tile.core().height() * scale;
            int left = (tile.core().x() - tile.read().x()) * scale;
            for (int c = 0; c < from.channels(); c++) {
                for (int y = Math.max(begin, first); y < Math.min(end, last); y++) {
                    System.arraycopy(from.data(), from.index(c, y, left), result,
                            (((c * what.height() + tile.read().y()) * scale + y) * what.width() + tile.core().x()) * scale,
                            tile.core().width() * scale);
                }
            }
        }
    }

    PlannedEngine(EngineCase what) {
        this.what = what;
        Backend backend = Backends.require("vector");
        Plan plan = backend.plan(what.graph());
        Executable executable = backend.compile(plan, what.parameters());
        Tiling apart = Tiling.of(plan, what.height(), what.width(), Long.MAX_VALUE, what.threads());
        shared = Sharing.pays(apart, new WantedRows(plan), plan, what.threads());
        tiling = shared ? Tiling.of(plan, what.height(), what.width(), Long.MAX_VALUE, 1) : apart;
        workers = Workers.ofThreads(what.threads());
        lanes = new Lane[what.threads()];
        for (int i = 0; i < lanes.length; i++) {
            lanes[i] = new Lane(executable);
        }
        picture = what.picture();
        result = new float[what.resultElements()];
        executable.warmUp();
    }

    /// {@return bytes of working memory, all threads together, once a frame has run}
    long bytes() {
        long sum = 0;
        for (Lane lane : lanes) {
            sum += lane.memory.bytes();
        }
        return sum;
    }

    /// Runs one frame.
    ///
    /// @return the result, planar, overwritten by the next frame
    float[] run() {
        if (shared) {
            Lane first = lanes[0];
            first.prepare(tiling.tiles().getFirst());
            workers.run(first.workspace.share(lanes.length, first.reader, first.writer), part);
        } else {
            workers.run(tiling.tiles().size(), whole);
        }
        return result;
    }

    private void part(int index, int worker) {
        lanes[0].workspace.runPart(index, lanes[worker].memory);
    }

    private void tile(int index, int worker) {
        lanes[worker].prepare(tiling.tiles().get(index));
        lanes[worker].workspace.run(lanes[worker].reader, lanes[worker].writer);
    }

    @Override
    public void close() {
        workers.close();
    }
}
