package io.github.fovea.pipeline;

import io.github.fovea.adapt.FrameWatch;
import io.github.fovea.frame.ColorDescription;
import io.github.fovea.frame.Frame;
import io.github.fovea.frame.FrameFormat;
import io.github.fovea.frame.Plane;
import io.github.fovea.model.Routing;
import io.github.fovea.patch.Region;
import io.github.fovea.plan.Plan;
import io.github.fovea.resample.ResampleKernel;
import io.github.fovea.resample.Resampler;
import io.github.fovea.route.Grid;
import io.github.fovea.route.RouteMap;
import io.github.fovea.route.Router;
import io.github.fovea.route.Rectangles;
import java.util.Arrays;

/// Enlarges frames of one format with a dynamic model: scores, routes, merges cells into rectangles, runs each on its
/// path, and puts the frame together. Cells that an earlier frame has computed from the same samples are kept.
///
/// With halo, a frame equals what the paths give for the whole frame, cell by cell, but for the few pixels where paths
/// meet, which are blended ([Seams]). With kernels that compute every pixel by itself, and wherever one path serves the
/// whole frame, that holds bit for bit, and neither merging nor reuse nor the number of threads changes a bit; Winograd
/// kernels round a little otherwise where a rectangle begins (1e-6 of full scale, seldom a code). Steady state
/// allocates nothing. Not for use by two threads at a time.
public final class RoutedFrameUpscaler implements FrameStage {
    /// What resampling an LR pixel costs, in multiply-adds of a path, for the order of rectangles.
    private static final int BICUBIC_WEIGHT = 200;
    private static final int BAND_ROWS = 64;

    private final FrameFormat input;
    private final FrameFormat output;
    private final RoutedNetwork network;
    private final RouteOptions options;
    private final Workers workers;
    private final Router router;
    private final Grid grid;
    private final Rectangles rectangles;
    private final KeptCells kept;
    private final Seams seams;
    private final int rim;
    private final int scale;
    private long maxPixels;
    /// What an LR pixel costs on each path, in multiply-adds.
    private final long[] weights;
    private final int[] patchCells;
    private final Plane assembled;
    /// Resamples the assembled luma where the wanted size is not the model's own; else null.
    private final Resampler last;
    private final Resampler chroma;
    private final Resampler.Scratch[] lastScratch;
    private final Resampler.Scratch[] chromaScratch;
    private final int chromaBands;

    private final byte[] classes;
    private final byte[] pathOfClass;
    private final byte[] paths;
    private final byte[] before;
    private final byte[] caps;
    private final boolean[] keep;
    private final Workers.Task lookTask = this::look;
    private final Workers.Task computeTask = this::compute;
    private final Workers.Task assembleTask = this::assemble;
    private final Workers.Task lastTask = this::resample;
    private final RouteRecorder recorder;
    private final RectangleRun[] runs;
    private final FrameProgress progress = new FrameProgress();
    private Frame source;
    private Frame target;
    private long lookNanos;
    private int frame;
    /// The segment that the frame before belonged to.
    private int segment = -1;
    private boolean several;
    private boolean reserved;

