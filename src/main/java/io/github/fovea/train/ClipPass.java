package io.github.fovea.train;

import io.github.fovea.frame.Frame;
import io.github.fovea.frame.Plane;
import io.github.fovea.media.FrameSource;
import io.github.fovea.media.Ratio;
import io.github.fovea.media.VideoFiles;
import io.github.fovea.model.DynamicModel;
import io.github.fovea.model.Routing;
import io.github.fovea.model.StoredModel;
import io.github.fovea.patch.Region;
import io.github.fovea.pipeline.FrameUpscaler;
import io.github.fovea.pipeline.Progress;
import io.github.fovea.pipeline.Workers;
import io.github.fovea.quality.Ssim;
import io.github.fovea.route.Grid;
import io.github.fovea.route.ReferencePsnr;
import io.github.fovea.route.RouteMap;
import io.github.fovea.route.Router;
import io.github.fovea.route.RoutingFit;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// One pass over a whole clip after training: bicubic, models to compare with, and every path enlarge every frame; the
/// route map is written down, and everything is measured against the HR video. What the routed frames would be is put
/// together from the paths' own cells, which is what a player with exact halos computes.
public final class ClipPass {
    /// Most held-out frames on which similarity, colour and patches without rims are measured.
    private static final int SSIM_FRAMES = 30;

    /// What a pass finds.
    ///
    /// @param scores the scores; behind the paths come `routed by map` and `routed by score`
    /// @param map    the route map
    /// @param shares for every path, bicubic first, the share of the LR pixels that the map sends there
    public record Result(ClipScores scores, RouteMap map, List<Double> shares) {
        /// Copies the list.
        public Result {
            shares = List.copyOf(shares);
        }
    }

    private final ClipFrames clip;
    private final DynamicModel model;
    private final double quality;
    private final Workers workers;
    private final PathScorer scorer;
    private final Grid grid;
    private final Router router;
    private final long[] macs;
    private final long[] pixels;
    private final List<String> names = new ArrayList<>();
    private final List<FrameUpscaler> ways = new ArrayList<>();
    private final int firstPath;
    private final Plane[] made;
    private final double[][] errors;
    private final List<ClipScores.FrameScore> frames = new ArrayList<>();
    private final List<byte[]> routes = new ArrayList<>();
    private final long[] served;
    private RgbErrors colour;
    private int segment = -1;
    private int similar;

    private ClipPass(ClipFrames clip, DynamicModel model, List<StoredModel> others, double quality, Workers workers) {
        this.clip = clip;
        this.model = model;
        this.quality = quality;
        this.workers = workers;
        scorer = new PathScorer(clip, workers);
        grid = Grid.of(clip.width(), clip.height(), model.routing());
        router = Router.of(model, clip.width(), clip.height());
        macs = Router.macs(model);
        pixels = IntStream.range(0, grid.cells().size()).mapToLong(grid::pixels).toArray();
        names.add("bicubic");
        ways.add(scorer.bicubic());
        for (StoredModel other : others) {
            names.add(other.name());
            ways.add(scorer.network(other));
        }
        firstPath = ways.size();
        for (int path = 1; path <= model.paths().size(); path++) {
            names.add("path " + path);
            ways.add(scorer.network(model.path(path)));
        }
        names.add("routed by map");
        names.add("routed by score");
        made = new Plane[names.size()];
        Arrays.setAll(made, _ -> scorer.newLarge());
        errors = new double[ways.size()][pixels.length];
        served = new long[model.paths().size() + 1];
    }

    /// Goes over a clip.
    ///
    /// @param lr       the LR video
    /// @param hr       the HR video
    /// @param rate     frames per second to convert an HR video of variable frame rate to, or `null`
    /// @param clip     the same clip in memory: says sizes, and whether frames were held out
    /// @param model    the overfitted model
    /// @param video    SHA-256 of the LR video
    /// @param others   models to compare with
    /// @param quality  share of the MACs of the deepest path that the map may spend on a frame, 0 to 1
    /// @param workers  threads to run on
    /// @param progress hears of frames done
    /// @return what it finds
    /// @throws IOException if a video cannot be read
    public static Result run(Path lr, Path hr, Ratio rate, ClipFrames clip, DynamicModel model, String video,
            List<StoredModel> others, double quality, Workers workers, Progress progress) throws IOException {
        ClipPass pass = new ClipPass(clip, model, others, quality, workers);
        try (FrameSource small = VideoFiles.open(lr, null); FrameSource large = VideoFiles.open(hr, rate)) {
            Frame a = small.next(null);
            Frame b = large.next(null);
            Plane reference = pass.scorer.newLarge();
            if (a != null && b != null && a.format().layout().isYCbCr() && b.format().layout().isYCbCr()) {
                pass.colour = new RgbErrors(a.format(), reference.width(), reference.height());
            }
            for (long number = 0; a != null && b != null; number++) {
                ClipFrames.crop(b.plane(0), reference);
                pass.frame(number, a, b, reference);
                progress.update(number + 1, clip.frames());
                a = small.next(a);
                b = large.next(b);
            }
        }
        RouteMap map = RouteMap.of(clip.width(), clip.height(), model.routing(), model.paths().size(), video,
                pass.routes);
        double all = Arrays.stream(pass.served).sum();
        return new Result(new ClipScores(pass.names, pass.frames), map,
                Arrays.stream(pass.served).mapToObj(count -> count / all).toList());
    }

