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
    /// The tile that threads shared last, and what it takes.
    private Tile shared;
    private long sharedBytes;

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
                : Optional.of(new ChangedParts(plan, width, height, places.length, () -> partBound(width, height)));
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
        long bytes = Math.min(places.length * usual.workspaceBytes(),
                Math.max(least, (long) (share * places.length * usual.workspaceBytes())));
        return share >= 1 ? usual.tiles() : Tiling.of(plan, height, width, bytes, places.length).tiles();
    }

    @Override
    public long peakBytes(int width, int height) {
        return (channels() == 1 ? frameBytes(width, height) : pictureBytes(width, height)).total();
    }

    @Override
    public WorkerBytes workerBytes(int width, int height) {
        WorkerBytes pictures = pictureBytes(width, height);
        if (channels() != 1) {
            return pictures;
        }
        long part = ChangedParts.mostBytes(plan, width, height, partBound(width, height));
        return pictures.max(frameBytes(width, height)).max(WorkerBytes.each(part, places.length));
    }

    private WorkerBytes pictureBytes(int width, int height) {
        return WorkerBytes.each(groupTiling(width, height).workspaceBytes(), places.length);
    }

    /// What a frame takes that is computed whole.
    private WorkerBytes frameBytes(int width, int height) {
        return sharedTile(width, height) == null
                ? WorkerBytes.each(tiling(width, height).workspaceBytes(), places.length)
                : new WorkerBytes(plan.peakBytes(height, width), places[0].workspace.helperBytes(), places.length);
    }

    /// What a thread may take for a part of a frame: its share of the bound, or of what is left beside a tile of all
    /// threads that takes more than such a share. Frames computed by parts and whole frames follow each other.
    private long partBound(int width, int height) {
        long even = maxMemoryBytes / places.length;
        long whole = sharedTile(width, height) == null ? 0 : plan.peakBytes(height, width);
        return whole <= even ? even : (maxMemoryBytes - whole) / (places.length - 1);
    }

    private Tiling tiling(int width, int height) {
        return Tiling.of(plan, height, width, maxMemoryBytes, places.length);
    }

    @Override
    public List<List<Tile>> groups(int width, int height) {
        return groups(groupTiling(width, height).tiles(), places.length);
    }

    private Tiling groupTiling(int width, int height) {
        BandMemory band = new BandMemory(width, plan.scale(), plan.graph().outputChannels(), plan.rowRadius(),
                places.length, maxMemoryBytes);
        long least = Tiling.leastBytes(plan, height, width, places.length);
        // Refused is only what the network alone cannot do.
        long bytes = Math.min(maxMemoryBytes, Math.max(least, band.leftBytes(height)));
        return Tiling.of(plan, height, width, bytes, places.length, band.tileRows(height));
    }

    @Override
    public void prepare(Tile tile, int worker) {
        places[worker].workspace.prepare(tile.read().height(), tile.read().width());
    }

    @Override
    Tile sharedTile(int width, int height) {
        long helper = places[0].workspace.helperBytes();
        // A helper's memory beyond a thread's share would leave the first thread less than the share that its parts of
        // frames may take.
        if (!Sharing.pays(tiling(width, height), new WantedRows(plan), plan, places.length)
                || helper > maxMemoryBytes / places.length
                || plan.peakBytes(height, width) > maxMemoryBytes - (places.length - 1) * helper) {
            return null;
        }
        Region whole = new Region(0, 0, width, height);
        return new Tile(whole, whole);
    }

    @Override
    void makeRoom(long each) {
        WorkerBytes.makeRoom(memory, each, each, maxMemoryBytes);
    }

    @Override
    void makeRoom() {
        makeRoom(maxMemoryBytes / places.length);
    }

    @Override
    int shareTile(Tile tile, TileReader reader, TileWriter writer) {
        if (tile != shared) {
            sharedBytes = plan.peakBytes(tile.read().height(), tile.read().width());
            shared = tile;
        }
        WorkerBytes.makeRoom(memory, sharedBytes, places[0].workspace.helperBytes(), maxMemoryBytes);
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
    void release() {
        memory.forEach(WorkingMemory::release);
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