    /// Prepares for one format.
    ///
    /// @param input   format of the frames that come: grey or YCbCr
    /// @param width   output width
    /// @param height  output height; where the size is not the model's own, luma is resampled behind it
    /// @param network a dynamic luma model
    /// @param options how to route
    /// @param kernel  the resampler of chroma
    /// @param workers the threads that do it
    /// @throws IllegalArgumentException if model, map and format do not fit each other
    public RoutedFrameUpscaler(FrameFormat input, int width, int height, RoutedNetwork network, RouteOptions options,
            ResampleKernel kernel, Workers workers) {
        if (!input.layout().isGreyOrYCbCr()) {
            throw new IllegalArgumentException("frames of " + input.layout() + ", wanted grey or YCbCr");
        }
        if (network.channels() != 1) {
            throw new IllegalArgumentException("model " + network.name() + " works on " + network.channels()
                    + " channels; frames of video want a luma model");
        }
        this.input = input;
        this.output = input.withSize(width, height);
        this.network = network;
        this.options = options;
        this.workers = workers;
        scale = network.scale();
        router = new Router(network.routing(), classMacs(network), input.width(), input.height());
        grid = router.grid();
        checkMap(options.map());
        ColorDescription color = input.color().resolved(input.height());
        LumaCodes codes = LumaCodes.of(input.range(), input.bitDepth());
        rim = options.halo() ? Seams.rim(scale) : 0;
        seams = options.halo() ? new Seams(grid, scale, input.bitDepth()) : null;
        int radius = 0;
        weights = network.macs();
        weights[0] = BICUBIC_WEIGHT;
        double[] haloColumns = new double[weights.length];
        double[] haloRows = new double[weights.length];
        for (int p = 0; p < network.paths(); p++) {
            Plan plan = network.plan(p);
            haloColumns[p] = plan.graph().receptiveRadius() + rim;
            haloRows[p] = network.haloRows(p, rim);
            radius = Math.max(radius, plan.exactRadius());
        }
        rectangles = new Rectangles(grid, weights, haloColumns, haloRows);
        maxPixels = network.maxPixels(grid, rim);
        kept = new KeptCells(grid, radius + rim, options.reuse() << input.bitDepth() - 8);
        patchCells = patchCells();
        assembled = new Plane(input.width() * scale, input.height() * scale, input.bitDepth());
        boolean own = assembled.width() == width && assembled.height() == height;
        last = own ? null : Resampler.of(assembled.width(), assembled.height(), width, height, kernel, true);
        chroma = input.layout().isYCbCr()
                ? Resampler.chroma(input.width(), input.height(), width, height, input.layout(), color.siting(),
                kernel, true) : null;
        lastScratch = new Resampler.Scratch[workers.threads()];
        chromaScratch = new Resampler.Scratch[workers.threads()];
        for (int i = 0; i < workers.threads(); i++) {
            lastScratch[i] = last == null ? null : last.scratch();
            chromaScratch[i] = chroma == null ? null : chroma.scratch();
        }
        chromaBands = chroma == null ? 0 : (output.layout().planeHeight(1, height) + BAND_ROWS - 1) / BAND_ROWS;
        int cells = grid.cells().size();
        classes = new byte[cells];
        paths = new byte[cells];
        before = new byte[cells];
        caps = new byte[cells];
        keep = new boolean[cells];
        Arrays.fill(before, (byte) -1);
        runs = new RectangleRun[workers.threads()];
        Arrays.setAll(runs, _ -> new RectangleRun(grid, scale, rim, codes, seams, progress));
        recorder = new RouteRecorder(network.macs(), workers.threads());
        pathOfClass = new byte[network.classes()];
        for (int c = 0; c < pathOfClass.length; c++) {
            pathOfClass[c] = (byte) Math.min(c, network.paths() - 1);
        }
    }

    /// The router's paths are the texture classes; over a meta-graph no budget chooses among them, so their cost does
    /// not matter.
    private static long[] classMacs(RoutedNetwork network) {
        return network.classes() == network.paths() ? network.macs() : new long[network.classes()];
    }

    private void checkMap(RouteMap map) {
        if (map == null) {
            return;
        }
        if (map.width() != input.width() || map.height() != input.height()) {
            throw new IllegalArgumentException("the route map is for a video of " + map.width() + "x" + map.height()
                    + ", this one has " + input.width() + "x" + input.height() + "; it belongs to another video");
        }
        if (map.grid().columns() != grid.columns() || map.grid().rows() != grid.rows()) {
            throw new IllegalArgumentException("the route map has " + map.grid() + ", model " + network.name() + " has "
                    + grid + "; it belongs to another model");
        }
        if (map.paths() != network.classes() - 1) {
            throw new IllegalArgumentException("the route map names " + map.paths() + " paths, model " + network.name()
                    + " has " + (network.classes() - 1) + "; it belongs to another model");
        }
    }

    /// Cells along a patch's side by path, for patches without halo.
    private int[] patchCells() {
        int[] sizes = new int[network.paths()];
        int largest = network.routing() instanceof Routing.ByPatchSize ? 1 << network.paths() - 2 : 1;
        for (int p = 0; p < sizes.length; p++) {
            sizes[p] = largest == 1 || p == 0 ? 1 : largest >> p - 1;
        }
        return sizes;
    }

    @Override
    public FrameFormat output() {
        return output;
    }

    /// {@return what the frames so far took}
    public RouteStatistics statistics() {
        return recorder.statistics();
    }

    /// {@return the path that each cell of the last frame took}
    public byte[] paths() {
        return paths.clone();
    }

    /// {@return bytes of working memory that any frame takes at most, over all threads and paths; known before the
    /// first}
    public long peakBytes() {
        return network.peakBytes(grid, rim);
    }

    /// {@return bytes of working memory that a frame on one path takes at most, by path}
    long[] pathBytes() {
        return network.pathBytes(grid, rim);
    }

    /// Says which frame of the video comes next: where paths are looked up in the route map, and which segment's
    /// weights serve.
    ///
    /// @param next number of the frame, from 0
    /// @throws IllegalArgumentException if it is negative, or the map ends before
    public void seek(int next) {
        if (next < 0 || options.map() != null && next > options.map().frames()) {
            throw new IllegalArgumentException("frame " + next + ", wanted 0"
                    + (options.map() == null ? " or more" : " to " + options.map().frames()
                    + ", where the route map ends"));
        }
        frame = next;
    }