    private void frame(long number, Frame small, Frame large, Plane reference) {
        Plane luma = small.plane(0);
        takeSegment(number);
        for (int way = 0; way < ways.size(); way++) {
            scorer.enlarge(ways.get(way), luma, made[way]);
        }
        workers.run(ways.size() + grid.rows(), (i, _) -> {
            if (i < ways.size()) {
                scorer.errors(made[i], reference, grid, errors[i]);
            } else {
                router.score(luma, i - ways.size());
            }
        });
        byte[] byScore = new byte[pixels.length];
        router.decide(byScore);
        // A patch's size says its path, so that a map can say nothing else than the player's own routing.
        byte[] byMap = model.routing() instanceof Routing.ByPatchSize ? byScore
                : RoutingFit.best(macs, pixels, pathErrors(), quality);
        routes.add(byMap);
        for (int cell = 0; cell < pixels.length; cell++) {
            served[byMap[cell]] += pixels[cell];
        }
        double samples = (double) reference.width() * reference.height();
        Double[] means = new Double[names.size()];
        for (int way = 0; way < ways.size(); way++) {
            means[way] = Arrays.stream(errors[way]).sum() / samples;
        }
        means[ways.size()] = routed(byMap) / samples;
        means[ways.size() + 1] = routed(byScore) / samples;
        boolean heldOut = clip.heldOutFrames() > 0 && ClipFrames.heldOut(number);
        Measures measures = new Measures(names.size());
        if (sampled(heldOut, number)) {
            assemble(byMap, made[ways.size()]);
            assemble(byScore, made[ways.size() + 1]);
            measure(small, large, reference, measures);
            similar++;
        }
        frames.add(new ClipScores.FrameScore(number, heldOut, Arrays.asList(means), Arrays.asList(measures.ssim),
                Arrays.asList(measures.shaved), Arrays.asList(measures.rgb)));
    }

    /// Where another segment begins, its weights take their place.
    private void takeSegment(long number) {
        int now = model.segments().at(number);
        if (now != segment) {
            DynamicModel changed = model.segment(now);
            for (int path = 1; path <= model.paths().size(); path++) {
                ways.set(firstPath + path - 1, scorer.network(changed.path(path)));
            }
            segment = now;
        }
    }

    /// What is measured on some frames only, for each way.
    private static final class Measures {
        final Double[] ssim;
        final Double[] shaved;
        final Double[] rgb;

        Measures(int ways) {
            ssim = new Double[ways];
            shaved = new Double[ways];
            rgb = new Double[ways];
            Arrays.fill(ssim, Double.NaN);
            Arrays.fill(shaved, Double.NaN);
            Arrays.fill(rgb, Double.NaN);
        }
    }

    private void measure(Frame small, Frame large, Plane reference, Measures measures) {
        boolean windows = Math.min(reference.width(), reference.height()) >= Ssim.WINDOW;
        if (colour != null) {
            colour.take(small, large);
        }
        workers.run(made.length, (i, _) -> {
            measures.ssim[i] = windows ? Ssim.of(reference, made[i], 0) : Double.NaN;
            measures.shaved[i] = shaved(made[i], reference);
            measures.rgb[i] = colour == null ? Double.NaN : colour.meanSquare(made[i]);
        });
    }

    private double shaved(Plane plane, Plane reference) {
        int scale = clip.scale();
        double sum = 0;
        for (Region cell : grid.cells()) {
            int shave = scale + 4;
            int width = cell.width() * scale - 2 * shave;
            int height = cell.height() * scale - 2 * shave;
            if (Math.min(width, height) < 1) {
                shave = 0;
                width = cell.width() * scale;
                height = cell.height() * scale;
            }
            sum += ReferencePsnr.squaredError(plane, reference, cell.x() * scale + shave, cell.y() * scale + shave,
                    width, height)
                    / ((double) width * height);
        }
        return sum / grid.cells().size();
    }

    /// Spread over the held-out frames, or over all where none is.
    private boolean sampled(boolean heldOut, long number) {
        long all = clip.heldOutFrames() > 0 ? Math.max(1, clip.frames() / 10) : clip.frames();
        long every = (all + SSIM_FRAMES - 1) / SSIM_FRAMES;
        long place = clip.heldOutFrames() > 0 ? number / 10 : number;
        return (heldOut || clip.heldOutFrames() == 0) && place % every == 0 && similar < SSIM_FRAMES;
    }

    private double[][] pathErrors() {
        double[][] own = new double[macs.length][];
        own[0] = errors[0];
        System.arraycopy(errors, firstPath, own, 1, macs.length - 1);
        return own;
    }

    private double routed(byte[] paths) {
        double sum = 0;
        for (int cell = 0; cell < paths.length; cell++) {
            sum += errors[way(paths[cell])][cell];
        }
        return sum;
    }

    private int way(int path) {
        return path == 0 ? 0 : firstPath + path - 1;
    }

    private void assemble(byte[] paths, Plane into) {
        int scale = clip.scale();
        for (int cell = 0; cell < paths.length; cell++) {
            Region region = grid.cells().get(cell);
            short[] from = made[way(paths[cell])].samples();
            for (int y = region.y() * scale; y < (region.y() + region.height()) * scale; y++) {
                int at = y * into.width() + region.x() * scale;
                System.arraycopy(from, at, into.samples(), at, region.width() * scale);
            }
        }
    }
}
