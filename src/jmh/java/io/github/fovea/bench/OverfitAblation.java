package io.github.fovea.bench;

import io.github.fovea.backend.Backends;
import io.github.fovea.backend.Executable;
import io.github.fovea.backend.Workspace;
import io.github.fovea.graph.Graph;
import io.github.fovea.graph.Interpolation;
import io.github.fovea.graph.Op;
import io.github.fovea.model.DynamicModel;
import io.github.fovea.model.StoredModel;
import io.github.fovea.network.DynamicNetwork;
import io.github.fovea.network.NetworkPath;
import io.github.fovea.plan.Plan;
import io.github.fovea.plan.Slot;
import io.github.fovea.route.Grid;
import io.github.fovea.route.Rectangles;
import io.github.fovea.route.RouteMap;
import io.github.fovea.route.Router;
import io.github.fovea.train.ClipScores;
import io.github.fovea.train.OverfittedNetwork;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What each part of the system adds, one after the other: the deepest path for whole frames in an interpreter that allocates
/// every tensor; frames cut into cells; routing over paths trained one by one; joint training; the fused plan; the planned
/// memory. Every stage trains for the same time in all. Times are of one thread and luma, the best of some rounds; memory is
/// that of the tensors of the largest part of a frame.
final class OverfitAblation {
    private static final int FRAMES = 6;
    private static final int ROUNDS = 3;
    private static final int BICUBIC_WEIGHT = 200;

    private final OverfitBenchClip clip;
    private final Map<String, UnfusedEngine> engines = new HashMap<>();
    private final Map<DynamicModel, Executable[]> executables = new HashMap<>();
    private final Map<Executable, Workspace> workspaces = new HashMap<>();

    /// A part of a frame on one path: with its halo.
    private record Part(int path, int height, int width) {}

    private OverfitAblation(OverfitBenchClip clip) {
        this.clip = clip;
    }

    /// Prints the stages.
    ///
    /// @param clip the clip
    /// @param name a network of several separate paths
    static void print(OverfitBenchClip clip, String name) throws IOException {
        new OverfitAblation(clip).run(name);
    }

    private void run(String name) throws IOException {
        int scale = clip.options().scale();
        Duration time = clip.options().time();
        DynamicNetwork network = DynamicNetwork.named(name, scale, 1);
        int paths = network.paths().size();
        System.out.println("ablation\tclip\tnetwork\tstage\theld_psnr_of_mean_mse\tms_per_frame\tpeak_mb");

        NetworkPath deepest = network.paths().getLast();
        OverfitBenchClip.Overfitted deep = clip.overfit(DynamicNetwork.named(deepest.network(), scale, 1), time);
        double one = psnr(deep, deep.pass().scores().methods().indexOf("path 1"));
        DynamicModel single = deep.model();
        List<Part> whole = List.of(new Part(1, clip.frames().height(), clip.frames().width()));
        line(name, "one network, whole frames, unfused", one, List.of(whole), single, this::unfused);
        Grid grid = deep.pass().map().grid();
        line(name, "+ split into cells with halo", one, List.of(cells(grid, single)), single, this::unfused);

        List<Map<String, float[]>> alone = new ArrayList<>();
        OverfittedNetwork last = null;
        for (NetworkPath path : network.paths()) {
            last = clip.train(DynamicNetwork.named(path.network(), scale, 1), time.dividedBy(paths), clip.options().focus());
            alone.add(last.parameters());
        }
        OverfitBenchClip.Overfitted apart = clip.measure(network, together(network, alone, last));
        line(name, "+ routing, merged cells, paths trained one by one", psnr(apart, apart.byMap()), frames(apart),
                apart.model(), this::unfused);
        OverfitBenchClip.Overfitted joint = clip.overfit(network, time);
        double routed = psnr(joint, joint.byMap());
        line(name, "+ joint training", routed, frames(joint), joint.model(), this::unfused);
        line(name, "+ fused plan, memory anew for every part", routed, frames(joint), joint.model(), this::fused);
        line(name, "+ memory plan", routed, frames(joint), joint.model(), this::planned);
    }

    private static double psnr(OverfitBenchClip.Overfitted made, int method) {
        return made.pass().scores().psnr(method, ClipScores.Part.HELD_OUT).psnrOfMeanError();
    }

    /// The weights of networks trained alone under the names of the paths.
    private static OverfittedNetwork together(DynamicNetwork network, List<Map<String, float[]>> alone, OverfittedNetwork like) {
        Map<String, float[]> parameters = new LinkedHashMap<>();
        for (int p = 0; p < alone.size(); p++) {
            for (String parameter : network.paths().get(p).graph().parameters().keySet()) {
                parameters.put(parameter, alone.get(p).get(DynamicNetwork.plainName(parameter)));
            }
        }
        return new OverfittedNetwork(network, parameters, List.of(), like.steps(), like.nanos(), like.curve(), like.bicubicPsnr(),
                true, false);
    }

    private List<Part> cells(Grid grid, DynamicModel model) {
        byte[] all = new byte[grid.cells().size()];
        Arrays.fill(all, (byte) model.paths().size());
        int[] ones = new int[model.paths().size() + 1];
        Arrays.fill(ones, 1);
        Rectangles rectangles = new Rectangles(grid, weights(model));
        rectangles.patches(all, null, ones);
        return parts(grid, rectangles, model);
    }