    /// Enlarges the next frame of the video.
    ///
    /// @param from of the input format
    /// @param to   of the output format; every sample is written
    /// @throws IllegalArgumentException if the formats are others, or the route map has no such frame
    @Override
    public void upscale(Frame from, Frame to) {
        if (!from.format().equals(input) || !to.format().equals(output)) {
            throw new IllegalArgumentException("frames of " + from.format() + " and " + to.format() + ", wanted "
                    + input + " and " + output);
        }
        look(from);
        enlarge(to, null);
    }

    /// Finds the texture class of every cell of a frame, and which cells have not changed.
    ///
    /// @param from the frame, which stays as it is until [#enlarge] has made the large one
    /// @throws IllegalArgumentException if the route map has no such frame
    void look(Frame from) {
        RouteMap map = options.map();
        if (map != null && frame >= map.frames()) {
            throw new IllegalArgumentException("the route map ends after " + map.frames()
                    + " frames, the video goes on; do not change its frame rate, or leave the map out");
        }
        network.awaitWarmUp();
        network.makeRoom();
        if (!reserved) {
            network.reserve(grid, rim);
            reserved = true;
        }
        int now = network.select(frame);
        if (now != segment) {
            // What other weights have made is not kept.
            Arrays.fill(before, (byte) -1);
            segment = now;
        }
        source = from;
        long start = System.nanoTime();
        workers.run(grid.rows(), lookTask);
        classify(map);
        lookNanos = System.nanoTime() - start;
    }

    /// Pretends that a frame with cells of these classes was looked at, none of them known from before: for
    /// measurements.
    ///
    /// @param from       the frame
    /// @param classOfCell the class of every cell
    void pretend(Frame from, byte[] classOfCell) {
        network.awaitWarmUp();
        network.makeRoom();
        source = from;
        System.arraycopy(classOfCell, 0, classes, 0, classes.length);
        Arrays.fill(keep, false);
        lookNanos = 0;
    }

    /// Says which path each texture class takes from the next frame on; before, class k takes path k.
    ///
    /// @param newPaths the path of each class
    void take(byte[] newPaths) {
        System.arraycopy(newPaths, 0, pathOfClass, 0, pathOfClass.length);
    }

    /// {@return what the frame looked at is expected to cost: its cells on their paths, and a halo along the sides
    /// where paths meet; what is known from before costs nothing}
    ///
    /// @param newPaths the path of each class
    /// @param perPixel cost of an LR pixel of each path, of any unit
    double cost(byte[] newPaths, double[] perPixel) {
        int across = grid.columns();
        double sum = 0;
        for (int cell = 0; cell < classes.length; cell++) {
            byte path = newPaths[classes[cell]];
            sum += keep[cell] && before[cell] == path ? 0 : grid.pixels(cell) * perPixel[path];
            if (cell % across + 1 < across) {
                sum += meeting(path, newPaths[classes[cell + 1]], grid.cells().get(cell).height(), perPixel);
            }
            if (cell + across < classes.length) {
                sum += meeting(path, newPaths[classes[cell + across]], grid.cells().get(cell).width(), perPixel);
            }
        }
        return sum;
    }

    private double meeting(byte a, byte b, int side, double[] perPixel) {
        return a == b ? 0 : side * ((network.plan(a).graph().receptiveRadius() + rim) * perPixel[a]
                + (network.plan(b).graph().receptiveRadius() + rim) * perPixel[b]);
    }

    /// {@return the cells}
    Grid grid() {
        return grid;
    }

    /// Cuts frames into smaller rectangles from the next frame on, or into the usual ones again.
    ///
    /// @param share share of the usual working memory, more than 0, at most 1
    void limitRectangles(double share) {
        maxPixels = network.maxPixels(grid, rim, share);
    }

    /// Enlarges the frame looked at.
    ///
    /// @param to    receives the large frame
    /// @param watch says whether to give the frame up; `null` for never
    /// @throws FrameProgress.GivenUp if the frame was given up
    void enlarge(Frame to, FrameWatch watch) {
        target = to;
        long start = System.nanoTime();
        for (int cell = 0; cell < paths.length; cell++) {
            paths[cell] = pathOfClass[classes[cell]];
        }
        cut();
        // Until the frame is whole, nothing is known that the next one may keep.
        Arrays.fill(before, (byte) -1);
        progress.begin(watch, watch == null ? 1 : work());
        long routed = System.nanoTime();
        workers.run(rectangles.count() + chromaBands, computeTask);
        long computed = System.nanoTime();
        workers.run(grid.rows(), assembleTask);
        long assembledAt = System.nanoTime();
        if (last != null) {
            workers.run((output.height() + BAND_ROWS - 1) / BAND_ROWS, lastTask);
        }
        long end = System.nanoTime();
        recorder.frame(grid, paths, keep, rectangles.count(), lookNanos + routed - start + assembledAt - computed,
                lookNanos + end - start);
        System.arraycopy(paths, 0, before, 0, paths.length);
        frame++;
        source = null;
        target = null;
    }

