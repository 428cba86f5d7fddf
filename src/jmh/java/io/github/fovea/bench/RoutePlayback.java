package io.github.fovea.bench;

import io.github.fovea.backend.Backends;
import io.github.fovea.frame.Frame;
import io.github.fovea.frame.Plane;
import io.github.fovea.model.Domain;
import io.github.fovea.model.DynamicModel;
import io.github.fovea.model.Origin;
import io.github.fovea.model.Routing;
import io.github.fovea.network.DynamicNetwork;
import io.github.fovea.pipeline.RouteOptions;
import io.github.fovea.pipeline.RouteStatistics;
import io.github.fovea.pipeline.RoutedFrameUpscaler;
import io.github.fovea.pipeline.RoutedNetwork;
import io.github.fovea.pipeline.Workers;
import io.github.fovea.resample.ResampleKernel;
import io.github.fovea.route.Grid;
import io.github.fovea.route.RouteMap;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/// How fast routed frames of real clips are, what keeping unchanged cells saves, and how large the step is where paths meet.
final class RoutePlayback {
    private static final int ROUNDS = 3;
    private static final int SCREEN_FRAMES = 50;
    private static final String NO_VIDEO = "0".repeat(64);

    private RoutePlayback() {}

    /// A two-path WDSR of 16 channels with random weights: speed does not depend on them.
    private static DynamicModel wdsr() {
        DynamicNetwork network = DynamicNetwork.named("wdsr-f16-n2+wdsr-f16-n4", 2, 1);
        SplittableRandom random = new SplittableRandom(1);
        Map<String, float[]> parameters = new LinkedHashMap<>();
        network.parameters().forEach((name, shape) -> {
            float[] values = new float[Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextDouble(-0.05, 0.05);
            }
            parameters.put(name, values);
        });
        return new DynamicModel("wdsr", network.name(), Domain.LUMA, network.paths(), parameters,
                new Routing.ByScore(20, 10, "laplacian", List.of(0.0, 0.0), List.of(1.0, 1.3)),
                new Origin("", "", List.of(), Map.of(), "", "", ""));
    }

    /// Prints how many frames a second come out, by share of the work.
    static void speed(Map<String, List<Plane>> lumas, Workers workers, boolean tsv) {
        DynamicModel model = wdsr();
        RoutedNetwork network = RoutedNetwork.compile(model, Backends.automatic(), workers.threads(), RouteBench.MEMORY);
        network.warmUp();
        System.out.println(tsv ? "clip\troutes\tbicubic\tpath 1\tpath 2\tGMAC\thalo\trouting\tframes/s\tbest frames/s"
                : "\n960x540 to 1920x1080, luma, " + model.network() + ", " + workers.threads() + " threads");
        if (!tsv) {
            System.out.printf(Locale.ROOT, "%-18s %-12s %20s %8s %7s %9s %9s %9s%n", "clip", "routes", "bicubic/1/2, %", "GMAC",
                    "halo", "routing", "frames/s", "best");
        }
        for (Map.Entry<String, List<Plane>> clip : lumas.entrySet()) {
            List<Frame> small = clip.getValue().stream()
                    .map(luma -> RouteBench.frame(RouteBench.resized(luma, RouteBench.WIDTH, RouteBench.HEIGHT))).toList();
            RouteMap map = RouteMap.of(RouteBench.WIDTH, RouteBench.HEIGHT, model.routing(), 2, NO_VIDEO,
                    RouteBench.routes(model, small));
            Map<String, RouteOptions> ways = new LinkedHashMap<>();
            ways.put("45 % deep", RouteOptions.DEFAULT.withMap(map));
            for (double quality : new double[] {1, 0.7, 0.5, 0.3}) {
                ways.put("quality " + quality, new RouteOptions(null, quality, true, 0));
            }
            ways.forEach((name, options) -> {
                RouteStatistics best = best(network, small, options, workers);
                double all = Arrays.stream(best.pixels()).sum();
                System.out.printf(Locale.ROOT, tsv ? "%s\t%s\t%.1f\t%.1f\t%.1f\t%.2f\t%.3f\t%.2f\t%.2f\t%.2f%n"
                                : "%-18s %-12s %6.1f %6.1f %6.1f %8.2f %7.3f %7.2f %% %9.2f %9.2f%n", clip.getKey(), name,
                        100 * best.pixels()[0] / all, 100 * best.pixels()[1] / all, 100 * best.pixels()[2] / all,
                        best.computedMacs() / 1e9 / best.frames(), best.haloFactor(), 100 * best.routingShare(),
                        best.frames() * 1e9 / best.nanos(), 1e9 / best.shortestNanos());
            });
        }
    }

    /// The statistics of the fastest round; every round enlarges all frames anew.
    private static RouteStatistics best(RoutedNetwork network, List<Frame> frames, RouteOptions options, Workers workers) {
        RouteStatistics best = null;
        for (int round = 0; round < ROUNDS; round++) {
            RoutedFrameUpscaler upscaler = upscaler(network, frames.getFirst(), options, workers);
            Frame large = Frame.allocate(upscaler.output());
            for (Frame frame : frames) {
                upscaler.upscale(frame, large);
            }
            RouteStatistics statistics = upscaler.statistics();
            best = best == null || statistics.nanos() < best.nanos() ? statistics : best;
        }
        return best;
    }

    private static RoutedFrameUpscaler upscaler(RoutedNetwork network, Frame like, RouteOptions options, Workers workers) {
        int scale = network.scale();
        return new RoutedFrameUpscaler(like.format(), like.format().width() * scale, like.format().height() * scale, network,
                options, ResampleKernel.BICUBIC, workers);
    }

