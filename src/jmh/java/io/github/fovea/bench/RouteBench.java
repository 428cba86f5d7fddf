package io.github.fovea.bench;

import io.github.fovea.backend.Backends;
import io.github.fovea.frame.ColorDescription;
import io.github.fovea.frame.Frame;
import io.github.fovea.frame.FrameFormat;
import io.github.fovea.frame.PixelLayout;
import io.github.fovea.frame.Plane;
import io.github.fovea.media.FrameSource;
import io.github.fovea.media.Ratio;
import io.github.fovea.media.VideoFiles;
import io.github.fovea.model.Domain;
import io.github.fovea.model.DynamicModel;
import io.github.fovea.model.Models;
import io.github.fovea.model.Origin;
import io.github.fovea.model.Routing;
import io.github.fovea.model.StoredModel;
import io.github.fovea.network.DynamicNetwork;
import io.github.fovea.pipeline.FrameUpscaler;
import io.github.fovea.pipeline.NetworkRunner;
import io.github.fovea.pipeline.RouteOptions;
import io.github.fovea.pipeline.RouteStatistics;
import io.github.fovea.pipeline.RoutedFrameUpscaler;
import io.github.fovea.pipeline.RoutedNetwork;
import io.github.fovea.pipeline.Workers;
import io.github.fovea.resample.ResampleKernel;
import io.github.fovea.resample.Resampler;
import io.github.fovea.route.DifficultyScore;
import io.github.fovea.route.Grid;
import io.github.fovea.route.ReferencePsnr;
import io.github.fovea.route.RouteMap;
import io.github.fovea.route.RouteMapFile;
import io.github.fovea.route.Router;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/// What content-aware routing gives on real clips: how many of the cells, ranked by a score of the LR frame, hold 80 % of the
/// squared error that general-x2 takes off bicubic; and what halos, routing and the route map (of 50 consecutive frames)
/// cost when general-x2 and general-x2-fast share frames of 960x540. Behind that the tables of [RoutePlayback] and
/// [RouteRival].
public final class RouteBench {
    static final int WIDTH = 960;
    static final int HEIGHT = 540;
    private static final int MAP_FRAMES = 50;
    /// So many that the code between the kernels is compiled: a video has a thousand frames.
    private static final int ROUNDS = 20;
    static final long MEMORY = 512L << 20;

    private static final String[] TABLES = {"ranking", "costs", "speed", "reuse", "seams", "rival"};

    private RouteBench() {}

    /// Prints the tables.
    ///
    /// @param args options; `--help` lists them
    /// @throws Exception if a clip cannot be read, or ONNX Runtime fails
    public static void main(String[] args) throws Exception {
        BenchOptions options = new BenchOptions("route", "Content-aware routing on real clips.")
                .only(TABLES)
                .value("--clips", "DIR", BenchOptions.data() + "/clips", "Folder of folders with hr.mp4.")
                .value("--frames", "N", "6", "Frames of each clip.")
                .parse(args);
        boolean tsv = options.tsv();
        Path clips = options.path("--clips");
        int frames = Math.toIntExact(options.whole("--frames"));
        List<Path> folders;
        try (Stream<Path> all = Files.list(clips)) {
            folders = all.filter(folder -> Files.exists(folder.resolve("hr.mp4"))).sorted().toList();
        }
        Map<String, List<Plane>> lumas = new LinkedHashMap<>();
        Map<String, Double> bits = new LinkedHashMap<>();
        for (Path folder : folders) {
            String name = folder.getFileName().toString();
            if (Stream.of(TABLES).anyMatch(table -> options.measures(table) && !table.equals("reuse") && !table.equals("rival"))) {
                lumas.put(name, lumas(folder.resolve("hr.mp4"), frames, Math.max(5, 60 / frames)));
            }
            if (options.measures("costs")) {
                bits.put(name, mapBits(lumas(folder.resolve("hr.mp4"), MAP_FRAMES, 1)));
            }
        }
        int threads = Math.min(2, Runtime.getRuntime().availableProcessors());
        try (Workers workers = Workers.ofThreads(threads)) {
            for (String table : TABLES) {
                if (!options.measures(table)) {
                    continue;
                }
                switch (table) {
                    case "ranking" -> ranking(lumas, workers, tsv);
                    case "costs" -> costs(lumas, bits, workers, tsv);
                    case "speed" -> RoutePlayback.speed(lumas, workers, tsv);
                    case "reuse" -> RoutePlayback.reuse(folders, workers, tsv);
                    case "seams" -> RoutePlayback.seams(lumas, workers, tsv);
                    default -> RouteRival.print(tsv);
                }
            }
        }
    }