    private List<List<Part>> frames(OverfitBenchClip.Overfitted made) {
        RouteMap map = made.pass().map();
        Rectangles rectangles = new Rectangles(map.grid(), weights(made.model()));
        byte[] paths = new byte[map.grid().cells().size()];
        List<List<Part>> frames = new ArrayList<>();
        for (int i = 0; i < Math.min(FRAMES, map.frames()); i++) {
            map.copy(i * map.frames() / Math.min(FRAMES, map.frames()), paths);
            rectangles.merge(paths, null);
            frames.add(parts(map.grid(), rectangles, made.model()));
        }
        return frames;
    }

    private static long[] weights(DynamicModel model) {
        long[] weights = Router.macs(model);
        weights[0] = BICUBIC_WEIGHT;
        return weights;
    }

    private static List<Part> parts(Grid grid, Rectangles rectangles, DynamicModel model) {
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i < rectangles.count(); i++) {
            int path = rectangles.path(i);
            int x = grid.x(rectangles.column(i));
            int y = grid.y(rectangles.row(i));
            int endX = grid.x(rectangles.column(i) + rectangles.across(i));
            int endY = grid.y(rectangles.row(i) + rectangles.down(i));
            // Plain resampling looks two pixels far.
            int halo = path == 0 ? 2 : model.paths().get(path - 1).graph().receptiveRadius();
            int width = Math.min(grid.x(grid.columns()), endX + halo) - Math.max(0, x - halo);
            int height = Math.min(grid.y(grid.rows()), endY + halo) - Math.max(0, y - halo);
            parts.add(new Part(path, height, width));
        }
        return parts;
    }

    /// Runs the parts of a frame.
    @FunctionalInterface
    private interface Engine {
        /// {@return the most bytes that tensors took}
        long run(DynamicModel model, List<Part> parts);
    }

    private void line(String network, String stage, double psnr, List<List<Part>> frames, DynamicModel model, Engine engine) {
        double best = Double.POSITIVE_INFINITY;
        long peak = 0;
        engines.clear();
        for (int round = 0; round <= ROUNDS; round++) {
            long start = System.nanoTime();
            for (List<Part> parts : frames) {
                peak = Math.max(peak, engine.run(model, parts));
            }
            double millis = (System.nanoTime() - start) / 1e6 / frames.size();
            // The first round makes engines and warms them.
            best = round == 0 ? best : Math.min(best, millis);
        }
        System.out.println(String.format(Locale.ROOT, "ablation\t%s\t%s\t%s\t%.3f\t%.2f\t%.3f", clip.name(), network, stage, psnr,
                best, peak / 1e6));
        System.out.flush();
    }

    /// Bicubic runs on the plan in every stage: no stage changes it.
    private long unfused(DynamicModel model, List<Part> parts) {
        long peak = 0;
        for (Part part : parts) {
            if (part.path() == 0) {
                planned(model, List.of(part));
                continue;
            }
            UnfusedEngine engine = engines.computeIfAbsent(part.toString(), _ -> {
                StoredModel path = model.path(part.path());
                return new UnfusedEngine(path.graph(), path.parameters(), new float[part.height() * part.width()], part.height(),
                        part.width());
            });
            engine.run();
            peak = Math.max(peak, engine.peakBytes());
        }
        return peak;
    }

    private Executable executable(DynamicModel model, int path) {
        return executables.computeIfAbsent(model, _ -> {
            Executable[] made = new Executable[model.paths().size() + 1];
            Graph.Builder bicubic = new Graph.Builder();
            bicubic.add(new Op.Resize(Interpolation.BICUBIC, model.scale()),
                    bicubic.add(new Op.Input(1)));
            made[0] = Backends.automatic().compile(Backends.automatic().plan(bicubic.build()), Map.of());
            for (int p = 1; p < made.length; p++) {
                made[p] = Backends.automatic().compile(Backends.automatic().plan(model.path(p).graph()), model.path(p).parameters());
                made[p].warmUp();
            }
            return made;
        })[path];
    }

    private Workspace workspace(DynamicModel model, int path) {
        return workspaces.computeIfAbsent(executable(model, path), Executable::newWorkspace);
    }

    private long fused(DynamicModel model, List<Part> parts) {
        long peak = 0;
        for (Part part : parts) {
            Workspace workspace = executable(model, part.path()).newWorkspace();
            workspace.prepare(part.height(), part.width());
            workspace.input();
            workspace.run();
            Plan plan = executable(model, part.path()).plan();
            long bytes = 0;
            for (Slot slot : plan.slots()) {
                bytes += 4 * slot.elements(part.height(), part.width());
            }
            peak = Math.max(peak, bytes);
        }
        return peak;
    }

    private long planned(DynamicModel model, List<Part> parts) {
        long peak = 0;
        for (Part part : parts) {
            Workspace workspace = workspace(model, part.path());
            workspace.prepare(part.height(), part.width());
            workspace.input();
            workspace.run();
            peak = Math.max(peak, workspace.bytes());
        }
        return peak;
    }
}