    /// The cost of all rectangles, in multiply-adds of large pixels.
    private long work() {
        long work = 1;
        for (int i = 0; i < rectangles.count(); i++) {
            int column = rectangles.column(i);
            int row = rectangles.row(i);
            work += weights[rectangles.path(i)] * scale * scale * (grid.x(column + rectangles.across(i))
                    - grid.x(column))
                    * (grid.y(row + rectangles.down(i)) - grid.y(row));
        }
        return work;
    }

    private boolean scored() {
        return options.map() == null || !Double.isNaN(options.quality());
    }

    /// Scores a row of cells and finds those that have not changed.
    private void look(int row, int worker) {
        if (scored()) {
            router.score(source.plane(0), row);
        }
        for (int cell = row * grid.columns(); cell < (row + 1) * grid.columns(); cell++) {
            keep[cell] = before[cell] >= 0 && kept.unchanged(cell, source.plane(0));
        }
    }

    private void classify(RouteMap map) {
        if (map != null) {
            map.copy(frame, caps);
        }
        if (!Double.isNaN(options.quality())) {
            router.decide(options.quality(), map == null ? null : caps, classes);
        } else if (map != null) {
            System.arraycopy(caps, 0, classes, 0, classes.length);
        } else {
            router.decide(classes);
        }
    }

    private void cut() {
        several = false;
        for (int cell = 0; cell < paths.length; cell++) {
            several |= paths[cell] != paths[0];
            keep[cell] &= sameRoutes(cell);
        }
        if (options.halo()) {
            rectangles.merge(paths, keep);
            // A frame of one path is cut into bands, whose halo is cheap; small parts are there only where paths mix.
            rectangles.balance(workers.threads(), maxPixels, !several);
        } else {
            rectangles.patches(paths, keep, patchCells);
        }
    }

    /// Whether a cell and the cells around it take the paths they took before: blending looks across its sides.
    private boolean sameRoutes(int cell) {
        int column = cell % grid.columns();
        int row = cell / grid.columns();
        for (int y = Math.max(0, row - 1); y <= Math.min(grid.rows() - 1, row + 1); y++) {
            for (int x = Math.max(0, column - 1); x <= Math.min(grid.columns() - 1, column + 1); x++) {
                int other = y * grid.columns() + x;
                if (paths[other] != before[other]) {
                    return false;
                }
            }
        }
        return true;
    }

    private void compute(int index, int worker) {
        if (index < rectangles.count()) {
            rectangle(index, worker);
            return;
        }
        int begin = (index - rectangles.count()) * BAND_ROWS;
        int end = Math.min(target.plane(1).height(), begin + BAND_ROWS);
        chroma.resize(source.plane(1), target.plane(1), begin, end, chromaScratch[worker]);
        chroma.resize(source.plane(2), target.plane(2), begin, end, chromaScratch[worker]);
    }

    private void rectangle(int index, int worker) {
        int column = rectangles.column(index);
        int row = rectangles.row(index);
        int across = rectangles.across(index);
        int down = rectangles.down(index);
        int path = rectangles.path(index);
        RectangleRun run = runs[worker];
        // Bicubic resampling is no patch of the paper; it always sees its surroundings.
        if (!options.halo() && path > 0) {
            run.reach().patch(column, row, across, down);
        } else if (several && options.halo()) {
            run.reach().amongPaths(paths, column, row, across, down, network.plan(path).graph().receptiveRadius());
        } else {
            run.reach().alone(column, row, across, down, network.plan(path));
        }
        run.run(source.plane(0), assembled, seams != null && several ? paths : null, column, row, across, down,
                network.workspace(worker, path), weights[path]);
        Region core = grid.block(column, row, across, down);
        recorder.rectangle(worker, path, (long) core.width() * core.height(), run);
    }

    /// Blends a row of cells where paths meet and hands it out.
    private void assemble(int row, int worker) {
        if (seams != null && several) {
            for (int cell = row * grid.columns(); cell < (row + 1) * grid.columns(); cell++) {
                if (!keep[cell]) {
                    seams.blend(paths, cell, assembled);
                }
            }
        }
        kept.remember(row, keep, source.plane(0));
        if (last == null) {
            int begin = grid.y(row) * scale * assembled.width();
            int end = grid.y(row + 1) * scale * assembled.width();
            System.arraycopy(assembled.samples(), begin, target.plane(0).samples(), begin, end - begin);
        }
    }

    private void resample(int index, int worker) {
        int begin = index * BAND_ROWS;
        last.resize(assembled, target.plane(0), begin, Math.min(output.height(), begin + BAND_ROWS),
                lastScratch[worker]);
    }
}
