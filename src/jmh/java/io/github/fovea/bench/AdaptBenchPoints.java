package io.github.fovea.bench;

import io.github.fovea.backend.Backends;
import io.github.fovea.media.ImageFiles;
import io.github.fovea.model.MetaModel;
import io.github.fovea.model.MetaPoint;
import io.github.fovea.model.Models;
import io.github.fovea.model.StoredModel;
import io.github.fovea.pipeline.NetworkRunner;
import io.github.fovea.pipeline.RunningLuma;
import io.github.fovea.pipeline.Workers;
import io.github.fovea.quality.PublishedProtocol;
import io.github.fovea.train.Loss;
import io.github.fovea.train.Supernet;
import io.github.fovea.train.SupernetOptions;
import io.github.fovea.train.WarmStart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// What sharing weights costs: points beside the line of the general models, and beside networks of their shape trained alone.
final class AdaptBenchPoints {
    private static final long MEMORY = 512L << 20;
    private static final double LEARNING_RATE = 2e-3;
    private static final double DISTILLATION = 0.5;

    private final MetaModel meta;
    private final Path data;
    private final AdaptBench bench;

    /// Prepares.
    ///
    /// @param meta  a trained meta-graph
    /// @param data  the folder of measuring material
    /// @param bench prints the lines
    AdaptBenchPoints(MetaModel meta, Path data, AdaptBench bench) {
        this.meta = meta;
        this.data = data;
        this.bench = bench;
    }

    /// Points and general models on Set5 and Set14; of a point, how far above the line through the general models it lies, which
    /// goes from model to model in the logarithm of the cost, and beyond the last ones straight on.
    void line(int threads) throws IOException {
        int scale = meta.meta().scale();
        if (!Files.isDirectory(data.resolve("images/Set5")) || !Files.isDirectory(data.resolve("images/Set14"))) {
            System.err.println("bench: " + data + " has no images/Set5 and Set14; points are not measured (--data DIR)");
            return;
        }
        try (Workers workers = Workers.ofThreads(threads)) {
            List<StoredModel> general = new ArrayList<>();
            for (String name : Models.names()) {
                if (name.startsWith("general-") && Models.open(name).graph().scale() == scale) {
                    general.addFirst(Models.open(name));
                }
            }
            bench.line("network", "macs_per_pixel", "set5_db", "set14_db", "over_line_set5", "over_line_set14");
            double[][] line = new double[general.size()][];
            for (int i = 0; i < line.length; i++) {
                line[i] = measured(general.get(i), workers);
                bench.line(general.get(i).name(), (long) line[i][0], line[i][1], line[i][2], 0.0, 0.0);
            }
            for (MetaPoint point : meta.points()) {
                double[] at = measured(meta.standAlone(point), workers);
                bench.line(point.name(), (long) at[0], at[1], at[2], at[1] - on(line, at[0], 1), at[2] - on(line, at[0], 2));
            }
        }
    }

    private static double on(double[][] line, double macs, int set) {
        if (line.length < 2) {
            return Double.NaN;
        }
        int above = 1;
        while (above < line.length - 1 && line[above][0] < macs) {
            above++;
        }
        double share = Math.log(macs / line[above - 1][0]) / Math.log(line[above][0] / line[above - 1][0]);
        return line[above - 1][set] + share * (line[above][set] - line[above - 1][set]);
    }

    private double[] measured(StoredModel model, Workers workers) throws IOException {
        RunningLuma upscaler = new RunningLuma(
                NetworkRunner.compile(model, Backends.automatic(), workers.threads(), MEMORY), workers);
        double[] result = {model.graph().macsPerPixel(), 0, 0};
        for (int set = 1; set <= 2; set++) {
            List<Path> files;
            try (Stream<Path> listed = Files.list(data.resolve(set == 1 ? "images/Set5" : "images/Set14"))) {
                files = listed.filter(file -> file.toString().endsWith(".png")).sorted().toList();
            }
            for (Path file : files) {
                result[set] += PublishedProtocol.measure(PublishedProtocol.luma(ImageFiles.read(file).frame(),
                        PublishedProtocol.Grey.AS_LUMA), meta.meta().scale(), upscaler).psnrY() / files.size();
            }
        }
        return result;
    }

    /// Trains the points together, and some of them alone: from the same first values, on the same patches, for the same
    /// number of steps, as `fovea search --keep --choose POINTS --loss psnr` does.
    ///
    /// @param steps   steps of either training
    /// @param from    the chains to start from, with commas between them
    /// @param all     whether every point is trained alone, or the first, one in the middle and the last
    /// @param threads threads
    void alone(long steps, String from, boolean all, int threads) throws IOException {
        Path pictures = data.resolve("train");
        if (!Files.isDirectory(pictures)) {
            System.err.println("bench: " + pictures + " is missing; nothing is trained (--data DIR)");
            return;
        }
        List<int[]> points = meta.points().stream().map(MetaPoint::vector).toList();
        List<WarmStart> chains = new ArrayList<>();
        for (String chain : from.split(",")) {
            chains.add(WarmStart.of(Models.open(chain)));
        }
        SupernetOptions options = SupernetOptions.of(pictures, meta.meta(), 1, threads)
                .from(chains.toArray(WarmStart[]::new)).withPoints(points).withKeep(true).withSteps(steps)
                .withCourse(1, LEARNING_RATE, Loss.PSNR, DISTILLATION).withFinish(0);
        System.err.println("bench: " + steps + " steps of all points together");
        Supernet shared = Supernet.train(options, (_, _, _) -> { });
        shared.refine(points, (_, _, _) -> { });
        bench.line("point, " + steps + " steps", "macs_per_pixel", "shared_db", "alone_db", "shared_minus_alone");
        for (int i = 0; i < points.size(); i++) {
            if (all || i == 0 || i == points.size() / 2 || i == points.size() - 1) {
                double alone = shared.alone(points.get(i), (_, _, _) -> { }).psnr(points.get(i));
                double together = shared.psnr(points.get(i));
                bench.line(meta.points().get(i).name(), meta.meta().subGraph(points.get(i)).macsPerPixel(), together, alone,
                        together - alone);
            }
        }
    }
}