    /// Luma of every so many-th frame; some clips have a variable rate, which is made constant.
    static List<Plane> lumas(Path file, int count, int step) throws IOException {
        List<Plane> lumas = new ArrayList<>();
        try (FrameSource source = VideoFiles.open(file, new Ratio(25, 1))) {
            Frame frame = Frame.allocate(source.format().frame());
            for (int i = 0; lumas.size() < count && source.next(frame) != null; i++) {
                if (i % step == 0) {
                    Plane luma = frame.plane(0);
                    // A multiple of the factor, so that cells of small and large frames agree.
                    Plane cut = new Plane(luma.width() / 2 * 2, luma.height() / 2 * 2, luma.bitDepth());
                    for (int y = 0; y < cut.height(); y++) {
                        System.arraycopy(luma.samples(), y * luma.width(), cut.samples(), y * cut.width(), cut.width());
                    }
                    lumas.add(cut);
                }
            }
        }
        return lumas;
    }

    static Plane resized(Plane plane, int width, int height) {
        return Resampler.of(plane.width(), plane.height(), width, height, ResampleKernel.BICUBIC, true).resize(plane);
    }

    static Frame frame(Plane luma) {
        FrameFormat format = new FrameFormat(luma.width(), luma.height(), PixelLayout.GREY,
                luma.bitDepth(), ColorDescription.UNKNOWN);
        FrameFormat limited = new FrameFormat(format.width(), format.height(), format.layout(), format.bitDepth(),
                new ColorDescription(format.color().matrix(),
                        ColorDescription.Range.LIMITED, format.color().transfer(),
                        format.color().primaries(), format.color().siting()));
        return new Frame(limited, List.of(luma));
    }

    private static void ranking(Map<String, List<Plane>> lumas, Workers workers, boolean tsv) throws IOException {
        System.out.println(tsv ? "clip\tcells\toracle\t" + String.join("\t", DifficultyScore.names())
                : "share of cells, in %, for 80 % of general-x2's squared-error gain over bicubic (cells of 20x10)");
        if (!tsv) {
            System.out.printf(Locale.ROOT, "%-20s %6s %8s %10s %9s %6s%n", "clip", "cells", "oracle", "laplacian", "gradient", "dct");
        }
        NetworkRunner network = NetworkRunner.compile(Models.open("general-x2"), Backends.automatic(), workers.threads(), MEMORY);
        network.warmUp();
        for (Map.Entry<String, List<Plane>> clip : lumas.entrySet()) {
            List<double[]> cells = new ArrayList<>();
            for (Plane truth : clip.getValue()) {
                Plane small = resized(truth, truth.width() / 2, truth.height() / 2);
                Plane bicubic = resized(small, truth.width(), truth.height());
                Frame from = frame(small);
                FrameUpscaler upscaler = new FrameUpscaler(from.format(), truth.width(), truth.height(), network,
                        ResampleKernel.BICUBIC, workers);
                Frame large = Frame.allocate(upscaler.output());
                upscaler.upscale(from, large);
                Grid grid = Grid.of(small.width(), small.height(), 20, 10);
                double[] before = ReferencePsnr.squaredErrors(grid, bicubic, truth, 2);
                double[] after = ReferencePsnr.squaredErrors(grid, large.plane(0), truth, 2);
                for (int i = 0; i < before.length; i++) {
                    double gain = before[i] - after[i];
                    double[] cell = new double[2 + DifficultyScore.names().size()];
                    cell[0] = gain;
                    cell[1] = gain / grid.pixels(i);
                    for (int s = 0; s < DifficultyScore.names().size(); s++) {
                        cell[2 + s] = DifficultyScore.named(DifficultyScore.names().get(s)).score(small, grid.cells().get(i));
                    }
                    cells.add(cell);
                }
            }
            StringBuilder line = new StringBuilder();
            for (int by = 1; by < 2 + DifficultyScore.names().size(); by++) {
                line.append(String.format(Locale.ROOT, tsv ? "\t%.1f" : "%9.1f", 100 * share(cells, by)));
            }
            System.out.printf(Locale.ROOT, tsv ? "%s\t%d%s%n" : "%-20s %6d%s%n", clip.getKey(), cells.size(), line);
        }
    }

    /// The share of cells, in falling order of a column, that holds 80 % of the whole gain.
    private static double share(List<double[]> cells, int by) {
        double wanted = 0.8 * cells.stream().mapToDouble(cell -> cell[0]).sum();
        double sum = 0;
        int taken = 0;
        for (double[] cell : cells.stream().sorted((a, b) -> Double.compare(b[by], a[by])).toList()) {
            if (sum >= wanted) {
                break;
            }
            sum += cell[0];
            taken++;
        }
        return (double) taken / cells.size();
    }

    static DynamicModel pair() throws IOException {
        StoredModel fast = Models.open("general-x2-fast");
        StoredModel deep = Models.open("general-x2");
        DynamicNetwork network = DynamicNetwork.named(fast.network() + "+" + deep.network(), 2, 1);
        Map<String, float[]> parameters = new LinkedHashMap<>();
        for (String name : network.parameters().keySet()) {
            StoredModel from = name.startsWith("path1.") ? fast : deep;
            parameters.put(name, from.parameters().get(DynamicNetwork.plainName(name)));
        }
        return new DynamicModel("pair", network.name(), Domain.LUMA, network.paths(), parameters,
                new Routing.ByScore(20, 10, "laplacian", List.of(0.0, 0.0), List.of(1.0, 1.3)),
                new Origin("", "", List.of(), Map.of(), "", "", ""));
    }

