package io.github.fovea.bench;

import io.github.fovea.backend.Backend;
import io.github.fovea.backend.Backends;
import io.github.fovea.backend.Executable;
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
    private final Workers.Task task = this::tile;

    PlannedEngine(EngineCase what) {
        this.what = what;
        Backend backend = Backends.require("vector");
        Plan plan = backend.plan(what.graph());
        Executable executable = backend.compile(plan, what.parameters());
        tiling = Tiling.of(plan, what.height(), what.width(), Long.MAX_VALUE, what.threads());
        workers = Workers.ofThreads(what.threads());
        workspaces = new Workspace[what.threads()];
        for (int i = 0; i < workspaces.length; i++) {
            workspaces[i] = executable.newWorkspace();
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
        Region read = tile.read();
        Region core = tile.core();
        Workspace workspace = workspaces[worker];
        workspace.prepare(read.height(), read.width());
        TensorView in = workspace.input();
        for (int c = 0; c < in.channels(); c++) {
            for (int y = 0; y < read.height(); y++) {
                System.arraycopy(picture, (c * what.height() + read.y() + y) * what.width() + read.x(), in.data(),
                        in.index(c, y, 0), read.width());
            }
        }
        workspace.run();
        TensorView out = workspace.output();
        int scale = what.graph().scale();
        for (int c = 0; c < out.channels(); c++) {
            for (int y = 0; y < core.height() * scale; y++) {
                System.arraycopy(out.data(), out.index(c, (core.y() - read.y()) * scale + y, (core.x() - read.x()) * scale),
                        result, ((c * what.height() + core.y()) * scale + y) * what.width() * scale + core.x() * scale,
                        core.width() * scale);
            }
        }
    }

    @Override
    public void close() {
        workers.close();
    }
}
