package io.github.fovea.pipeline;

import io.github.fovea.backend.Executable;
import io.github.fovea.backend.RowReader;
import io.github.fovea.backend.RowWriter;
import io.github.fovea.backend.WorkingMemory;
import io.github.fovea.backend.Workspace;
import io.github.fovea.patch.Region;
import io.github.fovea.patch.Sharing;
import io.github.fovea.patch.Tile;
import io.github.fovea.patch.Tiling;
import io.github.fovea.plan.Plan;
import io.github.fovea.plan.WantedRows;
import io.github.fovea.tensor.TensorView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A network of the planned engine.
final class PlannedRunner extends NetworkRunner {
    /// Side of a tile's core below which scarce memory cuts no frame, in pixels.
    private static final int LEAST_TILE = 16;

    private final Plan plan;
    private final Executable executable;
    private final List<WorkingMemory> memory;
    private final Place[] places;
    private final long maxMemoryBytes;

    PlannedRunner(String name, Map<String, String> figures, Executable executable, List<WorkingMemory> memory,
            long maxMemoryBytes) {
        super(name, figures, executable.plan().scale(), executable.plan().graph().inputChannels(),
                executable.plan().graph().macsPerPixel());
        this.plan = executable.plan();
        this.executable = executable;
        this.maxMemoryBytes = maxMemoryBytes;
        this.memory = List.copyOf(memory);
        places = memory.stream().map(one -> new Place(executable.newWorkspace(one), plan.scale()))
                .toArray(Place[]::new);
    }

    @Override
    Optional<ChangedParts> changedParts(int width, int height) {
        return channels() != 1 ? Optional.empty()
                : Optional.of(new ChangedParts(plan, width, height, places.length, maxMemoryBytes));
    }

    @Override
    public String backend() {
        return executable.backend();
    }

    @Override
    public List<Tile> tiles(int width, int height) {
        return tiling(width, height).tiles();
    }

    @Override
    public List<Tile> tiles(int width, int height, double share) {
        Tiling usual = tiling(width, height);
        // Smaller ones would save little, and the list of them would take more than that.
        long least = Math.max(Tiling.leastBytes(plan, height, width, places.length), places.length
                * plan.peakBytes(Math.min(height, LEAST_TILE + 2 * plan.rowRadius()),
                        Math.min(width, LEAST_TILE + 2 * plan.columnRadius())));
        long bytes = Math.max(least, (long) (share * places.length * usual.workspaceBytes()));
        return share >= 1 ? usual.tiles() : Tiling.of(plan, height, width, bytes, places.length).tiles();
    }

    @Override
    public long peakBytes(int width, int height) {
        long apart = places.length * tiling(width, height).workspaceBytes();
        return sharedTile(width, height) == null ? apart : Math.max(apart, plan.peakBytes(height, width)
                + (places.length - 1) * places[0].workspace.helperBytes());
    }

    @Override
    public long framePeakBytes(int width, int height) {
        long whole = peakBytes(width, height);
        return channels() != 1 ? whole
                : Math.max(whole, ChangedParts.peakBytes(plan, width, height, places.length, maxMemoryBytes));
    }

    private Tiling tiling(int width, int height) {
        return Tiling.of(plan, height, width, maxMemoryBytes, places.length);
    }

    @Override
    public List<List<Tile>> groups(int width, int height) {
        BandMemory band = new BandMemory(width, plan.scale(), plan.graph().outputChannels(), plan.rowRadius(),
                places.length, maxMemoryBytes);
        long least = Tiling.leastBytes(plan, height, width, places.length);
        // Refused is only what the network alone cannot do.
        long bytes = Math.min(maxMemoryBytes, Math.max(least, band.leftBytes(height)));
        return groups(Tiling.of(plan, height, width, bytes, places.length, band.tileRows(height)).tiles(),
                places.length);
    }

    @Override
    public void prepare(Tile tile, int worker) {
        places[worker].workspace.prepare(tile.read().height(), tile.read().width());
    }

    @Override
    Tile sharedTile(int width, int height) {
        if (!Sharing.pays(tiling(width, height), new WantedRows(plan), plan, places.length)
                || plan.peakBytes(height, width) + (places.length - 1) * places[0].workspace.helperBytes()
                > maxMemoryBytes) {
            return null;
        }
        Region whole = new Region(0, 0, width, height);
        return new Tile(whole, whole);
    }

    @Override
    int shareTile(Tile tile, TileReader reader, TileWriter writer) {
        return places[0].share(tile, places.length, reader, writer);
    }

    @Override
    void runPart(int part, int worker) {
        places[0].workspace.runPart(part, memory.get(worker));
    }

    @Override
    void runTile(Tile tile, int worker, TileReader reader, TileWriter writer) {
        places[worker].run(tile, reader, writer);
    }

    @Override
    public void warmUp() {
        executable.warmUp();
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
            prepare(newTile, reader, writer);
            workspace.run(rowReader, rowWriter);
            tileReader = null;
            tileWriter = null;
        }

        int share(Tile newTile, int threads, TileReader reader, TileWriter writer) {
            prepare(newTile, reader, writer);
            return workspace.share(threads, rowReader, rowWriter);
        }

        private void prepare(Tile newTile, TileReader reader, TileWriter writer) {
            tile = newTile;
            tileReader = reader;
            tileWriter = writer;
            workspace.prepare(tile.read().height(), tile.read().width());
            int above = tile.core().y() - tile.read().y();
            workspace.want(above, above + tile.core().height());
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
}