    /// Prints how many cells of consecutive frames are kept, and what that saves.
    static void reuse(List<Path> folders, Workers workers, boolean tsv) throws IOException {
        DynamicModel model = RouteBench.pair();
        RoutedNetwork network = RoutedNetwork.compile(model, Backends.automatic(), workers.threads(), RouteBench.MEMORY);
        network.warmUp();
        System.out.println(tsv ? "clip\tframes\tkept\tms\tms without"
                : "\n" + SCREEN_FRAMES + " consecutive frames of half the clip's size, quality 0.5: cells kept because nothing"
                        + " has changed");
        if (!tsv) {
            System.out.printf(Locale.ROOT, "%-18s %7s %8s %8s %11s%n", "clip", "frames", "kept", "ms", "ms without");
        }
        RouteOptions options = new RouteOptions(null, 0.5, true, 0);
        for (Path folder : folders) {
            List<Frame> small = RouteBench.lumas(folder.resolve("hr.mp4"), SCREEN_FRAMES, 1).stream()
                    .map(luma -> RouteBench.frame(RouteBench.resized(luma, luma.width() / 2, luma.height() / 2))).toList();
            RoutedFrameUpscaler upscaler = upscaler(network, small.getFirst(), options, workers);
            Frame large = Frame.allocate(upscaler.output());
            long without = 0;
            for (Frame frame : small) {
                upscaler.upscale(frame, large);
                RoutedFrameUpscaler fresh = upscaler(network, frame, options, workers);
                fresh.upscale(frame, large);
                without += fresh.statistics().nanos();
            }
            RouteStatistics statistics = upscaler.statistics();
            System.out.printf(Locale.ROOT, tsv ? "%s\t%d\t%.1f\t%.2f\t%.2f%n" : "%-18s %7d %6.1f %% %8.2f %11.2f%n",
                    folder.getFileName(), small.size(), 100 * statistics.keptShare(), statistics.nanos() / 1e6 / small.size(),
                    without / 1e6 / small.size());
        }
    }

    /// Prints the mean step between neighbouring large pixels on either side of a seam, over the mean step inside the patches.
    static void seams(Map<String, List<Plane>> lumas, Workers workers, boolean tsv) throws IOException {
        DynamicModel model = RouteBench.pair();
        RoutedNetwork network = RoutedNetwork.compile(model, Backends.automatic(), workers.threads(), RouteBench.MEMORY);
        network.warmUp();
        System.out.println(tsv ? "clip\tquality\toriginal\tblended\tpatches alone"
                : "\nstep across the sides where paths meet, over the step inside patches (original: the large frame itself)");
        if (!tsv) {
            System.out.printf(Locale.ROOT, "%-18s %8s %10s %10s %14s%n", "clip", "quality", "original", "blended", "patches alone");
        }
        for (Map.Entry<String, List<Plane>> clip : lumas.entrySet()) {
            for (double quality : new double[] {0.3, 0.5}) {
                Steps[] steps = {new Steps(), new Steps(), new Steps()};
                for (Plane truth : clip.getValue()) {
                    Frame small = RouteBench.frame(RouteBench.resized(truth, truth.width() / 2, truth.height() / 2));
                    Grid grid = Grid.of(small.format().width(), small.format().height(), model.routing());
                    for (boolean halo : new boolean[] {true, false}) {
                        RoutedFrameUpscaler upscaler = upscaler(network, small, new RouteOptions(null, quality, halo, 0), workers);
                        Frame large = Frame.allocate(upscaler.output());
                        upscaler.upscale(small, large);
                        byte[] paths = upscaler.paths();
                        steps[halo ? 1 : 2].add(grid, paths, large.plane(0));
                        if (halo) {
                            steps[0].add(grid, paths, truth);
                        }
                    }
                }
                System.out.printf(Locale.ROOT, tsv ? "%s\t%.1f\t%.3f\t%.3f\t%.3f%n" : "%-18s %8.1f %10.3f %10.3f %14.3f%n",
                        clip.getKey(), quality, steps[0].ratio(), steps[1].ratio(), steps[2].ratio());
            }
        }
    }

    /// Sums of steps.
    private static final class Steps {
        /// Large pixels away from a side that count as the inside of a patch.
        private static final int INSIDE = 16;
        private double across;
        private double inside;

        void add(Grid grid, byte[] paths, Plane plane) {
            for (int cell = 0; cell < paths.length; cell++) {
                int column = cell % grid.columns();
                int row = cell / grid.columns();
                int left = 2 * grid.x(column);
                int top = 2 * grid.y(row);
                int right = 2 * grid.x(column + 1);
                int bottom = 2 * grid.y(row + 1);
                if (column > 0 && paths[cell - 1] != paths[cell]) {
                    for (int y = top; y < bottom; y++) {
                        across += 2 * step(plane, left - 1, y, left, y);
                        inside += step(plane, left - INSIDE - 1, y, left - INSIDE, y)
                                + step(plane, left + INSIDE - 1, y, left + INSIDE, y);
                    }
                }
                if (row > 0 && paths[cell - grid.columns()] != paths[cell]) {
                    for (int x = left; x < right; x++) {
                        across += 2 * step(plane, x, top - 1, x, top);
                        inside += step(plane, x, top - INSIDE - 1, x, top - INSIDE)
                                + step(plane, x, top + INSIDE - 1, x, top + INSIDE);
                    }
                }
            }
        }

        private static double step(Plane plane, int x, int y, int otherX, int otherY) {
            return Math.abs(plane.get(x, y) - plane.get(otherX, otherY));
        }

        double ratio() {
            return across / inside;
        }
    }
}