    private static void costs(Map<String, List<Plane>> lumas, Map<String, Double> bits, Workers workers, boolean tsv) throws IOException {
        DynamicModel model = pair();
        RoutedNetwork network = RoutedNetwork.compile(model, Backends.automatic(), workers.threads(), MEMORY);
        network.warmUp();
        System.out.println(tsv ? "clip\tdeep share\thalo\trouting\tsamples\tms\tms all deep\tbits per cell"
                : "\n960x540 to 1920x1080, luma, every cell to general-x2-fast or general-x2 (45 % of cells), " + workers.threads()
                        + " threads");
        if (!tsv) {
            System.out.printf(Locale.ROOT, "%-20s %10s %8s %9s %9s %8s %12s %14s%n", "clip", "deep share", "halo", "routing",
                    "samples", "ms", "ms all deep", "map bits/cell");
        }
        for (Map.Entry<String, List<Plane>> clip : lumas.entrySet()) {
            List<Frame> small = clip.getValue().stream().map(luma -> frame(resized(luma, WIDTH, HEIGHT))).toList();
            List<byte[]> routes = routes(model, small);
            RouteMap map = RouteMap.of(WIDTH, HEIGHT, model.routing(), 2, "0".repeat(64), routes);
            RouteStatistics mixed = best(network, small, map, workers);
            List<byte[]> all = routes.stream().map(route -> {
                byte[] deep = new byte[route.length];
                Arrays.fill(deep, (byte) 2);
                return deep;
            }).toList();
            RouteStatistics deep = best(network, small, RouteMap.of(WIDTH, HEIGHT, model.routing(), 2, "0".repeat(64), all), workers);
            System.out.printf(Locale.ROOT, tsv ? "%s\t%.1f\t%.3f\t%.2f\t%.2f\t%.2f\t%.2f\t%.3f%n"
                    : "%-20s %8.1f %% %8.3f %7.2f %% %7.2f %% %8.2f %12.2f %14.3f%n", clip.getKey(),
                    100.0 * mixed.pixels()[2] / Arrays.stream(mixed.pixels()).sum(), mixed.haloFactor(),
                    100 * mixed.routingShare(), 100 * mixed.codesShare(), mixed.shortestNanos() / 1e6, deep.shortestNanos() / 1e6,
                    bits.get(clip.getKey()));
        }
    }

    /// Bits per cell of the route map of consecutive frames, header and all.
    private static double mapBits(List<Plane> lumas) throws IOException {
        DynamicModel model = pair();
        List<byte[]> routes = routes(model, lumas.stream().map(luma -> frame(resized(luma, WIDTH, HEIGHT))).toList());
        RouteMap map = RouteMap.of(WIDTH, HEIGHT, model.routing(), 2, "0".repeat(64), routes);
        return 8.0 * RouteMapFile.bytes(map).length / ((double) routes.size() * map.grid().cells().size());
    }

    /// The 45 % of cells of the highest Laplacian over the clip to path 2, the others to path 1.
    static List<byte[]> routes(DynamicModel model, List<Frame> frames) {
        Router router = Router.of(model, WIDTH, HEIGHT);
        int cells = router.grid().cells().size();
        double[][] scores = new double[frames.size()][cells];
        double[] pooled = new double[frames.size() * cells];
        for (int f = 0; f < frames.size(); f++) {
            for (int row = 0; row < router.grid().rows(); row++) {
                router.score(frames.get(f).plane(0), row);
            }
            for (int i = 0; i < cells; i++) {
                scores[f][i] = router.score(i);
                pooled[f * cells + i] = router.score(i);
            }
        }
        Arrays.sort(pooled);
        double threshold = pooled[(int) (0.55 * (pooled.length - 1))];
        List<byte[]> routes = new ArrayList<>();
        for (double[] frame : scores) {
            byte[] route = new byte[cells];
            for (int i = 0; i < cells; i++) {
                route[i] = (byte) (frame[i] > threshold ? 2 : 1);
            }
            routes.add(route);
        }
        return routes;
    }

    /// The statistics of the round with the fastest frame; every round enlarges all frames anew.
    private static RouteStatistics best(RoutedNetwork network, List<Frame> frames, RouteMap map, Workers workers) {
        RouteStatistics best = null;
        for (int round = 0; round < ROUNDS; round++) {
            RoutedFrameUpscaler upscaler = new RoutedFrameUpscaler(frames.getFirst().format(), 2 * WIDTH, 2 * HEIGHT, network,
                    RouteOptions.DEFAULT.withMap(map), ResampleKernel.BICUBIC, workers);
            Frame large = Frame.allocate(upscaler.output());
            for (Frame frame : frames) {
                upscaler.upscale(frame, large);
            }
            RouteStatistics statistics = upscaler.statistics();
            best = best == null || statistics.shortestNanos() < best.shortestNanos() ? statistics : best;
        }
        return best;
    }
}
